"""The supervisor's verbs on a row: ask a colleague, put someone on the team, take someone off it."""

import datetime as dt

from django.db.models import Q

from caseload.models import Ask
from clinic.access.acts import act
from clinic.access.chart import Chart, OpenEpisode
from clinic.access.policy import Do
from clinic.kit import clock
from clinic.people.models import Role, Staff
from clinic.record.models import CareTeam


class NotSoDated(ValueError):
    """The day has gone by, or the end comes before the beginning. Nothing was changed."""


class TeamOverlap(ValueError):
    """They are on the team in that time already. Nothing was changed."""


@act(Do.ASSIGN_CARE)
def ask_colleague(chart: Chart, *, place: OpenEpisode, to: Staff, words: str, due_on: dt.date) -> Ask:
    """`to` has been asked, by `due_on`; it stands on both caseloads until it is answered.

    Who may: the supervisor of the program. Recorded: one row, without the words.
    """
    chart.note(to=to.pk)
    return Ask.objects.create(
        **chart.stamp(place),
        asked_by=chart.who,
        to=to,
        words=words,
        due_on=due_on,
        asked_on=clock.today(place.zone),
    )


@act(Do.ANSWER_FLAG)
def answer_ask(chart: Chart, *, ask: Ask, answer: str) -> Ask:
    """The ask is answered and leaves both caseloads. Recorded: one row.

    Who may: whoever answers a flag there, the team and the supervisor; reading by in-house need is not enough.

    Raises StaleEdit when someone answered it first.
    """
    ask.answered_on, ask.answer = clock.today(), answer
    ask.save_over(ask.version, "answered_on", "answer")
    return ask


@act(Do.ASSIGN_CARE)
def join_team(
    chart: Chart,
    *,
    place: OpenEpisode,
    staff: Staff,
    lead: bool = False,
    starts_on: dt.date | None = None,
    ends_on: dt.date | None = None,
) -> CareTeam:
    """`staff` is on the episode's care team from that day (today, or one to come) and may open the chart while it lasts.

    A new lead who begins today replaces the old one. Who may: the supervisor of the program. Recorded: one row with the
    person's id. Raises NotSoDated for a day that has gone by, or an end before the beginning; TeamOverlap where they are
    on the team in that time already, from another day.
    """
    today = clock.today(place.zone)
    begins = starts_on or today
    if begins < today or (ends_on is not None and ends_on <= begins):
        raise NotSoDated
    if lead and begins == today:
        CareTeam.objects.filter(episode=place.id, ends_on__isnull=True).exclude(staff=staff).update(
            lead=False
        )
    chart.note(staff=staff.pk)
    theirs = CareTeam.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=begins), episode=place.id, staff=staff
    )
    mine = theirs.filter(starts_on__lte=begins).first()
    if mine is not None:
        mine.lead, mine.ends_on = mine.lead or lead, ends_on
        mine.save_over(mine.version, "lead", "ends_on")
        return mine
    if ends_on is None and theirs.exists():
        raise TeamOverlap
    role = Role.PRESCRIBER if place.program_id in staff.programs_as(Role.PRESCRIBER) else Role.CLINICIAN
    if place.program_id in staff.programs_as(Role.PEER):
        role = Role.PEER
    return CareTeam.objects.create(
        **chart.stamp(place), staff=staff, role=role, lead=lead, starts_on=begins, ends_on=ends_on
    )


@act(Do.ASSIGN_CARE)
def leave_team(chart: Chart, *, member: CareTeam, on: dt.date | None = None) -> CareTeam:
    """The person's access to this episode ends that day (today: at once, in sessions open now too). Recorded: one row.

    Who may: the supervisor of the program. Where it has ended already, the day it ended stays. Raises NotSoDated.
    """
    today = clock.today()
    chart.note(staff=member.staff_id)
    if member.ends_on is not None and member.ends_on <= today:
        return member
    if on is not None and on < today:
        raise NotSoDated
    # A row that began today covers no day when it ends today: it ends where it began.
    member.ends_on = max(on or today, member.starts_on)
    member.save_over(member.version, "ends_on")
    return member
