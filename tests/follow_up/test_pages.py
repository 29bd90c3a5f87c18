"""The pages of follow-up, walked as the people who use them: To, Contents, Send, and the loop; the day's schedule."""

import datetime as dt
import io
import threading

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from clinic.access.door import open_chart
from clinic.access.policy import Do
from clinic.consent import rules
from clinic.consent.models import Disclosure, Packet
from clinic.kit import clock
from clinic.people.models import Site
from clinic.record.models import Appointment, Domain, Encounter, Problem
from follow_up import actions
from follow_up.forms import StepForm
from follow_up.models import Referral, ReferralStep
from tests.consent.story import recipient, sign
from tests.consent.test_pages import posted
from tests.follow_up.test_refer import begin
from tests.follow_up.test_remind import book
from tests.waiting import until_it_waits

pytestmark = pytest.mark.django_db


@pytest.fixture
def dana(client, cast):
    client.force_login(cast.dana)
    return client


def page(name, june, *args):
    return reverse(f"follow_up:{name}", args=[june, *args])


def rows(cast, june, model):
    with open_chart(cast.dana, june, to=Do.REFER):
        return list(model.objects.order_by("pk"))


def started(cast, dana, june, to):
    given = {
        "recipient": str(to.public_id), "reason": "Primary care, please.", "purpose": "treatment",
        "urgency": "routine", "owner": cast.dana.pk,
    }  # fmt: skip
    answer = dana.post(page("new", june), given)
    assert answer.status_code == 302
    return rows(cast, june, Referral)[-1], answer.url


def test_a_referral_goes_from_to_by_way_of_a_consent_to_a_printed_packet(cast, dana):
    june, to = cast.register(), recipient()
    with open_chart(cast.dana, june, to=Do.REFER) as chart:
        for text in ("Opioid use disorder", "High blood pressure"):
            Problem.objects.create(
                **chart.stamp(chart.episodes[0]), text=text, domain=Domain.MEDICAL, recorded_by=cast.dana
            )
    referral, contents = started(cast, dana, june, to)
    before = dana.get(contents).content.decode()
    assert rules.NO_CONSENT in before and "Get consent" in before and "disabled" in before
    assert dana.post(contents, {"item": [f"referral:{referral.public_id}"]}).status_code == 422

    signed = dana.post(
        reverse("consent:record", args=[june]), posted(cast, to, categories=["problems"], next=contents)
    )
    assert signed.url == contents
    after = dana.get(contents).content.decode()
    assert "covers what is open to tick" in after
    assert rules.WHY_NOT["category"] in after  # the reason for the referral is not in the consent
    wanted = [f"problem:{row.public_id}" for row in rows(cast, june, Problem)]
    sent = dana.post(contents, {"item": [*wanted, f"referral:{referral.public_id}"]})
    assert sent.url == page("send", june, referral.public_id)

    assert dana.post(sent.url, {}).status_code == 422
    assert rows(cast, june, Packet) == []
    done = dana.post(sent.url, {"method": "print"})
    (packet,) = rows(cast, june, Packet)
    assert len(rows(cast, june, Disclosure)) == 1
    shown = dana.get(done.url).content.decode()
    assert "Sent" in shown and "Call to confirm that it arrived" in shown
    pdf = dana.get(reverse("consent:packet", args=[june, packet.public_id])).content
    text = " ".join(" ".join(p.extract_text() for p in PdfReader(io.BytesIO(pdf)).pages).split())
    assert rules.STATEMENT_1 in text and "High blood pressure" in text and "Primary care, please." not in text


def test_a_send_posted_twice_lets_one_packet_out(cast, dana):
    june, to = cast.register(), recipient()
    sign(cast, june, to)
    referral, contents = started(cast, dana, june, to)
    dana.post(contents, {"item": [f"referral:{referral.public_id}"]})
    form = {"method": "print", "_once": "3f9d1f0e-7d2c-4d7e-9d2a-0c8f4d1b2a3c"}
    first, second = (dana.post(page("send", june, referral.public_id), form) for _ in range(2))
    assert first.url == second.url
    dana.post(page("send", june, referral.public_id), {"method": "print"})
    assert len(rows(cast, june, Packet)) == 1


def test_mail_to_an_address_that_nobody_checked_is_not_offered_and_not_taken(cast, dana):
    june, to = cast.register(), recipient(verified_on=None)
    sign(cast, june, to)
    referral, contents = started(cast, dana, june, to)
    dana.post(contents, {"item": [f"referral:{referral.public_id}"]})
    send = page("send", june, referral.public_id)
    assert "disabled" in dana.get(send).content.decode()
    assert dana.post(send, {"method": "email"}).status_code == 422
    assert rows(cast, june, Packet) == []


def test_the_loop_is_moved_on_and_a_stale_form_is_told_so(cast, dana):
    june, to = cast.register(), recipient()
    referral = begin(cast, june, to)
    url = page("step", june, referral.public_id)
    today = str(clock.today())
    answer = dana.post(url, {"step": "closed", "on": today, "version": referral.version, "reason": ""})
    assert answer.status_code == 422
    stale = dana.post(url, {"step": "closed", "on": today, "version": 99, "reason": "Moved away"})
    assert stale.status_code == 409 and "Someone else" in stale.content.decode()
    assert len(rows(cast, june, ReferralStep)) == 1
    dana.post(url, {"step": "closed", "on": today, "version": referral.version, "reason": "Moved away"})
    assert rows(cast, june, Referral)[0].status == "closed"
    assert "Moved away" in dana.get(page("referral", june, referral.public_id)).content.decode()


def test_the_worklist_shows_open_referrals_of_ones_own_clients(client, cast):
    june, to = cast.register(), recipient()
    begin(cast, june, to)
    for who, found in ((cast.dana, True), (cast.sol, True), (cast.omar, False)):
        client.force_login(who)
        text = client.get(reverse("follow_up:referrals")).content.decode()
        assert ("OKAFOR, June" in text) is found
    client.force_login(cast.fay)
    assert client.get(reverse("follow_up:referrals")).status_code == 404


def test_a_stranger_finds_no_referral(client, cast):
    june, to = cast.register(), recipient()
    referral = begin(cast, june, to)
    for who in (cast.omar, cast.fay, cast.pat):
        client.force_login(who)
        for name, args in (
            ("client_referrals", ()), ("new", ()), ("referral", (referral.public_id,)),
            ("contents", (referral.public_id,)),
        ):  # fmt: skip
            assert client.get(page(name, june, *args)).status_code == 404


def test_the_front_desk_books_a_visit_and_sees_it_on_the_day_with_nothing_clinical(client, cast):
    june = cast.register()
    client.force_login(cast.fay)
    today = clock.today("America/New_York")
    with open_chart(cast.fay, june, to=Do.BOOK) as chart:
        place = str(chart.episodes[0].public_id)
    given = {
        "program": place, "on": str(today), "at": "10:00", "minutes": 50, "staff": cast.dana.pk,
        "service": "Counseling hour",
    }  # fmt: skip
    assert client.post(page("book", june), {**given, "staff": ""}).status_code == 422
    assert client.post(page("book", june), given).status_code == 302
    text = client.get(reverse("follow_up:day")).content.decode()
    assert "OKAFOR, June" in text and "10:00" in text and "Dana Tester" in text
    assert "Counseling hour" not in text and "Recovery Program" not in text
    other = client.get(
        reverse("follow_up:day"), {"on": str(today + dt.timedelta(days=1)), "site": cast.main.pk}
    )
    assert "OKAFOR" not in other.content.decode()


def test_a_visit_is_marked_from_the_day_and_only_once(client, cast):
    june = cast.register()
    visit = book(cast, june, hours=1)
    client.force_login(cast.fay)
    client.post(page("mark", june, visit.public_id, "keep"), {"back": "/schedule/"})
    again = client.post(page("mark", june, visit.public_id, "no-show"), {"back": "//evil.example"})
    assert again.url == "/schedule/"
    with open_chart(cast.fay, june, to=Do.BOOK):
        assert Appointment.objects.get().status == "kept"
        assert Encounter.objects.count() == 1
    assert client.post(page("mark", june, visit.public_id, "explode")).status_code == 404


def test_each_page_asks_at_most_twelve_queries_for_many_rows(cast, dana, asked):
    june, to = cast.register(), recipient()
    sign(cast, june, to)
    for _n in range(6):
        referral = begin(cast, june, to)
        book(cast, june, hours=1)
    for url in (
        page("client_referrals", june), page("referral", june, referral.public_id), page("new", june),
        page("contents", june, referral.public_id), page("book", june), reverse("follow_up:referrals"),
        reverse("follow_up:day"), reverse("consent:list", args=[june]), reverse("consent:record", args=[june]),
    ):  # fmt: skip
        with asked() as taken:
            assert dana.get(url).status_code == 200
        assert len(taken()) <= 12, (url, len(taken()), taken())


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_a_day_at_the_end_of_the_calendar_is_refused_by_name(cast, dana, day):
    june = cast.register()
    assert dana.get(reverse("follow_up:day"), {"on": day}).status_code == 200
    visit = {
        "program": "1",
        "on": day,
        "at": "23:59",
        "minutes": "50",
        "staff": cast.dana.pk,
        "service": "Visit",
    }
    with open_chart(cast.dana, june, to=Do.BOOK) as chart:
        visit["program"] = str(chart.episodes[0].public_id)
    answer = dana.post(page("book", june), visit)
    assert answer.status_code == 422 and "within the next two years" in answer.content.decode()
    assert rows(cast, june, Appointment) == []


def test_a_visit_elsewhere_is_booked_for_a_day_within_two_years(cast, dana):
    june = cast.register()
    row = begin(cast, june, recipient())
    told = {"step": "booked", "on": clock.today().isoformat(), "booked_for": "9999-12-31"}
    with open_chart(cast.dana, june, to=Do.REFER) as chart:
        form = StepForm({**told, "version": 1}, referral=Referral(status="sent"), today=clock.today())
        assert "booked_for" in form.errors and chart.client_id == row.client_id


def test_words_that_tell_too_much_keep_the_packet_here_and_the_reason_is_shown(cast, dana):
    june, to = cast.register(), recipient()
    sign(cast, june, to)
    referral, contents = started(cast, dana, june, to)
    dana.post(contents, {"item": [f"referral:{referral.public_id}"]})
    Site.objects.filter(pk=cast.main.pk).update(neutral_name="Recovery House")
    answer = dana.post(page("send", june, referral.public_id), {"method": "email"})
    assert answer.url == contents
    assert "These words may not leave: recover" in dana.get(contents).content.decode()
    assert rows(cast, june, Packet) == [] and rows(cast, june, Referral)[0].status == "draft"


def test_of_two_who_mark_a_visit_at_one_moment_the_second_is_told(lasting_cast):
    june = lasting_cast.register()
    visit, came = book(lasting_cast, june), []
    window = Client(raise_request_exception=False)
    window.force_login(lasting_cast.dana)

    def arrive() -> None:
        came.append(window.post(page("mark", june, visit.public_id, "arrive")))
        connection.close()

    late = threading.Thread(target=arrive)
    with open_chart(lasting_cast.fay, june, to=Do.BOOK) as chart:
        actions.mark_no_show(chart, appointment=visit)
        late.start()
        until_it_waits()
    late.join()
    assert came[0].status_code == 409 and "Someone else saved first" in came[0].content.decode()
    assert rows(lasting_cast, june, Appointment)[0].status == "no_show"
