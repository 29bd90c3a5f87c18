"""What the door asks: which episodes there are, and on which of the policy's facts each of them is open to whom."""

from collections.abc import Iterable
from typing import Any

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
from clinic.kit.written import Given, Ids, Name, array, kept
from clinic.record.models import Episode

SLICE = 1000
GOING_ON = Q(ends_on__isnull=True, waiting=False)


def episodes(who: Any, queryset: QuerySet[Episode]) -> list[OpenEpisode]:
    """Episodes with every fact that this person's policy lines rest on, in one query."""
    return _told(_with_facts(who, queryset))


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


def _told(rows: Iterable[dict[str, Any]]) -> list[OpenEpisode]:
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
            facts=frozenset(name for name, holds in row.items() if holds is True and name.endswith("_fact")),
        )
        for row in rows
    ]


class _Reader:
    """Whoever holds these roles, as the policy asks about them: who that is, and in which programs, is told when asked."""

    actor_kind, actor_name, actor_id = "staff", "", Given("actor")

    def __init__(self, roles: tuple[str, ...]) -> None:
        self.duties = [{"role": role} for role in roles]

    def programs_as(self, role: str) -> Any:
        return Ids(f"programs_{role}")


@kept
def _open_to(
    _house: None, roles: tuple[str, ...], to: Do | None, **_told: Any
) -> QuerySet[Episode, dict[str, Any]]:
    """The statement is every colleague's who holds the same roles: each page asks it."""
    reader = _Reader(roles)
    if to is None:
        return _with_facts(reader, Episode.objects.filter(of_person(Name("client"))))
    rows = Episode.objects.filter(policy.reach(reader, to), GOING_ON).order_by("pk")
    return _with_facts(reader, rows[:SLICE])


def _run(who: Any, to: Do | None, client: Any) -> list[OpenEpisode]:
    roles = tuple(policy.roles_of(who))
    programs = {f"programs_{role}": array(who.programs_as(role)) for role in roles}
    return _told(_open_to(None, roles, to, actor=who.actor_id, client=client, **programs))
