"""When someone may be called or written to, by the hours they named. Pure: no Django, no clock, no database."""

import datetime as dt
from collections.abc import Collection

WEEK = 7


def next_safe(
    local: dt.datetime, days: Collection[int], start: dt.time | None, end: dt.time | None
) -> dt.datetime:
    """The first moment from `local` on (aware, in the client's zone) that falls into the hours they named.

    `days`: Monday is 0; none named is every day. `start`, `end`: none is midnight; an end before the start is on the
    next morning. Hours that an hour of summer time swallows begin when it ends.
    """
    for ahead in range(-1, WEEK + 1):
        day = (local + dt.timedelta(days=ahead)).date()
        if days and day.weekday() not in days:
            continue
        opens = dt.datetime.combine(day, start or dt.time(), local.tzinfo)
        over = day + dt.timedelta(days=1) if end is None or (end <= (start or dt.time())) else day
        closes = dt.datetime.combine(over, end or dt.time(), local.tzinfo)
        if local < closes:
            return max(local, opens)
    raise AssertionError("a week holds every day")
