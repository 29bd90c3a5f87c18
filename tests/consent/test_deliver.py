"""A send is claimed in its own commit, checked once more, sent once; what became of it is written down."""

import datetime as dt
import email
import email.policy
import io
import threading

import psycopg
import pytest
from django.db import connection
from pypdf import PdfReader

from clinic.access.door import Job, open_chart, open_for_job
from clinic.access.policy import Do
from clinic.audit.models import LedgerRow
from clinic.consent import actions, outbound, rules
from clinic.consent.models import DeliveryOutcome, Disclosure, Outbound
from clinic.consent.queries import disclosures
from clinic.consent.release import MayNotLeave, release
from clinic.consent.tasks import deliver_due
from clinic.kit import clock
from clinic.record.models import Contact
from tests.consent.conftest import rude_server
from tests.consent.story import items, recipient, revoke, sign

SAFE = [{"channel": "email", "value": "june@mail.example", "may_email": True}]
pytestmark = pytest.mark.django_db


def mail_packet(cast, june, to):
    with open_chart(cast.dana, june, to=Do.REFER) as chart:
        return release(
            chart, kind="disclosure", recipient=to, purpose="treatment", items=items(cast.sud), method="email"
        )


def remind(client_id, **given):
    words = {
        "subject": "Your visit on Tuesday",
        "body": "See you on Tuesday at 10:00.",
        "due_key": "a",
        **given,
    }
    with open_for_job(Job("remind"), [client_id], to=Do.NUDGE) as opened:
        return release(opened, kind="to_client", episode=opened.episodes[0], **words)


def client_id(cast, june):
    with open_chart(cast.dana, june, to=Do.REFER) as chart:
        return chart.client_id


def rows(cast, june, model=Outbound):
    with open_chart(cast.dana, june, to=Do.REFER):
        return list(model.objects.order_by("pk"))


def later(minutes):
    return clock.backdated(clock.now() + dt.timedelta(minutes=minutes))


def parsed(raw):
    return email.message_from_bytes(raw, policy=email.policy.default)


def test_a_packet_goes_out_by_smtp_with_neutral_words_and_its_row_is_written_first(cast, post):
    june, to = cast.register(), recipient()
    sign(cast, june, to)
    mail_packet(cast, june, to)
    assert rows(cast, june, Disclosure) == []
    assert deliver_due() == 1
    letter = parsed(post.letters[0])
    assert letter["To"] == "records@harbor.example"
    assert letter["Subject"] == "A document from Main Street Office"
    (attached,) = letter.iter_attachments()
    assert attached.get_filename() == "document.pdf"
    shown = "\n".join([*letter.values(), letter.get_body().get_content(), attached.get_filename()])
    assert rules.telling_words(shown, ["Recovery Program"]) == []
    assert not [name for name in letter if name.lower().startswith("x-")]
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(attached.get_content())).pages)
    assert rules.STATEMENT_1[:60] in " ".join(text.split())
    (row,) = rows(cast, june)
    assert (row.status, row.attempts, letter["Message-ID"]) == ("sent", 1, row.message_id)
    (disclosure,) = rows(cast, june, Disclosure)
    assert (disclosure.recipient_address, disclosure.attempt) == ("records@harbor.example", 1)
    assert [o.outcome for o in rows(cast, june, DeliveryOutcome)] == ["sent"]


def test_a_second_tick_sends_nothing_again(cast, post):
    june, to = cast.register(), recipient()
    sign(cast, june, to)
    mail_packet(cast, june, to)
    assert (deliver_due(), deliver_due(), len(post.letters)) == (1, 0, 1)


def test_p04_revoking_stops_a_packet_that_still_waits(cast, post):
    june, to = cast.register(), recipient()
    consent = sign(cast, june, to)
    mail_packet(cast, june, to)
    revoke(cast, june, consent)
    assert deliver_due() == 0
    assert post.letters == []
    (row,) = rows(cast, june)
    assert (row.status, row.last_error) == ("stopped", "consent revoked")
    assert rows(cast, june, Disclosure) == []
    assert LedgerRow.objects.get(act="clinic.consent.revoke_consent").detail["stopped"] == 1


def test_p03_revoking_between_claim_and_send_stops_it_too(cast, post):
    june, to = cast.register(), recipient()
    consent = sign(cast, june, to)
    mail_packet(cast, june, to)
    with open_for_job(Job("deliver"), [client_id(cast, june)], to=Do.SEND) as opened:
        (claimed,) = actions.claim_due(opened, most=5)
    revoke(cast, june, consent)
    with open_for_job(Job("deliver"), [claimed.client_id], to=Do.SEND) as opened:
        assert actions.begin_send(opened, outbound_id=claimed.pk) is None
    assert rows(cast, june)[0].status == "stopped"
    assert rows(cast, june, Disclosure) == []
    assert post.letters == []


def test_p03_a_consent_that_ends_while_the_packet_waits_stops_it(cast, post):
    june, to = cast.register(), recipient()
    sign(cast, june, to, expires_on=clock.today())
    mail_packet(cast, june, to)
    with later(60 * 24):
        assert deliver_due() == 0
    assert post.letters == []
    assert rows(cast, june)[0].last_error == "consent expired"


def test_a_refused_send_waits_longer_each_time_and_then_needs_a_person(cast, settings):
    june, to = cast.register(), recipient()
    sign(cast, june, to)
    mail_packet(cast, june, to)
    settings.SMTP_URL = "smtp://127.0.0.1:9"  # nobody listens there
    moment, waits = clock.now(), []
    for _attempt in range(len(rules.WAITS)):
        with clock.backdated(moment):
            assert deliver_due() == 0
            (row,) = rows(cast, june)
            waits.append(int((row.next_try_at - moment).total_seconds() / 60))
            assert row.status == "waiting"
        moment = row.next_try_at
    assert tuple(waits) == rules.WAITS
    with clock.backdated(moment):
        deliver_due()
    (row,) = rows(cast, june)
    assert (row.status, row.last_error) == ("failed", "connection refused error")
    with open_chart(cast.dana, june, to=Do.REFER) as chart:
        assert not disclosures(chart).exists()  # every attempt was refused: nothing left


def test_a_refused_send_is_tried_again_under_the_same_message_id_and_arrives_once(cast, post):
    june = cast.register(contacts=SAFE)
    remind(client_id(cast, june))
    post.answers = ["451 not now"]
    assert deliver_due() == 0
    assert deliver_due() == 0  # not due yet
    with later(2):
        assert deliver_due() == 1
    assert len(post.letters) == 1
    assert parsed(post.letters[0])["Message-ID"] == rows(cast, june)[0].message_id


def test_a_send_that_the_server_will_never_take_goes_to_the_worklist_at_once(cast, post):
    june = cast.register(contacts=SAFE)
    remind(client_id(cast, june))
    post.at_rcpt = ["550 nobody here"]
    deliver_due()
    (row,) = rows(cast, june)
    assert (row.status, row.last_error, row.attempts) == ("failed", "server answered 550", 1)


def test_a_message_that_cannot_be_written_as_mail_fails_alone_and_leaves_nothing(cast, post):
    june = cast.register(contacts=SAFE)
    remind(client_id(cast, june), subject="two\nlines", due_key="bad")
    remind(client_id(cast, june), due_key="good")
    assert deliver_due() == 1
    assert [row.status for row in rows(cast, june)] == ["failed", "sent"]
    assert len(post.letters) == 1


def test_a_send_of_unknown_outcome_is_never_repeated_by_itself(cast, settings):
    june, to = cast.register(), recipient()
    sign(cast, june, to)
    mail_packet(cast, june, to)
    with rude_server(until="text") as (port, heard):
        settings.SMTP_URL = f"smtp://127.0.0.1:{port}"
        deliver_due()
        assert heard[-1] == b".\r\n"
        count = len(heard)
        for minutes in (1, 60, 60 * 24):
            with later(minutes):
                assert deliver_due() == 0
        assert len(heard) == count
    (row,) = rows(cast, june)
    assert (row.status, row.attempts) == ("unknown", 1)
    with open_chart(cast.dana, june, to=Do.REFER) as chart:
        assert disclosures(chart).get().outcome == "unknown"  # it may have left: it stays in the accounting


def test_a_server_that_hangs_up_before_the_text_was_asked_for_has_refused(cast, settings):
    june = cast.register(contacts=SAFE)
    remind(client_id(cast, june))
    with rude_server(until="DATA") as (port, _heard):
        settings.SMTP_URL = f"smtp://127.0.0.1:{port}"
        deliver_due()
    assert rows(cast, june)[0].status == "waiting"


def test_a_server_that_says_nothing_is_given_up_after_the_timeout(cast, settings, monkeypatch):
    june = cast.register(contacts=SAFE)
    remind(client_id(cast, june))
    monkeypatch.setattr(outbound, "TIMEOUT", 0.3)
    with rude_server(until="greeting") as (port, _heard):
        settings.SMTP_URL = f"smtp://127.0.0.1:{port}"
        deliver_due()
    assert (rows(cast, june)[0].status, rows(cast, june)[0].attempts) == ("waiting", 1)


def test_a_claim_that_nobody_began_is_due_again(cast, post):
    june = cast.register(contacts=SAFE)
    remind(client_id(cast, june))
    with open_for_job(Job("deliver"), [client_id(cast, june)], to=Do.SEND) as opened:
        actions.claim_due(opened, most=5)
    assert deliver_due() == 0
    with later(11):
        assert deliver_due() == 1


def test_a_send_whose_worker_died_midway_goes_to_the_worklist(cast, post):
    june = cast.register(contacts=SAFE)
    remind(client_id(cast, june))
    job = Job("deliver")
    with open_for_job(job, [client_id(cast, june)], to=Do.SEND) as opened:
        (row,) = actions.claim_due(opened, most=5)
        actions.begin_send(opened, outbound_id=row.pk)
    with later(11):
        assert deliver_due() == 0
    assert rows(cast, june)[0].status == "unknown"
    assert post.letters == []


def test_a_person_decides_about_an_unknown_send(cast, post):
    june = cast.register(contacts=SAFE)
    remind(client_id(cast, june))
    job = Job("deliver")
    with open_for_job(job, [client_id(cast, june)], to=Do.SEND) as opened:
        (row,) = actions.claim_due(opened, most=5)
        actions.begin_send(opened, outbound_id=row.pk)
        actions.conclude_send(opened, outbound_id=row.pk, outcome="unknown")
    with open_chart(cast.sol, june, to=Do.SEE_WORKLIST) as chart:
        actions.settle_delivery(chart, outbound=row, choice="again")
    assert deliver_due() == 1
    assert parsed(post.letters[0])["Message-ID"] == row.message_id
    assert rows(cast, june)[0].attempts == 2


def test_p20_a_message_to_the_client_needs_an_address_they_called_safe(cast):
    for contacts in ([], [{"channel": "email", "value": "j@mail.example", "may_email": False}]):
        june = cast.register(contacts=contacts)
        with pytest.raises(MayNotLeave, match="safe"):
            remind(client_id(cast, june))
        assert rows(cast, june) == []


def test_p20_a_message_whose_words_tell_what_kind_of_place_this_is_does_not_leave(cast):
    june = cast.register(contacts=SAFE)
    for words in ("Your counseling visit", "Recovery Program", "Su tratamiento"):
        with pytest.raises(MayNotLeave, match="may not leave"):
            remind(client_id(cast, june), subject=words)
    assert rows(cast, june) == []


def test_an_address_that_is_no_longer_safe_stops_the_message(cast, post):
    june = cast.register(contacts=SAFE)
    remind(client_id(cast, june))
    with open_chart(cast.dana, june, to=Do.REFER):
        Contact.objects.update(may_email=False)
    assert deliver_due() == 0
    assert post.letters == []
    assert rows(cast, june)[0].last_error == "no longer a safe address"


@pytest.mark.django_db(transaction=True)
def test_two_ticks_at_once_send_each_message_once(lasting_cast, post):
    cast = lasting_cast
    people = [cast.register(given_name=f"June{n}", contacts=SAFE) for n in range(6)]
    for n, june in enumerate(people):
        remind(client_id(cast, june), due_key=f"k{n}")

    def tick():
        try:
            deliver_due()
        finally:
            connection.close()

    threads = [threading.Thread(target=tick) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    deliver_due()
    assert len(post.letters) == 6
    assert len({parsed(raw)["Message-ID"] for raw in post.letters}) == 6


@pytest.mark.django_db(transaction=True)
def test_p10_the_disclosure_is_committed_before_the_first_byte_leaves(lasting_cast, post):
    cast = lasting_cast
    june, to = cast.register(), recipient()
    sign(cast, june, to)
    mail_packet(cast, june, to)
    seen = []

    async def look(server, session, envelope, address, options):
        with psycopg.connect(**at) as other:
            other.execute("select set_config('entwine.episodes', %s, false)", [f"{{{episode}}}"])
            seen.append(other.execute("select count(*) from consent_disclosure").fetchone()[0])
        envelope.mail_from = address
        return "250 OK"

    with open_chart(cast.dana, june, to=Do.REFER) as chart:
        episode = chart.episodes[0].id
    wanted = ("dbname", "user", "host", "port", "password")
    at = {k: v for k, v in connection.get_connection_params().items() if k in wanted}
    post.handle_MAIL = look
    assert deliver_due() == 1
    assert seen == [1]
