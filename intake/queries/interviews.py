"""The intake interview as it stands: what was told, what is open, what was told before, and the summary both read."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from clinic.access.chart import Chart, ChartNotFound
from clinic.kit import clock
from intake import rules
from intake.models import (
    Interview,
    InterviewAnswer,
    InterviewPart,
    NoteChoice,
    QuietUntil,
    State,
)

SIGNED_KIND = "Interview"
LANGUAGES = ("en", "es")
DECLINED: dict[str, dict[str, str]] = {
    State.NOT_TODAY: {"en": "Not today", "es": "Hoy no"},
    State.RATHER_NOT: {"en": "Would rather not say", "es": "Prefiere no decirlo"},
}


@dataclass
class Held:
    """One interview with everything said in it, and what the version before it holds."""

    row: Interview
    form: rules.Interview
    zone: str
    answers: dict[str, InterviewAnswer]
    before: dict[str, InterviewAnswer]
    notes: dict[str, InterviewPart]
    quiet: dict[str, QuietUntil]

    @property
    def values(self) -> dict[str, Any]:
        """What was told, by question; what was told before and not taken back counts until it is asked again."""
        told = {key: one.value for key, one in self.before.items() if key not in self.answers}
        return told | {key: one.value for key, one in self.answers.items() if one.state == State.TOLD}

    def day(self, at: dt.datetime) -> dt.date:
        return at.astimezone(ZoneInfo(self.zone)).date()


@dataclass(frozen=True)
class Asked:
    """One question as a page shows it."""

    step: rules.Step
    language: str
    state: str = ""
    value: Any = None
    mark: str = ""
    on: dt.date | None = None
    by: str = ""
    told_before: InterviewAnswer | None = None
    before_on: dt.date | None = None
    before_by: str = ""
    wrong: str = ""

    @property
    def key(self) -> str:
        return self.step.key

    @property
    def kind(self) -> str:
        return self.step.ask.kind

    @property
    def text(self) -> str:
        return self.step.ask.words(self.language)

    @property
    def of(self) -> str:
        return self.step.of.words(self.language) if self.step.of else ""

    @property
    def options(self) -> list[tuple[str, str, bool]]:
        """(id, words, chosen) of each answer there is to choose."""
        chosen = self.value if isinstance(self.value, list) else [self.value]
        return [(one.id, one.words(self.language), one.id in chosen) for one in self.step.ask.options]

    @property
    def said(self) -> str:
        return self.step.said(self.value, self.language) if self.state == State.TOLD else ""

    @property
    def said_before(self) -> str:
        return self.step.said(self.told_before.value, self.language) if self.told_before else ""


@dataclass(frozen=True)
class PartState:
    """One part in a list: how far it is. `state`: todo, doing, done, skipped, quiet."""

    part: rules.Part
    language: str
    state: str
    told: int
    declined: int
    later: int
    left: int
    quiet: QuietUntil | None
    choice: str

    @property
    def title(self) -> str:
        return self.part.words("title", self.language)

    @property
    def needs_note(self) -> bool:
        """Whether the content note is still to be shown: once a part."""
        return bool(self.part.note) and not self.choice


def interviews(chart: Chart) -> list[Interview]:
    """Every version in the open episodes, newest first."""
    rows = Interview.objects.filter(episode__in=chart.episode_ids).select_related("begun_by")
    return list(rows.order_by("-begun_at", "-pk"))


def interview(chart: Chart, public_id: Any) -> Interview:
    """The interview of that id in the open chart; ChartNotFound for any other."""
    rows = Interview.objects.filter(public_id=public_id, episode__in=chart.episode_ids)
    row = rows.select_related("begun_by").first()
    if row is None:
        raise ChartNotFound
    return row


def held(chart: Chart, row: Interview) -> Held:
    """The interview with its answers, those of the version before, the notes' choices and the quiet topics: 3 queries."""
    rows = InterviewAnswer.objects.filter(interview__in=[row.pk, row.supersedes_id])
    answers, before = {}, {}
    for one in rows.select_related("staff"):
        if one.interview_id == row.pk:
            answers[one.question] = one
        elif one.state == State.TOLD:
            before[one.question] = one
    notes = {one.part: one for one in InterviewPart.objects.filter(interview=row)}
    place = chart.episode(row.episode_id)
    quiet = QuietUntil.objects.filter(
        episode=row.episode_id, lifted_at__isnull=True, until__gt=clock.today(place.zone)
    )
    return Held(
        row, rules.interview(row.edition), place.zone, answers, before, notes, {one.topic: one for one in quiet}
    )  # fmt: skip


def part_of(whole: Held, name: str) -> rules.Part:
    """ChartNotFound for a part that the edition does not have."""
    try:
        return whole.form.part(name)
    except KeyError:
        raise ChartNotFound from None


def asked(
    whole: Held, part: rules.Part, language: str, wrong: Mapping[str, str] | None = None
) -> list[Asked]:
    """The questions of a part as they stand, those that hang on an answer only where it was given."""
    return [
        one_asked(whole, step, language, (wrong or {}).get(step.key, ""))
        for step in rules.walk(part, whole.values)
    ]


def one_asked(whole: Held, step: rules.Step, language: str, wrong: str = "") -> Asked:
    """One question with its answer, or what was told before and may be confirmed."""
    row, old = whole.answers.get(step.key), whole.before.get(step.key)
    if row is not None:
        value = row.value if row.state == State.TOLD else None
        return Asked(
            step, language, row.state, value, rules.mark(row.state, row.value), whole.day(row.at), by(row), wrong=wrong
        )  # fmt: skip
    if old is not None:
        return Asked(
            step, language, told_before=old, before_on=whole.day(old.at), before_by=by(old), wrong=wrong
        )
    return Asked(step, language, wrong=wrong)


def by(row: Any) -> str:
    """The colleague who put it in; empty where the client did so themselves."""
    return row.staff.name if row.staff_id else ""


@dataclass(frozen=True)
class GridRow:
    """One choice of a grid with what is asked of it."""

    id: str
    words: str
    chosen: bool
    cells: tuple[Asked, ...]


@dataclass(frozen=True)
class Item:
    """One question on the page of a whole part; a grid where more is asked of each choice."""

    asked: Asked
    only_if: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[GridRow, ...] = ()


def sheet(
    whole: Held, part: rules.Part, language: str, wrong: Mapping[str, str], data: Any = None
) -> list[Item]:
    """Every question of the part on one page, also those that hang on an answer; `data`: what was typed, shown again."""

    def shown(step: rules.Step) -> Asked:
        return typed(one_asked(whole, step, language, wrong.get(step.key, "")), data)

    items = []
    for ask in part.asks:
        if ask.each:
            continue
        step = rules.Step(part, ask)
        hanging = [one for one in part.asks if one.each == ask.id]
        top = shown(step)
        rows = tuple(
            GridRow(of.id, of.words(language), of.id in (top.value or []),
                    tuple(shown(rules.Step(part, one, of)) for one in hanging))
            for of in ask.options
        ) if hanging else ()  # fmt: skip
        items.append(
            Item(top, _only_if(part, ask, language), tuple(one.label(language) for one in hanging), rows)
        )
    return items


def _only_if(part: rules.Part, ask: rules.Ask, language: str) -> str:
    if not ask.when:
        return ""
    first = next(one for one in part.asks if one.id == ask.when["question"])
    names = [one.words(language) for one in first.options if one.id in ask.when["any"]]
    return f"{first.label(language)}: {' / '.join(names)}"


def typed(asked: Asked, data: Any, wrong: str = "") -> Asked:
    """The question with what was typed into its page, to be shown again."""
    if data is None or f"m-{asked.key}" not in data:
        return asked
    given = [one for one in data.getlist(f"a-{asked.key}") if one]
    state = next((one for one in (data.get(f"s-{asked.key}", ""), *given) if one in DECLINED), "")
    value: Any = given if asked.kind == "several" else next(iter(given), None)
    return replace(
        asked,
        state=state or (State.TOLD if given else ""),
        value=None if state else value,
        wrong=wrong or asked.wrong,
    )


def over(asked: Asked, mine: Any, theirs: Any) -> Asked:
    """The question with this page's answer, standing now on what someone else saved meanwhile."""
    return replace(
        asked,
        state=mine.state,
        value=mine.value,
        mark=rules.mark(theirs.state, theirs.value),
        told_before=None,
    )


def conflict(whole: Held, part: rules.Part, told: Any, theirs: Any, language: str) -> dict[str, str]:
    """Both answers to the question that two people answered at once (kit/_conflict.html)."""
    step = rules.every_step(part)[theirs.question]
    mine = next(one for one in told if one.question == theirs.question)
    texts = {
        name: step.said(row.value, language) if row.state == State.TOLD else DECLINED.get(row.state, {}).get(language, "")
        for name, row in (("mine", mine), ("theirs", theirs))
    }  # fmt: skip
    return {"label": step.label(language), **texts, "field_id": ""}


def parts(whole: Held, language: str) -> list[PartState]:
    """Every part and how far it is, in the clinic's order; the client chooses their own."""
    return [_part_state(whole, part, language) for part in whole.form.parts]


def _part_state(whole: Held, part: rules.Part, language: str) -> PartState:
    today = clock.today(whole.zone)
    rows = [whole.answers.get(step.key) for step in rules.walk(part, whole.values)]
    states = [row.state if row else "" for row in rows]
    left = sum(
        rules.is_open(row.state if row else "", whole.day(row.at) if row else None, today) for row in rows
    )
    note = whole.notes.get(part.id)
    choice = note.choice if note else ""
    quiet = whole.quiet.get(part.id)
    if choice == NoteChoice.SKIP and State.TOLD not in states:
        state = "skipped"
    elif quiet:
        state = "quiet"
    else:
        state = "done" if not left else "doing" if any(states) else "todo"
    return PartState(
        part, language, state, states.count(State.TOLD), states.count(State.RATHER_NOT), states.count(State.NOT_TODAY),
        left, quiet, choice,
    )  # fmt: skip


def next_open(whole: Held, part: rules.Part, after: str = "") -> rules.Step | None:
    """The next question of this part that is to be put, after that key, then from the start; None when it is done."""
    today, found = clock.today(whole.zone), rules.walk(part, whole.values)
    keys = [step.key for step in found]
    at = keys.index(after) + 1 if after in keys else 0
    for step in [*found[at:], *found[:at]]:
        row = whole.answers.get(step.key)
        if rules.is_open(row.state if row else "", whole.day(row.at) if row else None, today):
            return step
    return None
