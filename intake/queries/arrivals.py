"""What is still to do for someone who walked in: computed from the facts, dated, with who took it up."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat, JSONObject
from django.utils.translation import gettext_noop

from clinic.access.chart import Chart, Open
from clinic.access.persons import has_of_person, others_of_person
from clinic.access.policy import Do
from clinic.consent.models import Answer, Consent, NoticeAnswer, NoticeGiven, Offer
from clinic.kit import clock
from clinic.kit.due import Due, Urgency
from clinic.kit.words import gettext as _
from clinic.kit.written import kept
from clinic.people.models import Role, Staff
from clinic.people.queries import current_period
from clinic.record.models import (
    CareTeam,
    Client,
    ClientFact,
    Contact,
    Coverage,
    Merge,
    MergeStanding,
    SelfPay,
)
from intake.models import Arrival, Pickup
from intake.queries.desk import program_colleagues
from intake.rules import catalogue
from screening.models import Screen

# The questionnaires that ask about suicide; one of them is the safety check.
SAFETY_CHECKS = ("c-ssrs-screener", "phq-9")
CARERS = (Role.CLINICIAN, Role.PRESCRIBER)


@dataclass(frozen=True)
class Kind:
    """One task of the door: what to do, how many days after arrival it is due, which fact closes it, where it is done.

    `first` argument of the route is the client; `do` is what that page opens a chart for.
    """

    code: str
    text: str
    days: int
    closed_by: str
    route: str
    more: tuple[str, ...] = ()


KINDS = (
    Kind("safety_check", gettext_noop("Start the safety check"), 0, "checked", "screening:answer", ("c-ssrs-screener",)),
    Kind("contact", gettext_noop("Ask how they may safely be reached"), 0, "reachable", "intake:contact"),
    Kind("names", gettext_noop("Ask the name and the birth date"), 1, "named", "intake:names"),
    Kind("notice", gettext_noop("Give the privacy notice"), 1, "noticed", "consent:notice"),
    Kind("consents", gettext_noop("Go through the consents"), 1, "consented", "consent:list"),
    Kind("clinician", gettext_noop("Assign a clinician"), 1, "assigned", "caseload:team"),
    Kind("payer", gettext_noop("Ask who pays"), 7, "paid", "intake:payers"),
    Kind("details", gettext_noop("Ask the rest of the registration"), 7, "told", "intake:registration"),
)  # fmt: skip


@dataclass(frozen=True)
class DoorTask:
    """One task that is still open: in words, until when, and who took it up (name and staff id), if anybody."""

    kind: Kind
    client: Any
    due_on: dt.date
    late: bool
    by: str = ""
    staff_id: int | None = None

    @property
    def code(self) -> str:
        return self.kind.code

    @property
    def text(self) -> str:
        return _(self.kind.text)

    @property
    def args(self) -> tuple[str, ...]:
        return (str(self.client), *self.kind.more)


@dataclass(frozen=True)
class Waiting:
    """Someone who walked in, as the program's list shows them, with what is still to do."""

    public_id: Any
    name: str
    age: int | None
    estimated: bool
    id_ending: str
    temporary_id: str
    program: str
    arrived_at: dt.datetime
    zone: str
    tasks: list[DoorTask]
    may_take: bool = False  # the registration is theirs to open


def with_arrivals() -> Q:
    """Running episodes of people who walked in: a Q for the door, over columns that its own role may read."""
    return Q(Exists(Arrival.objects.filter(episode=OuterRef("pk"))), ends_on__isnull=True)


def arrival(chart: Chart) -> Arrival | None:
    """How this client came, where they walked in, in the newest open episode."""
    return next(reversed(_arrivals(chart)), None)


def walk_ins(opened: Open) -> list[Waiting]:
    """Everyone who walked in and has something open, the newest arrival first. One query."""
    found = [_waiting(opened, row) for row in _arrivals(opened)]
    return sorted((one for one in found if one.tasks), key=lambda one: one.arrived_at, reverse=True)


def door_tasks(opened: Open) -> list[DoorTask]:
    """What is still to do for those who walked in among the open charts, the first due first. One query."""
    found = [task for row in _arrivals(opened) for task in _tasks(opened, row)]
    return sorted(found, key=lambda task: task.due_on)


def due(opened: Open) -> list[Due]:
    """The same as due things of the caseload: the safety check cannot wait."""
    return [_due(row, task) for row in _arrivals(opened) for task in _tasks(opened, row)]


def _due(row: Any, task: DoorTask) -> Due:
    urgency = Urgency.NOW if task.code == "safety_check" else Urgency.OVERDUE if task.late else Urgency.SOON
    return Due(
        client_id=row.client_id, episode_id=row.episode_id, code=f"door_{task.code}",
        text=_("%(task)s (%(by)s has it)") % {"task": task.text, "by": task.by} if task.by else task.text,
        since=task.due_on, urgency=urgency, route=task.kind.route, args=task.args, action=_("Do it"),
        owner=task.staff_id,
    )  # fmt: skip


def _arrivals(opened: Open) -> list[Any]:
    return opened.remember("arrivals", lambda: _whole_people(opened, _read(opened)))


MAY = Q(may_call=True) | Q(may_text=True) | Q(may_email=True) | Q(may_mail=True)


def _current() -> QuerySet[ClientFact]:
    return ClientFact.objects.filter(superseded_by__isnull=True)


def _whole_people(opened: Open, rows: list[Any]) -> list[Any]:
    """What the other record of someone who was merged tells counts too: a query more, where there is such a one."""
    merged = [row.pk for row in rows if row.is_merged]
    if not merged:
        return rows
    topics = others_of_person(_current().filter(topic__in=_asked_topics()))
    more = {f"told_{number}": ArraySubquery(told.values("topic")) for number, told in enumerate(topics)}
    whole = Arrival.objects.filter(pk__in=merged).annotate(
        reachable=has_of_person(Contact.objects.filter(MAY, ends_on__isnull=True))
        | has_of_person(_current().filter(topic="contact_told")),
        paid=has_of_person(Coverage.objects.all()),
        **more,
    )
    people = Client.objects.in_bulk([opened.person(row.client_id) for row in rows if row.is_merged])
    found = {row.pk: row for row in whole}
    for row in (row for row in rows if row.is_merged):
        also = found[row.pk]
        row.reachable, row.paid = row.reachable or also.reachable, row.paid or also.paid
        row.told = [*row.told, *(topic for name in more for topic in getattr(also, name))]
        row.client = people.get(opened.person(row.client_id), row.client)
        row.named = row.named or bool(
            row.client.family_name + row.client.given_name
            and row.client.birth_date
            and not row.client.birth_estimated
        )
    return rows


@kept
def _read(opened: Open) -> QuerySet[Arrival]:
    episode, client = OuterRef("episode"), OuterRef("client")
    contacts = Contact.objects.filter(MAY, client=client, ends_on__isnull=True)
    told = _current().filter(client=client)
    notices = NoticeGiven.objects.filter(episode=episode).exclude(answer=NoticeAnswer.NOT_ABLE)
    refused = Offer.objects.filter(episode=episode, answer=Answer.DECLINED)
    merges = Merge.objects.filter(Q(client=client) | Q(merged=client), standing=MergeStanding.DONE)
    taken = (
        Pickup.objects.filter(episode=episode, released_at__isnull=True)
        .order_by("pk")
        .values(
            json=JSONObject(
                task=F("task"), staff=F("staff_id"),
                name=Concat("staff__given_name", Value(" "), "staff__family_name"),
            )
        )
    )  # fmt: skip
    named = ~Q(client__given_name="", client__family_name="") & Q(
        client__birth_date__isnull=False, client__birth_estimated=False
    )
    topics = _asked_topics()
    rows = Arrival.objects.filter(episode__in=opened.episode_ids, episode__ends_on__isnull=True).annotate(
        client_public_id=F("client__public_id"),
        checked=Exists(Screen.objects.filter(episode=episode, instrument__in=SAFETY_CHECKS)),
        is_merged=Exists(merges),
        reachable=Q(Exists(contacts)) | Q(Exists(told.filter(topic="contact_told"))),
        named=Q(named),
        # 42 CFR 2.22: only of a Part 2 program; acknowledged or declined, it was given.
        noticed=Q(episode__part2=False) | Q(Exists(notices)),
        consented=Q(Exists(Consent.objects.filter(episode=episode))) | Q(Exists(refused)),
        assigned=Exists(CareTeam.objects.filter(current_period(), episode=episode, role__in=CARERS)),
        paid=Q(Exists(Coverage.objects.filter(client=client)))
        | Q(Exists(SelfPay.objects.filter(episode=episode))),
        told=ArraySubquery(told.filter(topic__in=topics).values("topic")),
        taken=ArraySubquery(taken),
    )
    return rows.select_related("client").order_by("arrived_at", "pk")


def _asked_topics() -> list[str]:
    """What the registration asks of everyone, whatever they answered before."""
    sections = catalogue().part("registration")
    return [
        q.topic
        for s in sections
        for q in s.questions
        if q.when is None and q.belongs == "client" and s.minutes
    ]


def _tasks(opened: Open, row: Any) -> Iterable[DoorTask]:
    today = clock.today(opened.episode(row.episode_id).zone)
    taken = {one["task"]: one for one in row.taken}
    for kind in KINDS:
        if _is_closed(row, kind):
            continue
        due_on = row.arrived_on + dt.timedelta(days=kind.days)
        has = taken.get(kind.code, {})
        yield DoorTask(
            kind, row.client_public_id, due_on, due_on < today, has.get("name", ""), has.get("staff")
        )


def _is_closed(row: Any, kind: Kind) -> bool:
    if kind.code == "details":
        return set(_asked_topics()) <= set(row.told)
    return bool(getattr(row, kind.closed_by))


def who_may_start(chart: Chart, row: Arrival) -> list[Staff]:
    """The clinicians and prescribers of the program, one of whom starts the safety check."""
    return list(program_colleagues(chart.episode(row.episode_id).program_id, *CARERS))


def may_care(chart: Chart, row: Arrival) -> bool:
    """Whether whoever looks may start it themselves, once they took it up."""
    program = chart.episode(row.episode_id).program_id
    return any(program in chart.who.programs_as(role) for role in CARERS)


def may_see_task(opened: Open, task: DoorTask) -> bool:
    """Whether the page where it is done is theirs to open."""
    needed = {
        "screening:answer": Do.SCREEN, "intake:contact": Do.SEE_CONTACT, "consent:list": Do.CONSENT, "consent:notice": Do.CONSENT,
        "caseload:team": Do.ASSIGN_CARE,
    }  # fmt: skip
    return opened.permits(needed.get(task.kind.route, Do.TAKE_DETAILS))


def _waiting(opened: Open, row: Any) -> Waiting:
    place, client = opened.episode(row.episode_id), row.client
    return Waiting(
        public_id=client.public_id,
        name=client.listed_name if client.given_name or client.family_name else client.called,
        age=client.age(clock.today(place.zone)),
        estimated=client.birth_estimated,
        id_ending=client.id_ending,
        temporary_id=row.temporary_id,
        program=place.program,
        arrived_at=row.arrived_at,
        zone=place.zone,
        tasks=list(_tasks(opened, row)),
        may_take=opened.permits(Do.TAKE_DETAILS, row.episode_id),
    )
