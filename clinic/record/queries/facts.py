"""The current answer to each question that was ever asked of a client, as far as it is the reader's to know."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from clinic.people.models import ProgramRole
from clinic.record.models import AnswerState, ClientFact, EpisodeFact, FactSource

Fact = ClientFact | EpisodeFact
REMEMBERED = "current facts"


@dataclass(frozen=True)
class Told:
    """One current answer: "Already told us (date, by whom)". `answer` is an AnswerState; `by` is "" for the client."""

    topic: str
    about: str
    answer: str
    codes: tuple[str, ...]
    text: str
    number: Decimal | None
    day: dt.date | None
    asked_on: dt.date
    by: str
    source: str
    not_before: dt.date | None
    row: Fact

    @property
    def is_known(self) -> bool:
        """It was answered: not declined, not unknown, not put off."""
        return self.answer == AnswerState.ANSWERED

    @property
    def seen(self) -> str:
        """What a form carries, so that a change made by someone else in between is noticed."""
        return str(self.row.public_id)


def current_facts(chart: Any) -> dict[tuple[str, str], Told]:
    """(topic, about) -> the current answer, in two queries, asked once while the chart is open.

    Answers told in episodes that are not open here are not there. Where two episodes hold one, the later counts.
    """
    facts: dict[tuple[str, str], Told] = chart.remember(REMEMBERED, lambda: _read(chart))
    return facts


def fact_history(chart: Any, topic: str, about: str = "") -> list[Told]:
    """Every answer that was ever given to this question here, the newest first."""
    found = [*_rows(ClientFact, chart, topic, about), *_rows(EpisodeFact, chart, topic, about)]
    return [_told(row) for row in sorted(found, key=_age, reverse=True)]


def _read(chart: Any) -> dict[tuple[str, str], Told]:
    mine = _shown(ClientFact.objects.filter(client__in=chart.clients), chart)
    theirs = _shown(EpisodeFact.objects.filter(episode__in=chart.episode_ids), chart)
    rows: list[Any] = [*mine.filter(superseded_by__isnull=True), *theirs.filter(superseded_by__isnull=True)]
    return {(row.topic, row.about): _told(row) for row in sorted(rows, key=_age)}


def _rows(model: Any, chart: Any, topic: str, about: str) -> list[Any]:
    return list(_shown(model.objects.filter(client__in=chart.clients, topic=topic, about=about), chart))


def _age(row: Any) -> tuple[Any, ...]:
    return (row.asked_on, row.created_at, row.pk)


def _shown(rows: QuerySet[Any], chart: Any) -> QuerySet[Any]:
    """With who asked. A colleague who holds no role in any program open here is not named: the name would tell
    where else the client is known (42 CFR 2.12)."""
    programs = {episode.program_id for episode in chart.episodes}
    known = ProgramRole.objects.filter(staff=OuterRef("by"), program__in=programs)
    return rows.select_related("by").annotate(by_is_known=Exists(known))


def _told(row: Any) -> Told:
    typed = row.source == FactSource.CLIENT_HERSELF
    by = row.by.signing_name if row.by_id and row.by_is_known and not typed else ""
    return Told(
        topic=row.topic, about=row.about, answer=row.answer, codes=tuple(row.codes), text=row.text,
        number=row.number, day=row.day, asked_on=row.asked_on, by=by, source=row.source,
        not_before=row.not_before, row=row,
    )  # fmt: skip
