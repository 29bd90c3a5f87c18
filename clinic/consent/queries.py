"""Readers: which consents there are, what they cover today, what waits to leave and what left."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from clinic.access.chart import Open, OpenEpisode
from clinic.consent import rules
from clinic.consent.models import (
    Consent,
    DeliveryOutcome,
    Disclosure,
    Outbound,
    Packet,
    Recipient,
    Revocation,
    Status,
    Way,
)
from clinic.consent.rules import Item
from clinic.kit import clock
from clinic.people.models import Program
from clinic.record.models import Channel, Contact, Draft, Signature

DRAFT = "consent"
STUCK_AFTER = dt.timedelta(minutes=10)
WORKLIST = (Status.FAILED, Status.UNKNOWN)


@dataclass(frozen=True)
class Standing:
    """A consent and how it stands on a day: live, expired, revoked or not_yet, and that in words."""

    consent: Consent
    terms: rules.Terms
    state: str

    @property
    def is_live(self) -> bool:
        return self.state == rules.LIVE


def _with_revocation(opened: Open) -> QuerySet[Consent]:
    revoked = Revocation.objects.filter(consent=OuterRef("pk"))
    return (
        Consent.objects.filter(episode__in=opened.episode_ids)
        .annotate(is_revoked=Exists(revoked), revoked_at=Subquery(revoked.values("received_at")[:1]))
        .select_related("recipient", "episode", "taken_by")
        .order_by("-signed_on", "-pk")
    )


def _standing(consent: Any, today: dt.date) -> Standing:
    terms = consent.terms(revoked=consent.is_revoked, treatment_ended_on=consent.episode.ends_on)
    return Standing(consent, terms, rules.standing(terms, today))


def today_of(opened: Open) -> dt.date:
    """Today at the site of the open chart's newest episode."""
    return clock.today(opened.episodes[-1].zone if opened.episodes else None)


def consents(opened: Open) -> list[Standing]:
    """Every consent of the open episodes, newest first, each with how it stands today. One query."""
    return [_standing(consent, today_of(opened)) for consent in _with_revocation(opened)]


def consent(opened: Open, public_id: Any) -> Standing:
    """One consent, with how it stands today; Consent.DoesNotExist."""
    return _standing(_with_revocation(opened).get(public_id=public_id), today_of(opened))


def standing_of(opened: Open, consent_id: int) -> Standing:
    """How this consent stands now, read afresh: asked in the transaction right before anything leaves (2.31(c))."""
    return _standing(_with_revocation(opened).get(pk=consent_id), today_of(opened))


def coverage(
    opened: Open, recipient: Recipient, purpose: str, items: list[Item]
) -> tuple[Standing | None, list[Item], list[tuple[Item, str]]]:
    """(the consent a packet can rest on, what it covers, what it withholds with the reason in words). One query.

    Of several consents that name the recipient, the one that covers most; 42 CFR 2.13(a), 2.31(c).
    """
    found = consents(opened)
    return rules.split_by_consent(
        [(one, one.terms) for one in found], recipient.party, purpose, items, today_of(opened)
    )


def recipients(words: str = "") -> QuerySet[Recipient]:
    """Outside recipients whose name, organization or address holds `words`, by name."""
    found = Recipient.objects.order_by("organisation", "name")
    if words:
        found = found.filter(
            Q(name__icontains=words) | Q(organisation__icontains=words) | Q(address__icontains=words)
        )
    return found


def recipient(public_id: Any) -> Recipient:
    """One outside recipient; Recipient.DoesNotExist."""
    return Recipient.objects.get(public_id=public_id)


@dataclass(frozen=True)
class Reach:
    """Whether a message may go to a client, by which way and from when; `why` says in words why it may not.

    `code` is the reason for the ledger and the row that is kept in the message's place.
    """

    way: str = ""
    contact: Contact | None = None
    at: dt.datetime | None = None
    code: str = ""
    why: str = ""


def reach(
    opened: Open, episode: OpenEpisode, *, way: str = "", not_after: dt.datetime | None = None
) -> Reach:
    """How the client of `episode` may be written to now: by `way`, or by whichever they called safe, e-mail first.

    Nothing is safe until they said so, and nothing leaves outside their hours: it waits, unless it would come too late.
    One query, however many clients are open.
    """
    ways = [way] if way else [Way.EMAIL, *([Way.SMS] if settings.SMS_URL else [])]
    if way == Way.SMS and not settings.SMS_URL:
        return Reach(code="no gateway", why=_("No text gateway is set up here, so no text can be sent."))
    found = opened.remember("safe contacts", lambda: _safe_contacts(opened))
    named = next((one for one in ways if (episode.client_id, one) in found), None)
    if named is None:
        return _unsafe(way)
    contact = found[episode.client_id, named]
    at = contact.next_safe(clock.now(), episode.zone)
    if not_after is not None and at >= not_after:
        why = _("The client's safe times begin only when this would be too late.")
        return Reach(named, contact, at, code="outside the safe times", why=why)
    return Reach(named, contact, at)


def _unsafe(way: str) -> Reach:
    said: dict[str, str] = {
        Way.EMAIL: _("The client has named no e-mail address that is safe to write to."),
        Way.SMS: _("The client has named no phone that is safe to send a text to."),
    }  # fmt: skip
    nothing = _("The client has named no safe way to be written to.")
    return Reach(code="no safe address", why=said.get(way, nothing))


def _safe_contacts(opened: Open) -> dict[tuple[int, str], Contact]:
    # An extension cannot be texted.
    text = Q(channel=Channel.PHONE, may_text=True) & ~Q(value__contains="x")
    safe = Contact.objects.filter(
        Q(channel=Channel.EMAIL, may_email=True) | text,
        Q(ends_on__isnull=True) | Q(ends_on__gt=clock.today()),
        client__in=opened.clients, client__deceased_on__isnull=True,
    ).order_by("-pk")  # fmt: skip
    return {(row.client_id, Way.EMAIL if row.channel == Channel.EMAIL else Way.SMS): row for row in safe}


def told_by(words: str) -> list[str]:
    """The words in it that tell what kind of place this is: none of them may stand in a message (P20)."""
    return rules.telling_words(words, program_names()) if words else []


def program_names() -> list[str]:
    """Every program's name: words that no message may hold."""
    return list(Program.objects.values_list("name", flat=True))


def draft(opened: Open, staff_id: int, kind: str) -> Draft | None:
    """What this person has typed of a consent of that kind for this client and not yet had signed."""
    return Draft.objects.filter(client__in=opened.clients, staff=staff_id, kind=DRAFT, key=kind).first()


def signature(opened: Open, consent_row: Consent) -> Signature | None:
    """The signature under a consent."""
    return Signature.objects.filter(
        episode__in=opened.episode_ids, object_kind="consent", object_id=consent_row.public_id
    ).first()


def packets(opened: Open, consent_id: int) -> QuerySet[Packet]:
    """Packets made on the strength of one consent, newest first, without their bytes; each with its delivery's state."""
    sent = Outbound.objects.filter(packet=OuterRef("pk")).order_by("-pk")
    return (
        Packet.objects.filter(episode__in=opened.episode_ids, consent=consent_id)
        .defer("pdf")
        .annotate(delivery=Subquery(sent.values("status")[:1]))
        .select_related("recipient", "made_by")
        .order_by("-made_at")
    )


def packet(opened: Open, public_id: Any) -> Packet:
    """One packet with its consent and recipient; Packet.DoesNotExist."""
    return Packet.objects.select_related("consent", "recipient").get(
        episode__in=opened.episode_ids, public_id=public_id
    )


def waiting_under(opened: Open, consent_id: int) -> QuerySet[Outbound]:
    """Packets resting on this consent whose first byte has not left."""
    return Outbound.objects.filter(
        episode__in=opened.episode_ids, packet__consent=consent_id, started_at__isnull=True,
        status__in=[Status.WAITING, Status.CLAIMED],
    ).select_related("packet__recipient")  # fmt: skip


def disclosures(opened: Open, consent_id: int | None = None) -> QuerySet[Disclosure]:
    """What left (or may have), newest first, with the outcome of its attempt: refused attempts are not among them.

    The accounting of 42 CFR 2.25: date, recipient and address, what, why.
    """
    outcome = DeliveryOutcome.objects.filter(
        outbound=OuterRef("outbound"), attempt=OuterRef("attempt")
    ).order_by("-pk")
    found = (
        Disclosure.objects.filter(episode__in=opened.episode_ids)
        .annotate(outcome=Subquery(outcome.values("outcome")[:1]))
        .filter(Q(outcome__isnull=True) | ~Q(outcome__in=["refused", "failed", "stopped"]))
        .select_related("sender")
        .order_by("-at")
    )
    return found if consent_id is None else found.filter(consent=consent_id)


def deliveries(opened: Open) -> QuerySet[Outbound]:
    """Messages of the open episodes that need a person, oldest first."""
    return (
        Outbound.objects.filter(episode__in=opened.episode_ids, status__in=WORKLIST)
        .select_related("client", "packet__recipient", "staff_to", "episode__program")
        .order_by("queued_at")
    )


def outbound(opened: Open, public_id: Any) -> Outbound:
    """One message; Outbound.DoesNotExist."""
    return Outbound.objects.select_related("packet__recipient").get(
        episode__in=opened.episode_ids, public_id=public_id
    )


def with_deliveries() -> Q:
    """Episodes with a message that needs a person: a Q for the door, over columns that its own role may read."""
    return Q(Exists(Outbound.objects.filter(episode=OuterRef("pk"), status__in=WORKLIST)))


def with_due_messages() -> Q:
    """Episodes with a message to send now, or one that somebody claimed and never got to: a Q for the door."""
    return Q(
        Exists(
            Outbound.objects.filter(
                Q(status=Status.WAITING, next_try_at__lte=clock.now())
                | Q(status=Status.CLAIMED, claimed_at__lte=clock.now() - STUCK_AFTER),
                episode=OuterRef("pk"),
            )
        )
    )
