"""Days in words, in the page's language."""

import datetime as dt
from functools import lru_cache

from django.utils import formats

from clinic.kit.words import language


def date_format(day: dt.date | dt.datetime, style: str) -> str:
    """As Django's own, which takes long: a page writes dozens of days, and the calendar has few.

    A day's words are found once in a process. A moment's are not: 10:00 in one zone equals 16:00 in another.
    """
    if isinstance(day, dt.datetime):
        return formats.date_format(day, style)
    return _words(day, style, language())


@lru_cache(maxsize=10_000)
def _words(day: dt.date, style: str, _language: str | None) -> str:
    return formats.date_format(day, style)
