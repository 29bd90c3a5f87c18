"""What the door asks: which episodes there are, and on which of the policy's facts each of them is open to whom."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import (
    BigIntegerField,
    BooleanField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce

from clinic.access import policy
from clinic.access.chart import OpenEpisode
from clinic.access.persons import of_person, survivors
from clinic.access.policy import Do
from clinic.kit import clock
from clinic.record.models import Episode

SLICE = 1000
GOING_ON = Q(ends_on__isnull=True, waiting=False)
ANYBODY = UUID(int=0)  # stands in a kept statement for the client who is asked for


def episodes(who: Any, queryset: QuerySet[Episode]) -> list[OpenEpisode]:
    """Episodes with every fact that this person's policy lines rest on, in one query."""
    return _told(_with_facts(who, queryset), policy.facts(who))


def episodes_of(who: Any, client: Any) -> list[OpenEpisode]:
    """The same for every record of the person with this public id."""
    if who.actor_kind != "staff":
        return episodes(who, Episode.objects.filter(of_person(client)))
    return _run(who, None, client)


def running(who: Any, to: Do) -> list[OpenEpisode]:
    """The same for every running episode that this person may open for `to`, by age, SLICE at most."""
    return _run(who, to, None)


def allowed(who: Any, to: Do, found: list[OpenEpisode]) -> tuple[list[OpenEpisode], str]:
    """Those episodes that a line of the policy opens for this act, and the lines in words for the ledger."""
    wanted = {
        policy.fact(role, relation): f"{role} {relation.__name__}" for role, relation in policy.lines(who, to)
    }
    open_ = [episode for episode in found if episode.facts & wanted.keys()]
    held = sorted({wanted[name] for episode in open_ for name in episode.facts if name in wanted})
    return open_, ", ".join(held)


def clients_of(found: list[OpenEpisode]) -> list[int]:
    """Every record of the people whose episodes these are; of one person, the survivor of a merge comes first."""
    people = sorted({episode.person_id for episode in found})
    return [*people, *sorted({episode.client_id for episode in found} - set(people))]


def _with_facts(who: Any, queryset: QuerySet[Episode]) -> QuerySet[Episode, dict[str, Any]]:
    named = policy.facts(who)
    return queryset.annotate(
        **{name: ExpressionWrapper(q, output_field=BooleanField()) for name, q in named.items()},
        person=Coalesce(Subquery(survivors(OuterRef("client_id"))), F("client_id"), output_field=BigIntegerField()),
    ).values(
        "id", "public_id", "client_id", "program_id", "part2", "starts_on", "ends_on", "waiting", "person", *named,
        title=F("program__name"), kind=F("program__kind"), site=F("program__site_id"), zone=F("program__site__zone"),
    )  # fmt: skip


def _told(rows: Iterable[dict[str, Any]], facts: Iterable[str]) -> list[OpenEpisode]:
    names = list(facts)
    return [
        OpenEpisode(
            id=row["id"],
            public_id=row["public_id"],
            client_id=row["client_id"],
            program_id=row["program_id"],
            program=row["title"],
            kind=row["kind"],
            part2=row["part2"],
            site_id=row["site"],
            zone=row["zone"],
            starts_on=row["starts_on"],
            ends_on=row["ends_on"],
            waiting=row["waiting"],
            person_id=row["person"],
            facts=frozenset(name for name in names if row[name]),
        )
        for row in rows
    ]


@dataclass(frozen=True)
class _Reader:
    """Of a colleague, what the policy asks: their number and their duties of today, so that a statement is theirs alone."""

    actor_id: int
    held: tuple[tuple[str, int], ...]
    actor_kind: str = "staff"
    actor_name: str = ""

    @property
    def duties(self) -> list[dict[str, str]]:
        return [{"role": role} for role, _program in self.held]

    def programs_as(self, role: str) -> list[int]:
        return [program for held, program in self.held if held == role]


@dataclass(frozen=True)
class _Statement:
    """A question of the door's, put together: in `params`, ANYBODY stands for the client and `moment` for now."""

    sql: str
    params: tuple[Any, ...]
    moment: dt.datetime
    facts: tuple[str, ...]


@lru_cache(maxsize=2048)
def _statement(reader: _Reader, to: Do | None, _today: dt.date) -> _Statement:
    """Putting the query together takes Django longer than Postgres takes to answer it, and every page asks it: so it
    is kept for a day. What changes within the day is a parameter (the client, the moment) or in the tables."""
    moment = clock.now()
    with clock.backdated(moment):
        rows = (
            Episode.objects.filter(of_person(ANYBODY))
            if to is None
            else Episode.objects.filter(policy.reach(reader, to), GOING_ON).order_by("pk")[:SLICE]
        )
        try:
            sql, params = _with_facts(reader, rows).query.sql_with_params()
        except EmptyResultSet:  # no line of theirs for this can hold of any episode
            sql, params = "", ()
        return _Statement(sql, tuple(params), moment, tuple(policy.facts(reader)))


def _run(who: Any, to: Do | None, client: Any) -> list[OpenEpisode]:
    duties = tuple(sorted((role, pk) for role in policy.roles_of(who) for pk in who.programs_as(role)))
    kept = _statement(_Reader(who.actor_id, duties), to, clock.today())
    if not kept.sql:
        return []
    places = {ANYBODY: client, kept.moment: clock.now()}
    with connection.cursor() as cursor:
        cursor.execute(kept.sql, [places.get(value, value) for value in kept.params])
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return _told(rows, kept.facts)
