"""Two doors that open seldom: a chart that is shut, in an emergency, and two records at once, to say that they are one."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import connection, transaction

from clinic.access import asked, policy
from clinic.access.chart import Chart, ChartNotFound, OpenEpisode, Refused
from clinic.access.door import (
    _as_door,
    _close_inside,
    _decide,
    _first_episode,
    _registration_facts,
    _transaction,
    refuse,
)
from clinic.access.models import BrokenGlass
from clinic.access.policy import Do
from clinic.audit import ledger
from clinic.audit.models import Outcome
from clinic.kit import clock, scope
from clinic.people.models import Program
from clinic.people.queries import setting
from clinic.record.models import Episode, Merge

A_DAY = dt.timedelta(hours=24)
Side = list[OpenEpisode]


class NotShut(Exception):
    """This chart is open to them already: there is no glass to break."""


class TooOften(Exception):
    """They have opened as many shut charts in a day as the clinic allows. Recorded; nothing was opened."""


@contextmanager
def open_shut_chart(who: Any, client: Any, *, route: str = "") -> Iterator[Chart]:
    """A chart that is shut to them is open inside the block, so that `break_glass` can be done in it.

    Who may: a role with `Do.BREAK_GLASS` (law.md R8). Recorded: one row, basis BTG, before anything is shown.
    Raises Refused, NotShut, TooOften, all but NotShut recorded; ChartNotFound for an id that nobody has.
    """
    if not policy.may_without_client(who, Do.BREAK_GLASS):
        refuse(who, Do.BREAK_GLASS, act="open_shut_chart", route=route)
        raise Refused(Do.BREAK_GLASS)
    most = int(setting("break_glass_most_a_day"))
    with transaction.atomic(durable=True), scope.deciding():
        _as_door()
        found = asked.episodes_of(who, client)
        shut = not asked.allowed(who, Do.OPEN_CHART, found)[0]
        lately = BrokenGlass.objects.filter(staff=who.actor_id, opened_at__gt=clock.now() - A_DAY).count()
        look = None
        if found and shut:
            look = ledger.append(
                actor=who, act="open_shut_chart", outcome=Outcome.GRANTED if lately < most else Outcome.REFUSED,
                clients=sorted(asked.clients_of(found)), episodes=sorted(e.id for e in found), basis="BTG", route=route,
                detail={"to": str(Do.BREAK_GLASS), "purpose": "BTG", "in_a_day": lately},
            )  # fmt: skip
        _close_inside()
    if not found:
        raise ChartNotFound
    if not shut:
        raise NotShut
    if lately >= most:
        raise TooOften
    chart = Chart(
        who, Do.BREAK_GLASS, _with_glass(who, found), asked.clients_of(found), look=look, route=route
    )
    with _transaction(chart):
        yield chart


def _with_glass(who: Any, episodes: list[OpenEpisode]) -> list[OpenEpisode]:
    held = {
        policy.fact(role, relation)
        for role, relation in policy.lines(who, Do.BREAK_GLASS)
        if relation is policy.broke_glass
    }
    return [replace(episode, facts=episode.facts | held) for episode in episodes]


@dataclass
class Pair(Chart):
    """Two people's records, open at once. `first` and `second`: the ids of each, the one that stands for them first."""

    first: list[int] = field(default_factory=list)
    second: list[int] = field(default_factory=list)


@contextmanager
def open_pair(who: Any, one: Any, other: Any, *, to: Do = Do.MERGE, route: str = "") -> Iterator[Pair]:
    """Two people's records are open at once, by public ids; `client_id` is the first one's, which a merge would keep.

    Who may: whoever the policy lets do `to` in an episode of each. Every episode of both is open, so that what must
    not be merged is seen, whoever asks; what is shown of them is identity alone. Recorded: one look, granted or refused.
    Raises ChartNotFound, whether or not they exist.
    """

    def both() -> tuple[Side, Side]:
        first, second = (asked.episodes_of(who, side) for side in (one, other))
        return first, second

    with _pair(who, both, to=to, route=route) as pair:
        yield pair


@contextmanager
def open_merge(who: Any, merge: Any, *, to: Do = Do.MERGE, route: str = "") -> Iterator[Pair]:
    """The two records of that merge are open, whatever became of it. Who may, recorded, raises: as `open_pair`."""

    def both() -> tuple[Side, Side]:
        row = Merge.objects.filter(public_id=merge).values_list("client_id", "merged").first()
        ids = row or (0, 0)
        found = asked.episodes(who, Episode.objects.filter(client__in=ids))
        return [e for e in found if e.client_id == ids[0]], [e for e in found if e.client_id == ids[1]]

    with _pair(who, both, to=to, route=route) as pair:
        yield pair


@contextmanager
def _pair(who: Any, both: Callable[[], tuple[Side, Side]], *, to: Do, route: str) -> Iterator[Pair]:
    with transaction.atomic(durable=True), scope.deciding():
        _as_door()
        first, second = both()
        lines = [asked.allowed(who, to, side) for side in (first, second)]
        granted = all(allowed for allowed, _basis in lines)
        found = [*first, *second]
        look = None
        if found:
            look = ledger.append(
                actor=who, act="open_pair", outcome=Outcome.GRANTED if granted else Outcome.REFUSED,
                clients=sorted(asked.clients_of(found)), episodes=sorted({e.id for e in found}) if granted else [],
                basis=", ".join(sorted({basis for _allowed, basis in lines if basis})), route=route,
                detail={"to": str(to)},
            )  # fmt: skip
        _close_inside()
    if not granted:
        raise ChartNotFound
    episodes = list({e.id: e for e in found}.values())
    sides = [_stood_for(side) for side in (first, second)]
    clients = list(dict.fromkeys([*sides[0], *sides[1], *asked.clients_of(found)]))
    pair = Pair(who, to, episodes, clients, look=look, route=route, first=sides[0], second=sides[1])
    with _transaction(pair):
        yield pair


def _stood_for(episodes: list[OpenEpisode]) -> list[int]:
    """The records of one side: of an unmerged or still merged person, their own id first."""
    own = sorted({e.client_id for e in episodes})
    stands = [e.person_id for e in episodes if e.person_id in own]
    return list(dict.fromkeys([*stands, *own]))


@contextmanager
def open_transfer(
    who: Any, client: Any, program: Program, *, route: str = ""
) -> Iterator[tuple[Chart, OpenEpisode]]:
    """The chart is open to move somebody, with a new place in `program` beside their episodes. Yields both.

    Who may: `Do.MOVE_EPISODE` in an episode, and `Do.REGISTER` in the new program. Recorded: one look. Raises Refused,
    ChartNotFound.
    """
    held = _registration_facts(who, program)
    if not any(policy.fact(role, relation) in held for role, relation in policy.lines(who, Do.REGISTER)):
        refuse(who, Do.REGISTER, act="open_transfer", route=route)
        raise Refused(Do.REGISTER)
    with connection.cursor() as cursor:
        cursor.execute("select nextval('record_episode_id_seq')")
        new = cursor.fetchone()[0]
    decided = _decide(
        who,
        Do.MOVE_EPISODE,
        lambda: asked.episodes_of(who, client),
        act="open_transfer",
        route=route,
        record=True,
    )
    if not decided.allowed:
        raise ChartNotFound
    moved = max(decided.allowed, key=lambda e: (e.ends_on is None, e.starts_on, e.id))
    place = _first_episode(program, moved.client_id, new, held)
    chart = Chart(
        who, Do.MOVE_EPISODE, [*decided.allowed, place], decided.clients, look=decided.look, route=route
    )
    with _transaction(chart):
        yield chart, place
