"""The intake interview as it stands: what was told, what is open, what was told before, and the summary both read."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.utils import timezone

from clinic.access.chart import Chart, ChartNotFound
from clinic.access.models import Handover
from clinic.access.models import Way as HandedBy
from clinic.kit import clock
from clinic.record.queries import current_facts
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


@dataclass(frozen=True)
class Before:
    """What was told before: in the version before this one, or at registration. By whom: "" for the client."""

    value: Any
    on: dt.date
    by: str


@dataclass(frozen=True)
class Quiet:
    """A topic left alone until a day, in the client's words."""

    until: dt.date
    words: str


@dataclass
class Held:
    """One interview with everything said in it, and what was told before."""

    row: Interview
    form: rules.Interview
    zone: str
    answers: dict[str, InterviewAnswer]
    before: dict[str, Before]
    notes: dict[str, str]
    quiet: dict[str, Quiet]

    @property
    def values(self) -> dict[str, Any]:
        """What was told, by question; what was told before and not taken back counts until it is asked again."""
        told = {key: one.value for key, one in self.before.items() if key not in self.answers}
        return told | {key: one.value for key, one in self.answers.items() if one.state == State.TOLD}

    def day(self, at: dt.datetime) -> dt.date:
        return day_of(at, self.zone)


def day_of(at: dt.datetime, zone: str) -> dt.date:
    return at.astimezone(ZoneInfo(zone)).date()


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
    told_before: Before | None = None
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
    quiet: Quiet | None
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
    """The interview of that id in the open chart, with what `held` needs of it; ChartNotFound for any other."""
    row = _whole(chart).filter(public_id=public_id).select_related("begun_by").first()
    if row is None:
        raise ChartNotFound
    return row


def _whole(chart: Chart) -> QuerySet[Interview]:
    """Interviews with what was chosen at the content notes and the topics left alone, in the same query."""
    notes = InterviewPart.objects.filter(interview=OuterRef("pk")).values(
        json=JSONObject(part=F("part"), choice=F("choice"))
    )
    today = clock.today(chart.episodes[0].zone)
    quiet = QuietUntil.objects.filter(episode=OuterRef("episode"), lifted_at__isnull=True, until__gt=today)
    left_alone = quiet.values(json=JSONObject(topic=F("topic"), until=F("until"), words=F("words")))
    rows = Interview.objects.filter(episode__in=chart.episode_ids)
    return rows.annotate(note_rows=ArraySubquery(notes), quiet_rows=ArraySubquery(left_alone))


def held(chart: Chart, row: Interview) -> Held:
    """The interview with its answers, what the version before holds, the notes' choices and the quiet topics: one query.

    One more where `row` was not read by `interview`.
    """
    place = chart.episode(row.episode_id)
    whole: Any = row if hasattr(row, "note_rows") else _whole(chart).get(pk=row.pk)
    answers: dict[str, InterviewAnswer] = {}
    before: dict[str, Before] = {}
    rows = InterviewAnswer.objects.filter(interview__in=[row.pk, row.supersedes_id])
    for one in rows.select_related("staff"):
        if one.interview_id == row.pk:
            answers[one.question] = one
        elif one.state == State.TOLD:
            before[one.question] = Before(one.value, day_of(one.at, place.zone), by(one))
    return Held(
        row,
        rules.interview(row.edition),
        place.zone,
        answers,
        before,
        {one["part"]: one["choice"] for one in whole.note_rows},
        {one["topic"]: Quiet(dt.date.fromisoformat(one["until"]), one["words"]) for one in whole.quiet_rows},
    )


def with_registered(chart: Chart, whole: Held, part: rules.Part) -> Held:
    """The same, with what the registration holds of what this part asks. Two queries where it asks any of it."""
    asks = [ask for ask in part.asks if ask.fact]
    facts = current_facts(chart) if asks and not whole.row.is_confirmed else {}
    for ask in asks:
        told = facts.get((ask.fact, ""))
        key = f"{part.id}.{ask.id}"
        if told is not None and told.is_known and key not in whole.before:
            words = rules.answer_words(rules.catalogue().question(ask.fact), told.row)
            whole.before[key] = Before(rules.from_codes(ask, told.codes, words), told.asked_on, told.by)
    return whole


def quiet_topic(chart: Chart, row: Interview, topic: str) -> QuietUntil | None:
    """The row that keeps this topic quiet now, or None."""
    return QuietUntil.objects.filter(episode=row.episode_id, topic=topic, lifted_at__isnull=True).first()


def live_link(row: Interview) -> Handover | None:
    """The link to this interview that is out and still opens, or None."""
    links = Handover.objects.filter(thing=row.public_id, way=HandedBy.LINK, ended_at__isnull=True)
    return links.filter(expires_at__gt=timezone.now()).order_by("-pk").first()


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
        return Asked(step, language, told_before=old, wrong=wrong)
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
    choice = whole.notes.get(part.id, "")
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
