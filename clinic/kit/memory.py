"""How the process looks after its memory: between two pages, never in the middle of one."""

import gc
from collections.abc import Callable
from itertools import count

from django.http import HttpRequest, HttpResponse

NOW_AND_THEN, SELDOM = 50, 1000  # pages


def settle() -> None:
    """What was loaded at the start is never searched for garbage again, and the rest between pages (TidyMiddleware).

    A page makes tens of thousands of short-lived objects: with Python's own thresholds a search begins in the middle of a
    long list, when all of them are alive, and whoever asked for it waits for 40 to 200 ms.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(500_000, 20, 50)


class TidyMiddleware:
    """Around every request: garbage is looked for when the page is made and little of it is alive, in about 1 ms."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.pages = count(1)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        finally:
            number = next(self.pages)
            gc.collect(2 if number % SELDOM == 0 else 1 if number % NOW_AND_THEN == 0 else 0)
