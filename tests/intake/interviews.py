"""An interview for tests: begun, told, read."""

from typing import Any

from intake import actions, queries
from intake.actions import Told
from intake.models import Interview, State, Way

ALL = {
    "hopes.reason": "My sister asked me to come",
    "hopes.hope": "To sleep through the night",
    "comfort.touch": "ask",
    "substances.used": ["alcohol", "fentanyl"],
    "substances.first_age@alcohol": 15,
    "substances.days@alcohol": "daily",
    "substances.naloxone": "no",
    "withdrawal.last_alcohol": "today",
    "withdrawal.now": ["shaking", "sweats"],
    "past.lived_through": "yes",
    "past.ace_total": 6,
}


def tell(chart: Any, row: Interview, values: dict[str, Any] | None = None, **states: str) -> list[str]:
    """These answers are told by staff; `states`: question (dot as two underscores) to a declined state."""
    told = [Told(key, State.TOLD, value) for key, value in (values or {}).items()]
    told += [Told(key.replace("__", "."), state) for key, state in states.items()]
    return actions.tell(chart, interview=row, told=told, way=Way.STAFF, tab="t")


def told_interview(chart: Any, values: dict[str, Any] | None = None) -> Interview:
    row = actions.start_interview(chart)
    tell(chart, row, ALL if values is None else values, hopes__worry="not_today", hopes__first="rather_not")
    return row


def text_hash(chart: Any, row: Interview) -> str:
    return queries.summary(queries.held(chart, row)).text_hash


def confirmed_interview(chart: Any) -> Interview:
    row = told_interview(chart)
    return actions.confirm(chart, interview=row, text_hash=text_hash(chart, row), client_name="June Okafor")
