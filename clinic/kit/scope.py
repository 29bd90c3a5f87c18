"""The scope: which charts are open, to whom, and for what, in this thread of work.

Only clinic.access opens and closes it, and clinic.record reads it (import contract "one door").
The database router refuses any query on a chart's tables when nothing is open; PostgreSQL's
row-level security refuses whatever does not pass through the router.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any


class NoChartOpen(RuntimeError):
    """A clinical table was asked for while no chart is open: open one first (house.md, law 1)."""


_open: ContextVar[Any | None] = ContextVar("entwine_open", default=None)
_deciding: ContextVar[bool] = ContextVar("entwine_deciding", default=False)


def current() -> Any | None:
    """The open chart, caseload, slice or desk of this thread of work, or None."""
    return _open.get()


@contextmanager
def opened(chart: Any) -> Iterator[None]:
    """Make `chart` the open one inside the block. A second one may not be opened within it."""
    if _open.get() is not None:
        raise RuntimeError("A chart is already open here; close it before another is opened.")
    token = _open.set(chart)
    try:
        yield
    finally:
        _open.reset(token)


@contextmanager
def deciding() -> Iterator[None]:
    """Let the door and the desk read what their own database roles may read, and nothing else."""
    token = _deciding.set(True)
    try:
        yield
    finally:
        _deciding.reset(token)


class ChartRouter:
    """Raises NoChartOpen at evaluation: through foreign keys, prefetches, saves and lazy querysets too."""

    def db_for_read(self, model: type, **hints: Any) -> None:
        self._refuse(model)

    def db_for_write(self, model: type, **hints: Any) -> None:
        self._refuse(model)

    def _refuse(self, model: type) -> None:
        if not getattr(model, "needs_open_chart", False):
            return
        if _open.get() is None and not _deciding.get():
            raise NoChartOpen(f"{model.__name__} was asked for, and no chart is open.")
