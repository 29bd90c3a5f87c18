"""A true time axis: a day is as wide as any other day, and its ticks fall on whole weeks, months or years."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from clinic.kit.dates import date_format

MONTHS = (1, 2, 3, 6, 12, 24, 60)


@dataclass(frozen=True)
class TimeAxis:
    """From `start` at `left` to `end` at `right`, with at most about `most` ticks."""

    start: dt.date
    end: dt.date
    left: float
    right: float
    most: int

    def x(self, day: dt.date) -> float:
        """Where a day stands; a single day stands in the middle."""
        span = (self.end - self.start).days
        share = (day - self.start).days / span if span else 0.5
        return self.left + share * (self.right - self.left)

    def ticks(self) -> list[tuple[dt.date, str]]:
        """The days to be named, with their words: days in a short time, months in a longer one."""
        span = (self.end - self.start).days
        if span == 0:
            return [(self.start, date_format(self.start, "j M Y"))]
        if span <= 15 * self.most:
            step = 7 if span <= 7 * self.most else 14
            days = [self.start + dt.timedelta(days=n) for n in range(0, span + 1, step)]
            return [(day, date_format(day, "j M")) for day in days]
        months = next((step for step in MONTHS if span / (30.4 * step) <= self.most), MONTHS[-1])
        return [(day, self._named(day, months)) for day in self._firsts(months)]

    def _firsts(self, step: int) -> Iterator[dt.date]:
        month = self.start.year * 12 + self.start.month  # the month after the start's, counted from 0
        while True:
            day = dt.date(month // 12, month % 12 + 1, 1)
            if day > self.end:
                return
            if (month % 12) % min(step, 12) == 0:
                yield day
            month += 1

    def _named(self, day: dt.date, step: int) -> str:
        return date_format(day, "Y") if step >= 12 else date_format(day, "M Y")
