"""Texts obey the safe contact profile and the same rules of sending as mail."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from clinic.access.chart import Refused
from clinic.access.door import open_chart
from clinic.access.policy import Do
from clinic.consent.models import Outbound
from clinic.consent.release import MayNotLeave
from clinic.consent.tasks import deliver_due
from clinic.kit import clock
from clinic.record.models import Contact
from clinic.record.safe_hours import next_safe
from intake.actions import change_contact
from tests.consent.test_deliver import client_id, later, remind, rows

pytestmark = pytest.mark.django_db
PHONE = {"channel": "phone", "value": "+1 614-555-0142", "may_text": True}
EMAIL = {"channel": "email", "value": "june@mail.example", "may_email": True}
NEW_YORK = ZoneInfo("America/New_York")
MONDAY = clock.today() + dt.timedelta(days=7 - clock.today().weekday())


def text(cast, june, **given):
    return remind(client_id(cast, june), **{"way": "sms", **given})


def monday(hour, minute=0):
    """A Monday to come, in New York: two hours later than in Denver."""
    return dt.datetime.combine(MONDAY, dt.time(hour, minute), NEW_YORK)


def at(hour, minute=0):
    return clock.backdated(monday(hour, minute))


def change(cast, june, **told):
    with open_chart(cast.fay, june, to=Do.SET_CONTACT) as chart:
        row = Contact.objects.get(client=chart.client_id)
        change_contact(chart, contact=row, version=row.version, **told)


def test_a_text_goes_to_the_gateway_with_the_body_and_the_sender_they_want_shown(cast, gateway):
    june = cast.register(contacts=[{**PHONE, "show_as": "Main Street"}])
    text(cast, june)
    assert deliver_due() == 1
    (sent,) = gateway.texts
    assert (sent["to"], sent["from"], sent["token"]) == ("+16145550142", "Main Street", "Bearer a-token")
    assert sent["text"] == "See you on Tuesday at 10:00."
    assert sent["id"] in rows(cast, june)[0].message_id
    assert rows(cast, june)[0].status == "sent"


@pytest.mark.parametrize(
    ("contacts", "words"),
    [
        ([], "no phone that is safe to send a text to"),
        ([{**PHONE, "may_text": False, "may_call": True}], "no phone that is safe to send a text to"),
        ([{**PHONE, "value": "+1 614-555-0142 ext. 12"}], "no phone that is safe to send a text to"),
        ([EMAIL], "no phone that is safe to send a text to"),
    ],
)
def test_a_text_that_is_not_safe_is_refused_in_words_and_nothing_waits(cast, gateway, contacts, words):
    june = cast.register(contacts=contacts)
    with pytest.raises(MayNotLeave, match=words):
        text(cast, june)
    assert rows(cast, june) == []
    assert deliver_due() == 0
    assert gateway.texts == []


def test_without_a_gateway_and_with_too_many_words_a_text_is_refused(cast, gateway, settings):
    june = cast.register(contacts=[PHONE])
    with pytest.raises(MayNotLeave, match="459 letters"):
        text(cast, june, body="x" * 460)
    with pytest.raises(MayNotLeave, match="methadone"):
        text(cast, june, body="Your methadone is ready.")
    settings.SMS_URL = ""
    with pytest.raises(MayNotLeave, match="No text gateway"):
        text(cast, june)
    with pytest.raises(MayNotLeave, match="no safe way"):
        remind(client_id(cast, june))
    assert rows(cast, june) == []


def test_a_message_waits_for_the_hours_the_client_named_in_their_own_zone(cast, gateway):
    hours = {
        "safe_days": [0, 2],
        "safe_from": dt.time(9),
        "safe_until": dt.time(12),
        "zone": "America/Denver",
    }
    june = cast.register(contacts=[{**PHONE, **hours}])
    with at(9):  # seven in Denver
        text(cast, june)
        assert deliver_due() == 0
        assert rows(cast, june)[0].next_try_at == monday(11)
    with at(11, 1):
        assert deliver_due() == 1
    assert len(gateway.texts) == 1


def test_hours_and_permission_are_asked_again_right_before_it_leaves(cast, gateway):
    june = cast.register(contacts=[PHONE])
    with at(10):
        text(cast, june)
        change(cast, june, safe_from=dt.time(18), safe_until=dt.time(20))
        assert deliver_due() == 0
        assert rows(cast, june)[0].status == "waiting"
    with at(18, 30):
        change(cast, june, may_text=False)
        assert deliver_due() == 0
    (row,) = rows(cast, june)
    assert (row.status, row.last_error, gateway.texts) == ("stopped", "no longer a safe address", [])


def test_what_would_come_too_late_in_their_hours_is_refused(cast, gateway):
    june = cast.register(contacts=[{**PHONE, "safe_from": dt.time(18), "safe_until": dt.time(20)}])
    with at(9), pytest.raises(MayNotLeave, match="too late"):
        text(cast, june, not_after=monday(15))
    assert rows(cast, june) == []


@pytest.mark.parametrize(
    ("answer", "status", "again"),
    [(503, "waiting", True), (429, "waiting", True), (400, "failed", False), (500, "unknown", False),
     ("silence", "unknown", False)],
)  # fmt: skip
def test_a_text_of_unknown_outcome_is_never_repeated_and_a_refused_one_is(
    cast, gateway, answer, status, again
):
    june = cast.register(contacts=[PHONE])
    text(cast, june)
    gateway.answers = [answer]
    assert deliver_due() == 0
    assert rows(cast, june)[0].status == status
    with later(60 * 24):
        assert deliver_due() == again
    assert len(gateway.texts) == again


def test_staff_may_write_to_a_client_only_where_they_may_book(cast, gateway):
    june = cast.register(contacts=[PHONE])
    from clinic.consent.release import release

    said = {"kind": "to_client", "subject": "Your visit", "body": "See you on Tuesday.", "way": "sms"}
    with open_chart(cast.fay, june, to=Do.SEE_CONTACT) as chart:
        release(chart, episode=chart.episodes[0], **said)
    with open_chart(cast.pia, june, to=Do.SEE_ACCESS) as chart, pytest.raises(Refused):
        release(chart, episode=chart.episodes[0], **said)
    assert len(rows(cast, june, Outbound)) == 1


@pytest.mark.parametrize(
    ("now", "days", "start", "end", "expected"),
    [
        ((23, 10), [], None, None, (23, 10)),
        ((23, 8), [], dt.time(9), dt.time(17), (23, 9)),
        ((23, 17), [], dt.time(9), dt.time(17), (24, 9)),
        ((23, 10), [2], None, None, (25, 0)),
        ((23, 10), [0], None, dt.time(9), (30, 0)),
        ((24, 2), [0], dt.time(20), dt.time(6), (24, 2)),  # Monday night reaches into Tuesday
        ((24, 7), [0], dt.time(20), dt.time(6), (30, 20)),
    ],
)
def test_the_next_safe_moment(now, days, start, end, expected):
    def moment(day, hour):
        return dt.datetime(2026, 11, day, hour, tzinfo=NEW_YORK)

    assert next_safe(moment(*now), days, start, end) == moment(*expected)
