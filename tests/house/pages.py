"""Every page of the house as data: its routes from the resolver, its address in the full clinic, who may see it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.test import Client as Visitor
from django.urls import URLResolver, get_resolver, reverse

from tests.house import laws
from tests.house.clinic import FullClinic

PEOPLE = ("dana", "omar", "mia", "sol", "fay", "ines", "nell", "pat", "pia", "abe")
# These belong to a plan that is still a draft: Ray's.
DRAFT_PLAN = {
    "edit",
    "tasks",
    "card",
    "words",
    "suggest",
    "sign",
    "discard",
    "keep",
    "add",
    "add_to",
    "add_to_form",
    "change",
    "change_form",
    "remove",
}
KINDS = {
    "treatment_plans:add": "problem",
    "treatment_plans:add_to": "goal",
    "treatment_plans:add_to_form": "goal",
}
# An argument that means something else at one route.
ALSO = {
    "screening:flow": {"instrument": "cows"},
    "intake:client_ask": {"question": "used"},
    "intake:details_none": {"topic": "contact_told"},  # elsewhere a topic is a part of the interview
    "intake:told_before": {"topic": "contact_told"},
    "office:hand_over": {"kind": "screening"},
}
DRAFT_PAGE = {
    "treatment_plans:page_edit",
    "treatment_plans:page_discard",
}  # of a safety plan not finished yet
IN_HAND = {"instrument": "gad-7", "item": "gad7_2"}  # June's set, of which one question is answered
# What is posted where an empty form would not be the act itself.
POSTED = {
    "intake:names": {"about_age": "x"},
    "treatment_plans:page_edit": {"version": "0"},
    "caseload:cadence": {"program": "x"},
    "treatment_plans:suggest": {"key": "screen:phq-9"},
    "office:hand_back": {"pin": ""},
    "office:visit": {"day": "1"},
    "follow_up:step": {"version": "1"},
    "follow_up:send": {"method": "print"},
    "treatment_plans:formulation_words": {"words": "It comes at night", "version": "0"},  # an old version
    "treatment_plans:words": {"strengths": "Cooks for her sister", "version": "0"},  # an old version
}
FRAGMENTS = {
    "treatment_plans:move_node",
    "intake:interview_keep",
    "screening:keep",
    "treatment_plans:diagnoses",
    "treatment_plans:tasks",
    "treatment_plans:card",
    "intake:alike",
    "intake:program_fields",
    "intake:details_keep",
    "treatment_plans:add_to_form",
    "treatment_plans:change_form",
}
PAPER = {
    "intake:interview_print",
    "treatment_plans:print",
    "treatment_plans:plain",
    "treatment_plans:formulation_pdf",
    "treatment_plans:review_pdf",
    "treatment_plans:summary_pdf",
    "treatment_plans:page_print",
    "consent:paper",
    "consent:packet",
    "consent:notice_paper",
    "consent:accounting_paper",
    "screening:paper",
    "caseload:picture_print",
}


@dataclass(frozen=True)
class Line:
    """One line of roles.txt."""

    method: str
    route: str
    status: int
    may: tuple[str, ...]
    but: dict[str, int]
    otherwise: int

    def expected(self, person: str) -> int:
        return self.but.get(person) or (self.status if person in self.may else self.otherwise)


def role_table() -> list[Line]:
    text = (Path(__file__).parent / "roles.txt").read_text()
    return [_line(row) for row in text.splitlines() if row and not row.startswith("#")]


def _line(row: str) -> Line:
    method, route, status, *people, otherwise = row.split()
    named = [name for word in people for name in (PEOPLE if word == "everyone" else (word,))]
    but = dict(name.split("=") for name in named if "=" in name)
    may = tuple(name for name in named if "=" not in name)
    codes = {name: int(code) for name, code in but.items()}
    return Line(method, route, int(status), may, codes, int(otherwise) if otherwise != "-" else int(status))


@cache
def our_routes() -> dict[str, Any]:
    """Every route that is not public: name -> view."""
    found = laws.routes(get_resolver().url_patterns)
    return {name: view for name, _route, view in found if name not in laws.PUBLIC}


def address(house: FullClinic, route: str, *, of: dict[str, str] | None = None, **other: str) -> str:
    """The route's address in the full clinic: June's rows, or Ray's for a draft plan. KeyError: nobody knows one."""
    known = of or ({**house.junes, **house.rays} if drafted(route) else house.junes)
    known = {**known, **({"kind": KINDS.get(route, "problem")} if drafted(route) else {})}
    known = {**known, "page": known["draft_page"]} if route in DRAFT_PAGE else known
    in_hand = IN_HAND if route.startswith("screening:client_") else {}
    known = {**known, **in_hand, **ALSO.get(route, {}), **other}
    return reverse(route, kwargs={name: known[name] for name in arguments(route)})


def drafted(route: str) -> bool:
    """It is about a plan that is still a draft: Ray's."""
    app, _colon, name = route.partition(":")
    return app == "treatment_plans" and name in DRAFT_PLAN


def arguments(route: str) -> list[str]:
    """The names of what the route's address is made of."""
    return _all_arguments()[route]


@cache
def _all_arguments() -> dict[str, list[str]]:
    return dict(_arguments(get_resolver().url_patterns))


def _arguments(
    patterns: list[Any], prefix: str = "", outer: tuple[str, ...] = ()
) -> Iterator[tuple[str, list[str]]]:
    for pattern in patterns:
        names = (*outer, *pattern.pattern.converters)
        if isinstance(pattern, URLResolver):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from _arguments(pattern.url_patterns, inner, names)
        else:
            yield f"{prefix}{pattern.name}", list(names)


def sign_in(who: Any) -> Visitor:
    visitor = Visitor(raise_request_exception=False)
    visitor.force_login(who)
    return visitor


CLIENT = "client"  # in roles.txt: June herself, at the screen


@cache
def for_clients() -> dict[str, str]:
    """The routes that need no sign-in: name -> the kind of thing in hand that they are about, "" for any."""
    return {name: view.opens[1] for name, view in our_routes().items() if view.opens[0] == "handed"}


def in_hand(house: FullClinic, kind: str) -> Visitor:
    """A browser in which a client holds that kind of thing, and nobody is signed in."""
    visitor = Visitor(raise_request_exception=False)
    session = visitor.session
    idle = {
        "handover_seen": int(time.time()),
        "handover_idle": 300,
        "handover_exit": "https://weather.example/",
    }
    session.update({"handover": str(house.in_hand[kind or "screening"]), **idle})
    session.save()
    return visitor


def visitor_of(house: FullClinic, name: str, route: str) -> Visitor:
    """The named colleague, signed in; or June with what the route is about in her hands."""
    if name == CLIENT:
        return in_hand(house, for_clients()[route])
    return sign_in(getattr(house.cast, name))


def call(visitor: Visitor, line: Line, url: str) -> HttpResponse:
    """The line's request, with what it posts."""
    answer: Any = (
        visitor.post(url, {"csrfmiddlewaretoken": "-", **POSTED.get(line.route, {})})
        if line.method == "POST"
        else visitor.get(url)
    )
    return answer  # type: ignore[no-any-return]


@contextmanager
def taken_back(*visitors: Visitor) -> Iterator[None]:
    """Everything written inside is rolled back. The doors' durable transactions take it for a test's own.

    The visitors' cookies too: handing a tablet over ends a sign-in, and its session is back afterwards.
    """
    cookies = [deepcopy(visitor.cookies) for visitor in visitors]
    outer = transaction.atomic()
    outer._from_testcase = True  # type: ignore[attr-defined]
    with outer:
        yield
        transaction.set_rollback(True)
    for visitor, before in zip(visitors, cookies, strict=True):
        visitor.cookies = before
