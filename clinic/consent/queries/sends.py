"""Readers: what waits to leave, what left, and what needs a person."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from clinic.access.chart import Chart, Open, OpenEpisode
from clinic.access.policy import Do
from clinic.consent import rules
from clinic.consent.models import DeliveryOutcome, Disclosure, Outbound, Packet, Status, Told, Way
from clinic.kit import clock
from clinic.people.models import Program
from clinic.record.models import Channel, Contact

STUCK_AFTER = dt.timedelta(minutes=10)
WORKLIST = (Status.FAILED, Status.UNKNOWN)
ACCOUNT_YEARS = 3  # 42 CFR 2.25


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


@dataclass(frozen=True)
class SendWay:
    """One way to give the client a link: `why` says in words why it is shut; `at`: when it leaves, where that is later."""

    way: str
    title: str
    address: str
    at: dt.datetime | None
    why: str


def link_ways(chart: Chart, place: OpenEpisode) -> list[SendWay]:
    """The ways by which a link could reach the client now, at this place: open where they called one safe. One query."""
    return [
        _link_way(chart, place, str(Way.EMAIL), _("E-mail")),
        _link_way(chart, place, str(Way.SMS), _("Text message")),
    ]


def _link_way(chart: Chart, place: OpenEpisode, way: str, title: str) -> SendWay:
    found = reach(chart, place, way=way)
    known = found.contact.value if found.contact and chart.permits(Do.SEE_CONTACT, place.id) else ""
    later = found.at if found.at and found.at > clock.now() + dt.timedelta(minutes=1) else None
    return SendWay(way, title, known, later, found.why)


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


def packets(opened: Open, consent_id: int) -> QuerySet[Packet]:
    """Packets made on the strength of one consent, newest first, without their bytes; each with its delivery's state."""
    sent = Outbound.objects.filter(packet=OuterRef("pk")).order_by("-pk")
    return (
        Packet.objects.filter(episode__in=opened.episode_ids, consent=consent_id)
        .defer("pdf")
        .annotate(
            delivery=Subquery(sent.values("status")[:1]),
            still_here=Exists(
                sent.filter(started_at__isnull=True, status__in=[Status.WAITING, Status.CLAIMED])
            ),
        )
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


def told(opened: Open) -> QuerySet[Told]:
    """What was told without a consent, newest first."""
    return (
        Told.objects.filter(episode__in=opened.episode_ids)
        .select_related("recorded_by")
        .order_by("-at", "-pk")
    )


def account(opened: Open) -> list[Disclosure]:
    """The accounting of 42 CFR 2.25: three years of what left under a consent, newest first. One query."""
    since = clock.now() - dt.timedelta(days=365 * ACCOUNT_YEARS + 1)
    return list(disclosures(opened).filter(at__gte=since))
