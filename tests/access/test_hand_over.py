"""The tablet in a client's hands: one thing of one episode, no way back into the chart, a PIN to return."""

import time

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client as Visitor
from django.urls import reverse

from clinic.access.chart import ChartNotFound, Refused
from clinic.access.door import open_chart
from clinic.access.handed import ClientActor, actor, end, hand_over, place_of
from clinic.access.models import Handover
from clinic.access.policy import Do
from clinic.audit.models import LedgerRow, Outcome
from clinic.people.models import Staff
from clinic.record.models import Client
from intake.actions import admit
from screening.actions import start_sitting
from tests.house.pages import sign_in

PIN = "246813"


@pytest.fixture
def june(cast):
    Staff.objects.filter(pk=cast.dana.pk).update(pin=make_password(PIN))
    return cast.register()


def begun(cast, client, who="dana"):
    with open_chart(getattr(cast, who), client, to=Do.SCREEN) as chart:
        return str(start_sitting(chart, instruments=["phq-9"]).public_id)


def handed(cast, client, browser=None):
    """June's set is on the tablet: the browser, and the handover."""
    browser = browser or sign_in(cast.dana)
    address = reverse("office:hand_over", args=[client, "screening", begun(cast, client)])
    browser.old_key = browser.session.session_key
    answer = browser.post(address)
    assert answer.status_code == 302 and answer["Location"] == reverse("screening:client_start")
    return browser, Handover.objects.latest("pk")


def test_handing_over_ends_the_sign_in_and_opens_that_one_thing(cast, june):
    tablet, held = handed(cast, june)
    assert set(tablet.session.keys()) == {"handover", "handover_seen", "handover_idle", "handover_exit"}
    assert tablet.session.session_key != tablet.old_key
    page = tablet.get(reverse("screening:client_start"))
    assert (
        page.status_code == 200 and "June" in page.content.decode() and "Okafor" not in page.content.decode()
    )
    assert "no-store" in page["Cache-Control"] and page["Referrer-Policy"] == "same-origin"
    for url in ("/", f"/client/{june}/", f"/client/{june}/screens/", "/desk/"):
        assert tablet.get(url)["Location"] == reverse("office:hand_back"), url
    done = LedgerRow.objects.get(act="clinic.access.handed.hand_over")
    assert done.actor_id == cast.dana.pk and done.detail["handover"] == str(held.public_id)
    look = LedgerRow.objects.filter(actor_kind="client").latest("pk")
    assert (look.actor_id, look.actor_name, look.act) == (None, "screening", "open_chart")
    assert look.detail["handover"] == str(held.public_id) and look.outcome == Outcome.GRANTED


def test_the_client_opens_no_other_episode_nothing_for_another_purpose_and_nothing_once_it_is_over(
    cast, june
):
    admit(cast.ines, client=june, program=cast.mh, clinician=cast.dana)
    _tablet, held = handed(cast, june)
    who = actor(held)
    assert isinstance(who, ClientActor)
    with open_chart(who, june, to=Do.ANSWER) as chart:
        assert chart.episode_ids == [held.episode_id]
        assert not any(chart.permits(do) for do in Do if do != Do.ANSWER)
        with pytest.raises(Refused):
            start_sitting(chart, instruments=["phq-9"])
    other = cast.register(given_name="Maya", family_name="Castell")
    for client, do in ((june, Do.OPEN_CHART), (june, Do.SIGN_AS_CLIENT), (other, Do.ANSWER)):
        with pytest.raises(ChartNotFound), open_chart(who, client, to=do):
            pass
    end(held, "done")
    with pytest.raises(ChartNotFound), open_chart(who, june, to=Do.ANSWER):
        pass


def test_who_may_not_ask_may_not_hand_over_and_nobody_hands_over_another_clients_thing(cast, june):
    other = cast.register(given_name="Maya", family_name="Castell")
    mayas = begun(cast, other)
    for name, client, kind, thing in (
        ("omar", june, "screening", begun(cast, june)),
        ("ines", june, "screening", begun(cast, june)),
        ("dana", june, "screening", mayas),
        ("dana", june, "nonsense", mayas),
    ):
        browser = sign_in(getattr(cast, name))
        assert browser.post(reverse("office:hand_over", args=[client, kind, thing])).status_code == 404
        assert browser.get("/").status_code == 302 and browser.session.get("_auth_user_id")
    assert not Handover.objects.exists()


def test_the_pin_brings_its_owner_back_to_the_set_in_a_new_session(cast, june):
    tablet, held = handed(cast, june)
    before = tablet.session.session_key
    wrong = tablet.post(reverse("office:hand_back"), {"pin": "111111"})
    assert wrong.status_code == 422 and "This is not the PIN" in wrong.content.decode()
    assert LedgerRow.objects.get(act="access.come_back").outcome == Outcome.REFUSED
    back = tablet.post(reverse("office:hand_back"), {"pin": PIN})
    assert back["Location"] == reverse("screening:sitting", args=[june, held.thing])
    assert tablet.session.session_key != before and "handover" not in tablet.session
    assert tablet.get(back["Location"]).status_code == 200
    held.refresh_from_db()
    assert held.ending == "given_back"
    assert tablet.get(reverse("screening:client_start")).status_code == 404


def test_five_wrong_pins_leave_the_password_as_the_only_way(cast, june):
    tablet, held = handed(cast, june)
    for _n in range(5):
        tablet.post(reverse("office:hand_back"), {"pin": "000000"})
    assert tablet.post(reverse("office:hand_back"), {"pin": PIN}).status_code == 422
    assert "too many wrong PINs" in tablet.get(reverse("office:hand_back")).content.decode()
    held.refresh_from_db()
    assert held.tries == 5 and held.ended_at is None
    signed = tablet.post(
        reverse("account_login"), {"login": "dana@clinic.example", "password": "a long password for tests"}
    )
    assert signed.status_code == 302 and "handover" not in tablet.session
    held.refresh_from_db()
    assert held.ending == "given_back"


def test_a_colleague_without_a_pin_and_one_who_left_come_back_by_no_pin(cast, june):
    Staff.objects.update(pin="")
    tablet, _held = handed(cast, june)
    assert "Sign in with a password" in tablet.get(reverse("office:hand_back")).content.decode()
    assert tablet.post(reverse("office:hand_back"), {"pin": ""}).status_code == 422
    Staff.objects.filter(pk=cast.dana.pk).update(pin=make_password(PIN), is_active=False)
    assert tablet.post(reverse("office:hand_back"), {"pin": PIN}).status_code == 422
    assert "_auth_user_id" not in tablet.session


def test_a_tablet_left_alone_closes_and_says_that_the_answers_are_kept(cast, june):
    tablet, held = handed(cast, june)
    session = tablet.session
    session["handover_seen"] = int(time.time()) - 301
    session.save()
    page = tablet.get(reverse("screening:client_start"))
    assert page.status_code == 404 and "What you answered is kept" in page.content.decode()
    held.refresh_from_db()
    assert held.ending == "idle"
    assert tablet.post(reverse("office:hand_back"), {"pin": PIN}).status_code == 302


def test_a_second_handover_of_the_same_thing_ends_the_first(cast, june):
    thing = begun(cast, june)
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        place = place_of(chart, "screening", thing)
        first, one = hand_over(chart, place=place, kind="screening", thing=thing)
        second, other = hand_over(chart, place=place, kind="screening", thing=thing)
        assert first.language == Client.objects.get(public_id=june).language
    first.refresh_from_db()
    assert first.ended_at and not second.ended_at and one != other
    assert one not in str(Handover.objects.values_list("token_hash", flat=True))


def test_the_toggle_keeps_the_place_and_turns_the_page_and_no_browser_setting_does(cast, june):
    tablet, _held = handed(cast, june)
    start = reverse("screening:client_start")
    assert 'lang="en"' in tablet.get(start, headers={"Accept-Language": "es"}).content.decode()
    turned = tablet.post(reverse("office:speak"), {"language": "es", "back": start})
    assert turned["Location"] == start
    page = tablet.get(start).content.decode()
    assert 'lang="es"' in page and "Hola, June" in page and "¿Quién verá esto?" in page
    for back in ("//evil.example/", "https://evil.example/", "x"):
        assert tablet.post(reverse("office:speak"), {"back": back})["Location"] == reverse("office:hand_back")
    desk = sign_in(cast.dana).get("/desk/", headers={"Accept-Language": "es"})
    assert 'lang="en"' in desk.content.decode()


def test_leaving_forgets_the_page_and_shows_a_neutral_one(cast, june):
    tablet, _held = handed(cast, june)
    answer = tablet.get(reverse("office:leave"))
    assert answer["Location"] == "https://www.weather.gov/" and "handover" not in tablet.session
    assert Visitor().get(reverse("office:leave"))["Location"] == "https://www.weather.gov/"


def test_a_pin_is_set_with_the_password_and_never_an_easy_one(cast):
    browser, url = sign_in(cast.dana), reverse("office:me")
    good = {"new_pin": "402917", "again": "402917", "password": "a long password for tests"}
    for wrong in ({"new_pin": "123456", "again": "123456"}, {"new_pin": "111222", "again": "111222"},
                  {"new_pin": "40291", "again": "40291"}, {"again": "402918"}, {"password": "not mine"}):  # fmt: skip
        assert browser.post(url, {**good, **wrong}).status_code == 422, wrong
    assert Staff.objects.get(pk=cast.dana.pk).pin == ""
    assert browser.post(url, good).status_code == 302
    kept = Staff.objects.get(pk=cast.dana.pk).pin
    assert "402917" not in kept and kept.startswith("md5$")  # the tests' own hasher; argon2 elsewhere
    assert LedgerRow.objects.get(act="office.set_pin").actor_id == cast.dana.pk
