"""Registering a person, and beginning in a program: the client, the episode, the directory entry."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction

from clinic.access.acts import act, act_each
from clinic.access.chart import Chart, Open, OpenEpisode
from clinic.access.door import open_admission, open_registration, open_registrations
from clinic.access.policy import Do
from clinic.kit.ids import new_client_number
from clinic.people.models import Program, Role, Staff
from clinic.people.queries import at_once, person
from clinic.record.models import (
    Address,
    AnswerState,
    Appointment,
    CareTeam,
    Channel,
    Client,
    ClientFact,
    ClientIdentifier,
    Contact,
    Directory,
    Episode,
    FactSource,
    Language,
    Sex,
)
from clinic.record.rules import directory_keys
from intake.rules import dialled_digits

ADDRESS_FIELDS = ("street", "suburb", "state", "postcode")
DRAWS = 5  # of a number for everybody who is registered at once, before something else must be wrong
CARE_ROLES = (Role.PRESCRIBER, Role.CLINICIAN, Role.PEER)


class NotOfThisProgram(ValueError):
    """The clinician named holds no role of care in the program: nobody joins a team from outside it."""


class AlreadyHere(ValueError):
    """An episode of this client in this program is running already."""


def register(who: Any, *, program: Program, route: str = "", **given: Any) -> Client:
    """A new person is registered into `program`: opens the new chart and calls `register_client` in it.

    Who may: intake, front desk, supervisor of the program; the import command. Raises Refused, recorded.
    """
    with open_registration(who, program, route=route) as chart:
        return register_client(chart, **given)


def register_many(
    who: Any, *, program: Program, people: list[dict[str, Any]], route: str = ""
) -> list[Client]:
    """`register` for many people in one transaction; each dict is what `register_client` takes. Same rows, same ledger.

    Keep it to about 500 at once. Who may and what it raises: as `register`; one that fails takes all with it.
    """
    if not people:
        return []
    with open_registrations(who, program, len(people), route=route) as opened:
        return register_clients(opened, people=people)


@act(Do.REGISTER)
def register_client(chart: Chart, **given: Any) -> Client:
    """Client, Episode, directory entry and what was told of contact, care team and first visit are written.

    `given`: Client's columns, and any of `clinician` (staff of care in this program), `appointment_at` (aware; with a
    clinician), `contacts` (dicts of Contact's columns), `address` (street, suburb, state, postcode), `identifiers`
    ((system, value) pairs), `starts_on`, `public_id`.
    Who may: `Do.REGISTER` in the chart that `open_registration` opened. Recorded: one row, the program's id in it.
    Raises NotOfThisProgram; nothing is written then.
    """
    chart.note(program=chart.episodes[0].program_id)
    return _write([_newcomer(chart, chart.episodes[0], given)])[0]


@act_each(register_client)
def register_clients(opened: Open, *, people: list[dict[str, Any]]) -> list[Client]:
    """`register_client` for each of `people`, in the charts that `open_registrations` opened, one each."""
    opened.note(program=opened.episodes[0].program_id)
    return _write(
        [_newcomer(opened, place, given) for place, given in zip(opened.episodes, people, strict=True)]
    )


@dataclass
class _Newcomer:
    """Every row that one registration writes."""

    client: Client
    episode: Episode
    directory: Directory
    addresses: list[Address] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    identifiers: list[ClientIdentifier] = field(default_factory=list)
    team: list[CareTeam] = field(default_factory=list)
    visits: list[Appointment] = field(default_factory=list)
    facts: list[ClientFact] = field(default_factory=list)


def _newcomer(opened: Open, place: OpenEpisode, given: dict[str, Any]) -> _Newcomer:
    told = dict(given)
    clinician, visit_at = told.pop("clinician", None), told.pop("appointment_at", None)
    contacts, identifiers = told.pop("contacts", None) or [], told.pop("identifiers", None) or []
    home = {name: (told.get("address") or {}).get(name, "") for name in ADDRESS_FIELDS}
    told.pop("address", None)
    starts_on: dt.date = told.pop("starts_on", None) or place.starts_on
    client = Client(pk=place.client_id, number=new_client_number(), site_id=place.site_id, **told)
    new = _Newcomer(
        client=client,
        episode=Episode(
            pk=place.id,
            public_id=place.public_id,
            client=client,
            program_id=place.program_id,
            part2=place.part2,
            starts_on=starts_on,
        ),
        directory=Directory(client=client, **_directory_values(client, home, contacts)),
        contacts=[_contact(client, contact, starts_on) for contact in contacts],
        identifiers=[
            ClientIdentifier(client=client, system=system, value=value) for system, value in identifiers
        ],
    )
    new.facts = _told_at_the_desk(opened, place, client)
    if any(home.values()):
        new.addresses.append(Address(client=client, starts_on=starts_on, **home))
    if clinician is not None:
        new.team.append(_lead(opened, place, clinician, starts_on))
        if visit_at is not None:
            new.visits.append(_first_visit(opened, place, clinician, visit_at))
    return new


def _told_at_the_desk(opened: Open, place: OpenEpisode, client: Client) -> list[ClientFact]:
    """What the registration asks too is answered, with date and by whom: it is not asked a second time.

    English is what the form says by itself, and so no answer.
    """
    told: dict[str, dict[str, Any]] = {}
    if client.pronouns:
        told["pronouns"] = {"text": client.pronouns}
    if client.sex in (Sex.FEMALE, Sex.MALE, Sex.INTERSEX):
        told["sex"] = {"codes": [str(client.sex)]}
    elif client.sex == Sex.DECLINED:
        told["sex"] = {"answer": AnswerState.DECLINED}
    if client.language != Language.ENGLISH:
        told["language_spoken"] = {"codes": [str(client.language)]}
    if client.interpreter:
        told["interpreter"] = {"codes": ["yes"]}
    asker = opened.who if isinstance(opened.who, Staff) else None
    source = FactSource.CLIENT if asker else FactSource.RECORD
    return [
        ClientFact(
            client=client, topic=topic, asked_on=place.starts_on, source=source, by=asker, part2=place.part2,
            **{"answer": AnswerState.ANSWERED} | answer,
        )
        for topic, answer in told.items()
    ]  # fmt: skip


def _contact(client: Client, told: dict[str, Any], day: dt.date) -> Contact:
    return Contact(client=client, texts_agreed_on=day if told.get("may_text") else None, **told)


def _write_clients(new: list[_Newcomer]) -> None:
    """The clients are written. Numbers are drawn, and among a hundred thousand it is likely that two were drawn alike once:
    whose it is cannot be asked from here, so all are drawn anew."""
    for tries_left in reversed(range(DRAWS)):
        try:
            with transaction.atomic():
                Client.objects.bulk_create([one.client for one in new])
            return
        except IntegrityError as twice:
            if "record_client_number" not in str(twice) or not tries_left:
                raise
        for one in new:
            one.client.number = one.directory.number = new_client_number()


def _write(new: list[_Newcomer]) -> list[Client]:
    _write_clients(new)
    Episode.objects.bulk_create([one.episode for one in new])
    Directory.objects.bulk_create([one.directory for one in new])
    Address.objects.bulk_create([row for one in new for row in one.addresses])
    Contact.objects.bulk_create([row for one in new for row in one.contacts])
    ClientIdentifier.objects.bulk_create([row for one in new for row in one.identifiers])
    CareTeam.objects.bulk_create([row for one in new for row in one.team])
    Appointment.objects.bulk_create([row for one in new for row in one.visits])
    ClientFact.objects.bulk_create([row for one in new for row in one.facts])
    return [one.client for one in new]


def _directory_values(client: Client, home: dict[str, str], contacts: list[dict[str, Any]]) -> dict[str, Any]:
    """The directory's columns for what Client, the address and the first phone say now."""
    phone = next((c["value"] for c in contacts if c["channel"] == Channel.PHONE), "")
    digits = dialled_digits(phone)
    keys = directory_keys(
        given=client.given_name,
        family=client.family_name,
        other_names=f"{client.chosen_name} {client.other_names}",
        birth=client.birth_date.isoformat() if client.birth_date else "",
        phone_digits=digits,
        **home,
    )
    return {
        **keys,
        "public_id": client.public_id,
        "number": client.number,
        "id_ending": client.id_ending,
        "given": client.given_name,
        "family": client.family_name,
        "chosen": client.chosen_name,
        "other_names": client.other_names,
        "birth_date": client.birth_date,
        "birth_estimated": client.birth_estimated,
        "phone_digits": digits,
        **home,
    }


def _lead(opened: Open, place: OpenEpisode, staff: Staff, starts_on: dt.date) -> CareTeam:
    known = staff if "duty_rows" in staff.__dict__ else person(staff.pk)
    role = next((role for role in CARE_ROLES if place.program_id in known.programs_as(role)), None)
    if role is None:
        raise NotOfThisProgram
    return CareTeam(**opened.stamp(place), staff=staff, role=role, lead=True, starts_on=at_once(starts_on))


def _first_visit(opened: Open, place: OpenEpisode, staff: Staff, starts_at: dt.datetime) -> Appointment:
    return Appointment(
        **opened.stamp(place), starts_at=starts_at, staff=staff, site_id=place.site_id, service="First visit"
    )


def admit(who: Any, *, client: Any, program: Program, route: str = "", **given: Any) -> Episode:
    """Someone known here begins in another program: opens the new episode and calls `admit_client` in it.

    `client` is a public id from the directory. Who may and what it raises: as `register`. No other episode of theirs
    is opened, so that nothing is learnt of where else they are or were treated.
    """
    with open_admission(who, client, program, route=route) as chart:
        return admit_client(chart, **given)


@act(Do.REGISTER)
def admit_client(
    chart: Chart,
    *,
    clinician: Staff | None = None,
    appointment_at: dt.datetime | None = None,
    starts_on: dt.date | None = None,
) -> Episode:
    """A new episode on the same chart, with its team and first visit where named.

    Who may: `Do.REGISTER` in the chart that `open_admission` opened. Recorded: one row, the program's id in it.
    Raises NotOfThisProgram; AlreadyHere where an episode in this program is running already.
    """
    place = chart.episodes[0]
    if chart.already_in:  # by a record that was merged into this one
        raise AlreadyHere
    try:
        episode = Episode.objects.create(
            pk=place.id,
            public_id=place.public_id,
            client_id=chart.client_id,
            program_id=place.program_id,
            part2=place.part2,
            starts_on=starts_on or place.starts_on,
        )
    except (
        IntegrityError
    ):  # episode_once_at_a_time: the other episode itself is not open here and cannot be asked for
        raise AlreadyHere from None
    if clinician is not None:
        _lead(chart, place, clinician, episode.starts_on).save()
        if appointment_at is not None:
            _first_visit(chart, place, clinician, appointment_at).save()
    chart.note(program=place.program_id)
    return episode
