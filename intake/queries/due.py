"""What the door has due: for those who walked in, and what the interview led to."""

import datetime as dt

from clinic.access.chart import Open
from clinic.kit.due import Due
from intake.queries import arrivals, notices


def due(opened: Open, today: dt.date) -> list[Due]:
    """Both lists, for whatever is open here."""
    return [*arrivals.due(opened, today), *notices.due(opened, today)]
