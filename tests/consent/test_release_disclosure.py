"""Law 3 and 42 CFR 2.13, 2.31, 2.32: only what a live consent covers leaves, with its notice and its row."""

import datetime as dt
import io

import pytest
from pypdf import PdfReader

from clinic.access.chart import Refused
from clinic.access.door import open_chart
from clinic.access.policy import Do
from clinic.audit.models import LedgerRow
from clinic.consent import rules
from clinic.consent.models import Disclosure, Outbound, Packet
from clinic.consent.queries import disclosures
from clinic.consent.release import MayNotLeave, NotCovered, release
from clinic.kit import clock
from tests.consent.story import items, recipient, revoke, sign


def text_of(packet):
    return " ".join(
        " ".join(page.extract_text() for page in PdfReader(io.BytesIO(bytes(packet.pdf))).pages).split()
    )


def let_out(cast, client, to, *, things=None, method="print", purpose="treatment", who=None):
    with open_chart(who or cast.dana, client, to=Do.REFER) as chart:
        return release(
            chart,
            kind="disclosure",
            recipient=to,
            purpose=purpose,
            items=things or items(cast.sud),
            method=method,
        )


def nothing_left(cast, client):
    with open_chart(cast.dana, client, to=Do.REFER):
        return not (Packet.objects.exists() or Disclosure.objects.exists() or Outbound.objects.exists())


def test_p07_p08_a_packet_holds_what_the_consent_covers_with_statement_1_and_the_scope_and_no_more(cast):
    june, to = cast.register(), recipient()
    sign(cast, june, to)
    packet = let_out(cast, june, to)
    text = text_of(packet)
    assert rules.STATEMENT_1 in text
    assert "Opioid use disorder, on treatment" in text
    assert "Buprenorphine" in text
    assert "PHQ-9" not in text
    assert "My problem list, my medicines, and why I am referred." in text
    assert "Who may receive it: Dr. Ruth Amadi, Harbor Family Medicine." in text
    assert "OKAFOR, June" in text and "1 / " in text
    assert [row["label"] for row in packet.withheld] == ["PHQ-9 of 2 November"]
    assert packet.withheld[0]["why"] == rules.WHY_NOT["category"]
    assert packet.part2 and packet.frozen_at


def test_the_packet_is_a_tagged_pdf_whose_hash_is_on_the_ledger(cast):
    june, to = cast.register(), recipient()
    sign(cast, june, to)
    packet = let_out(cast, june, to)
    reader = PdfReader(io.BytesIO(bytes(packet.pdf)))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    row = LedgerRow.objects.get(act="clinic.consent.disclose")
    assert row.detail["pdf"] == packet.pdf_hash
    assert (row.detail["items"], row.detail["withheld"]) == (2, 1)


def test_p10_a_printed_packet_has_its_disclosure_row_in_the_same_transaction(cast):
    june, to = cast.register(), recipient()
    consent = sign(cast, june, to)
    packet = let_out(cast, june, to)
    with open_chart(cast.dana, june, to=Do.REFER) as chart:
        row = disclosures(chart).get()
    assert (row.packet_id, row.consent_id, row.consent_hash) == (packet.pk, consent.pk, consent.text_hash)
    assert row.recipient_name == "Dr. Ruth Amadi, Harbor Family Medicine"
    assert row.recipient_address == "12 Pier Road, Boston MA 02110"
    assert row.what == ["Opioid use disorder, on treatment", "Buprenorphine"]
    assert (row.purpose, row.notice, row.sender_id) == ("treatment", rules.NOTICE_VERSION, cast.dana.pk)


def test_without_a_part_2_row_the_packet_carries_no_part_2_statement(cast):
    june, to = cast.register(cast.mh), recipient()
    sign(cast, june, to, cast.mh)
    packet = let_out(cast, june, to, things=items(cast.mh, part2=False))
    assert "42 CFR" not in text_of(packet)
    assert "confidential health information" in text_of(packet)
    assert not packet.part2 and packet.notice == ""


def test_without_any_consent_nothing_leaves_and_each_thing_is_named_with_the_reason(cast):
    june, to = cast.register(), recipient()
    with pytest.raises(NotCovered) as refused:
        let_out(cast, june, to)
    assert [why for _item, why in refused.value.reasons] == [rules.NO_CONSENT] * 3
    assert nothing_left(cast, june)


def test_a_consent_for_somebody_else_covers_nothing(cast):
    june, to = cast.register(), recipient()
    sign(cast, june, recipient(name="Another"))
    with pytest.raises(NotCovered):
        let_out(cast, june, to)
    assert nothing_left(cast, june)


def test_a_purpose_that_the_consent_does_not_name_is_refused(cast):
    june, to = cast.register(), recipient()
    sign(cast, june, to)
    with pytest.raises(NotCovered) as refused:
        let_out(cast, june, to, purpose="payment")
    assert refused.value.reasons[0][1] == rules.WHY_NOT["purpose"]
    assert nothing_left(cast, june)


def test_p02_p03_a_revoked_consent_blocks_print_and_mail(cast):
    june, to = cast.register(), recipient()
    revoke(cast, june, sign(cast, june, to))
    for method in ("print", "email"):
        with pytest.raises(NotCovered) as refused:
            let_out(cast, june, to, method=method)
        assert refused.value.reasons[0][1] == rules.WHY_NOT[rules.REVOKED]
    assert nothing_left(cast, june)


def test_p03_expired_consent_blocks_every_route(cast):
    june, to = cast.register(), recipient()
    sign(cast, june, to, expires_on=clock.today())
    tomorrow = clock.now() + dt.timedelta(days=1)
    with clock.backdated(tomorrow):
        for method in ("print", "email"):
            with pytest.raises(NotCovered) as refused:
                let_out(cast, june, to, method=method)
            assert refused.value.reasons[0][1] == rules.WHY_NOT[rules.EXPIRED]
    assert nothing_left(cast, june)


def test_a_consent_holds_through_its_last_day(cast):
    june, to = cast.register(), recipient()
    sign(cast, june, to, expires_on=clock.today())
    assert let_out(cast, june, to).items


def test_a_tpo_consent_names_a_class_which_only_covered_entities_belong_to(cast):
    june = cast.register()
    told = {"kind": "tpo", "redisclosure_told": True, "consequences_told": True, "expires": "none"}
    sign(cast, june, None, **told)
    with pytest.raises(NotCovered):
        let_out(cast, june, recipient(name="An employer", covered_entity=False))
    packet = let_out(cast, june, recipient())
    assert "My treating providers, health plans" in text_of(packet)


def test_an_address_that_nobody_checked_gets_no_mail(cast):
    june, to = cast.register(), recipient(verified_on=None)
    sign(cast, june, to)
    with pytest.raises(MayNotLeave, match="not been checked"):
        let_out(cast, june, to, method="email")
    assert nothing_left(cast, june)


def test_a_supervisor_may_refer_but_not_release(cast):
    june, to = cast.register(), recipient()
    sign(cast, june, to)
    with pytest.raises(Refused):
        let_out(cast, june, to, who=cast.sol)
    assert nothing_left(cast, june)
    assert LedgerRow.objects.get(act="clinic.consent.disclose").outcome == "refused"


def test_a_packet_never_changes(lasting_cast):
    from django.db import IntegrityError

    june, to = lasting_cast.register(), recipient()
    sign(lasting_cast, june, to)
    packet = let_out(lasting_cast, june, to)
    with pytest.raises(IntegrityError, match="frozen"), open_chart(lasting_cast.dana, june, to=Do.REFER):
        Packet.objects.filter(pk=packet.pk).update(items=[])
