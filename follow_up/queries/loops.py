"""Readers: what waits for its loop to close, who comes when, and what is due."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Concat, JSONObject
from django.utils.translation import gettext_noop

from clinic.access.chart import Chart, Open
from clinic.access.handed import LINK_HOURS
from clinic.access.models import Handover
from clinic.consent.models import Outbound, Recipient
from clinic.kit import clock
from clinic.kit.due import Due, Urgency
from clinic.kit.words import gettext as _
from clinic.kit.written import kept
from clinic.people.models import ClinicSetting
from clinic.people.queries import DEFAULTS, current_period
from clinic.record.models import (
    Appointment,
    AppointmentStatus,
    CareTeam,
    Encounter,
    Episode,
)
from follow_up import rules
from follow_up.models import Referral, ReferralStep, Step

NEXT_ACTION = {  # translated where they are shown
    Step.DRAFT: gettext_noop("Finish it and send the packet"),
    Step.SENT: gettext_noop("Call to confirm that it arrived"),
    Step.RECEIVED: gettext_noop("Call to confirm a visit is booked"),
    Step.BOOKED: gettext_noop("Ask whether the visit took place"),
    Step.SEEN: gettext_noop("Ask for the report back"),
    Step.REPORT_BACK: gettext_noop("Read the report and close the loop"),
}


def reminder_key(appointment: Any) -> str:
    return f"reminder:{appointment}"


def nudge_key(referral: Referral, day: int) -> str:
    return f"nudge:{referral.public_id}:{referral.status}:{day}"


def _setting(name: str) -> Any:
    """The clinic's setting, to be read within another query."""
    rows = ClinicSetting.objects.filter(name=name, holds_from__lte=clock.now()).order_by("-holds_from")
    return Subquery(rows.values("value")[:1])


# The loop -------------------------------------------------------------------------------------------------


def referral(chart: Chart, public_id: Any) -> Referral:
    """One referral with its recipient, owner and packet; Referral.DoesNotExist. Its delivery's state is annotated."""
    return _with_delivery(chart).get(public_id=public_id)


def referrals(opened: Open, *, still_open: bool = False) -> QuerySet[Referral]:
    """Referrals of whatever is open here, the longest due first."""
    found = _with_delivery(opened).select_related("client", "episode__program")
    return found.exclude(status=Step.CLOSED) if still_open else found


def _with_delivery(opened: Open) -> QuerySet[Any]:
    sent = Outbound.objects.filter(packet=OuterRef("packet")).order_by("-pk")
    return (
        Referral.objects.filter(episode__in=opened.episode_ids)
        .annotate(
            delivery=Subquery(sent.values("status")[:1]),
            packet_key=F("packet__public_id"),
            packet_method=F("packet__method"),
            packet_items=F("packet__items"),
            packet_withheld=F("packet__withheld"),
        )
        .select_related("recipient", "owner")
        .order_by(F("next_due_on").asc(nulls_last=True), "pk")
    )


def steps(referral_row: Referral) -> QuerySet[ReferralStep]:
    """What happened to it, oldest first."""
    return ReferralStep.objects.filter(referral=referral_row).select_related("by").order_by("pk")


def with_open_referrals() -> Q:
    """Episodes with a referral whose loop is open: a Q for the door."""
    return Q(Exists(Referral.objects.filter(episode=OuterRef("pk")).exclude(status=Step.CLOSED)))


def with_nudges(days: list[int], today: dt.date) -> Q:
    """Episodes with an open referral whose owner has a nudge to come: a Q for the door, over columns it may read."""
    wanted = Q(pk__in=[])
    ends = [*sorted(days)[1:], None]
    for day, end in zip(sorted(days), ends, strict=True):
        bucket = Q(since__lte=today - dt.timedelta(days=day))
        if end is not None:
            bucket &= Q(since__gt=today - dt.timedelta(days=end))
        key = Concat(
            Value("nudge:"), Cast(OuterRef("public_id"), CharField()), Value(":"), OuterRef("status"), Value(f":{day}"),
            output_field=CharField(),
        )  # fmt: skip
        wanted |= bucket & ~Q(Exists(Outbound.objects.filter(due_key=key)))
    return Q(Exists(Referral.objects.filter(wanted, episode=OuterRef("pk")).exclude(status=Step.CLOSED)))


def nudges(opened: Open, days: list[int], today: dt.date) -> list[tuple[Referral, int]]:
    """(referral, nudging day) for each owner to be nudged now, of the charts that are open."""
    rows = [
        (row, rules.nudge_day(row.since, today, days))
        for row in Referral.objects.filter(episode__in=opened.episode_ids)
        .exclude(status=Step.CLOSED)
        .select_related("owner")
    ]
    due_now = [(row, day) for row, day in rows if day is not None]
    keys = [nudge_key(row, day) for row, day in due_now]
    told = set(Outbound.objects.filter(due_key__in=keys).values_list("due_key", flat=True))
    return [(row, day) for row, day in due_now if nudge_key(row, day) not in told]


# Appointments -----------------------------------------------------------------------------------------------


def day_bounds(day: dt.date, zone: str) -> tuple[dt.datetime, dt.datetime]:
    """The first moment of a day at a site, and of the next."""
    start = dt.datetime.combine(day, dt.time(), ZoneInfo(zone))
    return start, dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), ZoneInfo(zone))


def with_visits(starts: dt.datetime, ends: dt.datetime, site_id: int) -> Q:
    """Episodes with a visit at a site in that time: a Q for the door, over columns that its own role may read."""
    visits = Appointment.objects.filter(
        episode=OuterRef("pk"), site=site_id, starts_at__gte=starts, starts_at__lt=ends
    )
    return Q(Exists(visits))


def visits(opened: Open, starts: dt.datetime, ends: dt.datetime, site_id: int) -> QuerySet[Appointment]:
    """The visits of the open charts at a site in that time, in order: names, times and colleagues, nothing clinical."""
    reminder = Outbound.objects.filter(
        due_key=Concat(Value("reminder:"), Cast(OuterRef("public_id"), CharField()), output_field=CharField())
    )
    # What the client was handed that day: "done" is ready for the visit, None while it is still with them.
    handed = Handover.objects.filter(
        episode_id=OuterRef("episode_id"),
        made_at__gte=starts - dt.timedelta(hours=LINK_HOURS),
        made_at__lt=ends,
    )
    state = handed.order_by("-made_at").annotate(
        stands=Case(When(ended_at__isnull=False, then=F("ending")), default=Value("with_client"))
    ).values("stands")  # fmt: skip
    return (
        Appointment.objects.filter(
            episode__in=opened.episode_ids, starts_at__gte=starts, starts_at__lt=ends, site=site_id
        )
        .annotate(reminder=Subquery(reminder.values("status")[:1]), in_hand=Subquery(state[:1]))
        .select_related("client", "staff")
        .order_by("starts_at", "staff__family_name")
    )


def appointment(opened: Open, public_id: Any) -> Appointment:
    """One visit; Appointment.DoesNotExist."""
    return Appointment.objects.select_related("client", "staff", "site").get(
        episode__in=opened.episode_ids, public_id=public_id
    )


def coming(chart: Chart) -> QuerySet[Appointment]:
    """The client's booked visits from now on."""
    return (
        Appointment.objects.filter(
            episode__in=chart.episode_ids, starts_at__gte=clock.now(), status=AppointmentStatus.BOOKED
        )
        .select_related("staff", "site")
        .order_by("starts_at")
    )


def _to_remind(hours: int) -> QuerySet[Appointment]:
    key = Concat(Value("reminder:"), Cast(OuterRef("public_id"), CharField()), output_field=CharField())
    now = clock.now()
    return Appointment.objects.filter(
        ~Exists(Outbound.objects.filter(due_key=key)), status=AppointmentStatus.BOOKED, starts_at__gt=now,
        starts_at__lte=now + dt.timedelta(hours=hours),
    )  # fmt: skip


def with_reminders(hours: int) -> Q:
    """Episodes with a booked visit within that many hours of which nobody was reminded: a Q for the door."""
    return Q(Exists(_to_remind(hours).filter(episode=OuterRef("pk"))))


def reminders(opened: Open, hours: int) -> QuerySet[Appointment]:
    """The visits of the open charts that are to be reminded of now."""
    return _to_remind(hours).filter(episode__in=opened.episode_ids).select_related("client", "site")


# What is due ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Contact:
    """When a client was last seen and is next expected, over the open episodes; `since` if never seen."""

    client_id: int
    client: Any
    episode_id: int
    since: dt.date
    seen: dt.date | None
    next_visit: dt.datetime | None
    limit: int
    lead: int | None


def due(opened: Open, today: dt.date) -> list[Due]:
    """What is due between visits, for whatever is open: referrals whose loop waits, and people lost from sight.

    A referral that could not be delivered; one open longer than `referral_open_days`; a step that should have come;
    nobody seen for `not_seen_days` (an Encounter is what "seen" means); no next visit. One query, shared (`visited`).
    """
    return [*_referrals_due(opened, today), *_contacts_due(opened, today)]


def _referrals_due(opened: Open, today: dt.date) -> list[Due]:
    """The referrals whose loop is open, the longest due first; read with the episodes."""
    loops = [(row, _dated(loop)) for row in visited(opened) for loop in row.open_loops]
    loops.sort(key=lambda one: (one[1]["next_due_on"] or dt.date.max, one[1]["pk"]))
    return [one for row, loop in loops if (one := _referral_due(row, loop, today))]


def _dated(loop: dict[str, Any]) -> dict[str, Any]:
    """The same with its days as dates: JSON has none."""
    days = ("since", "sent_on", "next_due_on")
    return {**loop, **{day: loop[day] and dt.date.fromisoformat(loop[day]) for day in days}}


def _referral_due(row: Any, loop: dict[str, Any], today: dt.date) -> Due | None:
    limit = row.loop_limit or DEFAULTS["referral_open_days"]
    sent_on, next_due_on = loop["sent_on"], loop["next_due_on"]
    open_days = (today - sent_on).days if sent_on else 0
    title = Recipient(name=loop["name"], organisation=loop["organisation"]).title
    who = {"who": title, "days": open_days, "step": Step(loop["status"]).label}
    if loop["delivery"] in ("failed", "unknown"):
        code, urgency, since = "referral_undelivered", Urgency.NOW, loop["since"]
        text = _("The referral to %(who)s may not have arrived") % who
    elif sent_on and open_days > limit:
        code, urgency, since = "referral_open", Urgency.OVERDUE, sent_on
        text = _("The referral to %(who)s has been open for %(days)d days (%(step)s)") % who
    elif next_due_on and next_due_on <= today:
        code, urgency, since = "referral_step", Urgency.SOON, next_due_on
        text = _("Referral to %(who)s: %(next)s") % {**who, "next": _(NEXT_ACTION[loop["status"]])}
    else:
        return None
    return Due(
        row.client_id, row.pk, code, text, since, urgency, "follow_up:referral",
        (str(row.client.public_id), loop["id"]), _("Open the referral"), owner=loop["owner"],
    )  # fmt: skip


def _open_loops() -> ArraySubquery:
    """An episode's referrals that are not closed, as JSON, each with the state of its delivery."""
    sent = Outbound.objects.filter(packet=OuterRef("packet")).order_by("-pk")
    rows = Referral.objects.filter(episode=OuterRef("pk")).exclude(status=Step.CLOSED)
    return ArraySubquery(
        rows.order_by("pk").values(
            json=JSONObject(
                pk=F("pk"), id=F("public_id"), status=F("status"), since=F("since"), sent_on=F("sent_on"),
                next_due_on=F("next_due_on"), owner=F("owner_id"), name=F("recipient__name"),
                organisation=F("recipient__organisation"), delivery=Subquery(sent.values("status")[:1]),
            )
        )
    )  # fmt: skip


def open_episodes(opened: Open) -> QuerySet[Any]:
    """The open episodes with client, last and next visit, who leads, open referrals, and the clinic's days for both."""
    seen = Encounter.objects.filter(episode=OuterRef("pk")).order_by().values("episode")
    coming_ = Appointment.objects.filter(
        episode=OuterRef("pk"), starts_at__gte=clock.now(), status=AppointmentStatus.BOOKED
    )
    lead = CareTeam.objects.filter(current_period(), episode=OuterRef("pk")).order_by("-lead", "pk")
    return Episode.objects.filter(pk__in=opened.episode_ids).select_related("client").annotate(
        seen=Subquery(seen.annotate(last=Max("on")).values("last")),
        next_visit=Subquery(coming_.order_by().values("episode").annotate(first=Min("starts_at")).values("first")),
        limit=_setting("not_seen_days"), lead_id=Subquery(lead.values("staff")[:1]),
        open_loops=_open_loops(), loop_limit=_setting("referral_open_days"),
    )  # fmt: skip


_read_episodes = kept(open_episodes)


def visited(opened: Open, read: Callable[[Open], list[Any]] | None = None) -> list[Any]:
    """`open_episodes`, read once while they are open. An upper room that shows more of them says so
    first: `read` answers the same rows with its own columns beside them."""
    return opened.remember("follow_up.visited", lambda: (read or _read_episodes)(opened))


def contacts(opened: Open) -> list[Contact]:
    """Each open client's last and next visit, over the running episodes. One query, shared (`visited`)."""
    found: dict[int, Contact] = {}
    for row in sorted(visited(opened), key=lambda row: row.pk):
        if row.ends_on is not None:
            continue
        other = found.get(row.client_id)
        found[row.client_id] = Contact(
            row.client_id, row.client.public_id, other.episode_id if other else row.pk,
            min(filter(None, (row.starts_on, other and other.since))),
            max(filter(None, (row.seen, other and other.seen)), default=None),
            min(filter(None, (row.next_visit, other and other.next_visit)), default=None),
            row.limit or DEFAULTS["not_seen_days"], row.lead_id or (other.lead if other else None),
        )  # fmt: skip
    return list(found.values())


def _contacts_due(opened: Open, today: dt.date) -> list[Due]:
    found = []
    for one in contacts(opened):
        last = one.seen or one.since
        days = (today - last).days
        book = ("follow_up:book", (str(one.client),), _("Book a visit"))
        if days >= one.limit:
            words = (
                _("Nobody has seen them for %(days)d days")
                if one.seen
                else _("Not seen since they came, %(days)d days ago")
            )
            text, code, urgency = words % {"days": days}, "not_seen", Urgency.OVERDUE
        elif one.next_visit is None:
            text, code, urgency = _("No next visit is booked"), "no_next_visit", Urgency.OPEN
        else:
            continue
        found.append(Due(one.client_id, one.episode_id, code, text, last, urgency, *book, owner=one.lead))
    return found
