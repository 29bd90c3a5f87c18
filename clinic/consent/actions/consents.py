"""Taking a consent, keeping one that is half filled in, taking one back."""

import datetime as dt
from typing import Any

from clinic.access.acts import act
from clinic.access.chart import Chart
from clinic.access.policy import Do
from clinic.consent import rules, words
from clinic.consent.actions.stops import _stop
from clinic.consent.models import Consent, ConsentKind, Recipient, Revocation
from clinic.consent.queries import DRAFT, today_of, waiting_under
from clinic.kit import clock
from clinic.record.models import Draft, Signature, SignerRole


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
    Draft.objects.filter(client_id=chart.client_id, staff=chart.who, kind=DRAFT, key=kind).delete()


@act(Do.CONSENT)
def sign_consent(
    chart: Chart, *, given: dict[str, Any], recipient: Recipient | None = None, drawn: str = ""
) -> Consent:
    """A consent with every element of 42 CFR 2.31(a) is signed, frozen, and its text's hash is on the ledger.

    `given`: kind, patient_name, programs (ids of open episodes' programs), categories, description, purposes, expires,
    expires_on, revocation_told, redisclosure_told, consequences_told, signer_name, signature (the typed name),
    by_representative, authority, signed_on. `drawn`: the signature's path, if it was drawn. Who may: whoever takes
    consents. Raises Deficient, naming each missing element; then nothing is changed.
    """
    today = today_of(chart)
    if given["kind"] == ConsentKind.TPO:
        given = {**given, "purposes": list(rules.TPO_PURPOSES)}
    who_receives = recipient.title if recipient else _class_for(given["kind"])
    full = {**given, "recipient": who_receives, "signature": given.get("signature") or drawn}
    if missing := rules.missing_elements(full, today):
        raise Deficient(missing)
    consent = Consent(
        **chart.stamp(_home(chart, given["programs"])), kind=given["kind"], patient_name=given["patient_name"],
        discloser=_discloser(chart, given["programs"]), programs=given["programs"], categories=given["categories"],
        description=given["description"].strip(), recipient=recipient, recipient_words=who_receives,
        redisclosure_told=bool(given.get("redisclosure_told")), purposes=given["purposes"],
        revocation_words=words.revocation_words(), expires=given["expires"],
        expires_on=given.get("expires_on") if given["expires"] == rules.ON_DATE else None,
        by_representative=bool(given.get("by_representative")), signer_name=given["signer_name"].strip(),
        authority=given.get("authority", ""), signed_on=given["signed_on"],
        consequences_told=bool(given.get("consequences_told")), taken_by=chart.who, frozen_at=clock.now(),
    )  # fmt: skip
    consent.text = words.full_text(consent)
    consent.text_hash = words.sha256(consent.text)
    consent.save(force_insert=True)
    _sign(consent, drawn)
    Draft.objects.filter(client_id=chart.client_id, staff=chart.who, kind=DRAFT, key=consent.kind).delete()
    chart.note(text=consent.text_hash, kind=consent.kind)
    return consent


def _class_for(kind: str) -> str:
    return words.tpo_class() if kind == ConsentKind.TPO else ""


def _home(chart: Chart, programs: list[int]) -> Any:
    """The consent lies in a Part 2 episode if it lets one share: whoever may not see that may not see its consent."""
    mine = [e for e in chart.episodes if e.program_id in programs and chart.permits(Do.CONSENT, e.id)]
    mine = [e for e in mine if e.ends_on is None] or mine or [chart.home(Do.CONSENT)]
    return max(mine, key=lambda e: (e.part2, e.starts_on, e.id))


def _discloser(chart: Chart, programs: list[int]) -> str:
    named = {e.program_id: e.program for e in chart.episodes}
    return "; ".join(named[program] for program in programs if program in named)


def _sign(consent: Consent, drawn: str) -> Signature:
    role = SignerRole.REPRESENTATIVE if consent.by_representative else SignerRole.CLIENT
    return Signature.objects.create(
        client_id=consent.client_id, episode_id=consent.episode_id, part2=consent.part2, object_kind="consent",
        object_id=consent.public_id, role=role, name=consent.signer_name, drawn=drawn, text_hash=consent.text_hash,
        signed_at=clock.now(),
    )  # fmt: skip


@act(Do.CONSENT)
def revoke_consent(
    chart: Chart, *, consent: Consent, text: str, received_at: dt.datetime | None = None
) -> Revocation:
    """The consent is taken back: from now on nothing leaves under it, and what was waiting is stopped at once.

    `text`: the client's own writing (2.31(a)(6)). History stays. Who may: whoever takes consents. Recorded: one row
    with how many packets were stopped.
    """
    row = Revocation.objects.create(
        client_id=consent.client_id, episode_id=consent.episode_id, part2=consent.part2, consent=consent,
        text=text.strip(), received_at=received_at or clock.now(), received_by=chart.who,
    )  # fmt: skip
    # The lock orders this with a send that is about to begin: either its first byte was on its way, or it never goes.
    waiting = list(waiting_under(chart, consent.pk).select_for_update(of=("self",)))
    for outbound in waiting:
        _stop(outbound, "consent revoked", by=chart.who)
    chart.note(consent=str(consent.public_id), stopped=len(waiting))
    return row
