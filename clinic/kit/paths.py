"""Paths of pages, found once for each route and not once for each link."""

import re
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.urls import reverse

PUBLIC_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


def path_of(route: str, *args: Any) -> str:
    """As `reverse(route, args=args)`, which takes long: a list has hundreds of links that differ by a public id alone.

    The path is found once for a route with whatever else is in it ("safety", "phq-9"); the ids are put into their places.
    """
    told = [str(arg) for arg in args]
    ids = [bool(PUBLIC_ID.fullmatch(word)) for word in told]
    pieces = _pieces(route, *(None if is_id else word for word, is_id in zip(told, ids, strict=True)))
    return pieces % tuple(word for word, is_id in zip(told, ids, strict=True) if is_id)


@lru_cache(maxsize=2048)
def _pieces(route: str, *words: str | None) -> str:
    """The path with %s for each id. Stands-in are ids too, so that the same pattern answers; no two are alike."""
    stands_in = [UUID(int=place) if word is None else word for place, word in enumerate(words, 1)]
    path = reverse(route, args=stands_in).replace("%", "%%")
    for one in stands_in:
        if isinstance(one, UUID):
            path = path.replace(str(one), "%s")
    return path
