"""The pages of the screening room: the staff's, and those in a client's hands."""

from screening.views.asking import follow, not_today
from screening.views.client import (
    client_check,
    client_go,
    client_item,
    client_not_today,
    client_note,
    client_start,
    client_support,
)
from screening.views.flags import acknowledge
from screening.views.flows import end_flow, flow, flowsheet
from screening.views.handing import send_link, withdraw_link
from screening.views.paper import by_code, paper
from screening.views.responses import defer, refute, response
from screening.views.settings import choices
from screening.views.staff import (
    answer,
    correct,
    in_error,
    keep,
    safety,
    screen,
    screens,
    sitting,
    start,
)

__all__ = [
    "acknowledge",
    "answer",
    "by_code",
    "choices",
    "client_check",
    "client_go",
    "client_item",
    "client_not_today",
    "client_note",
    "client_start",
    "client_support",
    "correct",
    "defer",
    "end_flow",
    "flow",
    "flowsheet",
    "follow",
    "in_error",
    "keep",
    "not_today",
    "paper",
    "refute",
    "response",
    "safety",
    "screen",
    "screens",
    "send_link",
    "sitting",
    "start",
    "withdraw_link",
]
