"""What whoever sends a link sees first: what the set holds, what is due, what the client agreed to, which ways are safe."""

from dataclasses import dataclass
from typing import Any

from clinic.access.chart import Chart
from clinic.consent.queries import SendWay, link_ways
from clinic.kit import clock
from screening.queries.cadence import DueSet, agreed, due_sets, held_back
from screening.queries.handing import begun
from screening.queries.walk import Walk, way_through


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
        link_ways(chart, chart.episode(row.episode_id)),
        chart.client.has_birth_date,
    )
