"""What is due is computed from the facts, never sent: each room answers `due(opened, today)` with these."""

import datetime as dt
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from clinic.kit.paths import path_of


class Urgency(IntEnum):
    """How the caseload sorts: what cannot wait first."""

    NOW = 0
    OVERDUE = 1
    SOON = 2
    OPEN = 3


@dataclass(frozen=True)
class Due:
    """One thing that is due for one client, in words that a colleague can act on.

    `route` and `args` name the page where it is done (`reverse(route, args=args)`); `owner` is a staff id or None.
    """

    client_id: int
    episode_id: int
    code: str
    text: Any
    since: dt.date
    urgency: Urgency
    route: str
    args: tuple[Any, ...] = ()
    action: Any = ""
    owner: int | None = None
    detail: dict[str, Any] = field(default_factory=dict)

    @property
    def href(self) -> str:
        """The page where it is done."""
        return path_of(self.route, *self.args)
