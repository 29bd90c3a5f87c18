"""A referral: sent only with a live consent, and open until its loop is closed with a reason."""

import datetime as dt

import pytest

from clinic.access.chart import Refused
from clinic.access.door import open_chart
from clinic.access.policy import Do
from clinic.consent.models import Packet
from clinic.consent.queries import coverage
from clinic.consent.release import NotCovered
from clinic.kit import clock
from clinic.record.models import Domain, Medication, Problem, StaleEdit
from clinic.record.queries import banner
from follow_up import actions, queries
from follow_up.models import Referral, ReferralStep
from screening.actions import record_screen
from screening.models import ResponseStep, ScreenResponse
from tests.consent.story import recipient, revoke, sign
from tests.screening.answers import PHQ9


def begin(cast, june, to, **given):
    with open_chart(cast.dana, june, to=Do.REFER) as chart:
        place = chart.episodes[0]
        Problem.objects.create(
            **chart.stamp(place),
            text="Opioid use disorder",
            domain=Domain.SUBSTANCE_USE,
            recorded_by=cast.dana,
        )
        Medication.objects.create(
            **chart.stamp(place), name="Buprenorphine", dose="8 mg", starts_on=dt.date(2026, 1, 1)
        )
        return actions.start_referral(
            chart, recipient=to, reason="Please take over primary care.", purpose="treatment", urgency="routine",
            owner=cast.dana, **given,
        )  # fmt: skip


def send(cast, june, referral, method="print"):
    with open_chart(cast.dana, june, to=Do.REFER) as chart:
        banner(chart)
        row = queries.referral(chart, referral.public_id)
        return actions.refer(chart, referral=row, items=queries.offered_items(chart, row), method=method)


def now(cast, june, referral):
    with open_chart(cast.dana, june, to=Do.REFER) as chart:
        return queries.referral(chart, referral.public_id)


def step(cast, june, referral, name, **given):
    with open_chart(cast.dana, june, to=Do.REFER) as chart:
        row = queries.referral(chart, referral.public_id)
        return actions.record_step(chart, referral=row, step=name, on=clock.today(), **given)


def test_what_a_packet_may_hold_comes_from_the_record_with_its_category(cast):
    june, to = cast.register(), recipient()
    referral = begin(cast, june, to)
    with open_chart(cast.dana, june, to=Do.REFER) as chart:
        banner(chart)
        found = queries.offered_items(chart, queries.referral(chart, referral.public_id))
    assert [(item.category, item.label, item.part2) for item in found] == [
        ("reason", "Reason for this referral", True),
        ("problems", "Opioid use disorder", True),
        ("medications", "Buprenorphine", True),
    ]


def test_a_referral_is_sent_with_a_consent_and_then_waits_for_its_loop(cast):
    june, to = cast.register(), recipient()
    sign(cast, june, to)
    referral = begin(cast, june, to)
    packet = send(cast, june, referral)
    row = now(cast, june, referral)
    assert (row.status, row.packet_id, row.sent_on) == ("sent", packet.pk, clock.today())
    assert row.next_due_on == clock.today() + dt.timedelta(days=3)
    assert len(packet.items) == 3


def test_without_a_consent_a_referral_stays_a_draft_and_nothing_has_left(cast):
    june, to = cast.register(), recipient()
    referral = begin(cast, june, to)
    with pytest.raises(NotCovered):
        send(cast, june, referral)
    row = now(cast, june, referral)
    assert (row.status, row.packet_id, row.version) == ("draft", None, 1)
    with open_chart(cast.dana, june, to=Do.REFER):
        assert not Packet.objects.exists()
        assert ReferralStep.objects.count() == 1


def test_revoking_the_consent_takes_every_item_off_the_offer(cast):
    june, to = cast.register(), recipient()
    consent = sign(cast, june, to)
    referral = begin(cast, june, to)
    revoke(cast, june, consent)
    with open_chart(cast.dana, june, to=Do.REFER) as chart:
        banner(chart)
        things = queries.offered_items(chart, queries.referral(chart, referral.public_id))
        standing, kept, held = coverage(chart, to, "treatment", things)
    assert (standing, kept, len(held)) == (None, [], 3)


def test_a_referral_is_sent_once(cast):
    june, to = cast.register(), recipient()
    sign(cast, june, to)
    referral = begin(cast, june, to)
    send(cast, june, referral)
    with pytest.raises(actions.WrongStep):
        send(cast, june, referral)
    with open_chart(cast.dana, june, to=Do.REFER):
        assert Packet.objects.count() == 1


def test_two_sends_of_the_same_draft_let_one_packet_out(cast):
    june, to = cast.register(), recipient()
    sign(cast, june, to)
    referral = begin(cast, june, to)
    stale = now(cast, june, referral)
    send(cast, june, referral)
    with pytest.raises(StaleEdit), open_chart(cast.dana, june, to=Do.REFER) as chart:
        banner(chart)
        things = queries.offered_items(chart, stale)
        actions.refer(chart, referral=stale, items=things, method="print")
    with open_chart(cast.dana, june, to=Do.REFER):
        assert Packet.objects.count() == 1


def test_sent_is_not_seen_and_a_loop_closes_with_a_reason_only(cast):
    june, to = cast.register(), recipient()
    sign(cast, june, to)
    referral = begin(cast, june, to)
    with pytest.raises(actions.WrongStep):
        step(cast, june, referral, "seen")
    send(cast, june, referral)
    step(cast, june, referral, "received", note="By phone")
    step(cast, june, referral, "booked", booked_for=clock.today() + dt.timedelta(days=5))
    assert now(cast, june, referral).next_due_on == clock.today() + dt.timedelta(days=6)
    with pytest.raises(actions.WrongStep):
        step(cast, june, referral, "received")
    with pytest.raises(actions.WrongStep, match="why"):
        step(cast, june, referral, "closed", reason="  ")
    assert now(cast, june, referral).status == "booked"
    step(cast, june, referral, "closed", reason="Seen, and the report is read")
    row = now(cast, june, referral)
    assert (row.status, row.next_due_on) == ("closed", None)
    with pytest.raises(actions.WrongStep):
        step(cast, june, referral, "seen")


def test_the_front_desk_refers_nobody(cast):
    june, to = cast.register(), recipient()
    with pytest.raises(Refused), open_chart(cast.fay, june, to=Do.BOOK) as chart:
        actions.start_referral(
            chart, recipient=to, reason="x", purpose="treatment", urgency="routine", owner=cast.fay
        )
    with open_chart(cast.dana, june, to=Do.REFER):
        assert not Referral.objects.exists()


def test_a_sent_referral_answers_a_positive_screen_and_closed_unseen_it_waits_again(cast, client):
    june, to = cast.register(), recipient()
    sign(cast, june, to)
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        record_screen(chart, instrument="phq-9", answers=PHQ9, taken_on=clock.today("America/New_York"))
        waiting = ScreenResponse.objects.get()
    client.force_login(cast.dana)
    page = client.get(f"/client/{june}/referrals/new/?response={waiting.public_id}").content.decode()
    assert f'value="{waiting.public_id}"' in page and "PHQ-9 14 (moderate)" in page
    referral = begin(cast, june, to, answers=[waiting.public_id])

    def stands():
        return (waiting.refresh_from_db(), waiting.state)[1]

    with open_chart(cast.dana, june, to=Do.REFER):
        assert stands() == "open"  # a draft answers nothing
    send(cast, june, referral)
    with open_chart(cast.dana, june, to=Do.REFER):
        assert (stands(), waiting.names) == ("referred", referral.public_id)
    step(cast, june, referral, "closed", reason="They have no places")
    with open_chart(cast.dana, june, to=Do.REFER):
        assert stands() == "open"
        assert "They have no places" in ResponseStep.objects.latest("pk").reason
