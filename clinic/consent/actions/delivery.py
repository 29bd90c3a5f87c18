"""From waiting to gone: claimed in its own commit, checked once more, sent, and what became of it written down."""

import datetime as dt
from dataclasses import dataclass

from django.db import connection

from clinic.access.acts import act
from clinic.access.chart import Open
from clinic.access.policy import Do
from clinic.consent import rules
from clinic.consent.actions.packets import _write_disclosure
from clinic.consent.actions.stops import _end, _stop, _tell
from clinic.consent.models import MessageKind, Outbound, Status, Way
from clinic.consent.queries import STUCK_AFTER, program_names, reach, standing_of, why_shut
from clinic.kit import clock

CLAIM_LOCK = 7_201_944


@dataclass(frozen=True)
class Letter:
    """All that is needed to send one message once the chart is closed again."""

    address: str
    subject: str
    body: str
    from_name: str
    message_id: str
    way: str = Way.EMAIL
    attachment: bytes | None = None


@act(Do.SEND)
def claim_due(chart: Open, *, most: int) -> list[Outbound]:
    """Up to `most` due messages are claimed for this run, the longest due first. Two runs at once: the second gets none.

    A claim that nobody began within ten minutes is due again; one that was begun and never ended goes to the worklist,
    for nobody knows whether it left. Who may: the delivering job. Recorded: one row with the count.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [CLAIM_LOCK])
        if not cursor.fetchone()[0]:
            return []
    now = clock.now()
    mine = Outbound.objects.filter(episode__in=chart.episode_ids).select_for_update(skip_locked=True)
    for row in mine.filter(status=Status.CLAIMED, claimed_at__lte=now - STUCK_AFTER):
        if row.started_at:
            _end(row, Status.UNKNOWN, "unknown", "sender stopped midway")
        else:
            row.status = Status.WAITING
            row.save(update_fields=["status"])
    due = list(mine.filter(status=Status.WAITING, next_try_at__lte=now).order_by("next_try_at", "pk")[:most])
    for row in due:
        row.status, row.claimed_at, row.started_at = Status.CLAIMED, now, None
        row.save(update_fields=["status", "claimed_at", "started_at"])
    chart.note(claimed=len(due))
    return due


@act(Do.SEND)
def begin_send(chart: Open, *, outbound_id: int) -> Letter | None:
    """The claimed message may leave now: its consent or the client's safe address was asked again, in this transaction.

    A disclosure's row is written here, so that it is committed before the first byte leaves (P10). None: it was stopped
    or is not ours any more, and nothing leaves. Who may: the delivering job. Recorded: one row.
    """
    outbound = (
        Outbound.objects.select_for_update(of=("self",))
        .select_related("packet__recipient")
        .get(pk=outbound_id)
    )
    chart.note(outbound=str(outbound.public_id))
    if outbound.status != Status.CLAIMED or outbound.started_at:
        return None
    if telling := _against(chart, outbound):
        chart.note(stopped=telling)
        return None
    outbound.attempts += 1
    outbound.started_at = clock.now()
    outbound.save(update_fields=["attempts", "started_at"])
    packet = outbound.packet
    if packet is not None:
        standing = standing_of(chart, packet.consent_id)
        _write_disclosure(
            packet, standing, sender=packet.made_by, outbound=outbound, attempt=outbound.attempts
        )
    return Letter(
        outbound.address, outbound.subject, outbound.body, outbound.from_name, outbound.message_id,
        outbound.way, bytes(packet.pdf) if packet is not None else None,
    )  # fmt: skip


def _against(chart: Open, outbound: Outbound) -> str:
    """What speaks against sending it now, as a code; the message is then stopped, or failed, in this transaction."""
    if outbound.not_after and outbound.not_after <= clock.now():
        _stop(outbound, "too late")
        return "late"
    if outbound.kind == MessageKind.DISCLOSURE and outbound.packet is not None:
        state = standing_of(chart, outbound.packet.consent_id).state
        if state != rules.LIVE:
            _stop(outbound, f"consent {state}")
            return state
        if outbound.packet.recipient.ended_on:
            _stop(outbound, "recipient is gone")
            return "recipient"
        if why_shut(chart, outbound.packet):
            _stop(outbound, "restricted since")
            return "restricted"
        if not outbound.packet.recipient.verified_on or outbound.packet.recipient.email != outbound.address:
            _stop(outbound, "address changed")
            return "address"
    if outbound.kind == MessageKind.TO_CLIENT and (telling := _not_safe_now(chart, outbound)):
        return telling
    if outbound.kind == MessageKind.TO_STAFF and not (outbound.staff_to and outbound.staff_to.is_active):
        _stop(outbound, "colleague has left")
        return "staff"
    if rules.telling_words(f"{outbound.subject}\n{outbound.body}\n{outbound.from_name}", program_names()):
        _end(outbound, Status.FAILED, "failed", "words that tell too much")
        return "words"
    return ""


def _not_safe_now(chart: Open, outbound: Outbound) -> str:
    """The client took the address back, or it is not among their hours: then it waits for them."""
    how = reach(chart, chart.episode(outbound.episode_id), way=outbound.way)
    if how.contact is None or how.contact.value != outbound.address:
        _stop(outbound, "no longer a safe address")
        return "contact"
    if how.at is not None and how.at > clock.now():
        outbound.status, outbound.next_try_at, outbound.claimed_at = Status.WAITING, how.at, None
        outbound.save(update_fields=["status", "next_try_at", "claimed_at"])
        return "hours"
    return ""


@act(Do.SEND)
def conclude_send(chart: Open, *, outbound_id: int, outcome: str, code: str = "") -> Outbound:
    """What became of the attempt is written: sent; refused, to be tried again later; failed or unknown, for a person.

    A refused send waits longer each time and then goes to the worklist; one of unknown outcome is never repeated
    unless a person says so. Who may: the delivering job. Recorded: one row with the outcome.
    """
    outbound = Outbound.objects.select_for_update().get(pk=outbound_id)
    chart.note(outcome=outcome, attempt=outbound.attempts, code=code[:60])
    if outbound.status != Status.CLAIMED:
        _tell(outbound, outcome, code)
        return outbound
    wait = rules.next_wait(outbound.attempts) if outcome == "refused" else None
    if wait is not None:
        outbound.status, outbound.last_error = Status.WAITING, code[:60]
        outbound.next_try_at = clock.now() + dt.timedelta(minutes=wait)
        outbound.claimed_at = outbound.started_at = None
        outbound.save(update_fields=["status", "last_error", "next_try_at", "claimed_at", "started_at"])
        _tell(outbound, outcome, code)
    else:
        status = {"sent": Status.SENT, "unknown": Status.UNKNOWN}.get(outcome, Status.FAILED)
        _end(outbound, status, outcome, code)
    return outbound


@act(Do.SEE_WORKLIST)
def settle_delivery(chart: Open, *, outbound: Outbound, choice: str) -> Outbound:
    """A person decided: `again` (it waits to be sent once more, under the same Message-ID), `sent` (it did arrive), or
    `stop` (it is given up). Only what needs a person can be settled. Who may: supervisor, privacy officer. Recorded.
    """
    outbound = Outbound.objects.select_for_update().get(pk=outbound.pk)
    if not outbound.needs_a_person or (choice == "sent" and outbound.status != Status.UNKNOWN):
        return outbound
    chart.note(choice=choice)
    if choice == "again":
        outbound.status, outbound.next_try_at = Status.WAITING, clock.now()
        outbound.claimed_at = outbound.started_at = outbound.ended_at = None
        outbound.version += 1
        outbound.save()
        _tell(outbound, "again", "", chart.who)
    elif choice == "sent":
        _end(outbound, Status.SENT, "sent", "said so by staff", chart.who)
    else:
        _stop(outbound, "given up", chart.who)
    return outbound


@act(Do.BOOK)
def withdraw_messages(chart: Open, *, about: str) -> int:
    """Messages still waiting whose due key begins with `about` are stopped: what they would say is not so any more."""
    waiting = Outbound.objects.filter(
        episode__in=chart.episode_ids, due_key__startswith=about, started_at__isnull=True,
        status__in=[Status.WAITING, Status.CLAIMED],
    ).select_for_update()  # fmt: skip
    rows = list(waiting)
    for row in rows:
        _stop(row, "withdrawn", chart.who)
    return len(rows)
