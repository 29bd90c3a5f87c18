"""The supervisor's verbs on a row: ask a colleague, put someone on the team, take someone off it."""

import datetime as dt

from django.db.models import Q

from caseload import queries
from caseload.models import Ask
from clinic.access.acts import act
from clinic.access.chart import Chart, Open, OpenEpisode
from clinic.access.door import Job, clients_with, open_for_job, open_office
from clinic.access.passing import pass_rows
from clinic.access.policy import Do
from clinic.kit import clock
from clinic.office.actions import deactivate_staff, pass_on_duty
from clinic.people.models import Role, Staff
from clinic.record.models import CareTeam, Client
from follow_up.actions import pass_on_loops
from screening.actions import pass_on_flags
from treatment_plans.actions import pass_on_plans


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


@act(Do.OPEN_CHART)
def print_picture(chart: Chart, *, months: int) -> Client:
    """That the joint picture was printed, by whom, is on the ledger. Nothing else changes: paper inside the house is no
    disclosure.

    Who may: whoever may open the chart.
    """
    chart.note(months=months)
    return chart.client


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
    today = clock.today()  # by which access is counted, wherever the site is
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


@act(Do.PASS_ON)
def pass_on_asks(opened: Open, *, leaver: Staff, heirs: dict[int, Staff]) -> int:
    """What the leaver was asked and has not answered is asked of the heir of each program; how many.

    Who may: the job that hands over when someone's access ends. Recorded: one row with the number.
    """
    return pass_rows(opened, [queries.held_asks(opened, leaver.pk)], heirs)


@act(Do.PASS_ON)
def pass_on_team(opened: Open, *, leaver: Staff, heirs: dict[int, Staff]) -> int:
    """The leaver is on no care team from today; where they led, the heir of the program leads until someone else is
    chosen. How many teams. Who may: the job that hands over when someone's access ends. Recorded: one row.
    """
    rows = list(queries.held_teams(opened, leaver.pk).rows.select_for_update(of=("self",)))
    for member in rows:
        place = opened.episode(member.episode_id)
        member.ends_on, led, member.lead = max(clock.today(place.zone), member.starts_on), member.lead, False
        member.save_over(member.version, "ends_on", "lead")
        if led:
            _lead(opened, place, heirs[place.program_id])
    opened.note(moved=len(rows))
    return len(rows)


def _lead(opened: Open, place: OpenEpisode, heir: Staff) -> None:
    running = CareTeam.objects.filter(episode=place.id, ends_on__isnull=True)
    if running.filter(lead=True).exists():
        return
    mine = running.filter(staff=heir).first()
    if mine is not None:
        mine.lead = True
        mine.save_over(mine.version, "lead")
        return
    CareTeam.objects.create(
        **opened.stamp(place), staff=heir, role=Role.SUPERVISOR, lead=True, starts_on=clock.today()
    )


# What each room passes on when someone's access ends. A room that lets people hold things adds its verb here.
PASSING = (pass_on_flags, pass_on_loops, pass_on_plans, pass_on_asks, pass_on_team)
SLICE = 100


def end_access(who: Staff, *, person: Staff, heirs: dict[int, Staff]) -> int:
    """The person can no longer sign in, and all that they held is their heirs' at once; how many things.

    `heirs`: by program, for every program in which they hold something or have a role. Who may: the administrator, not
    for themselves. Recorded: the office's rows, and one for each room and slice of charts. Done again for someone whose
    access has ended, it passes on what is still theirs. Raises ValueError for oneself.
    """
    with open_office(who, to=Do.MANAGE_STAFF, route="caseload:end_access") as office:
        if person.is_active:
            deactivate_staff(office, person=person)
        pass_on_duty(office, leaver=person, heirs=heirs)
    return pass_everything_on(Job("pass_on"), leaver=person, heirs=heirs)


def pass_everything_on(job: Job, *, leaver: Staff, heirs: dict[int, Staff]) -> int:
    """Everything that the leaver holds in any chart is the heirs'; how many things. Recorded by each room's verb.

    In a program for which no heir was named it is the first who can take over: nothing is left to nobody.
    """
    heirs = {**queries.heirs_everywhere(leaver), **heirs}
    clients = clients_with(job, queries.with_work_of(leaver.pk), to=Do.PASS_ON, most=1_000_000)
    moved = 0
    for start in range(0, len(clients), SLICE):
        with open_for_job(job, clients[start : start + SLICE], to=Do.PASS_ON) as opened:
            moved += sum(verb(opened, leaver=leaver, heirs=heirs) for verb in PASSING)
    return moved
