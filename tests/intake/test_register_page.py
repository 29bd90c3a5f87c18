"""The registration page: under a minute, nothing lost, nothing twice, nobody barred."""

import datetime as dt
import threading
import uuid

import pytest
from django.db import connection
from django.test import Client as Visitor
from django.urls import reverse

from clinic.access.door import open_chart, open_desk
from clinic.access.policy import Do
from clinic.audit.models import LedgerRow
from clinic.kit import clock
from clinic.record.models import Appointment, CareTeam, Contact, Directory

PAGE = "/desk/register/"


@pytest.fixture
def ines(client, cast):
    client.force_login(cast.ines)
    return client


def _form(cast, **fields):
    told = {
        "_once": str(uuid.uuid4()),
        "given_name": "June",
        "family_name": "Okafor",
        "birth": "4/2/1988",
        "program": str(cast.sud.public_id),
        "language": "en",
    }
    return told | fields


def _registered(cast):
    with open_desk(cast.ines, to=Do.SEARCH):
        return list(Directory.objects.order_by("pk"))


def _text(response):
    return response.content.decode()


def test_one_page_registers_with_clinician_safe_contact_and_first_appointment(ines, cast):
    day = clock.today("America/New_York") + dt.timedelta(days=2)
    answer = ines.post(
        PAGE,
        _form(
            cast,
            clinician=str(cast.dana.public_id),
            phone="(614) 555-0142 x12",
            pronouns="they/them",
            language="es",
            may_text="on",
            email="june@example.org",
            may_email="on",
            ask_for="J.",
            hours="after 5 pm",
            visit_on=day.isoformat(),
            visit_at="09:30",
        ),
    )
    (june,) = _registered(cast)
    assert answer.url == reverse("intake:contact", args=[june.public_id])
    with open_chart(cast.dana, june.public_id, to=Do.OPEN_CHART) as chart:
        assert chart.client.birth_date == dt.date(1988, 4, 2)
        phone, email = Contact.objects.order_by("-channel")
        assert (phone.value, phone.may_text, phone.may_call) == ("+1 614-555-0142 ext. 12", True, False)
        assert (email.may_email, email.hours) == (True, "after 5 pm")
        assert CareTeam.objects.get().staff_id == cast.dana.pk
        visit = Appointment.objects.get().starts_at
        assert visit.astimezone(dt.UTC).hour in (13, 14)
    page = _text(ines.get(answer.url))
    assert "Registered." in page
    assert "+1 614-555-0142 ext. 12" in page
    assert "09:30" in page
    assert "text +1 614-555-0142 ext. 12; ask for J." in page  # the banner, on every page
    for part, said in (("identity", "they/them"), ("language", "Spanish")):
        told = _text(ines.get(reverse("intake:details", args=[june.public_id, part])))
        assert "Already told us" in told and said in told and "Ines Tester" in told  # asked once, ever


def test_a_form_posted_twice_registers_one_person_and_both_get_the_same_answer(ines, cast):
    told = _form(cast)
    first, second = ines.post(PAGE, told), ines.post(PAGE, told)
    assert len(_registered(cast)) == 1
    assert first.url == second.url
    assert LedgerRow.objects.filter(act="intake.register_client").count() == 1


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("birth", "4/2/2199", "The birth date is in the future."),
        ("birth", "2/29/2001", "There is no such day in the calendar."),
        ("birth", "1066-10-14", "more than 130 years ago"),
        ("birth", "spring", "Write the birth date as"),
        ("phone", "12", "This is not a phone number"),
        ("email", "june@", "valid email"),
        ("program", "", "required"),
        ("visit_on", "2020-01-01", "The first appointment is in the past."),
        ("visit_at", "09:30", "Give the day of the first appointment."),
        ("may_call", "on", "Give the phone number that may be used."),
        ("may_email", "on", "Give the e-mail address that may be used."),
        ("about_age", "121", "120"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_typed_is_lost(ines, cast, field, value, said):
    answer = ines.post(PAGE, _form(cast, **{"pronouns": "she/her", field: value}))
    page = _text(answer)
    assert answer.status_code == 422
    assert said in page
    assert "There is a problem" in page
    blamed = {"may_call": "phone", "may_email": "email", "visit_at": "visit_on"}.get(field, field)
    assert f'href="#id_{blamed}"' in page
    assert 'value="she/her"' in page
    if value not in ("", "on"):
        assert f'value="{value}"' in page
    assert _registered(cast) == []
    assert not LedgerRow.objects.filter(act="intake.register_client").exists()


def test_without_a_name_an_age_is_enough_once_it_is_said_that_the_name_is_not_known(ines, cast):
    nameless = _form(cast, given_name="", family_name="", birth="")
    assert "Name not known yet" in _text(ines.post(PAGE, nameless))
    assert "about how old" in _text(ines.post(PAGE, nameless | {"name_unknown": "on"}))
    answer = ines.post(PAGE, nameless | {"name_unknown": "on", "about_age": "40"})
    assert answer.status_code == 302
    (unknown,) = _registered(cast)
    assert unknown.birth_estimated
    page = _text(ines.get(answer.url))
    assert "Name not known" in page
    assert "(40, estimate)" in page


def test_an_alias_alone_is_enough(ines, cast):
    answer = ines.post(PAGE, _form(cast, given_name="", family_name="", birth="", chosen_name="Rabbit"))
    assert answer.status_code == 302
    assert "Rabbit" in _text(ines.post("/desk/", {"q": "rabbit"}))


@pytest.mark.parametrize(("age", "born"), [(0, "today"), (120, "120 years ago")])
def test_the_youngest_and_the_oldest_are_people_too(ines, cast, age, born):
    today = clock.today("America/New_York")
    birth = today.replace(year=today.year - age)
    answer = ines.post(PAGE, _form(cast, birth=birth.isoformat()))
    assert f"({age})" in _text(ines.get(answer.url))


def test_born_on_29_february(ines, cast):
    answer = ines.post(PAGE, _form(cast, birth="29 Feb 2004"))
    assert "29-Feb-2004" in _text(ines.get(answer.url))


@pytest.mark.parametrize(
    ("given", "family"),
    [
        ("Siobhán", "O'Brien"),
        ("X", "Y"),
        ("June 🌻", "Okafor"),
        ("محمد", "الفارسي"),
        ("Nguyễn Thị", "Trần"),
        ("Kaʻiulani", "Keʻalohi"),
    ],
)
def test_names_are_registered_as_they_are(ines, cast, given, family):
    ines.post(PAGE, _form(cast, given_name=given, family_name=family))
    (one,) = _registered(cast)
    assert (one.given, one.family) == (given, family)


def test_a_clinician_from_outside_the_program_cannot_be_chosen(ines, cast):
    answer = ines.post(PAGE, _form(cast, clinician=str(cast.mia.public_id)))
    assert answer.status_code == 422
    assert _registered(cast) == []


def test_a_program_that_is_not_ones_own_cannot_be_chosen(ines, cast):
    answer = ines.post(PAGE, _form(cast, program=str(uuid.uuid4())))
    assert answer.status_code == 422
    assert _registered(cast) == []


def test_choosing_a_program_offers_its_colleagues_and_its_sites_clock(ines, cast):
    url = reverse("intake:program_fields")
    assert "Mia Tester" not in _text(ines.get(url, {"program": str(cast.sud.public_id)}))
    answer = _text(ines.get(url, {"program": str(cast.mh.public_id)}))
    assert "Mia Tester" in answer
    assert "Main Street (New York)" in answer
    assert ines.get(url, {"program": "nonsense"}).status_code == 200


def test_a_time_that_the_clocks_skip_is_named(ines, cast, monkeypatch):
    monkeypatch.setenv("ENTWINE_TODAY", "2027-03-01")
    answer = ines.post(
        PAGE, _form(cast, clinician=str(cast.dana.public_id), visit_on="2027-03-14", visit_at="02:30")
    )
    assert "There is no such time on that day" in _text(answer)


def test_while_typing_a_likely_match_shows_why_and_bars_nobody(ines, cast):
    june = cast.register(cast.mh)
    answer = _text(
        ines.post(
            reverse("intake:alike"), {"given_name": "June", "family_name": "Okafor", "birth": "1988-04-02"}
        )
    )
    assert "Likely the same person" in answer
    assert "same birth date" in answer
    assert "same family name" in answer
    assert reverse("intake:found", args=[june]) in answer
    assert "Register as new anyway" in answer
    for told in (cast.mh.name, "Dana", "Counseling"):
        assert told not in answer
    assert ines.post(PAGE, _form(cast)).status_code == 302
    assert len(_registered(cast)) == 2


def test_two_who_register_one_person_in_the_same_second_both_do_and_are_told(lasting_cast):
    """Nobody is barred and nobody waits: each has a record, whoever looks next is told, and the pair is on the list."""
    start, told = threading.Barrier(2), {}

    def go(name):
        desk = Visitor(raise_request_exception=False)
        desk.force_login(getattr(lasting_cast, name))
        start.wait()
        told[name] = _text(desk.post(PAGE, _form(lasting_cast), follow=True))
        connection.close()

    both = [threading.Thread(target=go, args=[name]) for name in ("fay", "ines")]
    for one in both:
        one.start()
    for one in both:
        one.join()
    one, other = _registered(lasting_cast)
    assert one.number != other.number and all("Registered." in page for page in told.values())
    assert any("Someone very like this person is here too" in page for page in told.values())
    desk = Visitor()
    desk.force_login(lasting_cast.ines)
    page = _text(desk.get(reverse("intake:likely")))
    assert one.id_ending in page and other.id_ending in page


def test_nothing_typed_asks_nothing(ines, cast):
    assert _text(ines.post(reverse("intake:alike"), {})).strip() == ""
    assert not LedgerRow.objects.filter(act="search").exists()


def test_the_page_is_not_for_those_who_do_not_register(client, cast):
    for name in ("dana", "pat", "pia", "abe"):
        client.force_login(getattr(cast, name))
        assert client.post(PAGE, _form(cast)).status_code == 403
    assert _registered(cast) == []


def test_who_may_be_the_same_person_is_asked_with_the_whole_form_its_own_key_included(ines, cast):
    cast.register()
    answer = ines.post(PAGE + "alike/", _form(cast))
    assert answer.status_code == 200
    assert "OKAFOR, June" in _text(answer)


def test_a_first_appointment_lies_within_two_years(ines, cast):
    told = {"clinician": str(cast.dana.public_id), "visit_on": "9999-12-31", "visit_at": "23:59"}
    answer = ines.post(PAGE, _form(cast, **told))
    assert answer.status_code == 422 and _registered(cast) == []
