"""What whoever sends a link sees first: what the set holds, what is due, what the client agreed to, which ways are safe."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from clinic.access.chart import Chart
from clinic.access.policy import Do
from clinic.consent.queries import reach
from clinic.kit import clock
from screening.queries.cadence import DueSet, agreed, due_sets, held_back
from screening.queries.handing import begun
from screening.queries.walk import Walk, way_through


@dataclass(frozen=True)
class SendWay:
    """One way to give the client a link: `why` says in words why it is shut; `at`: when it leaves, where that is later."""

    way: str
    title: str
    address: str
    at: dt.datetime | None
    why: str


@dataclass(frozen=True)
class Sending:
    """A set before it is sent: how the client goes through it, what is due beside it, how many they agreed to, the ways."""

    walk: Walk
    due: DueSet | None
    held: list[str]
    agreed: int | None
    ways: list[SendWay]
    born: bool

    @property
    def titles(self) -> str:
        return ", ".join(form.short_title for form in self.walk.left)

    @property
    def is_more_than_agreed(self) -> bool:
        return self.agreed is not None and len(self.walk.left) > self.agreed


def sending(chart: Chart, row: Any) -> Sending:
    """The set (`open_sitting`) before a link to it is given out. The ways are those that the client called safe, now, at this site."""
    today = clock.today(chart.episode(row.episode_id).zone)
    return Sending(
        way_through(chart, row, begun(row)),
        due_sets(chart, today).get(chart.client_id),
        held_back(chart, today),
        agreed(chart),
        [_way(chart, row, "email", _("E-mail")), _way(chart, row, "sms", _("Text message"))],
        chart.client.birth_date is not None and not chart.client.birth_estimated,
    )


def _way(chart: Chart, row: Any, way: str, title: str) -> SendWay:
    place = chart.episode(row.episode_id)
    found = reach(chart, place, way=way)
    known = found.contact.value if found.contact and chart.permits(Do.SEE_CONTACT, place.id) else ""
    later = found.at if found.at and found.at > clock.now() + dt.timedelta(minutes=1) else None
    return SendWay(way, title, known, later, found.why)
