"""Who has a flag, and when the next person is asked. Pure: people are staff ids, in the order in which they are asked."""

import datetime as dt
from collections.abc import Sequence

LONGEST = 60  # minutes between two askings, once everyone on the list was asked


def is_on_duty(now: dt.datetime, signed_in: dt.datetime | None, hours: tuple[int, int]) -> bool:
    """A lead counts as on duty within the clinic's hours, Monday to Friday, on a day on which they have signed in.

    `now` and `signed_in`: at the site.
    """
    begins, ends = hours
    at_work = now.weekday() < 5 and begins <= now.hour < ends
    return at_work and signed_in is not None and signed_in.date() == now.date()


def next_person(ladder: Sequence[int], now: int | None) -> int:
    """Whom to ask after `now`: the next on the list, from its top again after its end."""
    place = ladder.index(now) + 1 if now in ladder else 0
    return ladder[place % len(ladder)]


def wait_minutes(asked: int, people: int, minutes: int) -> int:
    """How long to wait after asking for the `asked`th time: the clinic's minutes; twice that for each round in which
    everyone was asked in vain, an hour at most."""
    rounds = max(0, asked - 1) // max(1, people)
    return max(minutes, min(LONGEST, minutes * 2**rounds))
