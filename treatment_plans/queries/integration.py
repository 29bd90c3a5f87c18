"""The integration check of one plan: what is asked of it, why, by which source, and what was answered."""

from dataclasses import dataclass
from typing import Any

from clinic.access.chart import Open
from clinic.kit.words import gettext as _
from clinic.record.models import Domain
from screening.queries import Latest, latest_screens, worsened
from treatment_plans import rules
from treatment_plans.models import Naloxone
from treatment_plans.queries.positives import said_of, unanswered
from treatment_plans.queries.tree import Answered, PlanTree, Trouble
from treatment_plans.rules import integration


@dataclass(frozen=True)
class Asked:
    """One thing the check says about a plan. `asks`: an answer can be given here; `answer`: the one that was."""

    rule: str
    about: str
    text: str
    why: str
    source: str
    asks: bool
    anchor: str
    answer: Answered | None = None


SEEN_TO = (Naloxone.HAS, Naloxone.GETS)  # what a relapse plan may say so that nobody need ask


@dataclass(frozen=True)
class Check:
    """What is open, and what was asked and answered."""

    open: list[Asked]
    answered: list[Asked]


def check(chart: Open, tree: PlanTree) -> Check:
    """The integration check of this plan as things stand today. No query of its own; it blocks nothing."""
    asked = [told(one, tree.answers) for one in rules.findings(facts_of(chart, tree))]
    return Check([one for one in asked if not one.answer], [one for one in asked if one.answer])


def facts_of(chart: Open, tree: PlanTree) -> rules.Facts:
    """What the rules look at: the plan, the newest screens, the medications that are taken."""
    sides = {t.id: t.domain for t in tree.troubles}
    joined = {sides[end] for tie in tree.ties if tie.steps for end in tie.ends if end in sides}
    return rules.Facts(
        problems=tuple(_problem(trouble) for trouble in tree.troubles),
        screens=screen_facts(latest_screens(chart), {one.instrument for one in unanswered(chart)}),
        medications=tuple(tree.medications),
        done=tuple((step.type, step.text) for step in tree.steps),
        words=(tree.plan.step_down, *(aim.text for aim in tree.aims)),
        linked_sides=frozenset(joined),
        naloxone=tree.naloxone in SEEN_TO,
    )


def screen_facts(
    screens: list[Latest], waiting: set[str] | None = None
) -> tuple[integration.ScreenFact, ...]:
    """The newest screens as the rules see them. `waiting`: the instruments whose positive screen nobody has answered;
    what was referred, put off or not confirmed is not asked about again."""
    return tuple(
        integration.ScreenFact(
            one.instrument, one.side, said_of(one), _asks(one, waiting), worsened(one), str(one.public_id)
        )
        for one in screens
    )


def _asks(one: Latest, waiting: set[str] | None) -> bool:
    return bool(one.positive) and (waiting is None or one.instrument in waiting)


def _problem(trouble: Trouble) -> integration.ProblemFact:
    goals = tuple(
        integration.GoalFact(
            str(wish.public_id), wish.words,
            tuple(
                integration.ObjectiveFact(
                    str(aim.public_id), aim.text, bool(aim.instrument or aim.counted), aim.target_on is not None,
                    aim.instrument,
                )
                for aim in wish.aims
            ),
        )
        for wish in trouble.wishes
    )  # fmt: skip
    return integration.ProblemFact(
        str(trouble.public_id), trouble.text, trouble.domain, trouble.code, trouble.instrument, trouble.put_off, goals
    )  # fmt: skip


def told(finding: rules.Finding, answers: list[Answered]) -> Asked:
    """A finding in the page's words, with the latest answer to it."""
    rule = rules.RULES[finding.rule]
    given = [one for one in answers if (one.rule, one.about) == (finding.rule, finding.about)]
    return Asked(
        finding.rule, finding.about, words_of(finding), _(rule.why), _(rule.source), rule.asks, finding.anchor,
        given[-1] if given else None,
    )  # fmt: skip


def words_of(finding: rules.Finding) -> str:
    """The finding as a sentence: sides by their names, long texts by their beginning."""
    values: dict[str, Any] = {name: _short(value) for name, value in finding.values.items()}
    for name in ("treated", "other"):
        if name in values:
            values[name] = str(Domain(values[name]).label).lower()
    return _(rules.RULES[finding.rule].text) % values


def _short(text: str, longest: int = 90) -> str:
    words = " ".join(text.split())
    return words if len(words) <= longest else words[: longest - 1].rstrip() + "…"
