"""Words in the page's language."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache

from django.utils import translation

_settled: ContextVar[tuple[str | None] | None] = ContextVar("entwine_language", default=None)


@contextmanager
def in_one_language() -> Iterator[None]:
    """The language does not change inside the block (nothing there calls `override`), so that it is asked for once.

    Django looks it up anew for every word, and a list of sixty clients says three thousand of them. Decorates a view, too.
    """
    token = _settled.set((translation.get_language(),))
    try:
        yield
    finally:
        _settled.reset(token)


def language() -> str | None:
    """The page's language now."""
    settled = _settled.get()
    return settled[0] if settled else translation.get_language()


def gettext(message: str) -> str:
    """As Django's own; a message is looked up once for each language."""
    return _found(message, language())


@lru_cache(maxsize=4096)
def _found(message: str, _language: str | None) -> str:
    return translation.gettext(message)
