"""Taking a consent, keeping one that is half filled in, taking one back."""

import datetime as dt
from typing import Any

from django.utils import translation

from clinic.access.acts import act
from clinic.access.chart import Chart
from clinic.access.policy import Do
from clinic.consent import rules, words, writing
from clinic.consent.actions.stops import _stop
from clinic.consent.models import (
    Consent,
    EndedAs,
    Ending,
    Expires,
    Recipient,
    Revocation,
)
from clinic.consent.queries import DRAFT, about_signer, sharings, today_of, waiting_under
from clinic.kit import clock
from clinic.people.models import Program
from clinic.people.queries import at_once
from clinic.record.models import Draft, Sharing, Signature, SignerRole


class Deficient(ValueError):
    """The consent lacks an element of 42 CFR 2.31; `missing` is [(field, what to do)]. Nothing was written."""

    def __init__(self, missing: list[tuple[str, str]]) -> None:
        super().__init__(", ".join(name for name, _words in missing))
        self.missing = missing


@act(Do.CONSENT)
def save_draft(chart: Chart, *, kind: str, body: dict[str, Any]) -> Draft:
    """What is typed so far is kept for this person and this client only. Who may: whoever takes consents."""
    draft, _made = Draft.objects.update_or_create(
        client_id=chart.client_id, staff=chart.who, kind=DRAFT, key=kind, defaults={"body": body}
    )
    return draft


@act(Do.CONSENT)
def discard_draft(chart: Chart, *, kind: str) -> None:
    """This person's draft of a consent of that kind for this client is gone."""
    Draft.objects.filter(client__in=chart.clients, staff=chart.who, kind=DRAFT, key=kind).delete()


@act(Do.CONSENT)
def sign_consent(
    chart: Chart, *, given: dict[str, Any], recipient: Recipient | None = None, to_program: Program | None = None,
    drawn: str = "", language: str = "en",
) -> Consent:  # fmt: skip
    """A consent with every element of 42 CFR 2.31 is signed, frozen, and its text's hash is on the ledger.

    `given`: kind, patient_name, programs (ids of open episodes' programs), categories, description, purposes, expires,
    expires_on or expires_event, members, proceeding, no_fundraising, revocation_told, redisclosure_told,
    consequences_told, signer_name, signature (the typed name), by_representative with authority_kind, authority,
    authority_document and authority_until, parent_name with parent_signature, signed_on. `drawn`: the signature's path.
    Who may: whoever takes consents. Raises Deficient, naming each missing element; then nothing is changed.
    """
    consent = _demand_whole(chart, given, recipient, to_program, drawn, language)
    consent.taken_by = chart.who
    _seal(chart, consent, drawn)
    Draft.objects.filter(client__in=chart.clients, staff=chart.who, kind=DRAFT, key=consent.kind).delete()
    chart.note(text=consent.text_hash, kind=consent.kind)
    return consent


def _demand_whole(
    chart: Chart, given: dict[str, Any], recipient: Recipient | None, to_program: Program | None, drawn: str,
    language: str,
) -> Consent:  # fmt: skip
    """The consent as it would be written; Deficient if an element is missing or the wrong person signs."""
    given = writing.of_kind(given)
    facts = {
        **given, **writing.facts(given, recipient, to_program), **about_signer(chart, given.get("programs")),
        "signature": given.get("signature") or drawn,
    }  # fmt: skip
    if missing := rules.missing_elements(facts, today_of(chart)):
        raise Deficient(missing)
    with translation.override(language):
        return writing.build(chart, given, recipient, to_program, language)


def _seal(chart: Chart, consent: Consent, drawn: str) -> None:
    """Frozen with its text and its signatures; what another program may read from now on is open."""
    with translation.override(consent.language):
        consent.shown_hash = words.sha256(words.shown_text(consent))
        consent.text = words.full_text(consent)
    consent.text_hash, consent.frozen_at = words.sha256(consent.text), clock.now()
    consent.save(force_insert=True)
    acting = SignerRole.REPRESENTATIVE if consent.by_representative else SignerRole.CLIENT
    _sign(consent, acting, consent.signer_name, drawn)
    if consent.parent_name:
        _sign(consent, SignerRole.REPRESENTATIVE, consent.parent_name, "")
    if consent.to_program is not None:
        _share(chart, consent, consent.to_program)


def _sign(consent: Consent, role: str, name: str, drawn: str) -> Signature:
    return Signature.objects.create(
        client_id=consent.client_id, episode_id=consent.episode_id, part2=consent.part2, object_kind="consent",
        object_id=consent.public_id, role=role, name=name, drawn=drawn, text_hash=consent.text_hash,
        signed_at=clock.now(),
    )  # fmt: skip


def _share(chart: Chart, consent: Consent, program: Program) -> None:
    for place in chart.episodes:
        if place.program_id in consent.programs:
            Sharing.objects.create(
                **chart.stamp(place, part2=consent.part2), program=program,
                consent=consent.public_id, starts_on=at_once(consent.signed_on), until=consent.expires_on,
                with_treatment=consent.expires == Expires.END_OF_TREATMENT,
            )  # fmt: skip


@act(Do.CONSENT)
def revoke_consent(
    chart: Chart, *, consent: Consent, text: str, scan: str = "", received_at: dt.datetime | None = None
) -> Revocation:
    """The consent is taken back: from now on nothing leaves under it, and what was waiting is stopped at once.

    `text`: the client's own writing (2.31(a)(6)); `scan`: where the paper is kept. History stays. Who may: whoever
    takes consents. Recorded: one row with how many packets and in-house openings were stopped.
    """
    row = Revocation.objects.create(
        client_id=consent.client_id, episode_id=consent.episode_id, part2=consent.part2, consent=consent,
        text=text.strip(), scan=scan.strip(), received_at=received_at or clock.now(), received_by=chart.who,
    )  # fmt: skip
    stopped, shut = _stop_all(chart, consent, "consent revoked")
    chart.note(consent=str(consent.public_id), stopped=stopped, shut=shut)
    return row


@act(Do.CONSENT)
def end_consent(chart: Chart, *, consent: Consent, how: str, on: dt.date, words_: str) -> Ending:
    """The consent holds no more: its named event has happened, or it was found to be false or deficient (2.31(c)).

    What was waiting is stopped at once. Who may: whoever takes consents. Raises Deficient if it names no event.
    """
    if how == EndedAs.HAPPENED and consent.expires != Expires.EVENT:
        raise Deficient([("how", rules.NO_EVENT)])
    row = Ending.objects.create(
        client_id=consent.client_id, episode_id=consent.episode_id, part2=consent.part2, consent=consent, how=how,
        on=on, words=words_.strip(), recorded_by=chart.who,
    )  # fmt: skip
    stopped, shut = _stop_all(chart, consent, f"consent {how}")
    chart.note(consent=str(consent.public_id), how=how, stopped=stopped, shut=shut)
    return row


def _stop_all(chart: Chart, consent: Consent, why: str) -> tuple[int, int]:
    # The lock orders this with a send that is about to begin: either its first byte was on its way, or it never goes.
    waiting = list(waiting_under(chart, consent.pk).select_for_update(of=("self",)))
    for outbound in waiting:
        _stop(outbound, why, by=chart.who)
    return len(waiting), sharings(chart, consent).update(ended_at=clock.now())
