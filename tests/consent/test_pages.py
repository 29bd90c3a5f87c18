"""The pages of consent, walked as the people who use them."""

import datetime as dt

import pytest
from django.urls import reverse

from clinic.access.door import open_chart
from clinic.access.policy import Do
from clinic.consent.models import Consent, Disclosure, Revocation
from clinic.kit import clock
from clinic.record.models import Draft, Signature
from tests.consent.story import recipient, revoke, sign
from tests.consent.test_release_disclosure import let_out

pytestmark = pytest.mark.django_db


@pytest.fixture
def dana(client, cast):
    client.force_login(cast.dana)
    return client


def page(name, june, *args):
    return reverse(f"consent:{name}", args=[june, *args])


def posted(cast, to, **given):
    today = clock.today()
    return {
        "kind": "general", "patient_name": "June Okafor", "programs": [cast.sud.pk], "recipient": str(to.public_id),
        "categories": ["reason", "problems"], "description": "My problems.", "purposes": ["treatment"],
        "revocation_told": "on", "expires": "date", "expires_on": str(today + dt.timedelta(days=30)),
        "signer_name": "June Okafor", "signature": "june okafor", "signed_on": str(today), **given,
    }  # fmt: skip


def rows(cast, june, model):
    with open_chart(cast.dana, june, to=Do.CONSENT):
        return list(model.objects.all())


def test_a_consent_is_signed_on_the_screen_and_frozen_with_its_signature(cast, dana):
    june, to = cast.register(), recipient()
    assert dana.get(page("record", june)).status_code == 200
    answer = dana.post(page("record", june), posted(cast, to))
    assert answer.status_code == 302
    (consent,) = rows(cast, june, Consent)
    (signature,) = rows(cast, june, Signature)
    assert consent.frozen_at and consent.text.startswith("Consent to share information")
    assert (signature.text_hash, signature.name, signature.role) == (
        consent.text_hash,
        "June Okafor",
        "client",
    )
    shown = dana.get(answer.url)
    assert b"Dr. Ruth Amadi" in shown.content


def test_p01_each_missing_element_is_named_and_what_was_typed_is_kept(cast, dana):
    june, to = cast.register(), recipient()
    for field, words in {
        "programs": "Choose which programs may share",
        "categories": "Choose what may be shared",
        "description": "Describe in plain words",
        "recipient": "Choose who may receive it",
        "purposes": "Choose what it may be used for",
        "revocation_told": "how to take the consent back",
        "expires": "Choose when the consent ends",
        "expires_on": "Enter the date on which the consent ends",
        "signer_name": "Enter the name of the person who signs",
        "signature": "The consent is not signed",
        "signed_on": "Enter the date on which it was signed",
        "patient_name": "Enter the name of the client",
    }.items():
        given = posted(cast, to)
        del given[field]
        answer = dana.post(page("record", june), given)
        assert answer.status_code == 422, field
        assert words in answer.content.decode(), field
    page_of_errors = dana.post(page("record", june), {"kind": "general"}).content.decode()
    assert 'href="#id_categories_0"' in page_of_errors and 'id="id_categories_0"' in page_of_errors
    assert rows(cast, june, Consent) == []
    dana.post(page("record", june), posted(cast, to, signature=""))
    (draft,) = rows(cast, june, Draft)
    assert draft.body["signer_name"] == "June Okafor"
    again = dana.get(page("record", june)).content.decode()
    assert "My problems." in again


def test_p01_a_tpo_consent_needs_its_two_statements_as_well(cast, dana):
    june, to = cast.register(), recipient()
    given = posted(cast, to, kind="tpo", recipient="", expires="none", expires_on="")
    answer = dana.post(page("record", june), given).content.decode()
    assert "who may share it further" in answer
    assert "what happens if they refuse" in answer
    assert rows(cast, june, Consent) == []
    told = {**given, "redisclosure_told": "on", "consequences_told": "on"}
    assert dana.post(page("record", june), told).status_code == 302
    (consent,) = rows(cast, june, Consent)
    assert consent.purposes == ["treatment", "payment", "operations"]


def test_a_general_consent_without_an_end_is_not_signed(cast, dana):
    june, to = cast.register(), recipient()
    answer = dana.post(page("record", june), posted(cast, to, expires="none", expires_on=""))
    assert answer.status_code == 422
    assert rows(cast, june, Consent) == []


def test_a_representative_needs_authority_and_a_typed_signature_must_be_the_name(cast, dana):
    june, to = cast.register(), recipient()
    given = posted(cast, to, by_representative="on", signer_name="Ann Okafor", signature="June Okafor")
    answer = dana.post(page("record", june), given).content.decode()
    assert "the right to sign" in answer and "exactly as above" in answer
    fixed = {**given, "signature": "Ann Okafor", "authority": "Health care proxy"}
    assert b"Choose what gives the representative" in dana.post(page("record", june), fixed).content
    fixed |= {"authority_kind": "proxy", "authority_document": "Proxy of 3 May"}
    assert dana.post(page("record", june), fixed).status_code == 302
    assert rows(cast, june, Signature)[0].role == "representative"


def test_a_drawn_signature_is_kept_as_a_path_and_nothing_else_is(cast, dana):
    june, to = cast.register(), recipient()
    path = "M1 2" + "".join(f"L{n} {n}" for n in range(9))
    assert dana.post(page("record", june), posted(cast, to, signature="", drawn=path)).status_code == 302
    assert rows(cast, june, Signature)[0].drawn == path
    bad = posted(cast, to, signature="", drawn='M1 2"><script>')
    assert dana.post(page("record", june), bad).status_code == 422


def test_a_consent_signed_for_a_referral_leads_back_to_it_and_to_nowhere_else(cast, dana):
    june, to = cast.register(), recipient()
    assert dana.post(page("record", june), posted(cast, to, next="/referrals/")).url == "/referrals/"
    assert "evil" not in dana.post(page("record", june), posted(cast, to, next="//evil.example/")).url


def test_what_is_typed_is_kept_by_itself(cast, dana):
    june, to = cast.register(), recipient()
    answer = dana.post(page("draft", june), posted(cast, to, description="half a sen"))
    assert answer.json()["saved_at"]
    assert "half a sen" in dana.get(page("record", june)).content.decode()


def test_p04_revoking_says_what_it_stops_and_keeps_the_clients_words(cast, dana):
    june, to = cast.register(), recipient()
    consent = sign(cast, june, to)
    let_out(cast, june, to, method="email")
    shown = dana.get(page("revoke", june, consent.public_id)).content.decode()
    assert "stopped at once" in shown and "Dr. Ruth Amadi" in shown
    assert dana.post(page("revoke", june, consent.public_id), {"text": " "}).status_code == 422
    assert rows(cast, june, Revocation) == []
    dana.post(page("revoke", june, consent.public_id), {"text": "I take it back."})
    (row,) = rows(cast, june, Revocation)
    assert row.text == "I take it back."
    assert "Taken back" in dana.get(page("show", june, consent.public_id)).content.decode()


def test_p03_a_packet_made_for_print_stays_shut_once_its_consent_is_gone(cast, dana):
    june, to = cast.register(), recipient()
    consent = sign(cast, june, to)
    packet = let_out(cast, june, to)
    opened = dana.get(page("packet", june, packet.public_id))
    assert opened["Content-Type"] == "application/pdf"
    assert opened["Content-Disposition"] == 'inline; filename="document.pdf"'
    assert opened.content == bytes(packet.pdf)
    revoke(cast, june, consent)
    shut = dana.get(page("packet", june, packet.public_id))
    assert shut.status_code == 409
    assert b"%PDF" not in shut.content
    assert len(rows(cast, june, Disclosure)) == 1


def test_the_consent_can_be_printed_for_the_client(cast, dana):
    june, to = cast.register(), recipient()
    consent = sign(cast, june, to)
    assert dana.get(page("paper", june, consent.public_id)).content.startswith(b"%PDF")


def test_recipients_are_added_and_checked(cast, dana):
    june = cast.register()
    recipient(verified_on=None)
    assert b"I checked it today" in dana.get(page("recipients", june)).content
    dana.post(page("recipients", june), {"name": "Dr. New", "email": "new@doctor.example"})
    assert b"Dr. New" in dana.get(page("recipients", june), {"q": "new"}).content
    assert dana.post(page("recipients", june), {"name": ""}).status_code == 422


def test_a_stranger_finds_no_consent_page(client, cast):
    june, to = cast.register(), recipient()
    consent = sign(cast, june, to)
    for who in (cast.omar, cast.fay, cast.abe):
        client.force_login(who)
        for name, args in (("list", ()), ("record", ()), ("show", (consent.public_id,))):
            assert client.get(page(name, june, *args)).status_code == 404


def test_a_worklist_row_is_settled_by_the_supervisor_and_by_nobody_on_the_floor(client, cast):
    from clinic.access.door import Job, open_for_job
    from clinic.consent import actions

    june, to = cast.register(), recipient()
    sign(cast, june, to)
    let_out(cast, june, to, method="email")
    with open_chart(cast.dana, june, to=Do.CONSENT) as chart:
        number = chart.client_id
    with open_for_job(Job("deliver"), [number], to=Do.SEND) as opened:
        (row,) = actions.claim_due(opened, most=5)
        actions.begin_send(opened, outbound_id=row.pk)
        actions.conclude_send(opened, outbound_id=row.pk, outcome="unknown", code="timeout error")
    client.force_login(cast.dana)
    assert client.get(reverse("consent:worklist")).status_code == 404
    assert client.post(page("settle", june, row.public_id), {"choice": "again"}).status_code == 404
    client.force_login(cast.sol)
    shown = client.get(reverse("consent:worklist")).content.decode()
    assert "OKAFOR, June" in shown and "It arrived" in shown
    client.post(page("settle", june, row.public_id), {"choice": "sent"})
    assert "Nothing is stuck" in client.get(reverse("consent:worklist")).content.decode()
