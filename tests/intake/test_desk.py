"""The desk: one box that searches and registers, and what it never tells."""

import datetime as dt
import re
import uuid

import pytest
from django.urls import reverse

from clinic.access.door import open_chart
from clinic.access.policy import Do
from clinic.audit.models import LedgerRow

DESK = "/desk/"


def _type(client, words):
    return client.post(DESK, {"q": words}, headers={"HX-Request": "true"})


def _text(response):
    return response.content.decode()


@pytest.fixture
def fay(client, cast):
    client.force_login(cast.fay)
    return client


def test_typing_a_name_shows_name_age_and_id_ending_and_nothing_about_enrolment(fay, cast):
    cast.register(cast.sud)
    answer = _text(_type(fay, "june oka"))
    assert "OKAFOR, June" in answer
    assert "38 years" in answer
    assert "ID ending" in answer
    for told in (cast.sud.name, cast.mh.name, cast.both.name, "Dana", "Substance"):
        assert told not in answer


def test_the_search_is_on_the_ledger_with_the_ids_shown_and_without_the_words(fay, cast):
    june = cast.register(cast.sud)
    _type(fay, "June Okafor 4/2/1988")
    row = LedgerRow.objects.get(act="search")
    assert len(row.clients) == 1
    assert (row.actor_id, row.route, row.detail["shown"]) == (cast.fay.pk, "intake:desk", 1)
    everything = str(row.__dict__).lower()
    assert "june" not in everything
    assert "1988" not in everything
    assert str(june) not in everything


@pytest.mark.parametrize(
    "words", ["Okafor, June", "4/2/1988", "june", "okafor", "Jun Okafro", "2 Apr 1988 okafor"]
)
def test_a_name_in_any_order_a_birth_date_or_a_slip_finds_the_person(fay, cast, words):
    cast.register(cast.sud)
    assert "OKAFOR, June" in _text(_type(fay, words))


@pytest.mark.parametrize(
    ("given", "family", "words"),
    [
        ("Siobhán", "O'Brien", "siobhan obrien"),
        ("X", "Y", "x y"),
        ("محمد", "الفارسي", "محمد"),
        ("Nguyễn Thị", "Trần", "nguyen thi tran"),
        ("Đức", "Phạm", "duc pham"),
        ("June 🌻", "Okafor", "june 🌻"),
    ],
)
def test_names_are_found_as_people_type_them(fay, cast, given, family, words):
    cast.register(cast.sud, given_name=given, family_name=family)
    assert family.upper() in _text(_type(fay, words)).replace("&#x27;", "'")


def test_our_own_number_or_its_ending_finds_the_person(fay, cast):
    june = cast.register(cast.sud)
    with open_chart(cast.fay, june, to=Do.SEE_CONTACT) as chart:
        number = chart.client.number
    assert "OKAFOR, June" in _text(_type(fay, number))
    assert "OKAFOR, June" in _text(_type(fay, number[-4:]))


def _rows(answer):
    """Each row of the list, without what is the person's own: name, ID ending, address of the link."""
    rows = re.findall(r'<li class="match.*?</li>', _text(answer), re.DOTALL)
    return {re.sub(r"[0-9a-f-]{36}|ID ending \w+|[A-Z]+, June|\s+", " ", row) for row in rows}


def test_every_row_is_alike_and_only_what_lies_behind_its_link_says_whether_it_opens(client, cast):
    """A row without a link, or with another one, would tell that the person is somebody else's client."""
    theirs = cast.register(cast.sud)
    mine = cast.register(cast.mh, team="mia", family_name="Okafar", birth_date=dt.date(1988, 4, 3))
    for person, leads_to in (("mia", None), ("sol", "intake:contact")):
        client.force_login(getattr(cast, person))
        answer = _type(client, "june")
        assert len(_rows(answer)) == 1
        assert _text(answer).count('class="match') >= 2
        behind = client.get(reverse("intake:found", args=[theirs]))
        if leads_to:
            assert behind.url == reverse(leads_to, args=[theirs])
        else:
            assert "not open to you" in _text(behind)
            assert not any(name in _text(behind) for name in (cast.sud.name, "Part 2", "program"))
            assert client.get(reverse("intake:contact", args=[theirs])).status_code == 404
        assert client.get(reverse("intake:found", args=[mine])).url == reverse("intake:contact", args=[mine])
    assert client.get(reverse("intake:found", args=[uuid.uuid4()])).status_code == 404


def test_what_finds_nobody_becomes_the_new_record(fay, cast):
    answer = _text(_type(fay, "June Okafor 4/2/1988"))
    assert "Register “June Okafor” as new" in answer
    page = _text(fay.post(reverse("intake:register"), {"q": "June Okafor 4/2/1988"}))
    assert 'value="June"' in page
    assert 'value="Okafor"' in page
    assert 'value="1988-04-02"' in page


def test_someone_who_may_not_register_is_not_offered_it(client, cast):
    client.force_login(cast.dana)
    assert "as new" not in _text(_type(client, "Nobody Known"))
    assert client.get(reverse("intake:register")).status_code == 403


def test_the_administrator_does_not_search_people(client, cast):
    client.force_login(cast.abe)
    assert client.get(DESK).status_code == 403
    assert LedgerRow.objects.get(act="open_desk").outcome == "refused"


def test_odd_words_do_no_harm(fay, cast):
    cast.register()
    for words in ["(", "a", "'; drop table", "%", "\\", "[[", "ж", "👍", "31/31/3131", "x" * 500, "\x00"]:
        assert _type(fay, words).status_code == 200


def test_without_a_script_the_desk_is_a_whole_page(fay, cast):
    cast.register()
    page = _text(fay.post(DESK, {"q": "june"}))
    assert "<h1" in page
    assert "OKAFOR, June" in page


def test_an_unknown_client_is_not_found(fay):
    assert fay.get(reverse("intake:contact", args=[uuid.uuid4()])).status_code == 404
