"""Who waits for which program, for how long, and when somebody last spoke with them."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from clinic.access.chart import Chart, Open
from clinic.access.policy import Do
from clinic.kit import clock
from clinic.people.queries import settings_now
from clinic.record.models import (
    STILL_WAITING,
    InterimContact,
    Reached,
    WaitingPlace,
)
from intake.rules.levels import day_wait, days_waited

LONG_AGO = dt.date(1900, 1, 1)


@dataclass(frozen=True)
class WaitingLine:
    """One place on a list, as both pages show it. `due`: when somebody should speak with them again."""

    row: WaitingPlace
    client_id: Any
    name: str
    program: str
    first: bool
    days: int
    teds: int
    last: dt.date | None
    due: dt.date
    late: bool
    may_keep: bool


def is_waiting() -> Q:
    """Episodes that wait, by columns that the door may read."""
    return Q(waiting=True, ends_on__isnull=True)


def waiting_lines(opened: Open) -> list[WaitingLine]:
    """Everyone who waits here: those who go first by the clinic's setting, then by days waited. Four queries."""
    rows = _rows(opened).filter(standing__in=STILL_WAITING)
    rules = _settings()
    lines = [_line(opened, row, rules) for row in rows]
    order = {name: place for place, name in enumerate(rules["waiting_first"])}
    return sorted(lines, key=lambda line: (order.get(line.row.priority, len(order)), -line.days, line.row.pk))


def waiting_place(chart: Chart, public_id: str) -> WaitingPlace | None:
    """The place of that id in the open chart, closed or not."""
    return _rows(chart).filter(public_id=public_id).first()


def waiting_line(chart: Chart, row: WaitingPlace) -> WaitingLine:
    """The same line for one place."""
    return _line(chart, row, _settings())


def waiting_places(chart: Chart) -> dict[int, WaitingPlace]:
    """The newest place on a list of each open episode that has one."""
    return {row.episode_id: row for row in _rows(chart).order_by("pk")}


def interim_contacts(chart: Chart, row: WaitingPlace) -> list[InterimContact]:
    """What was done while they waited, newest first."""
    return list(InterimContact.objects.filter(place=row).select_related("by").order_by("-on", "-pk"))


def _rows(opened: Open) -> QuerySet[WaitingPlace]:
    spoken = (
        InterimContact.objects.filter(place=OuterRef("pk")).exclude(how=Reached.NOT_REACHED).order_by("-on")
    )
    return (
        WaitingPlace.objects.filter(episode__in=opened.episode_ids)
        .select_related("client")
        .annotate(last=Subquery(spoken.values("on")[:1]))
    )


def _settings() -> dict[str, Any]:
    return settings_now(["waiting_first", "waiting_contact_days", "waiting_first_contact_days"])


def _line(opened: Open, row: Any, rules: dict[str, Any]) -> WaitingLine:
    place = opened.episode(row.episode_id)
    today = clock.today(place.zone)
    first = row.priority in rules["waiting_first"]
    days = days_waited(row.asked_on, row.closed_on or today)
    every = int(rules["waiting_first_contact_days" if first else "waiting_contact_days"])
    due = (row.last or row.asked_on) + dt.timedelta(days=every)
    return WaitingLine(
        row=row, client_id=row.client.public_id, name=f"{row.client.listed_name}, {row.client.id_ending}",
        program=place.program, first=first, days=days, teds=day_wait(days), last=row.last, due=due,
        late=row.standing in STILL_WAITING and due < today, may_keep=opened.permits(Do.KEEP_WAITING, place.id),
    )  # fmt: skip
