"""Reminders and nudges: asked of the record, written once, sent by the delivering tick, neutral in every word."""

import datetime as dt
import email
import email.policy

import pytest

from clinic.access.door import open_caseload, open_chart
from clinic.access.policy import Do
from clinic.consent import rules
from clinic.consent.models import Outbound
from clinic.consent.tasks import deliver_due
from clinic.kit import clock
from clinic.people.models import Site, Staff
from clinic.record.models import Appointment, Encounter
from follow_up import actions, queries
from follow_up.tasks import remind_due
from tests.consent.story import recipient, sign
from tests.follow_up.test_refer import begin, now, send, step

SAFE = [{"channel": "email", "value": "june@mail.example", "may_email": True}]
pytestmark = pytest.mark.django_db


def book(cast, june, hours=20):
    with open_chart(cast.fay, june, to=Do.BOOK) as chart:
        return actions.book_appointment(
            chart, place=chart.episodes[0], starts_at=clock.now() + dt.timedelta(hours=hours), staff=cast.dana,
            service="Counseling visit",
        )  # fmt: skip


def sent(cast, june):
    with open_chart(cast.dana, june, to=Do.REFER):
        return list(Outbound.objects.order_by("pk"))


def parsed(raw):
    return email.message_from_bytes(raw, policy=email.policy.default)


def test_a_client_is_reminded_once_in_neutral_words(cast, post):
    Site.objects.update(phone="555-0100")
    june = cast.register(contacts=SAFE)
    visit = book(cast, june)
    assert remind_due() == 1
    assert remind_due() == 0
    assert deliver_due() == 1
    letter = parsed(post.letters[0])
    text = letter.get_body().get_content()
    assert "You have an appointment on" in text
    assert "at Main Street Office. Call 555-0100 to change it." in text
    assert "Counseling" not in text and "June" not in text and "Recovery" not in text
    assert rules.telling_words("\n".join([*letter.values(), text]), ["Recovery Program"]) == []
    assert sent(cast, june)[0].due_key == queries.reminder_key(visit.public_id)


def test_a_client_who_reads_spanish_is_reminded_by_the_same_safe_way(cast, post):
    june = cast.register(contacts=SAFE, language="es")
    book(cast, june)
    assert remind_due() == 1
    assert deliver_due() == 1


def test_without_a_safe_address_nothing_is_sent_and_that_is_kept_in_view(cast, post):
    june = cast.register()
    book(cast, june)
    assert remind_due() == 1
    assert deliver_due() == 0
    assert post.letters == []
    (row,) = sent(cast, june)
    assert (row.status, row.last_error, row.address) == ("stopped", "no safe address", "")
    assert remind_due() == 0


def test_a_visit_that_is_far_off_or_cancelled_is_not_reminded_of(cast, post):
    june = cast.register(contacts=SAFE)
    book(cast, june, hours=60)
    soon = book(cast, june)
    with open_chart(cast.fay, june, to=Do.BOOK) as chart:
        actions.cancel_appointment(chart, appointment=queries.appointment(chart, soon.public_id))
    assert remind_due() == 0


def test_cancelling_stops_a_reminder_that_still_waits(cast, post):
    june = cast.register(contacts=SAFE)
    visit = book(cast, june)
    remind_due()
    with open_chart(cast.fay, june, to=Do.BOOK) as chart:
        actions.cancel_appointment(chart, appointment=queries.appointment(chart, visit.public_id))
    assert deliver_due() == 0
    assert post.letters == []
    assert sent(cast, june)[0].status == "stopped"


def test_a_reminder_that_waited_until_the_visit_began_is_not_sent_any_more(cast, post):
    june = cast.register(contacts=SAFE)
    book(cast, june, hours=20)
    assert remind_due() == 1
    with clock.backdated(clock.now() + dt.timedelta(hours=21)):
        assert deliver_due() == 0
    assert post.letters == []
    assert (sent(cast, june)[0].status, sent(cast, june)[0].last_error) == ("stopped", "too late")


def test_one_site_whose_name_tells_too_much_holds_up_nobody_else(cast, post):
    june, ada = cast.register(contacts=SAFE), cast.register(cast.both, contacts=SAFE, given_name="Ada")
    book(cast, june)
    book(cast, ada)
    Site.objects.filter(pk=cast.main.pk).update(neutral_name="Main Street Recovery")
    assert remind_due() == 1
    assert [row.client_id for row in sent(cast, june)] == []
    assert len(sent(cast, ada)) == 1


def test_the_owner_of_a_referral_is_nudged_at_day_3_7_and_14_once_each(cast, post):
    june, to = cast.register(), recipient()
    sign(cast, june, to)
    referral = begin(cast, june, to)
    send(cast, june, referral)
    told = []
    for day in (0, 2, 3, 4, 7, 8, 14, 20):
        with clock.backdated(clock.now() + dt.timedelta(days=day)):
            told.append((day, remind_due()))
            deliver_due()
    assert told == [(0, 0), (2, 0), (3, 1), (4, 0), (7, 1), (8, 0), (14, 1), (20, 0)]
    letter = parsed(post.letters[0])
    assert letter["To"] == "dana@clinic.example"
    assert letter["Subject"] == "Something is waiting for you in Entwine"
    shown = letter["Subject"] + letter.get_body().get_content()
    assert "June" not in shown and "Harbor" not in shown
    assert rules.telling_words(shown, ["Recovery Program"]) == []


def test_a_closed_loop_nudges_nobody(cast, post):
    june, to = cast.register(), recipient()
    sign(cast, june, to)
    referral = begin(cast, june, to)
    send(cast, june, referral)
    step(cast, june, referral, "closed", reason="She went elsewhere")
    assert now(cast, june, referral).status == "closed"
    with clock.backdated(clock.now() + dt.timedelta(days=8)):
        assert remind_due() == 0


def test_an_owner_who_left_gets_no_mail(cast, post):
    june, to = cast.register(), recipient()
    begin(cast, june, to)
    Staff.objects.filter(pk=cast.dana.pk).update(is_active=False)
    with clock.backdated(clock.now() + dt.timedelta(days=3)):
        assert remind_due() == 1
        assert deliver_due() == 0
    assert post.letters == []


def due_codes(cast, today=None):
    with open_caseload(cast.sol, to=Do.REVIEW_CASELOAD) as opened:
        return [(due.code, str(due.text)) for due in queries.due(opened, today or clock.today())]


def test_due_names_a_referral_that_is_open_too_long_and_a_step_that_should_have_come(cast):
    june, to = cast.register(), recipient()
    sign(cast, june, to)
    send(cast, june, begin(cast, june, to))
    book(cast, june, hours=24 * 40)
    assert due_codes(cast) == []
    day_3, day_15 = (clock.today() + dt.timedelta(days=days) for days in (3, 15))
    assert due_codes(cast, day_3)[0][0] == "referral_step"
    assert due_codes(cast, day_15)[0] == (
        "referral_open",
        "The referral to Dr. Ruth Amadi, Harbor Family Medicine has been open for 15 days (Sent)",
    )


def test_due_says_at_once_that_a_packet_may_not_have_arrived(cast, post):
    june, to = cast.register(), recipient()
    sign(cast, june, to)
    send(cast, june, begin(cast, june, to), method="email")
    post.at_rcpt = ["550 nobody here"]
    deliver_due()
    found = [due for due in due_codes(cast) if due[0] == "referral_undelivered"]
    assert found == [
        (
            "referral_undelivered",
            "The referral to Dr. Ruth Amadi, Harbor Family Medicine may not have arrived",
        )
    ]


def test_due_names_whoever_nobody_has_seen_for_28_days(cast):
    june = cast.register(starts_on=clock.today() - dt.timedelta(days=60))
    assert ("not_seen", "Not seen since they came, 60 days ago") in due_codes(cast)
    visit = book(cast, june, hours=1)
    with open_chart(cast.dana, june, to=Do.BOOK) as chart:
        actions.keep_appointment(chart, appointment=queries.appointment(chart, visit.public_id))
        assert Encounter.objects.count() == 1
    assert due_codes(cast) == [("no_next_visit", "No next visit is booked")]
    assert due_codes(cast, clock.today() + dt.timedelta(days=29))[0][0] == "not_seen"


def test_due_asks_one_query_whatever_the_number_of_clients(cast, django_assert_num_queries):
    for name in ("June", "Ada", "Bo"):
        cast.register(given_name=name)
    with open_caseload(cast.sol, to=Do.REVIEW_CASELOAD) as opened, django_assert_num_queries(1):
        queries.due(opened, clock.today())


def test_a_visit_is_marked_once(cast):
    june = cast.register()
    visit = book(cast, june)
    with open_chart(cast.fay, june, to=Do.BOOK) as chart:
        actions.mark_arrived(chart, appointment=queries.appointment(chart, visit.public_id))
    with open_chart(cast.dana, june, to=Do.BOOK) as chart:
        actions.keep_appointment(chart, appointment=queries.appointment(chart, visit.public_id))
    for verb in (actions.mark_no_show, actions.cancel_appointment, actions.keep_appointment):
        with pytest.raises(actions.WrongStep), open_chart(cast.fay, june, to=Do.BOOK) as chart:
            verb(chart, appointment=queries.appointment(chart, visit.public_id))
    with open_chart(cast.fay, june, to=Do.BOOK):
        assert (Appointment.objects.get().status, Encounter.objects.count()) == ("kept", 1)
