"""The only writers of follow-up: referrals and their loop, appointments, and what is said between visits."""

import datetime as dt
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext as _

from clinic.access.acts import act
from clinic.access.chart import Chart, Open, OpenEpisode
from clinic.access.passing import pass_rows
from clinic.access.policy import Do
from clinic.consent.actions import hold_back, withdraw_messages
from clinic.consent.models import MessageKind, Outbound, Packet, Recipient
from clinic.consent.queries import reach
from clinic.consent.release import Item, MayNotLeave, release
from clinic.kit import clock
from clinic.kit.dates import date_format
from clinic.people.models import Staff
from clinic.record.models import Appointment, Encounter
from follow_up import rules
from follow_up.models import Referral, ReferralStep, Step
from follow_up.queries import held, nudge_key, reminder_key
from screening.actions import refer_response, reopen_response
from screening.models import ScreenResponse
from screening.queries import responses_named


class WrongStep(ValueError):
    """The loop cannot go there from where it is, or not without a reason. Nothing was written."""


@act(Do.REFER)
def start_referral(
    chart: Chart,
    *,
    recipient: Recipient,
    reason: str,
    purpose: str,
    urgency: str,
    owner: Staff,
    answers: Any = (),
) -> Referral:
    """A referral is begun; nothing has left yet. `answers`: the positive screens that it will answer once it is sent, by
    their response's public id. Who may: clinicians of the team, the supervisor. Recorded: one row."""
    place = chart.home(Do.REFER)
    today = clock.today(place.zone)
    referral = Referral.objects.create(
        **chart.stamp(place), recipient=recipient, reason=reason.strip(), purpose=purpose, urgency=urgency,
        owner=owner, made_by=chart.who, made_on=today, since=today, next_due_on=rules.next_due(rules.DRAFT, today),
        answers=[UUID(str(one)) for one in answers],
    )  # fmt: skip
    _write_step(chart, referral, Step.DRAFT, today)
    return referral


@act(Do.REFER)
def choose_contents(chart: Chart, *, referral: Referral, keys: list[str]) -> Referral:
    """What should go into the packet is kept with the draft. Raises StaleEdit if someone else saved it meanwhile."""
    referral.chosen = keys
    referral.save_over(referral.version, "chosen")
    return referral


@act(Do.REFER)
def refer(chart: Chart, *, referral: Referral, items: list[Item], method: str) -> Packet:
    """The packet of those items is released, and the referral counts as sent from today; its loop is open.

    Who may: clinicians and prescribers of the team. Recorded: this row, the disclosure's own and the packet's. Raises
    NotCovered or MayNotLeave, StaleEdit if it was sent already; then nothing has left and nothing is changed.
    """
    if referral.status != Step.DRAFT:
        raise WrongStep(_("This referral was sent already."))
    today = clock.today(chart.episode(referral.episode_id).zone)
    # The version is taken first: of two posts at once, the second waits here and then finds it gone.
    _move(referral, Step.SENT, today)
    packet = release(
        chart, kind=MessageKind.DISCLOSURE, recipient=referral.recipient, purpose=referral.purpose, items=items,
        method=method, about=f"referral:{referral.public_id}",
    )  # fmt: skip
    assert isinstance(packet, Packet)
    if packet.client_id != referral.client_id:
        raise MayNotLeave(
            _("The consent was signed in the other of this person's two records. Sign it again, then send.")
        )
    referral.packet = packet
    referral.save_over(referral.version, "packet")
    _write_step(chart, referral, Step.SENT, today)
    _answer_screens(chart, referral)
    return packet


def _answer_screens(chart: Chart, referral: Referral) -> None:
    """The positive screens that it was begun for are answered by it; one that was answered otherwise meanwhile stays so."""
    for one in ScreenResponse.objects.filter(
        public_id__in=referral.answers, episode__in=chart.episode_ids, state__in=("open", "deferred")
    ):
        refer_response(chart, response=one, referral=referral.public_id, words=referral.recipient.title)


def _ask_again(chart: Chart, referral: Referral, reason: str) -> None:
    """Nobody was seen there: the positive screens that it answered wait for an answer again."""
    for one in responses_named(chart, [referral.public_id]):
        told = _("The referral was closed before anybody was seen: %(reason)s") % {"reason": reason}
        reopen_response(chart, response=one, reason=told[:300])


@act(Do.REFER)
def record_step(
    chart: Chart,
    *,
    referral: Referral,
    step: str,
    on: dt.date,
    note: str = "",
    reason: str = "",
    booked_for: dt.date | None = None,
) -> ReferralStep:
    """The loop moves on: received, booked, seen, report back, or closed with a reason. The next due day follows. Closed before anybody was seen, the positive screens that it
    answered wait again.

    Who may: clinicians of the team, the supervisor. Raises WrongStep, StaleEdit. Recorded: one row.
    """
    if step == Step.SENT or not rules.may_follow(referral.status, step):
        raise WrongStep(
            _("The referral cannot go from “%(now)s” to that.") % {"now": referral.get_status_display()}
        )
    if step == Step.CLOSED and not reason.strip():
        raise WrongStep(_("Say why it is closed."))
    seen = referral.status in (Step.SEEN, Step.REPORT_BACK)
    _move(referral, step, on, booked_for)
    if step == Step.CLOSED and not seen:
        _ask_again(chart, referral, reason.strip())
    return _write_step(chart, referral, step, on, note=note, reason=reason.strip(), booked_for=booked_for)


@act(Do.REFER)
def hand_over_referral(chart: Chart, *, referral: Referral, owner: Staff) -> Referral:
    """Somebody else looks after the loop from now on. Raises StaleEdit."""
    referral.owner = owner
    referral.save_over(referral.version, "owner")
    return referral


@act(Do.PASS_ON)
def pass_on_loops(opened: Open, *, leaver: Staff, heirs: dict[int, Staff]) -> int:
    """The leaver's open referrals and coming visits are the heir's of each program; how many.

    Who may: the job that hands over when someone's access ends. Recorded: one row with the number.
    """
    return pass_rows(opened, held(opened, leaver.pk), heirs)


def _move(referral: Referral, step: str, on: dt.date, booked_for: dt.date | None = None) -> None:
    referral.status, referral.since = step, on
    referral.next_due_on = rules.next_due(step, on, booked_for)
    if step == Step.SENT:
        referral.sent_on = on
    referral.save_over(referral.version, "status", "since", "next_due_on", "sent_on")


def _write_step(chart: Open, referral: Referral, step: str, on: dt.date, **more: Any) -> ReferralStep:
    return ReferralStep.objects.create(
        client_id=referral.client_id, episode_id=referral.episode_id, part2=referral.part2, referral=referral,
        step=step, on=on, by=chart.who, **more,
    )  # fmt: skip


@act(Do.BOOK)
def book_appointment(
    chart: Chart, *, place: OpenEpisode, starts_at: dt.datetime, staff: Staff, service: str, minutes: int = 50,
    site_id: int | None = None,
) -> Appointment:  # fmt: skip
    """A visit is booked in the episode `place`. Who may: front desk, intake, supervisor; the team. Recorded: one row."""
    return Appointment.objects.create(
        **chart.stamp(place), starts_at=starts_at, staff=staff, service=service, minutes=minutes,
        site_id=site_id or place.site_id,
    )  # fmt: skip


@act(Do.BOOK)
def mark_arrived(chart: Chart, *, appointment: Appointment) -> Appointment:
    """The person is here. Raises WrongStep unless it is booked, StaleEdit."""
    return _set(appointment, "arrive")


@act(Do.BOOK)
def keep_appointment(chart: Chart, *, appointment: Appointment) -> Encounter:
    """The visit took place: an Encounter is written, which is what "seen" means. Raises WrongStep, StaleEdit."""
    _set(appointment, "keep")
    zone = chart.episode(appointment.episode_id).zone
    return Encounter.objects.create(
        client_id=appointment.client_id, episode_id=appointment.episode_id, part2=appointment.part2,
        on=_local(appointment, zone).date(), service=appointment.service, staff_id=appointment.staff_id,
        site_id=appointment.site_id, appointment=appointment,
    )  # fmt: skip


@act(Do.BOOK)
def mark_no_show(chart: Chart, *, appointment: Appointment) -> Appointment:
    """The person did not come. Raises WrongStep, StaleEdit."""
    return _set(appointment, "no-show")


@act(Do.BOOK)
def cancel_appointment(chart: Chart, *, appointment: Appointment) -> Appointment:
    """The visit will not take place; a reminder that still waits is stopped. Raises WrongStep, StaleEdit."""
    _set(appointment, "cancel")
    withdraw_messages(chart, about=reminder_key(appointment.public_id))
    return appointment


def _set(appointment: Appointment, mark: str) -> Appointment:
    if not rules.may_mark(appointment.status, mark):
        raise WrongStep(
            _("This visit is already marked: %(state)s.") % {"state": appointment.get_status_display()}
        )
    appointment.status = rules.MARKS[mark][0]
    appointment.save_over(appointment.version, "status")
    return appointment


@act(Do.NUDGE)
def remind_of_visit(chart: Open, *, appointment: Appointment) -> Outbound:
    """The client is reminded, once, in neutral words, by an address they called safe; without one it is noted as held.

    `appointment` with its site and client. Who may: the reminding job. Recorded: this row and the message's.
    """
    place, site = chart.episode(appointment.episode_id), appointment.site
    key = reminder_key(appointment.public_id)
    how = reach(chart, place, not_after=appointment.starts_at)
    if how.why:
        return hold_back(chart, episode=place, kind=MessageKind.TO_CLIENT, due_key=key, why=how.code)
    with translation.override(appointment.client.language):
        starts = _local(appointment, site.zone)
        day = date_format(starts, "l j F")
        words = {
            "day": day,
            "time": date_format(starts, "H:i"),
            "office": site.neutral_name,
            "phone": site.phone,
        }
        told = _("You have an appointment on %(day)s at %(time)s at %(office)s.") % words
        change = (
            _("Call %(phone)s to change it.") % words if site.phone else _("Call the office to change it.")
        )
        subject = _("Your appointment on %(day)s") % words
        message = release(
            chart, kind=MessageKind.TO_CLIENT, episode=place, subject=subject, due_key=key, not_after=appointment.starts_at,
            body=f"{told} {change}\n\n{site.neutral_name}",
        )  # fmt: skip
    assert isinstance(message, Outbound)
    return message


def _local(appointment: Appointment, zone: str) -> dt.datetime:
    return appointment.starts_at.astimezone(ZoneInfo(zone))


@act(Do.NUDGE)
def nudge_owner(chart: Open, *, referral: Referral, day: int) -> Outbound:
    """The referral's owner is told, once for each nudging day, that something waits for them; not what or for whom."""
    place, key = chart.episode(referral.episode_id), nudge_key(referral, day)
    if not referral.owner.is_active:
        return hold_back(
            chart, episode=place, kind=MessageKind.TO_STAFF, due_key=key, why="colleague has left"
        )
    message = release(chart, kind=MessageKind.TO_STAFF, episode=place, to=referral.owner, due_key=key)
    assert isinstance(message, Outbound)
    return message
