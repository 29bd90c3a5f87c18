"""The registration as a task list: what was told, what is still to ask, what was put off."""

import datetime as dt
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, Q, QuerySet
from django.utils.translation import gettext as _

from clinic.access.chart import Chart
from clinic.access.policy import Do
from clinic.kit import clock
from clinic.people.queries import current_period
from clinic.record.models import Address, Client, Contact, Coverage, Draft, PersonName, SelfPay, Support
from clinic.record.queries import Told, current_facts
from intake.rules import Question, Section, answer_words, catalogue, is_asked

PART, DRAFT = "registration", "registration"
DONE, DOING, TODO, BLOCKED, PROBLEM = "done", "doing", "todo", "blocked", "problem"


@dataclass(frozen=True)
class DetailsTask:
    """One line of the task list (experience.md P5): `route` and `args` name its page."""

    key: str
    label: str
    state: str
    route: str
    args: tuple[str, ...]
    note: str = ""

    @property
    def state_label(self) -> str:
        return {
            DONE: _("Completed"),
            DOING: _("In progress"),
            TODO: _("Not yet started"),
            BLOCKED: _("Cannot start yet"),
            PROBLEM: _("There is a problem"),
        }[self.state]


@dataclass(frozen=True)
class Asked:
    """One question on a page, with the current answer and what was typed and not yet saved."""

    question: Question
    told: Told | None
    codes: tuple[str, ...]
    text: str
    stale: bool
    wrong: str = ""

    @property
    def words(self) -> str:
        return answer_words(self.question, self.told) if self.told else ""

    @property
    def known(self) -> bool:
        return self.told is not None

    @property
    def says(self) -> bool:
        return any(option.says for option in self.question.options)


def current(chart: Chart, topic: str) -> Told | None:
    """The current answer to one question, if it was ever asked here."""
    return current_facts(chart).get((topic, ""))


def registration_tasks(chart: Chart) -> list[DetailsTask]:
    """Every part of the registration with its state, in the order of a first talk. A constant number of queries."""
    has, facts = _rows_told(chart), current_facts(chart)
    client = str(has.public_id)
    sections = {s.key: _section_task(chart, s, client) for s in catalogue().part(PART) if s.minutes}
    rows = [
        DetailsTask("names", _("Names and birth date"), _names_state(has), "intake:names", (client,)),
        sections["identity"],
        sections["language"],
        _contact_task(has, client, facts),
        DetailsTask(
            "addresses", _("Where they live"), _address_state(has, facts), "intake:addresses", (client,)
        ),
        DetailsTask(
            "supports", _("People in their life"), _supports_state(has, facts), "intake:supports", (client,)
        ),
        sections["background"],
        sections["home_and_work"],
        DetailsTask("payers", _("Who pays"), _payer_state(has), "intake:payers", (client,)),
        sections["referral"],
        sections["law"],
        sections["pregnancy"],
    ]
    return rows


def asked_in(
    chart: Chart,
    section: Section,
    typed: dict[str, list[str]] | None = None,
    wrong: dict[str, str] | None = None,
) -> list[Asked]:
    """The section's questions that are asked of this client, each with its current answer and what was typed."""
    facts = current_facts(chart)
    return [
        _asked(question, facts.get((question.topic, "")), typed, (wrong or {}).get(question.topic, ""))
        for question in section.questions
        if is_asked(question, facts)
    ]


def _asked(question: Question, told: Told | None, typed: dict[str, list[str]] | None, wrong: str) -> Asked:
    stale = is_stale(question, told)
    if typed is not None and (question.topic in typed or f"{question.topic}_text" in typed):
        codes, text = typed.get(question.topic, []), "".join(typed.get(f"{question.topic}_text", [])[:1])
        return Asked(question, told, tuple(codes), text, stale, wrong)
    if told is None:
        return Asked(question, None, (), "", stale=False, wrong=wrong)
    codes = list(told.codes) if told.is_known else [told.answer]
    text = (
        told.day.isoformat()
        if told.day
        else f"{told.number.normalize():f}"
        if told.number is not None
        else told.text
    )
    return Asked(question, told, tuple(codes), text, stale, wrong)


def is_stale(question: Question, told: Told | None) -> bool:
    """It was told so long ago that it is shown for confirmation, or it was put off and its day has come."""
    if told is None:
        return False
    if told.answer == "not_today":
        return told.not_before is None or told.not_before <= clock.today()
    days = question.renew_days
    return bool(days) and told.asked_on + dt.timedelta(days=days or 0) <= clock.today()


def _section_task(chart: Chart, section: Section, client: str) -> DetailsTask:
    if not chart.permits(Do(section.act)):
        note = _("Intake or the care team asks this.")
        return DetailsTask(section.key, section.title, BLOCKED, "intake:details", (client, section.key), note)
    asked = asked_in(chart, section)
    told = [one for one in asked if one.known and not (one.told and one.told.answer == "not_today")]
    state = DONE if len(told) == len(asked) else DOING if told else TODO
    note = ""
    if any(one.stale for one in asked):
        state, note = PROBLEM, _("Told a while ago: confirm that it still holds.")
    return DetailsTask(section.key, section.title, state, "intake:details", (client, section.key), note)


def _names_state(client: Any) -> str:
    named = bool(client.given_name or client.family_name)
    born = client.birth_date is not None and not client.birth_estimated
    return DONE if named and born else DOING if named or client.chosen_name or client.birth_date else TODO


def _contact_task(has: Any, client: str, facts: dict[tuple[str, str], Told]) -> DetailsTask:
    state = DONE if has.allowed or ("contact_told", "") in facts else PROBLEM if has.contacts else TODO
    note = _("Nobody has said that it is safe.") if state == PROBLEM else ""
    return DetailsTask("contact", _("Safe ways to be reached"), state, "intake:contact", (client,), note)


def _address_state(has: Any, facts: dict[tuple[str, str], Told]) -> str:
    home = facts.get(("living_arrangement", ""))
    none = ("address_told", "") in facts or (home is not None and "homeless" in home.codes)
    return DONE if none or has.home else TODO


def _supports_state(has: Any, facts: dict[tuple[str, str], Told]) -> str:
    return DONE if ("supports_told", "") in facts or has.people else TODO


def _payer_state(has: Any) -> str:
    if has.payers and set(has.payers) == {"unknown"} and not has.own:
        return DOING
    return DONE if has.payers or has.own else TODO


def _rows_told(chart: Chart) -> Any:
    """The client with what there is of each kind of row, in one query."""
    here = {"client__in": chart.clients}  # a merge's other record was told it too
    contacts = Contact.objects.filter(**here, ends_on__isnull=True)
    ways = ("may_call", "may_text", "may_voicemail", "may_email", "may_mail")
    may = reduce(or_, (Q(**{name: True}) for name in ways))
    payers = Coverage.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=clock.today()), **here)
    own = SelfPay.objects.filter(current_period(), episode__in=chart.episode_ids, **here)
    return Client.objects.annotate(
        contacts=Exists(contacts),
        allowed=Exists(contacts.filter(may)),
        home=Exists(Address.objects.filter(**here, ends_on__isnull=True)),
        people=Exists(Support.objects.filter(**here, ends_on__isnull=True)),
        payers=ArraySubquery(payers.values("kind")),
        own=Exists(own),
    ).get(pk=chart.client_id)


def addresses(chart: Chart) -> QuerySet[Address]:
    """Where the client lives and lived, the current one first."""
    return Address.objects.filter(client__in=chart.clients).order_by("-ends_on", "-pk")


def other_names(chart: Chart) -> QuerySet[PersonName]:
    """Aliases, previous names and names in other records."""
    return PersonName.objects.filter(client__in=chart.clients, removed=False).order_by("use", "pk")


def supports(chart: Chart) -> QuerySet[Support]:
    """People in the client's life; whoever must never be told stands first."""
    rows = Support.objects.filter(client__in=chart.clients, ends_on__isnull=True)
    return rows.order_by("pk")


def never_told(chart: Chart) -> list[Support]:
    """Who must never be told, and not be contacted: shown to anyone about to phone."""
    return list(supports(chart).filter(standing="never"))


def kept_details(chart: Chart, staff_id: int, key: str) -> Draft | None:
    """What this person typed of one section and has not saved yet."""
    mine = Draft.objects.filter(client__in=chart.clients, staff=staff_id, kind=DRAFT, key=key)
    return mine.order_by("-saved_at").first()
