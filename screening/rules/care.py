"""When a score of mood or trauma is read with care: soon after use, or while someone withdraws. Pure.

What the substance does and what is there without it look alike then; DSM-5 tells them apart by what is left about a month
after use or withdrawal has ended. How long a clinic waits is its own setting; that a score is read with care changes
nothing in it.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Use:
    """Use that was told of: `day` is the latest on which it can have been, `words` say by what it is known."""

    day: dt.date
    words: str


@dataclass(frozen=True)
class Withdrawal:
    """A withdrawal that was watched; `ended` is None while it is."""

    began: dt.date
    ended: dt.date | None
    words: str


@dataclass(frozen=True)
class Spell:
    """A time in which scores are read with care, both days included. `due`: asked again from that day; None while
    somebody still withdraws. `because`: what is known, oldest first."""

    start: dt.date
    end: dt.date
    due: dt.date | None
    because: tuple[str, ...]

    def holds(self, day: dt.date) -> bool:
        """Whether a score of that day is read with care."""
        return self.start <= day <= self.end


def spells(
    used: Iterable[Use], withdrawals: Iterable[Withdrawal], window: int, today: dt.date
) -> list[Spell]:
    """The times in which scores are read with care, apart from each other, in order. `window`: the clinic's days.

    Each lasts from the use until the day before the screen is due again; use in between puts that day off.
    """
    wait = dt.timedelta(days=window)
    single = [
        Spell(use.day, use.day + wait - dt.timedelta(days=1), use.day + wait, (use.words,)) for use in used
    ]
    for one in withdrawals:
        due = one.ended + wait if one.ended else None
        end = due - dt.timedelta(days=1) if due else max(today, one.began)
        single.append(Spell(one.began, end, due, (one.words,)))
    found: list[Spell] = []
    for spell in sorted(single, key=lambda one: (one.start, one.end)):
        if found and spell.start <= found[-1].end + dt.timedelta(days=1):
            found[-1] = _joined(found[-1], spell)
        else:
            found.append(spell)
    return found


def _joined(one: Spell, other: Spell) -> Spell:
    due = None if one.due is None or other.due is None else max(one.due, other.due)
    return Spell(one.start, max(one.end, other.end), due, tuple(dict.fromkeys(one.because + other.because)))
