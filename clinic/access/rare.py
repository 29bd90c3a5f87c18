"""Two doors that open seldom: a chart that is shut, in an emergency, and two records at once, to say that they are one."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from django.db import transaction

from clinic.access import policy
from clinic.access.chart import Chart, ChartNotFound, OpenEpisode, Refused
from clinic.access.door import (
    _allowed,
    _as_door,
    _clients,
    _close_inside,
    _episodes,
    _transaction,
    refuse,
)
from clinic.access.models import BrokenGlass
from clinic.access.persons import of_person
from clinic.access.policy import Do
from clinic.audit import ledger
from clinic.audit.models import Outcome
from clinic.kit import clock, scope
from clinic.people.queries import setting
from clinic.record.models import Episode

A_DAY = dt.timedelta(hours=24)


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
        found = _episodes(who, Episode.objects.filter(of_person(client)))
        shut = not _allowed(who, Do.OPEN_CHART, found)[0]
        lately = BrokenGlass.objects.filter(staff=who.actor_id, opened_at__gt=clock.now() - A_DAY).count()
        look = None
        if found and shut:
            look = ledger.append(
                actor=who, act="open_shut_chart", outcome=Outcome.GRANTED if lately < most else Outcome.REFUSED,
                clients=sorted(_clients(found)), episodes=sorted(e.id for e in found), basis="BTG", route=route,
                detail={"to": str(Do.BREAK_GLASS), "purpose": "BTG", "in_a_day": lately},
            )  # fmt: skip
        _close_inside()
    if not found:
        raise ChartNotFound
    if not shut:
        raise NotShut
    if lately >= most:
        raise TooOften
    chart = Chart(who, Do.BREAK_GLASS, _with_glass(who, found), _clients(found), look=look, route=route)
    with _transaction(chart):
        yield chart


def _with_glass(who: Any, episodes: list[OpenEpisode]) -> list[OpenEpisode]:
    held = {
        policy.fact(role, relation)
        for role, relation in policy.lines(who, Do.BREAK_GLASS)
        if relation is policy.broke_glass
    }
    return [replace(episode, facts=episode.facts | held) for episode in episodes]


@contextmanager
def open_pair(who: Any, one: Any, other: Any, *, to: Do = Do.MERGE, route: str = "") -> Iterator[Chart]:
    """Two people's records are open at once; `client_id` is the first one's, which a merge would keep.

    Who may: whoever the policy lets do `to` in an episode of each. Every episode of both is open, so that what must
    not be merged is seen, whoever asks; what is shown of them is identity alone. Recorded: one look, granted or refused.
    Raises ChartNotFound, whether or not they exist.
    """
    with transaction.atomic(durable=True), scope.deciding():
        _as_door()
        first = _episodes(who, Episode.objects.filter(of_person(one)))
        second = _episodes(who, Episode.objects.filter(of_person(other)))
        lines = [_allowed(who, to, side) for side in (first, second)]
        granted = all(allowed for allowed, _basis in lines)
        found = [*first, *second]
        look = None
        if found:
            look = ledger.append(
                actor=who, act="open_pair", outcome=Outcome.GRANTED if granted else Outcome.REFUSED,
                clients=sorted(_clients(found)), episodes=sorted(e.id for e in found) if granted else [],
                basis=", ".join(sorted({basis for _allowed, basis in lines if basis})), route=route,
                detail={"to": str(to)},
            )  # fmt: skip
        _close_inside()
    if not granted:
        raise ChartNotFound
    clients = [*_clients(first), *(c for c in _clients(second) if c not in _clients(first))]
    chart = Chart(who, to, list({e.id: e for e in found}.values()), clients, look=look, route=route)
    with _transaction(chart):
        yield chart
