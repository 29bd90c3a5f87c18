"""What the door has due: for those who walked in, and what the interview led to."""

from typing import Any

from clinic.access.chart import Open
from clinic.kit.due import Due
from intake.queries import arrivals, notices


def due(opened: Open, told: list[tuple[int, int, Any, list[dict[str, Any]]]]) -> list[Due]:
    """Both lists, for whatever is open here. One query: the notices are what the caller has read (`notices.due`)."""
    return [*arrivals.due(opened), *notices.due(told)]
