"""Every page of the house, full, empty and with an error, for each role that may see it: axe-core, keyboard, telephone."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client as Visitor
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from clinic.access.models import Handover
from clinic.people.models import Kind, Program, ProgramRole, Role
from tests.cast import LONG_AGO
from tests.house import laws, pages
from tests.house.browser import Eyes, open_eyes
from tests.house.pages import FRAGMENTS, PAPER, PEOPLE, POSTED, address, call, role_table, sign_in

pytestmark = pytest.mark.browser
TABLE = [line for line in role_table() if line.route not in FRAGMENTS | PAPER]
FULL = [line for line in TABLE if line.method == "GET" and line.status == 200]
WRONG = [line for line in TABLE if line.method == "POST" and line.status in (409, 422)]
READ = {line.route for line in TABLE if line.method == "GET"}
FOUND = [
    line for line in TABLE if line.method == "POST" and line.status == 200 and line.route != "consent:draft"
]
TYPED = {"intake:desk": {"q": "Okafor"}, "office:access_search": {"q": "Okafor"}}
# What differs between two answers of the same page and is no part of how it is built.
OWN = re.compile(
    r'[0-9a-f]{8}-[0-9a-f-]{27}|name="csrfmiddlewaretoken" value="\w+"|name="csrf-token" content="\w+"'
    r'|value="\w+@clinic.example"'  # whose window is locked
)
# The pieces that stand round what a page is about, the same on many pages.
FRAME = re.compile(r'<header.*?</header>|<nav.*?</nav>|<section class="banner.*?</section>', re.S)
WORDS, BLANK = re.compile(r">[^<]*[^<\s][^<]*<"), re.compile(r">\s+<")


@pytest.fixture(scope="module")
def eyes() -> Iterator[Eyes]:
    with open_eyes() as found:
        yield found


class Round:
    """Looks at answers, each build of a page and of each piece of its frame once, and keeps what is wrong with their names.

    What differs from something seen before by nothing but the words in its tags is built as that one.
    """

    def __init__(self, eyes: Eyes) -> None:
        self.eyes = eyes
        self.met: set[int] = set()
        self.looks: list[tuple[str, Any]] = []
        self.wrong: list[str] = []

    def look(self, name: str, answer: Any, url: str, *, keys: bool = True) -> None:
        if answer.status_code == 302:  # with nothing on file some pages lead on
            return
        text = OWN.sub("", answer.content.decode())
        body, frame = _built(FRAME.sub("", text)), {_built(piece) for piece in FRAME.findall(text)}
        if {body, *frame} <= self.met:
            return
        self.looks.append((name, self.eyes.look(answer, url, keys=keys and body not in self.met)))
        self.met |= {body, *frame}

    def done(self) -> None:
        found = [f"{name}: {what}" for name, looked in self.looks for what in looked.result()]
        wrong = list(dict.fromkeys([*self.wrong, *found]))
        assert self.looks
        assert not wrong, f"{len(self.looks)} pages\n" + "\n".join(wrong)


def _built(html: str) -> int:
    """The same for two pieces that differ by words only; a link or a heading without any is built differently."""
    return hash(BLANK.sub("><", WORDS.sub(">words<", html)))


def test_every_page_with_everything_on_it(house, eyes):
    tour = Round(eyes)
    for person in PEOPLE:
        visitor = sign_in(getattr(house.cast, person))
        for line in FULL:
            if person in line.may:
                url = address(house, line.route)
                tour.look(
                    f"{line.route} ({person})", call(visitor, line, url), url, keys=person == line.may[0]
                )
    tour.done()


def test_every_page_in_a_clients_hands(house, eyes):
    """In both languages, by keyboard too; and what it looks like when it is sent back, and when it is over."""
    tour = Round(eyes)
    for line in [line for line in TABLE if pages.CLIENT in line.may and line.status in (200, 409, 422)]:
        kind, url = pages.for_clients()[line.route], address(house, line.route)
        for language in ("en", "es"):
            with pages.taken_back():
                visitor = pages.in_hand(house, kind)
                Handover.objects.update(language=language)
                answer = call(visitor, line, url)
                assert answer.status_code == line.status, line
                tour.look(f"{line.route} ({language})", answer, url, keys=language == "en")
                Handover.objects.update(ended_at=timezone.now())
                tour.look(f"{line.route}, over ({language})", call(visitor, line, url), url, keys=False)
    tour.done()


def test_every_page_of_someone_with_nothing_on_file(house, eyes):
    tour = Round(eyes)
    known = {"client": str(house.eve), "instrument": "phq-9"}
    for person in PEOPLE:
        visitor = sign_in(getattr(house.cast, person))
        for line in FULL:
            names = pages.arguments(line.route)
            if person in line.may and names and set(names) <= set(known):
                url = address(house, line.route, of=known)
                tour.look(f"{line.route} ({person})", call(visitor, line, url), url, keys=False)
    tour.done()


def test_every_list_with_nobody_on_it(house, eyes):
    tour = Round(eyes)
    annex = Program.objects.create(name="Annex", kind=Kind.SUD, part2=True, site=house.cast.main)
    mia = house.cast.mia  # works in the annex in every role there is, and nobody has come there yet
    ProgramRole.objects.filter(staff=mia).delete()
    for role in Role.values:
        ProgramRole.objects.create(staff=mia, program=annex, role=role, starts_on=LONG_AGO)
    visitor = sign_in(house.cast.mia)
    for line in FULL:
        if not pages.arguments(line.route):
            url = address(house, line.route)
            tour.look(line.route, call(visitor, line, url), url)
    tour.done()


def test_every_form_sent_back_with_what_is_wrong(house, eyes):
    tour = Round(eyes)
    for person in PEOPLE:
        visitor = sign_in(getattr(house.cast, person))
        for line in WRONG:
            if person in line.may:
                url = address(house, line.route)
                with pages.taken_back():
                    answer = visitor.post(url, {**hidden(visitor, line, url), **POSTED.get(line.route, {})})
                assert answer.status_code == line.status
                tour.look(f"{line.route} sent ({person})", answer, url, keys=person == line.may[0])
                if line.status == 422 and "data-error-summary" not in answer.content.decode():
                    tour.wrong.append(f"{line.route}: no error summary")
    tour.done()


def hidden(visitor: Visitor, line: Any, url: str) -> dict[str, str]:
    """What the page's own forms carry unseen: it is sent along by whoever fills in nothing."""
    page = visitor.get(url).content.decode() if line.route in READ else ""
    inputs = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    return {"csrfmiddlewaretoken": "-", **{name: value for name, value in inputs if name != "_once"}}


def test_what_is_found_and_every_refusal(house, eyes):
    tour = Round(eyes)
    for person in ("sol", "dana", "fay"):
        visitor = sign_in(getattr(house.cast, person))
        for line in FOUND:
            if person in line.may:
                url = address(house, line.route)
                tour.look(f"{line.route} found ({person})", visitor.post(url, TYPED.get(line.route, {})), url)
        tour.look(f"404 ({person})", visitor.get("/nowhere/"), "/nowhere/")
        tour.look(f"403 ({person})", visitor.get("/office/staff/"), "/office/staff/")
    shut = Visitor(enforce_csrf_checks=True)
    shut.force_login(house.cast.dana)
    tour.look("403, form too old", shut.post("/desk/", {"q": "x"}), "/desk/")
    tour.done()


@pytest.mark.parametrize("who", ["nobody", "dana"])
def test_the_pages_of_one_s_own_account(house, eyes, who):
    tour = Round(eyes)
    visitor = Visitor() if who == "nobody" else sign_in(house.cast.dana)
    for route in sorted(laws.PUBLIC):
        try:
            url = reverse(route)
        except NoReverseMatch:
            continue
        answer = visitor.get(url)
        if answer.status_code == 200 and "html" in answer["Content-Type"]:
            tour.look(f"{route} ({who})", answer, url)
    wrong = Visitor().post(
        reverse("account_login"), {"login": "dana@clinic.example", "password": "not this one"}
    )
    tour.look("account_login, wrong password", wrong, reverse("account_login"))
    tour.done()


BROKEN = """<!doctype html><html lang="en"><head><title>Broken</title></head><body><nav>Menu</nav><main>
<a href="#nowhere">Go</a><img src="/static/img/logo.svg"><input><button tabindex="3" style="outline:none">Press</button>
<p style="width:900px;background:#eee;color:#ddd">Pale and wide</p></main></body></html>"""


def test_a_broken_page_is_found_out(house, eyes):
    found = "\n".join(eyes.look(HttpResponse(BROKEN), "/", keys=True).result())
    for fault in ("image-alt", "label", "color-contrast", "no visible focus on <button", "an order of its own",
                  "leads nowhere", "no skip link", "sticks out at 390 px"):  # fmt: skip
        assert fault in found
