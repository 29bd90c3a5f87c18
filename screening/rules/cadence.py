"""How often a questionnaire is asked: the clinic's days for the program and level of care, sooner after a positive."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

FIRST = (
    "phq-9",
    "gad-7",
    "pcl-5",
    "audit",
    "dast-10",
)  # what every program asks, until the clinic says otherwise
SOONER = 90  # days at most until the next, after a positive one

Cadence = Mapping[
    str, Mapping[str, Mapping[str, int]]
]  # program -> level of care ("" for any) -> instrument -> days


def days_between(cadence: Cadence, program: int, level: str, instrument: str, own: int) -> int:
    """Days from one to the next: the clinic's for this level of care, else for the program, else the instrument's own.

    0 is "not due here".
    """
    here: Mapping[str, Any] = cadence.get(str(program), {})
    for one in (level, ""):
        if one in here and instrument in here[one]:
            return int(here[one][instrument])
    return own


def due_on(last: dt.date | None, positive: bool, days: int, admitted: dt.date) -> dt.date | None:
    """The day on which it is due: from admission on where it was never asked; sooner after a positive; None for never."""
    if not days:
        return None
    if last is None:
        return admitted
    return last + dt.timedelta(days=min(days, SOONER) if positive else days)
