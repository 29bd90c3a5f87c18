"""A consent that is prepared for the client to read: signed, refused, or not today."""

from typing import Any

from django.utils import translation

from clinic.access.acts import act
from clinic.access.chart import Chart
from clinic.access.policy import Do
from clinic.consent import rules, words, writing
from clinic.consent.actions.consents import Deficient, _demand_whole, _seal
from clinic.consent.models import Answer, Consent, Offer, Recipient
from clinic.consent.queries import DRAFT, today_of
from clinic.kit import clock
from clinic.people.models import Program
from clinic.record.models import Draft

KEPT = (
    "kind", "patient_name", "programs", "categories", "description", "purposes", "expires", "expires_event", "members",
    "proceeding", "no_fundraising", "revocation_told", "redisclosure_told", "consequences_told",
)  # fmt: skip
SIGNED = (
    "signer_name", "signature", "by_representative", "authority_kind", "authority", "authority_document",
    "authority_until", "parent_name", "parent_signature", "signed_on",
)  # fmt: skip


class Changed(Exception):
    """What the client read is not what would be signed now. Nothing was written."""


class NotOpen(Exception):
    """It was answered already; `offer` says how. Nothing was written."""

    def __init__(self, offer: Offer) -> None:
        super().__init__(offer.answer)
        self.offer = offer


@act(Do.CONSENT)
def prepare_consent(
    chart: Chart,
    *,
    given: dict[str, Any],
    recipient: Recipient | None = None,
    to_program: Program | None = None,
) -> Offer:
    """A consent stands ready for the client to read, in either language; nobody has signed it.

    `given` as for `sign_consent`, without who signs. Who may: whoever takes consents. Raises Deficient.
    """
    given = writing.of_kind(given)
    facts = {**given, **writing.facts(given, recipient, to_program)}
    if missing := rules.missing_elements(facts, today_of(chart), signed=False):
        raise Deficient(missing)
    place = writing.home(chart, given["programs"])
    terms = {name: given[name] for name in KEPT if name in given}
    expires_on = given.get("expires_on") if given["expires"] == rules.ON_DATE else None
    terms |= {
        "expires_on": expires_on.isoformat() if expires_on else "",
        "discloser": writing.discloser(chart, given),
    }
    Draft.objects.filter(client__in=chart.clients, staff=chart.who, kind=DRAFT, key=given["kind"]).delete()
    return Offer.objects.create(
        **chart.stamp(place), kind=given["kind"], terms=terms, recipient=recipient, to_program=to_program,
        prepared_by=chart.who, prepared_at=clock.now(),
    )  # fmt: skip


@act(Do.SIGN_AS_CLIENT)
def sign_offer(
    chart: Chart, *, offer: Offer, seen: str, signer: dict[str, Any], drawn: str = "", language: str = "en"
) -> Consent:
    """The prepared consent is signed by whoever has the right to, once: a second signing gets the first one's consent.

    `seen`: the hash of the text that was on the screen; `signer`: who signs (SIGNED). Who may: the client in whose hands
    it is, and whoever takes consents, with the client beside them. Raises Deficient, Changed, NotOpen.
    """
    offer = Offer.objects.select_for_update(of=("self",)).select_related("recipient", "to_program", "consent").get(
        pk=offer.pk
    )  # fmt: skip
    if offer.consent is not None:
        return offer.consent
    if not offer.is_open:
        raise NotOpen(offer)
    given = {**writing.terms_of(offer), **{name: signer[name] for name in SIGNED if name in signer}}
    given.setdefault("signed_on", today_of(chart))
    consent = _demand_whole(chart, given, offer.recipient, offer.to_program, drawn, language)
    with translation.override(language):
        if words.sha256(words.shown_text(consent)) != seen:
            raise Changed
    consent.taken_by_id = offer.prepared_by_id
    _seal(chart, consent, drawn)
    offer.answer, offer.answered_at, offer.consent = Answer.SIGNED, clock.now(), consent
    offer.save_over(offer.version, "answer", "answered_at", "consent")
    chart.note(text=consent.text_hash, kind=consent.kind, language=language)
    return consent


@act(Do.SIGN_AS_CLIENT)
def answer_offer(chart: Chart, *, offer: Offer, answer: str, said: str = "") -> Offer:
    """The client said no, or not today. Care goes on; "not today" may be asked again, a no is kept.

    Who may: as `sign_offer`. Raises NotOpen if it was signed or answered for good; StaleEdit.
    """
    offer = Offer.objects.select_for_update(of=("self",)).get(pk=offer.pk)
    if offer.answer == answer:
        return offer
    if not offer.is_open:
        raise NotOpen(offer)
    offer.answer, offer.answered_at, offer.said = answer, clock.now(), said.strip()[:400]
    offer.save_over(offer.version, "answer", "answered_at", "said")
    chart.note(answer=answer, kind=offer.kind)
    return offer


@act(Do.CONSENT)
def withdraw_offer(chart: Chart, *, offer: Offer) -> Offer:
    """Staff takes a prepared consent away before it is signed. Raises NotOpen, StaleEdit."""
    if not offer.is_open:
        raise NotOpen(offer)
    offer.answer, offer.answered_at = Answer.WITHDRAWN, clock.now()
    offer.save_over(offer.version, "answer", "answered_at")
    return offer
