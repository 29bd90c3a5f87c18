"""How a client may safely be reached; the directory follows."""

from typing import Any

from clinic.access.acts import act
from clinic.access.chart import Chart
from clinic.access.policy import Do
from clinic.kit import clock
from clinic.record.models import Address, Client, Contact, Directory
from clinic.record.queries import of_records
from intake.actions.registering import ADDRESS_FIELDS, _directory_values


@act(Do.SET_CONTACT)
def add_contact(chart: Chart, **told: Any) -> Contact:
    """One more way to reach the client, with what they said is safe about it; the directory knows the phone.

    `told`: Contact's columns. Who may: `Do.SET_CONTACT`. Recorded: one row.
    """
    told = told | {"texts_agreed_on": clock.today(chart.episodes[0].zone) if told.get("may_text") else None}
    contact = Contact.objects.create(client_id=chart.client_id, **told)
    _refresh_directory(chart)
    return contact


@act(Do.SET_CONTACT)
def change_contact(chart: Chart, *, contact: Contact, version: int, **told: Any) -> Contact:
    """The contact says what was told, if it is still at `version`.

    Who may: `Do.SET_CONTACT`. Recorded: one row. Raises StaleEdit where someone saved first; nothing is written then.
    """
    if bool(told.get("may_text")) != contact.may_text:  # consent to texts, and its withdrawal, have a date
        agreed = clock.today(chart.episodes[0].zone) if told.get("may_text") else None
        told = told | {"texts_agreed_on": agreed}
    for name, value in told.items():
        setattr(contact, name, value)
    contact.save_over(version, *told)
    _refresh_directory(chart)
    return contact


@act(Do.SET_CONTACT)
def end_contact(chart: Chart, *, contact: Contact, version: int) -> Contact:
    """The contact is used no more from today; it stays in the history. Who may, recorded, raises: as `change_contact`."""
    contact.ends_on = clock.today(chart.episodes[0].zone)
    contact.save_over(version, "ends_on")
    _refresh_directory(chart)
    return contact


def _refresh_directory(chart: Chart) -> None:
    _directory_of(chart.client_id, chart.clients)


def _directory_of(client: int, records: list[int]) -> None:
    """The directory entry of this client says what the person's records say now. For the verbs of this room."""
    home = of_records(Address, records).filter(ends_on__isnull=True).order_by("-pk").first()
    contacts = of_records(Contact, records).filter(ends_on__isnull=True).order_by("-channel", "pk")
    values = _directory_values(
        Client.objects.get(pk=client),
        {name: getattr(home, name, "") for name in ADDRESS_FIELDS},
        [{"channel": row.channel, "value": row.value} for row in contacts],
    )
    Directory.objects.filter(client=client).update(**values)
