"""The caseload's rows and what hangs on them, the chart page's cards, what someone holds."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat, JSONObject
from django.urls import resolve, reverse

from caseload.models import Ask
from clinic.access.chart import Chart, Open, OpenEpisode
from clinic.access.door import Job, clients_with, open_for_job
from clinic.access.passing import Held, count
from clinic.access.policy import Do
from clinic.consent import queries as consent
from clinic.kit import clock
from clinic.kit.due import Due, Urgency
from clinic.kit.words import gettext as _
from clinic.kit.words import in_one_language
from clinic.kit.written import kept
from clinic.people.models import Program, Role, Staff
from clinic.people.queries import current_period, heirs, ladder
from clinic.record.models import Appointment, AppointmentStatus, CareTeam, Flag
from follow_up import queries as follow_up
from follow_up.models import Referral
from intake import queries as intake
from screening import queries as screening
from treatment_plans import queries as treatment_plans
from treatment_plans.models import Cosigning, Plan


@dataclass
class Row:
    """One client of a caseload: who, why they are listed in words, what was measured, when seen."""

    client_id: int
    public_id: Any
    listed_name: str
    called: str
    age: int | None
    id_ending: str
    programs: list[str]
    lead: str
    last_seen: dt.date | None
    next_visit: dt.datetime | None
    zone: str
    contact_only: bool = True
    reasons: list[Due] = field(default_factory=list)
    scores: list[Any] = field(default_factory=list)

    @property
    def urgency(self) -> Urgency | None:
        return min((due.urgency for due in self.reasons), default=None)

    @property
    def is_listed(self) -> bool:
        """Something is due that somebody is waiting for; a questionnaire whose turn has come is not that."""
        return self.urgency is not None and self.urgency < Urgency.OPEN

    @property
    def years(self) -> str:
        """The age in words; "" where it is not known."""
        return "" if self.age is None else _("%(age)s years") % {"age": self.age}

    @property
    def of_name(self) -> str:
        """Whose, after a link that says only what."""
        return _("of %(name)s") % {"name": self.listed_name}

    @property
    def more(self) -> str:
        """How many reasons stand behind the first three, in words; "" where none does."""
        return _("%(n)s more in the chart") % {"n": len(self.reasons) - 3} if len(self.reasons) > 3 else ""

    @property
    def order(self) -> tuple[int, int, str]:
        """What cannot wait first, then the longest list, then by name."""
        first = self.urgency
        return (99 if first is None else int(first), -len(self.reasons), self.listed_name)


@in_one_language()
def everything_due(opened: Open, today: dt.date) -> list[Due]:
    """Every room's due list for whatever is open here: the most urgent first, and of these what a colleague asked.

    What is not the reader's to know is left out; what they may read and not do has no action.
    """
    found = [
        *asks_due(opened),  # first: it reads the episodes for the other rooms too
        *screening.due(opened, today),
        *intake.due(
            opened, [(e.pk, e.client_id, e.client.public_id, e.interview_notices) for e in _episodes(opened)]
        ),
        *treatment_plans.due(opened, today),
        *follow_up.due(opened, today),
        *consent.due(opened, [(row.pk, row.client.public_id, row.notice) for row in _episodes(opened)]),
    ]
    told = filter(None, (_for_reader(opened, due) for due in found))
    return sorted(told, key=lambda due: (due.urgency, due.code != "asked", due.since, due.client_id))


def _for_reader(opened: Open, due: Due) -> Due | None:
    if opened.permits(_does(due.route, len(due.args)), due.episode_id):
        return due
    return replace(due, action="") if opened.permits(Do.OPEN_CHART, due.episode_id) else None


@cache
def _does(route: str, arguments: int) -> Do:
    """What the page behind this route opens a chart to do."""
    view: Any = resolve(reverse(route, args=[UUID(int=0)] * arguments)).func
    return Do(view.opens[1])


def asks_due(opened: Open) -> list[Due]:
    """What colleagues were asked to do and have not answered; read with the episodes, no query of its own."""
    return [
        _ask_due(episode, ask, opened.episode(episode.pk).zone)
        for episode in _episodes(opened)
        for ask in episode.asks
    ]


def _ask_due(episode: Any, ask: dict[str, Any], zone: str) -> Due:
    late = dt.date.fromisoformat(ask["due_on"]) < clock.today(zone)
    return Due(
        client_id=episode.client_id,
        episode_id=episode.pk,
        code="asked",
        text=_("%(by)s asked %(to)s: %(words)s") % ask,
        since=dt.date.fromisoformat(ask["asked_on"]),
        urgency=Urgency.OVERDUE if late else Urgency.SOON,
        route="caseload:ask_answer",
        args=(str(episode.client.public_id), ask["id"]),
        action=_("Answer"),
        owner=ask["to_id"],
    )


def _people(opened: Open, today: dt.date) -> dict[int, Row]:
    """Everyone who is open here, a merged person once, without what is due for them."""
    found: dict[int, Row] = {}
    for episode in sorted(_episodes(opened), key=lambda e: e.client_id != opened.person(e.client_id)):
        person = opened.person(episode.client_id)
        row = found.get(person) or _row(episode, opened.episode(episode.pk), today)
        found[person] = row
        row.programs.append(opened.episode(episode.pk).program)
        row.contact_only = row.contact_only and not opened.permits(Do.OPEN_CHART, episode.pk)
        row.lead = row.lead or next((m["name"] for m in episode.team if m["lead"]), "")
        row.last_seen = max(filter(None, (row.last_seen, episode.seen)), default=None)
        row.next_visit = min(filter(None, (row.next_visit, episode.next_visit)), default=None)
    return found


@in_one_language()
def rows(opened: Open, today: dt.date) -> list[Row]:
    """Everyone who is open here, the most urgent first, a merged person once; queries constant in their number."""
    found = _people(opened, today)
    for due in everything_due(opened, today):
        found[opened.person(due.client_id)].reasons.append(due)
    for client_id, scores in screening.latest_by_client(opened).items():
        row = found[opened.person(client_id)]
        row.scores = [] if row.contact_only else [*row.scores, *scores]
    return sorted(found.values(), key=lambda row: row.order)


def _row(episode: Any, place: OpenEpisode, today: dt.date) -> Row:
    client = episode.client
    return Row(
        client_id=client.pk,
        public_id=client.public_id,
        listed_name=client.listed_name,
        called=client.called,
        age=client.age(today),
        id_ending=client.id_ending,
        programs=[],
        lead="",
        last_seen=None,
        next_visit=None,
        zone=place.zone,
    )


def _episodes(opened: Open) -> list[Any]:
    """The open episodes with client, team, visits, open asks, referrals and notices: one query, which the rooms share."""
    return follow_up.visited(opened, _read_episodes)


def _name(of: str) -> Concat:
    return Concat(f"{of}__given_name", Value(" "), f"{of}__family_name")


@kept
def _read_episodes(opened: Open) -> QuerySet[Any]:
    team = (
        CareTeam.objects.filter(current_period(), episode=OuterRef("pk"))
        .order_by("-lead", "pk")
        .values(
            json=JSONObject(
                id=F("public_id"), version=F("version"), staff=F("staff_id"), role=F("role"), lead=F("lead"),
                name=_name("staff"),
            )
        )
    )  # fmt: skip
    asks = (
        Ask.objects.filter(episode=OuterRef("pk"), answered_on__isnull=True)
        .order_by("due_on")
        .values(
            json=JSONObject(
                id=F("public_id"), words=F("words"), due_on=F("due_on"), asked_on=F("asked_on"), to_id=F("to_id"),
                by=_name("asked_by"), to=_name("to"),
            )
        )
    )  # fmt: skip
    episodes = follow_up.open_episodes(opened)
    return episodes.annotate(
        team=ArraySubquery(team),
        asks=ArraySubquery(asks),
        notice=consent.newest_notice(),
        interview_notices=intake.notices_told(opened),
    ).order_by("starts_on", "pk")


@dataclass
class EpisodeCard:
    """One open episode on the chart page: program, dates, team."""

    place: OpenEpisode
    team: list[dict[str, Any]]
    last_seen: dt.date | None
    next_visit: dt.datetime | None


def episode_cards(chart: Chart) -> list[EpisodeCard]:
    """The open episodes with their teams and visits, in one query."""
    return [
        EpisodeCard(chart.episode(row.pk), row.team, row.seen, row.next_visit) for row in _episodes(chart)
    ]


def answering_team(chart: Chart, place: OpenEpisode) -> list[int]:
    """Who is on this episode's team in a role that may answer what is asked; no query of its own."""
    team = next((card.team for card in episode_cards(chart) if card.place.id == place.id), [])
    return [person["staff"] for person in team if person["role"] != Role.PEER]


def ask(chart: Chart, public_id: str) -> Ask | None:
    """The ask of that id in the open chart, with who asked and whom."""
    return Ask.objects.filter(public_id=public_id).select_related("asked_by", "to").first()


def team_then_and_now(place: OpenEpisode) -> list[CareTeam]:
    """Everyone who was, is or will be on this episode's team, newest first."""
    rows = CareTeam.objects.filter(episode=place.id).select_related("staff")
    return list(rows.order_by("-starts_on", "-pk"))


def member(chart: Chart, public_id: str) -> CareTeam | None:
    """The care-team row of that id in the open chart."""
    return (
        CareTeam.objects.filter(public_id=public_id, episode__in=chart.episode_ids)
        .select_related("staff")
        .first()
    )


@dataclass(frozen=True)
class Hanging:
    """Something of an episode that is not closed: in words, and the page where it is, if that is theirs to see."""

    text: Any
    href: str = ""


# What is due because time went by ends with the episode; what somebody began does not.
PASSES = {
    "not_seen",
    "no_next_visit",
    "screen_due",
    "plan_due",
    "plan_overdue",
    "plan_review",
    "plan_review_due",
}


def hanging_open(chart: Chart, place: OpenEpisode, flags: list[dict[str, Any]]) -> list[Hanging]:
    """What is still open in this episode: flags (as the banner read them), what was asked, drafts, signatures,
    referrals, the next visit."""
    card = next((card for card in episode_cards(chart) if card.place.id == place.id), None)
    today = clock.today(place.zone)
    begun = [*asks_due(chart), *treatment_plans.due(chart, today), *follow_up.due(chart, today)]
    found = [Hanging(flag["text"]) for flag in flags if flag["episode"] == place.id]
    found += [
        Hanging(due.text, due.href if due.action else "")
        for due in filter(None, (_for_reader(chart, due) for due in begun))
        if due.episode_id == place.id and due.code not in PASSES
    ]
    if card is not None and card.next_visit is not None:
        day = f"{card.next_visit.astimezone(ZoneInfo(place.zone)):%d-%b-%Y}"
        found.append(Hanging(_("A visit is booked for %(day)s") % {"day": day}))
    return found


@dataclass(frozen=True)
class OpenResponse:
    """One positive screen that is not answered for good: whose, why, since when, who leads."""

    row: Row
    one: screening.Unsettled
    waits: bool
    is_late: bool


def open_responses(opened: Open, today: dt.date) -> list[OpenResponse]:
    """Positive screens of the open charts that nobody has answered, then those that were put off; the oldest first."""
    people = _people(opened, today)
    found = [
        OpenResponse(people[opened.person(one.client_id)], one, one.waits(today), one.is_late(today))
        for one in screening.unsettled(opened)
        if opened.permits(Do.OPEN_CHART, one.episode_id)
    ]
    return sorted(found, key=lambda each: (not each.waits, not each.is_late, each.one.since))


# What someone holds ------------------------------------------------------------------------------------------


def held_asks(opened: Open, person: int) -> Held:
    """What they were asked to do and have not answered."""
    rows = Ask.objects.filter(episode__in=opened.episode_ids, to=person, answered_on__isnull=True)
    return Held(_("Asks of colleagues"), rows, "to")


def held_teams(opened: Open, person: int) -> Held:
    """The care teams they are on today."""
    rows = CareTeam.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=clock.today()), episode__in=opened.episode_ids, staff=person
    )
    return Held(_("Care teams"), rows, "staff")


def held(opened: Open, person: int) -> list[Held]:
    """Everything that someone holds in the open charts, from every room."""
    rooms = (screening.held, treatment_plans.held, follow_up.held)
    return [
        *(kind for room in rooms for kind in room(opened, person)),
        held_asks(opened, person), held_teams(opened, person),
    ]  # fmt: skip


def with_work_of(person: int) -> Q:
    """Episodes in which someone may hold something: a Q for the door, over columns that it may read."""
    here = {"episode": OuterRef("pk")}
    return (
        Q(Exists(CareTeam.objects.filter(staff=person, **here)))
        | Q(Exists(Appointment.objects.filter(staff=person, status=AppointmentStatus.BOOKED, **here)))
        | Q(Exists(Flag.objects.filter(owner=person, **here)))
        | Q(Exists(Referral.objects.filter(owner=person, **here)))
        | Q(Exists(Ask.objects.filter(to=person, answered_on__isnull=True, **here)))
        | Q(Exists(Plan.objects.filter(author=person, frozen_at__isnull=True, **here)))
        | Q(Exists(Cosigning.objects.filter(supervisor=person, answered_at__isnull=True, **here)))
    )


def work_of(job: Job, person: Staff) -> Counter[tuple[int, str]]:
    """How much of each kind someone holds, by (program, kind in words): read as the job that would pass it on."""
    clients = clients_with(job, with_work_of(person.pk), to=Do.PASS_ON, most=1_000_000)
    found: Counter[tuple[int, str]] = Counter()
    for start in range(0, len(clients), 1000):
        with open_for_job(job, clients[start : start + 1000], to=Do.PASS_ON) as opened:
            found += count(opened, held(opened, person.pk))
    return found


def heirs_everywhere(leaver: Staff) -> dict[int, Staff]:
    """For each program, the first who can take over from this person; whoever is asked there first, where nobody can."""
    programs = list(Program.objects.values_list("pk", flat=True))
    able = heirs(leaver, programs)
    found = {}
    for program in programs:
        heir = next(iter(able.get(program, [])), None)
        found[program] = heir or Staff.objects.get(pk=ladder(program)[0])
    return found
