"""When a withdrawal scale is rated again, by its last total and the clinic's protocol; and what a vital sign can be."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Protocol:
    """`steps`: from this total on, so many minutes until the next rating. `source`: whose protocol it is."""

    steps: tuple[tuple[int, int], ...]
    source: str

    def minutes(self, total: int | None) -> int:
        """Minutes until the next rating. Without a total, the shortest: what is not known is not taken for mild."""
        if total is None:
            return min(minutes for _least, minutes in self.steps)
        return max((step for step in self.steps if step[0] <= total), default=self.steps[0])[1]


# No interval is published with either scale; these lie within what is usual (CIWA-Ar: every 1 to 8 hours).
STARTING = "Starting values of Entwine, not published: replace them by your clinic's own protocol"
PROTOCOLS = {
    "ciwa-ar": Protocol(((0, 240), (10, 120), (19, 60)), STARTING),
    "cows": Protocol(((0, 240), (5, 240), (13, 120), (25, 60)), STARTING),
}


def protocol(instrument: str, chosen: Mapping[str, Any] | None = None) -> Protocol:
    """The clinic's protocol for this scale, or the starting values. `chosen`: steps [[total, minutes]] and source."""
    if not chosen:
        return PROTOCOLS[instrument]
    return Protocol(tuple((least, minutes) for least, minutes in chosen["steps"]), chosen["source"])


def are_steps(steps: Iterable[tuple[int, int]], high: int) -> bool:
    """Whether these begin at 0, rise, stay within the scale, and wait 5 minutes to 24 hours."""
    told = list(steps)
    totals = [least for least, _minutes in told]
    return (
        bool(told)
        and totals[0] == 0
        and totals == sorted(set(totals))
        and totals[-1] <= high
        and all(5 <= minutes <= 1440 for _least, minutes in told)
    )


# Lowest and highest that a person's vital sign can be; anything else is a slip of the keyboard.
VITALS = {
    "pulse": (20, 250),
    "systolic": (40, 300),
    "diastolic": (20, 200),
    "temperature": (85, 113),
    "respiration": (4, 80),
    "spo2": (40, 100),
}
