"""Who may do what at every route, as data: roles.txt against the house."""

import html
import re
import uuid

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.test import Client as Visitor
from django.urls import resolve
from django.utils import timezone
from django.utils.functional import cached_property

from clinic.access.models import Handover
from clinic.audit.models import LedgerRow, Outcome
from tests.house import pages
from tests.house.clinic import merge_of_two
from tests.house.pages import PEOPLE, address, call, role_table, sign_in

pytestmark = pytest.mark.usefixtures("unprinted")
TABLE = role_table()
# A row of another client, named under June's address: screen, plan, consent, packet, flag and all the rest.
ROWS = {"screen", "sitting", "flag", "plan", "part", "to", "consent", "packet", "outbound", "referral", "appointment",
        "ask", "member", "contact", "thing", "response", "interview", "notice", "offer", "restriction", "complaint", "name", "address", "support", "coverage", "self_pay", "episode", "place", "glass",
        "page", "given", "problem", "map", "piece", "link"}  # fmt: skip


def test_every_route_of_the_house_is_in_the_table_and_nothing_else():
    assert {line.route for line in TABLE} == set(pages.our_routes())


@pytest.mark.parametrize("person", PEOPLE)
def test_every_route_answers_as_the_table_says(house, person):
    visitor, wrong = sign_in(getattr(house.cast, person)), []
    for line in TABLE:
        done = LedgerRow.objects.filter(outcome=Outcome.DONE).count()
        with pages.taken_back(visitor):
            answer = call(visitor, line, address(house, line.route))
            changed = LedgerRow.objects.filter(outcome=Outcome.DONE).count() - done
        if answer.status_code != line.expected(person):
            wrong.append(f"{line.method} {line.route}: {answer.status_code}, not {line.expected(person)}")
        if answer.status_code in (403, 404) and changed:
            wrong.append(f"{line.method} {line.route}: refused, and {changed} acts were done all the same")
    assert not wrong, "\n".join(wrong)


def test_every_route_of_a_client_answers_whoever_holds_it_and_nobody_else(house):
    wrong = []
    for line in [line for line in TABLE if pages.CLIENT in line.may]:
        kind, url = pages.for_clients()[line.route], address(house, line.route)
        visitor, other = pages.in_hand(house, kind), Visitor()
        with pages.taken_back(visitor):
            found = call(visitor, line, url).status_code
            Handover.objects.update(ended_at=timezone.now())
            ended = call(visitor, line, url).status_code
        refused = {ended, call(other, line, url).status_code} if kind else set()
        if found != line.status or refused - {404}:
            wrong.append(f"{line.method} {line.route}: {found}, not {line.status}; to others {refused}")
    assert not wrong, "\n".join(wrong)


def test_in_a_clients_hands_every_page_of_the_staff_is_shut(house):
    visitor, wrong = pages.in_hand(house, "screening"), []
    for line in TABLE:
        if line.route not in pages.for_clients():
            answer = call(visitor, line, address(house, line.route))
            if answer.status_code != 302 or answer["Location"] != "/here/back/":
                wrong.append(f"{line.method} {line.route}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def test_a_route_answers_405_to_every_method_that_it_does_not_know(house):
    visitor, wrong = sign_in(house.cast.sol), []
    for route in pages.our_routes():
        known = {line.method for line in TABLE if line.route == route}
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - known:
            with pages.taken_back(visitor):
                answer = visitor.generic(method, address(house, route))
            if answer.status_code != 405:
                wrong.append(f"{method} {route}: {answer.status_code}")
    assert not wrong, "\n".join(sorted(wrong))


@pytest.mark.parametrize("person", ["dana", "sol"])
def test_a_row_of_another_client_is_not_found_under_junes_address(house, person):
    visitor, wrong = sign_in(getattr(house.cast, person)), []
    for line in TABLE:
        if line.expected(person) not in (403, 404):
            for name in ROWS & set(pages.arguments(line.route)):
                for forged in (house.mayas[name], str(uuid.uuid4())):
                    with pages.taken_back(visitor):
                        status = call(visitor, line, address(house, line.route, **{name: forged})).status_code
                    if status != 404:
                        wrong.append(f"{line.method} {line.route} with a forged {name}: {status}")
    assert not wrong, "\n".join(wrong)


# What another record brought stands on a page of its own, to which this one leads: its map.
ON_ITS_OWN_PAGE = {"treatment_plans:formulation": {"link", "piece"}}


def test_after_a_merge_every_page_of_the_chart_holds_the_rows_of_both_records(house):
    """What Maya's pages named stands on June's, and each of her rows opens under June's address."""
    visitor, wrong = sign_in(house.cast.dana), []
    mine = [line for line in TABLE if line.method == "GET" and line.expected("dana") == 200]
    lists = [
        line for line in mine if pages.arguments(line.route) == ["client"] and line.route not in pages.PAPER
    ]
    rows = {name: house.mayas[name] for name in ROWS if name in house.mayas}

    def named(line, client):
        page = call(visitor, line, address(house, line.route, client=str(client))).content.decode()
        return {name for name, row in rows.items() if row in page}

    before = {line.route: named(line, house.maya) for line in lists}
    assert len(set().union(*before.values())) > 15
    with pages.taken_back(visitor):
        merge_of_two(house.cast, house.june, house.maya)
        for line in lists:
            if left := before[line.route] - named(line, house.june) - ON_ITS_OWN_PAGE.get(line.route, set()):
                wrong.append(f"{line.route} of June lacks Maya's {', '.join(sorted(left))}")
        for line in mine:
            if rows.keys() & set(pages.arguments(line.route)) and not pages.drafted(line.route):
                with pages.taken_back(visitor):
                    status = call(visitor, line, address(house, line.route, of=house.mayas)).status_code
                if status != 200:
                    wrong.append(f"{line.route} with Maya's rows: {status}")
    assert not wrong, "\n".join(wrong)


def test_a_client_that_nobody_has_is_not_found(house):
    wrong = []
    visitors = {name: sign_in(getattr(house.cast, name)) for name in ("dana", "sol", "ines")}
    for line in TABLE:
        if "client" in pages.arguments(line.route):
            person = next((name for name in visitors if name in line.may), "dana")
            status = call(
                visitors[person], line, address(house, line.route, client=str(uuid.uuid4()))
            ).status_code
            if status not in (403, 404):
                wrong.append(f"{line.method} {line.route} ({person}): {status}")
    assert not wrong, "\n".join(wrong)


def test_without_a_sign_in_every_page_leads_to_the_door_and_every_fragment_says_401(house):
    stranger = Visitor()
    for line in TABLE:
        if line.route in pages.for_clients():
            continue
        url = address(house, line.route)
        if line.method == "GET":
            assert stranger.get(url).url.startswith("/accounts/login/"), line.route
        assert stranger.generic(line.method, url, headers={"HX-Request": "true"}).status_code == 401, (
            line.route
        )


def test_an_address_that_is_none_is_answered_by_our_own_page(house):
    for visitor in (sign_in(house.cast.dana), sign_in(house.cast.abe)):
        for url in ("/nowhere/", f"/client/{uuid.uuid4()}/", "/client/not-an-id/", "/client/1/plan/"):
            answer = visitor.get(url)
            assert answer.status_code == 404
            assert "We can't find that page" in answer.content.decode()


@pytest.mark.parametrize("person", PEOPLE)
def test_no_page_leads_where_its_reader_may_not_go(house, person):
    visitor, wrong, tried = sign_in(getattr(house.cast, person)), [], {}
    for line in TABLE:
        if line.method != "GET" or person not in line.may or line.status != 200 or line.route in pages.PAPER:
            continue
        page = visitor.get(address(house, line.route)).content.decode()
        for url in set(re.findall(r'<a[^>]* href="(/[^"#]*)', page)) - {"/accounts/logout/"}:
            url = html.unescape(url)
            tried[url] = tried.get(url) or visitor.get(url).status_code
            if tried[url] >= 400:
                wrong.append(f"{line.route} links to {url}: {tried[url]}")
        for url in set(re.findall(r'<form[^>]*method="post"[^>]* action="(/[^"]*)', page)):
            name = resolve(html.unescape(url).partition("?")[0]).view_name
            posts = [one for one in TABLE if one.route == name and one.method == "POST"]
            # What the table hands over is a questionnaire; another thing is handed by whoever may make it.
            if name != "office:hand_over" and posts and posts[0].expected(person) in (403, 404):
                wrong.append(f"{line.route} offers a form that they may not send: {name}")
    assert not wrong, "\n".join(sorted(set(wrong)))


NAMES = ("q", "set", "episode", "kind", "recipient", "category", "purpose", "program", "lead", "on", "site", "staff", "show",
         "lang", "next", "version", "key", "item", "method", "back", "choice", "step", "instrument", "language", "_once")  # fmt: skip


NONSENSE = ("x", "\0", "9" * 40, "00000000-0000-0000-0000-000000000000", "problem:x")
READERS = ("dana", "sol", "ines", "abe", pages.CLIENT)


@pytest.fixture
def asked(monkeypatch):
    """Who looked at what stands behind the question mark of an address: a page that does not is not asked again."""
    looks: list[str] = []

    def look(request):
        looks.append(request.path)
        return plain(request)

    plain, watched = WSGIRequest.__dict__["GET"].func, cached_property(look)
    watched.__set_name__(WSGIRequest, "GET")
    monkeypatch.setattr(WSGIRequest, "GET", watched)
    return looks


def test_no_nonsense_breaks_a_page(house, asked):
    """Every name that a page knows or sends, filled with what no page ever asks for."""
    broken, sent = [], {}
    for person in READERS:
        for line in [
            line for line in TABLE if person == next((one for one in READERS if one in line.may), None)
        ]:
            visitor, url = pages.visitor_of(house, person, line.route), address(house, line.route)
            if (person, url) not in sent:
                sent[person, url] = {*NAMES, *re.findall(r' name="([\w-]+)"', _page(visitor, line, url))}
            asked.clear()
            for nonsense in NONSENSE:
                if nonsense != NONSENSE[0] and line.method == "GET" and not asked:
                    break
                with pages.taken_back(visitor):
                    ask = visitor.get if line.method == "GET" else visitor.post
                    status = ask(url, dict.fromkeys(sent[person, url], nonsense)).status_code
                if status >= 500:
                    broken.append(f"{line.method} {line.route} with {nonsense!r}: {status}")
    assert not broken, "\n".join(broken)


def _page(visitor, line, url):
    reads = (
        any(one.route == line.route and one.method == "GET" for one in TABLE)
        and line.route not in pages.PAPER
    )
    return visitor.get(url).content.decode() if reads else ""
