"""The integration check: what a plan for both sides is asked about. It explains; it never blocks care.

Each rule is a line of a table with its source. A rule that asks takes an answer, which is kept (what was asked, the
answer, by whom); the others name what is missing and where it belongs.
"""

import re
from dataclasses import dataclass, field

from treatment_plans.rules.marks import gettext_noop as _
from treatment_plans.rules.topics import is_answered

USE, MIND = "substance_use", "mental_health"


@dataclass(frozen=True)
class Rule:
    """`text` has the values of a finding in it; `why` explains in one sentence. `asks`: an answer is kept."""

    text: str
    why: str
    source: str
    asks: bool = False
    anchor: str = "problems"


RULES = {
    "screen_unanswered": Rule(
        _("%(screen)s is not answered in the plan."),
        _("Take it up as a problem, measure an objective by it, put it off with a reason, or say here what is done instead."),
        "SAMHSA TIP 42 (2020)", asks=True,
    ),
    "screen_worsening": Rule(
        _("%(screen)s has worsened, and the plan does not answer it."),
        _("A reliable worsening is worth a word even below the cut-off: a measure, a change, or what was found."),
        "Fortney et al., Psychiatr Serv 2017; 68(2)", asks=True,
    ),
    "one_side": Rule(
        _("The plan treats %(treated)s. %(screen)s points to %(other)s, and nothing in the plan is for that side."),
        _("Treating one side alone is how people get stuck between two services. There can be good reasons: say which."),
        "SAMHSA TIP 42 (2020)", asks=True,
    ),
    "problem_without_goal": Rule(
        _("%(problem)s has no goal yet."), _("Each problem that is taken up has a goal in the client's words."),
        "9 CCR 10305; 28 Pa. Code 709.123", anchor="problem",
    ),
    "goal_without_objective": Rule(
        _("The goal “%(goal)s” has no objective yet."), _("An objective is a step that can be seen."), "9 CCR 10305; 28 Pa. Code 709.123",
        anchor="goal",
    ),
    "objective_without_measure": Rule(
        _("The objective “%(objective)s” does not say how it is measured."),
        _("A questionnaire's total, or something that can be counted."), "9 CCR 10305; 28 Pa. Code 709.123", anchor="objective",
    ),
    "objective_without_date": Rule(
        _("The objective “%(objective)s” has no date."), _("A day to look at it together."), "9 CCR 10305; 28 Pa. Code 709.123",
        anchor="objective",
    ),
    "benzodiazepine_opioid": Rule(
        _("%(medication)s and opioid use: how are both kept safe?"),
        _("Together they slow breathing. This is no reason to withhold medication for opioid use disorder."),
        "FDA Drug Safety Communications 2016 and 2017", asks=True,
    ),
    "benzodiazepine_alcohol": Rule(
        _("%(medication)s and alcohol use: how are both kept safe?"),
        _("Together they slow breathing, and stopping either at once can be dangerous."),
        "ASAM benzodiazepine tapering guideline (2025)", asks=True,
    ),
    "opioid_alcohol": Rule(
        _("%(medication)s and alcohol use: how are both kept safe?"), _("Together they slow breathing."),
        "FDA Drug Safety Communication 2016", asks=True,
    ),
    "gabapentinoid_opioid": Rule(
        _("%(medication)s and opioid use: how are both kept safe?"), _("Together they can slow breathing."),
        "FDA Drug Safety Communication 2019", asks=True,
    ),
    "stimulant_stimulant": Rule(
        _("%(medication)s and stimulant use: what was weighed?"),
        _("A prescribed stimulant can help and can feed the use: say how it is watched."),
        "ASAM/AAAP stimulant use disorder guideline (2023)", asks=True,
    ),
    "naltrexone_opioid": Rule(
        _("%(medication)s and opioid use: when was the last opioid?"),
        _("Naltrexone brings on withdrawal while opioids are still there, and tolerance is lost afterwards."),
        "SAMHSA TIP 63 (2021)", asks=True,
    ),
    "disulfiram_alcohol": Rule(
        _("%(medication)s and alcohol use: does the client know what drinking then does?"),
        _("It makes people ill when they drink."), "APA alcohol use disorder guideline (2018)", asks=True,
    ),
    "no_naloxone": Rule(
        _("The plan names opioid use and no naloxone. Who has it, and who knows how to use it?"),
        _("Naloxone at home saves lives, whatever else is planned."), "CDC opioid guideline (2022); SAMHSA TIP 63 (2021)",
        asks=True, anchor="work",
    ),
}  # fmt: skip

OPIOID_WORDS = (
    "opioid", "opiate", "heroin", "fentanyl", "oxycod", "hydrocod", "morphine", "methadone", "buprenorphine", "suboxone",
    "subutex", "sublocade", "percocet", "vicodin", "codeine", "tramadol", "kratom",
)  # fmt: skip
ALCOHOL_WORDS = ("alcohol", "drink", "beer", "wine", "liquor", "vodka")
STIMULANT_WORDS = ("stimulant", "cocaine", "crack", "methamphet", "amphetamine use", "crystal")
BENZODIAZEPINES = (
    "alprazolam", "xanax", "lorazepam", "ativan", "clonazepam", "klonopin", "diazepam", "valium", "temazepam", "restoril",
    "chlordiazepoxide", "librium", "oxazepam", "triazolam", "clorazepate",
)  # fmt: skip
OPIOID_MEDICATIONS = (
    "oxycod", "hydrocod", "morphine", "methadone", "buprenorphine", "suboxone", "sublocade", "fentanyl", "codeine", "tramadol",
    "hydromorphone", "tapentadol",
)  # fmt: skip
STIMULANT_MEDICATIONS = (
    "methylphenidate", "ritalin", "concerta", "amphetamine", "adderall", "lisdexamfetamine", "vyvanse", "dexmethylphenidate",
)  # fmt: skip

# medication rule: (names, what it meets)
MEETS = {
    "benzodiazepine_opioid": (BENZODIAZEPINES, "opioid"),
    "benzodiazepine_alcohol": (BENZODIAZEPINES, "alcohol"),
    "opioid_alcohol": (OPIOID_MEDICATIONS, "alcohol"),
    "gabapentinoid_opioid": (("gabapentin", "neurontin", "pregabalin", "lyrica"), "opioid"),
    "stimulant_stimulant": (STIMULANT_MEDICATIONS, "stimulant"),
    "naltrexone_opioid": (("naltrexone", "vivitrol"), "opioid"),
    "disulfiram_alcohol": (("disulfiram", "antabuse"), "alcohol"),
}
COMBINED = re.compile(r"buprenorphine\s*(?:hcl)?\s*(?:[-/+]|and|with)\s*naloxone", re.IGNORECASE)
NALOXONE = re.compile(r"naloxone|narcan|nalmefene|opvee", re.IGNORECASE)


@dataclass(frozen=True)
class ObjectiveFact:
    key: str
    text: str
    measured: bool
    dated: bool
    instrument: str = ""


@dataclass(frozen=True)
class GoalFact:
    key: str
    words: str
    objectives: tuple[ObjectiveFact, ...] = ()


@dataclass(frozen=True)
class ProblemFact:
    key: str
    text: str
    domain: str
    code: str = ""
    instrument: str = ""
    put_off: str = ""
    goals: tuple[GoalFact, ...] = ()


@dataclass(frozen=True)
class ScreenFact:
    """The latest screen of one instrument: `said` in words; positive, or reliably worse than the one before."""

    instrument: str
    side: str
    said: str
    positive: bool
    worsening: bool = False
    key: str = ""


@dataclass(frozen=True)
class Facts:
    """All that the check looks at. `done`: (kind, words) of each intervention; `linked_sides`: what a link with work on it
    joins; `naloxone`: the relapse and overdose plan says that the person has it or will get it."""

    problems: tuple[ProblemFact, ...] = ()
    screens: tuple[ScreenFact, ...] = ()
    medications: tuple[str, ...] = ()
    done: tuple[tuple[str, str], ...] = ()
    words: tuple[str, ...] = ()
    linked_sides: frozenset[str] = field(default_factory=frozenset)
    naloxone: bool = False


@dataclass(frozen=True)
class Finding:
    """A rule that applies, about what (`about` is stable, so that its answer is found again), with the values in it."""

    rule: str
    about: str
    values: dict[str, str]
    anchor: str


def findings(facts: Facts) -> list[Finding]:
    """Everything that the check asks or misses, in the order of the table."""
    found = [*_screens(facts), *_one_side(facts), *_gaps(facts), *_medications(facts), *_naloxone(facts)]
    order = list(RULES)
    return sorted(found, key=lambda one: order.index(one.rule))


def _found(rule: str, about: str, anchor: str = "", **values: str) -> Finding:
    return Finding(rule, about, values, anchor or RULES[rule].anchor)


def _said(facts: Facts) -> tuple[list[tuple[str, str, str]], set[str]]:
    said = [(one.instrument, one.text, one.code) for one in facts.problems]
    measured = {o.instrument for p in facts.problems for g in p.goals for o in g.objectives if o.instrument}
    return said, measured


def _screens(facts: Facts) -> list[Finding]:
    said, measured = _said(facts)
    found = []
    for screen in facts.screens:
        if is_answered(screen.instrument, said, measured):
            continue
        if screen.positive:
            found.append(_found("screen_unanswered", screen.instrument, screen=screen.said))
        elif screen.worsening:
            found.append(_found("screen_worsening", f"{screen.instrument}:{screen.key}", screen=screen.said))
    return found


def _one_side(facts: Facts) -> list[Finding]:
    treated = {p.domain for p in facts.problems if not p.put_off} & {USE, MIND}
    if len(treated) != 1 or facts.linked_sides >= {USE, MIND}:
        return []
    other = USE if treated == {MIND} else MIND
    for screen in facts.screens:
        if screen.side == other and screen.positive:
            return [_found("one_side", other, treated=next(iter(treated)), other=other, screen=screen.said)]
    return []


def _gaps(facts: Facts) -> list[Finding]:
    found = []
    for problem in facts.problems:
        if problem.put_off:
            continue
        if not problem.goals:
            found.append(
                _found("problem_without_goal", problem.key, f"problem-{problem.key}", problem=problem.text)
            )
        for goal in problem.goals:
            if not goal.objectives:
                found.append(_found("goal_without_objective", goal.key, f"goal-{goal.key}", goal=goal.words))
            for one in goal.objectives:
                place = f"objective-{one.key}"
                if not one.measured:
                    found.append(_found("objective_without_measure", one.key, place, objective=one.text))
                if not one.dated:
                    found.append(_found("objective_without_date", one.key, place, objective=one.text))
    return found


def _uses(facts: Facts) -> set[str]:
    """Which of opioids, alcohol and stimulants the plan's problems or what is done for them speak of."""
    use = [
        p
        for p in facts.problems
        if p.domain == USE or p.code.upper().startswith(("F10", "F11", "F14", "F15"))
    ]
    named = " ".join(p.text for p in use).lower()
    codes = {p.code.upper()[:3] for p in use}
    kinds = {kind for kind, _words in facts.done}
    found = set()
    if "F11" in codes or "moud" in kinds or any(word in named for word in OPIOID_WORDS):
        found.add("opioid")
    if "F10" in codes or "maud" in kinds or any(word in named for word in ALCOHOL_WORDS):
        found.add("alcohol")
    if codes & {"F14", "F15"} or any(word in named for word in STIMULANT_WORDS):
        found.add("stimulant")
    return found


def names_opioids(text: str, code: str = "") -> bool:
    """Whether a problem is about opioids, by its words or code."""
    said = text.lower()
    return code.upper().startswith("F11") or any(word in said for word in OPIOID_WORDS)


def _medications(facts: Facts) -> list[Finding]:
    uses = _uses(facts)
    found = []
    for rule, (names, use) in MEETS.items():
        hits = [name for name in facts.medications if any(part in name.lower() for part in names)]
        if use in uses and hits:
            found.append(
                _found(
                    rule,
                    ",".join(sorted(hit.lower() for hit in hits))[:80],
                    "problems",
                    medication=", ".join(hits),
                )
            )
    return found


def _naloxone(facts: Facts) -> list[Finding]:
    if "opioid" not in _uses(facts) or facts.naloxone:
        return []
    said = " ".join([*facts.medications, *facts.words, *(words for _kind, words in facts.done)])
    planned = any(kind == "overdose" for kind, _words in facts.done) or NALOXONE.search(
        COMBINED.sub(" ", said)
    )
    return [] if planned else [_found("no_naloxone", "opioid")]
