"""A flag is always somebody's: who has it when it is raised, who takes it, who is asked when nobody does."""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q

from clinic.access.acts import act
from clinic.access.chart import Chart, Open, OpenEpisode
from clinic.access.models import Handover, Way
from clinic.access.passing import pass_rows
from clinic.access.policy import Do
from clinic.consent.actions import hold_back
from clinic.consent.release import MayNotLeave, MessageKind, release
from clinic.kit import clock
from clinic.people.models import Role, Staff
from clinic.people.queries import current_period, ladder, setting, staff_with_duties
from clinic.record.models import CareTeam, Flag, StaleEdit
from screening import rules
from screening.queries.held import held

COVER_DAYS = 3  # how long someone who was asked, and is not on the team, can open the chart


@act(Do.ANSWER_FLAG)
def acknowledge_flag(chart: Chart, *, flag: Flag) -> Flag:
    """Whoever does this has the flag: nobody else is asked any more, and the safety step is theirs to do.

    Who may: `Do.ANSWER_FLAG` in its episode. Recorded: one row. Raises StaleEdit where someone has it already, or it is
    closed; nothing is changed then.
    """
    row = Flag.objects.select_for_update().get(pk=flag.pk)
    if not row.is_open or row.acknowledged_at is not None:
        raise StaleEdit(row)
    _take(row, chart.who.actor_id)
    row.save_over(row.version, "owner", "acknowledged_at", "acknowledged_by", "ask_next_at")
    return row


@act(Do.ESCALATE)
def escalate_flag(opened: Open, *, flag: Flag) -> Flag:
    """The next person is asked to take the flag, and it is theirs until someone has it; told once, in neutral words.

    Someone answering from outside is asked for first; then the person on call, then the supervisors, from the top again
    until someone takes it. Who is not on the team is let in for three days. Who may: the escalating job. Recorded: this
    row with the person asked, and the message's. Where it was taken meanwhile, nothing is changed.
    """
    row = Flag.objects.select_for_update().get(pk=flag.pk)
    if row.ask_next_at is None or row.ask_next_at > clock.now():
        opened.note(taken_meanwhile=True)
        return row
    place = opened.episode(row.episode_id)
    people = ladder(place.program_id)
    # Asked for the first time: its owner. Someone who has left is asked for nothing.
    first = row.asked == 0 and row.owner is not None and row.owner.is_active
    if not first:
        row.owner_id = rules.next_person(people, row.owner_id)
    row.asked, row.asked_at = row.asked + 1, clock.now()
    minutes = rules.wait_minutes(row.asked, len(people), _minutes(row.remote))
    row.ask_next_at = row.asked_at + dt.timedelta(minutes=minutes)
    row.save_over(row.version, "owner", "asked", "asked_at", "ask_next_at")
    _let_in(opened, [(place, row.owner_id)])
    _tell(opened, place, row)
    opened.note(asked=row.owner_id, times=row.asked)
    return row


@act(Do.PASS_ON)
def pass_on_flags(opened: Open, *, leaver: Staff, heirs: dict[int, Staff]) -> int:
    """The leaver's open flags and promised contacts are the heir's of each program; how many.

    A flag that the leaver had taken has to be taken again: its heir is told at once, and the next person after them.
    Who may: the job that hands over when someone's access ends. Recorded: one row with the number.
    """
    kinds = held(opened, leaver.pk)
    flags = list(kinds[0].rows.values_list("pk", flat=True))
    moved = pass_rows(opened, kinds, heirs)
    for row in Flag.objects.filter(pk__in=flags):
        row.acknowledged_at = row.acknowledged_by = row.asked_at = None
        row.asked, row.ask_next_at = 0, clock.now()
        row.save_over(row.version, "acknowledged_at", "acknowledged_by", "asked", "asked_at", "ask_next_at")
    return moved


def _tell(opened: Open, place: OpenEpisode, flag: Flag) -> None:
    key = f"flag:{flag.public_id}:{flag.asked}"
    try:
        release(opened, kind=MessageKind.TO_STAFF, episode=place, to=flag.owner, due_key=key)
    except MayNotLeave as reason:  # the flag is theirs all the same, and stands on their list
        hold_back(opened, episode=place, kind=MessageKind.TO_STAFF, due_key=key, why=str(reason)[:60])


def _minutes(remote: bool) -> int:
    return int(setting("flag_minutes_remote" if remote else "flag_minutes_clinic"))


def _take(flag: Flag, person: int | None) -> None:
    flag.owner_id = person or flag.owner_id
    flag.acknowledged_at, flag.acknowledged_by_id, flag.ask_next_at = clock.now(), person, None


def _owned(opened: Open, places: Iterable[OpenEpisode]) -> dict[int, dict[str, Any]]:
    """Whose a new flag is, and when the next person is asked: the columns of the flag, by episode.

    In the clinic it is the clinician's who asks, or who handed over the tablet: they are there, and the next person is
    asked after the clinic's minutes. From outside, and from an import, it is the lead's, where on duty, else the on-call
    person's; they are told at once. As many reads for many episodes of a program as for one.
    """
    who, now, places = opened.who, clock.now(), list({place.id: place for place in places}.values())
    handed = Handover.objects.filter(pk=who.handover_id).first() if who.actor_kind == "client" else None
    asks = who.actor_id or (handed.made_by_id if handed is not None and handed.way == Way.TABLET else None)
    if asks is not None:
        later = now + dt.timedelta(minutes=_minutes(remote=False))
        here = {"owner_id": asks, "remote": False, "asked": 1, "asked_at": now, "ask_next_at": later}
        return {place.id: here for place in places}
    leads, first = _leads_on_duty(places), {p: ladder(p)[0] for p in {place.program_id for place in places}}
    owners = {place.id: leads.get(place.id) or first[place.program_id] for place in places}
    _let_in(opened, [(place, owners[place.id]) for place in places])
    remote = {"remote": True, "asked": 0, "asked_at": None, "ask_next_at": now}
    return {episode: {"owner_id": owner, **remote} for episode, owner in owners.items()}


def _leads_on_duty(places: list[OpenEpisode]) -> dict[int, int]:
    """The lead of each episode, where they are there now."""
    team = CareTeam.objects.filter(
        current_period(), episode__in=[place.id for place in places], lead=True, staff__is_active=True
    )
    leads = {row.episode_id: row.staff for row in team.select_related("staff")}
    if not leads:
        return {}
    hours, now = (int(setting("duty_from")), int(setting("duty_until"))), clock.now()
    found: dict[int, int] = {}
    for place in places:
        if (lead := leads.get(place.id)) is None:
            continue
        zone, signed_in = ZoneInfo(place.zone), lead.last_login
        if rules.is_on_duty(now.astimezone(zone), signed_in and signed_in.astimezone(zone), hours):
            found[place.id] = lead.pk
    return found


def _let_in(opened: Open, asked: list[tuple[OpenEpisode, int | None]]) -> None:
    """Whoever has to answer can open the chart: a supervisor of the program can; anyone else is on the team for a while."""
    people = staff_with_duties().filter(pk__in={person or 0 for _place, person in asked}, is_active=True)
    duties = {person.pk: person for person in people}
    team = CareTeam.objects.filter(episode__in=[place.id for place, _person in asked], staff__in=duties)
    today = clock.today()
    ends = today + dt.timedelta(days=COVER_DAYS)
    still = Q(starts_on__lt=ends) & (Q(ends_on__isnull=True) | Q(ends_on__gt=today))
    held = set(team.filter(still).values_list("episode_id", "staff_id"))
    for place, number in asked:
        person = duties.get(number or 0)
        if person is None or place.program_id in person.programs_as(Role.SUPERVISOR):
            continue
        if (place.id, person.pk) in held:
            continue
        role = Role.PRESCRIBER if place.program_id in person.programs_as(Role.PRESCRIBER) else Role.CLINICIAN
        CareTeam.objects.create(**opened.stamp(place), staff=person, role=role, starts_on=today, ends_on=ends)
