"""The only writers of the door: registering a person, and how they may safely be reached."""

import datetime as dt
from typing import Any

from clinic.access.acts import act
from clinic.access.chart import Chart
from clinic.access.door import open_registration
from clinic.access.policy import Do
from clinic.kit.ids import new_client_number
from clinic.people.models import Program, Role, Staff
from clinic.record.models import (
    Address,
    Appointment,
    CareTeam,
    Channel,
    Client,
    ClientIdentifier,
    Contact,
    Directory,
    Episode,
)

ADDRESS_FIELDS = ("street", "suburb", "state", "postcode")


def register(who: Any, *, program: Program, route: str = "", **given: Any) -> Client:
    """A new person is registered into `program`: opens the new chart and calls `register_client` in it.

    Who may: intake, front desk, supervisor of the program; the import command. Raises Refused, recorded.
    """
    with open_registration(who, program, route=route) as chart:
        return register_client(chart, **given)


@act(Do.REGISTER)
def register_client(
    chart: Chart,
    *,
    clinician: Staff | None = None,
    appointment_at: dt.datetime | None = None,
    contacts: list[dict[str, Any]] | None = None,
    address: dict[str, str] | None = None,
    identifiers: list[tuple[str, str]] | None = None,
    starts_on: dt.date | None = None,
    public_id: Any = None,
    **fields: Any,
) -> Client:
    """Client, Episode, directory entry and what was told of contact, care team and first visit are written.

    `contacts`: dicts of Contact's columns. `address`: street, suburb, state, postcode. `appointment_at`: aware.
    Who may: `Do.REGISTER` in the chart that `open_registration` opened. Recorded: one row, the program's id in it.
    """
    place = chart.episodes[0]
    client = Client(pk=chart.client_id, number=new_client_number(), site_id=place.site_id, **fields)
    if public_id is not None:
        client.public_id = public_id
    client.save(force_insert=True)
    episode = Episode(
        pk=place.id,
        public_id=place.public_id,
        client=client,
        program_id=place.program_id,
        part2=place.part2,
        starts_on=starts_on or place.starts_on,
    )
    episode.save(force_insert=True)
    _write_contacts(client, contacts or [])
    home = {name: (address or {}).get(name, "") for name in ADDRESS_FIELDS}
    if any(home.values()):
        Address.objects.create(client=client, starts_on=episode.starts_on, **home)
    for system, value in identifiers or []:
        ClientIdentifier.objects.create(client=client, system=system, value=value)
    phone = next((c["value"] for c in contacts or [] if c["channel"] == Channel.PHONE), "")
    write_directory(client, home, phone)
    if clinician is not None:
        _join_team(chart, clinician, starts_on=episode.starts_on)
        if appointment_at is not None:
            _first_visit(chart, clinician, appointment_at)
    chart.note(program=place.program_id)
    return client


def _write_contacts(client: Client, contacts: list[dict[str, Any]]) -> None:
    for contact in contacts:
        Contact.objects.create(client=client, **contact)


def write_directory(client: Client, address: dict[str, str], phone: str) -> None:
    """The directory's row for this client says what Client says now."""
    Directory.objects.update_or_create(
        client=client,
        defaults={
            "public_id": client.public_id,
            "number": client.number,
            "id_ending": client.id_ending,
            "given": client.given_name,
            "family": client.family_name,
            "chosen": client.chosen_name,
            "other_names": client.other_names,
            "birth_date": client.birth_date,
            "birth_estimated": client.birth_estimated,
            "phone_digits": "".join(ch for ch in phone if ch.isdigit())[-20:],
            **address,
        },
    )


def _join_team(chart: Chart, staff: Staff, *, starts_on: dt.date) -> CareTeam:
    place = chart.episodes[0]
    role = Role.PRESCRIBER if place.program_id in staff.programs_as(Role.PRESCRIBER) else Role.CLINICIAN
    return CareTeam.objects.create(
        **chart.stamp(place), staff=staff, role=role, lead=True, starts_on=starts_on
    )


def _first_visit(chart: Chart, staff: Staff, starts_at: dt.datetime) -> Appointment:
    place = chart.episodes[0]
    return Appointment.objects.create(
        **chart.stamp(place), starts_at=starts_at, staff=staff, site_id=place.site_id, service="First visit"
    )
