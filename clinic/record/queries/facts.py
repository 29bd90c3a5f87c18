"""The current answer to each question that was ever asked of a client, as far as it is the reader's to know."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import BigIntegerField, Exists, F, OuterRef, QuerySet, Value

from clinic.people.models import ProgramRole, Staff
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
    """(topic, about) -> the current answer, in one query, asked once while the chart is open.

    Answers told in episodes that are not open here are not there. Where two episodes hold one, the later counts.
    """
    facts: dict[tuple[str, str], Told] = chart.remember(REMEMBERED, lambda: _read(chart))
    return facts


def fact_history(chart: Any, topic: str, about: str = "") -> list[Told]:
    """Every answer that was ever given to this question here, the newest first."""
    return [_told(row) for row in reversed(_rows(chart, topic=topic, about=about))]


def _read(chart: Any) -> dict[tuple[str, str], Told]:
    rows = _rows(chart, superseded_by__isnull=True)
    return {(row["topic"], row["about"]): _told(row) for row in rows}


COLUMNS = (
    "id", "public_id", "client_id", "topic", "about", "answer", "codes", "text", "number", "day", "asked_on", "by_id",
    "source", "not_before", "created_at", "part2",
)  # fmt: skip


def _rows(chart: Any, **only: Any) -> list[dict[str, Any]]:
    """The rows of both tables, the oldest first."""
    nowhere = Value(None, output_field=BigIntegerField())
    mine = ClientFact.objects.filter(client__in=chart.clients, **only).annotate(place=nowhere)
    theirs = EpisodeFact.objects.filter(episode__in=chart.episode_ids, **only).annotate(place=F("episode_id"))
    rows: list[dict[str, Any]] = list(_shown(mine, chart).union(_shown(theirs, chart), all=True))
    return sorted(rows, key=lambda row: (row["asked_on"], row["created_at"], row["id"]))


def _shown(rows: QuerySet[Any], chart: Any) -> QuerySet[Any]:
    """With who asked. A colleague who holds no role in any program open here is not named: the name would tell
    where else the client is known (42 CFR 2.12)."""
    programs = {episode.program_id for episode in chart.episodes}
    known = ProgramRole.objects.filter(staff=OuterRef("by"), program__in=programs)
    names = {"given": F("by__given_name"), "family": F("by__family_name"), "credential": F("by__credential")}
    shown = rows.annotate(**names, by_is_known=Exists(known))
    return shown.values(*COLUMNS, "place", *names, "by_is_known")


def _told(row: dict[str, Any]) -> Told:
    columns = {name: row[name] for name in COLUMNS}
    fact: Fact = ClientFact(**columns)
    if row["place"] is not None:
        fact = EpisodeFact(**columns, episode_id=row["place"])
    asker = Staff(given_name=row["given"], family_name=row["family"], credential=row["credential"])
    by = asker.signing_name if row["by_is_known"] and row["source"] != FactSource.CLIENT_HERSELF else ""
    return Told(
        topic=fact.topic, about=fact.about, answer=fact.answer, codes=tuple(fact.codes), text=fact.text,
        number=fact.number, day=fact.day, asked_on=fact.asked_on, by=by, source=fact.source,
        not_before=fact.not_before, row=fact,
    )  # fmt: skip
