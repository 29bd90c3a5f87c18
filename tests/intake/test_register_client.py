"""Registering: who may, what is written, whom it refuses, and names and dates as people really have them."""

import datetime as dt
import secrets

import pytest
from django.apps import apps
from django.db import IntegrityError

from clinic.access.chart import Refused
from clinic.access.door import Job, open_chart, open_desk, openable
from clinic.access.policy import Do
from clinic.audit.models import LedgerRow
from clinic.record.models import (
    Address,
    Appointment,
    CareTeam,
    Client,
    ClientIdentifier,
    Contact,
    Directory,
    Episode,
)
from intake.actions import NotOfThisProgram, register, register_many

IMPORT = Job("import", "command")
ROWS = (Client, Episode, Directory, Address, Contact, ClientIdentifier, CareTeam, Appointment)
OWN = {"id", "public_id", "client_id", "episode_id", "number", "id_ending", "created_at"}


def _told(clinician=None):
    return {
        "given_name": "June",
        "family_name": "Okafor",
        "birth_date": dt.date(1988, 4, 2),
        "clinician": clinician,
        "appointment_at": dt.datetime(2026, 12, 1, 15, 0, tzinfo=dt.UTC),
        "contacts": [{"channel": "phone", "value": "+1 614 555 0142", "may_text": True}],
        "address": {"street": "12 Mill Road", "suburb": "Carrow", "state": "OH", "postcode": "43115"},
        "identifiers": [("import", "A-1")],
    }


def _everything(client):
    """Every row of this client, without the ids that differ by nature."""
    written = {}
    for model in ROWS:
        mine = {"pk": client.pk} if model is Client else {"client_id": client.pk}
        written[model.__name__] = [
            {name: value for name, value in row.items() if name not in OWN}
            for row in model.objects.filter(**mine).values()
        ]
        if model is not Directory:
            history = apps.get_model("record", f"{model.__name__}Event")
            theirs = history.objects.filter(**({"id": client.pk} if model is Client else mine))
            written[history.__name__] = [row.pgh_label for row in theirs]
    return written


def _ledger_row(client):
    row = LedgerRow.objects.get(act="intake.register_client", clients=[client.pk])
    values = {k: v for k, v in row.__dict__.items() if k not in {"id", "at", "_state"}}
    assert values.pop("object_id") == str(client.public_id)
    assert values.pop("clients") == [client.pk]
    assert len(values.pop("episodes")) == 1
    return values


def test_intake_registers_a_person_with_team_first_visit_and_contact(cast):
    june = register(cast.ines, program=cast.sud, **_told(cast.dana))
    with open_chart(cast.dana, june.public_id, to=Do.OPEN_CHART) as chart:
        assert chart.client.family_name == "Okafor"
        assert Episode.objects.get().part2
        assert CareTeam.objects.get().lead
        assert Appointment.objects.get().staff_id == cast.dana.pk
        assert Contact.objects.get().may_text
        assert not Contact.objects.get().may_call
    row = LedgerRow.objects.get(act="intake.register_client")
    assert (row.outcome, row.clients, row.actor_id) == ("done", [june.pk], cast.ines.pk)
    assert row.detail == {"program": cast.sud.pk}


def test_many_at_once_write_the_same_rows_history_and_ledger_as_one_by_one(cast):
    one = register(IMPORT, program=cast.sud, **_told(cast.dana))
    (two, three) = register_many(
        IMPORT,
        program=cast.sud,
        people=[
            {**_told(cast.dana), "identifiers": [("import", "A-2")]},
            {**_told(cast.dana), "identifiers": [("import", "A-3")]},
        ],
    )
    with open_chart(cast.dana, one.public_id, to=Do.OPEN_CHART):
        single = _everything(one)
    for other, number in ((two, "A-2"), (three, "A-3")):
        with open_chart(cast.dana, other.public_id, to=Do.OPEN_CHART):
            batched = _everything(other)
        assert batched["ClientIdentifier"][0].pop("value") == number
        batched["ClientIdentifier"][0]["value"] = "A-1"
        assert batched == single
        assert _ledger_row(other) == _ledger_row(one)


@pytest.fixture
def drawn(monkeypatch):
    """Chance draws these numbers next, and then as ever."""
    wanted: list[int] = []
    as_ever = secrets.randbelow
    monkeypatch.setattr(secrets, "randbelow", lambda top: wanted.pop(0) if wanted else as_ever(top))
    return wanted


def test_a_number_that_somebody_has_is_drawn_anew(cast, drawn):
    drawn += [7, 7, 7, 8, 9, 9, 10]  # one alike with the first, then two of three alike with each other
    june = register(cast.ines, program=cast.sud, **_told(cast.dana))
    theo = register(cast.ines, program=cast.sud, **{**_told(cast.dana), "identifiers": [("import", "A-2")]})
    others = register_many(
        IMPORT,
        program=cast.sud,
        people=[{**_told(), "identifiers": [("import", f"B-{n}")]} for n in range(3)],
    )
    clients = [june, theo, *others]
    assert june.number == "1000000007" and len({client.number for client in clients}) == 5
    with open_desk(cast.ines, to=Do.SEARCH):
        found = dict(Directory.objects.values_list("client_id", "number"))
    assert found == {client.pk: client.number for client in clients}
    assert LedgerRow.objects.filter(act="intake.register_client").count() == 5


def test_what_else_is_there_twice_is_no_matter_of_numbers(cast):
    june = register(cast.ines, program=cast.sud, **_told(cast.dana))
    with pytest.raises(IntegrityError):
        register(cast.ines, program=cast.sud, **_told(cast.dana), public_id=june.public_id)
    with open_desk(cast.ines, to=Do.SEARCH):
        assert Directory.objects.count() == 1


@pytest.mark.parametrize("name", ["dana", "nell", "pat", "pia", "abe"])
def test_a_role_that_does_not_register_is_refused_and_nothing_is_written(cast, name):
    with pytest.raises(Refused):
        register(getattr(cast, name), program=cast.sud, **_told())
    with open_desk(cast.fay, to=Do.SEARCH):
        assert Directory.objects.count() == 0
    assert LedgerRow.objects.get(act="open_registration").outcome == "refused"


def test_a_clinician_from_outside_the_program_joins_no_team_and_nothing_is_written(cast):
    with pytest.raises(NotOfThisProgram):
        register(cast.ines, program=cast.sud, **_told(cast.mia))
    with open_desk(cast.fay, to=Do.SEARCH):
        assert Directory.objects.count() == 0
    assert not LedgerRow.objects.filter(act="intake.register_client").exists()


@pytest.mark.parametrize(
    ("given", "family"),
    [
        ("Siobhán", "O'Brien"),
        ("X", "Y"),
        ("June 🌻", "Okafor"),
        ("محمد", "الفارسي"),
        ("Nguyễn Thị", "Trần Đặng"),
        ("", "Prince"),
        ("a" * 120, "b" * 120),
    ],
)
def test_a_name_is_kept_as_it_was_given(cast, given, family):
    client = register(cast.ines, program=cast.sud, given_name=given, family_name=family)
    with open_chart(cast.ines, client.public_id, to=Do.SEE_CONTACT) as chart:
        assert (chart.client.given_name, chart.client.family_name) == (given, family)


def test_the_desk_tells_which_of_those_found_are_of_ones_own_programs(cast):
    mine = register(cast.ines, program=cast.mh, given_name="Ada", family_name="Mine")
    theirs = register(cast.ines, program=cast.sud, given_name="Ada", family_name="Theirs")
    with open_desk(cast.mia, to=Do.SEARCH) as desk:
        assert openable(desk, [mine.pk, theirs.pk], to=Do.SEE_CONTACT) == set()
    with open_desk(cast.sol, to=Do.SEARCH) as desk:
        assert openable(desk, [mine.pk, theirs.pk], to=Do.SEE_CONTACT) == {mine.pk, theirs.pk}
        assert Directory.objects.count() == 2
