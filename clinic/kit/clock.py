"""The clock of clinical dates. Ledger time is always the database's own clock and never asks here.

`ENTWINE_TODAY=2026-11-23` fixes the day for pictures; `backdated` moves it for the demo's courses and for imports.
"""

import datetime as dt
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

from django.utils import timezone

_moved: ContextVar[dt.datetime | None] = ContextVar("entwine_clock", default=None)


def now() -> dt.datetime:
    """The clinical moment, aware, in UTC."""
    moved = _moved.get()
    if moved is not None:
        return moved
    fixed = os.environ.get("ENTWINE_TODAY")
    if fixed:
        return dt.datetime.combine(dt.date.fromisoformat(fixed), dt.time(15, 0), dt.UTC)
    return timezone.now()


def today(zone: str | None = None) -> dt.date:
    """The date at a site (`zone`, an IANA name), or in the installation's own zone."""
    return now().astimezone(ZoneInfo(zone) if zone else timezone.get_default_timezone()).date()


@contextmanager
def backdated(moment: dt.datetime) -> Iterator[None]:
    """Clinical dates inside the block are `moment` (aware)."""
    token = _moved.set(moment)
    try:
        yield
    finally:
        _moved.reset(token)
