"""`import_clients`: real files, with everything that is wrong in them, twice, and after a kill."""

import csv
import datetime as dt
import os
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from clinic.access.door import open_desk
from clinic.access.policy import Do
from clinic.audit.models import LedgerRow
from clinic.record.models import ClientIdentifier, Directory

HEADER = "record,given_name,family_name,birth_date,phone\n"


@pytest.fixture
def run(tmp_path, capsys):
    """Import `text`; returns (what the command said, the rows of the rejects file)."""

    def go(text, *options, program="Recovery Program", encoding="utf-8"):
        file = tmp_path / "people.csv"
        file.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        call_command("import_clients", str(file), "--program", program, *options)
        rejects = tmp_path / "people.rejects.csv"
        listed = list(csv.DictReader(rejects.open())) if rejects.exists() else []
        return capsys.readouterr().out.strip(), listed

    return go


def _people(cast):
    with open_desk(cast.fay, to=Do.SEARCH):
        return {row.family: row for row in Directory.objects.all()}


def _numbers(cast):
    with open_desk(cast.fay, to=Do.SEARCH):
        return set(ClientIdentifier.objects.values_list("system", "value"))


def test_people_are_registered_with_their_number_and_a_second_run_adds_nobody(cast, run):
    text = HEADER + "A1,June,Okafor,1988-04-02,614 555 0142\nA2,Siobhán,O'Brien,2000-02-29,\n"
    said, listed = run(text)
    assert said.startswith("2 people registered, 0 already here, 0 rows rejected")
    assert listed == []
    people = _people(cast)
    assert people["O'Brien"].birth_date == dt.date(2000, 2, 29)
    assert people["Okafor"].phone_digits == "16145550142"
    assert _numbers(cast) == {("import", "A1"), ("import", "A2")}
    acts = LedgerRow.objects.filter(act="intake.register_client", actor_kind="command", actor_name="import")
    assert acts.count() == 2
    assert run(text)[0].startswith("0 people registered, 2 already here")
    assert len(_people(cast)) == 2
    assert acts.count() == 2


def test_what_cannot_be_taken_is_listed_with_line_field_and_reason(cast, run):
    rows = [
        "A1,June,Future,2199-01-01,",
        "A2,June,Impossible,1955-11-92,",
        "A3,June,Ancient,1700-01-01,",
        "A4,June,Blank,,",
        ",June,Numberless,1988-04-02,",
        "A6,,,,",
        "A7,June,Phoneless,1988-04-02,12",
        f"A8,{'x' * 121},Long,1988-04-02,",
        "A9,June,Fine,2/29/2000,",
        "A9,June,Twice,1988-04-02,",
    ]
    said, listed = run(HEADER + "\n".join(rows))
    assert [(row["line"], row["field"], row["outcome"]) for row in listed] == [
        ("2", "birth_date", "rejected"),
        ("3", "birth_date", "rejected"),
        ("4", "birth_date", "rejected"),
        ("6", "number", "rejected"),
        ("7", "given_name", "rejected"),
        ("9", "given_name", "rejected"),
        ("11", "number", "rejected"),
        ("5", "birth_date", "registered without it"),
        ("8", "phone", "registered without it"),
    ]
    assert listed[0]["reason"] == "The date is in the future."
    assert listed[1]["reason"] == "There is no such day in the calendar."
    assert said.startswith("3 people registered, 0 already here, 7 rows rejected, 2 fields left out")
    assert set(_people(cast)) == {"Blank", "Phoneless", "Fine"}


def test_people_with_an_unusable_birth_date_are_kept_on_request_and_named(cast, run):
    said, listed = run(HEADER + "A1,June,Future,2199-01-01,\n", "--keep-unusable-dates")
    assert said.startswith("1 people registered")
    assert [(row["field"], row["outcome"]) for row in listed] == [("birth_date", "registered without it")]
    assert _people(cast)["Future"].birth_date is None


def test_a_dry_run_says_the_same_and_writes_nothing(cast, run):
    before = LedgerRow.objects.count()
    said, listed = run(HEADER + "A1,June,Okafor,1988-04-02,\nA1,June,Again,1988-04-02,\n", "--dry-run")
    assert said.startswith("1 people would be registered, 0 already here, 1 rows rejected")
    assert listed[0]["reason"] == "The number stands on an earlier line too."
    assert _people(cast) == {}
    assert LedgerRow.objects.count() == before


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEADER.encode() + "A1,Siobhán,O'Brien,1988-04-02,\n".encode("cp1252"), "not UTF-8"),
        ((HEADER + "A1,June,Okafor,1988-04-02,\n").encode("utf-16"), "not UTF-8"),
        (b"record,given_name\nA1,June\n", "Columns are missing: family_name, birth_date"),
        (b"", "The file is empty"),
    ],
)
def test_a_file_that_cannot_be_read_registers_nobody_and_says_why(cast, run, text, message):
    with pytest.raises(CommandError, match=message):
        run(text)
    assert _people(cast) == {}


def test_another_encoding_separator_and_header_can_be_told(cast, run):
    text = "Who;First Name;Surname;DOB\nA1;Siobhán;O'Brien;1988-04-02\n".encode("cp1252")
    said, _listed = run(text, "--encoding", "cp1252", "--map", "who=number")
    assert said.startswith("1 people registered")
    assert _people(cast)["O'Brien"].given == "Siobhán"


def test_an_unknown_program_and_an_unknown_map_are_named(cast, run):
    with pytest.raises(CommandError, match="There are: Counseling Program"):
        run(HEADER, program="No Such")
    with pytest.raises(CommandError, match="no field shoe"):
        run(HEADER, "--map", "record=shoe")


def test_the_numbers_of_another_system_are_other_people(cast, run):
    text = HEADER + "A1,June,Okafor,1988-04-02,\n"
    run(text)
    assert run(text, "--system", "county")[0].startswith("1 people registered")
    assert _numbers(cast) == {("import", "A1"), ("county", "A1")}


def test_a_killed_import_goes_on_where_it_stopped(lasting_cast, run, tmp_path):
    text = HEADER + "".join(f"K{n},June,Family{n},1988-04-02,\n" for n in range(3000))
    file = tmp_path / "killed.csv"
    file.write_text(text)
    name = connection.settings_dict["NAME"]
    env = {**os.environ, "DATABASE_URL": os.environ["DATABASE_URL"].replace("/entwine?", f"/{name}?")}
    process = subprocess.Popen(
        [sys.executable, "manage.py", "import_clients", str(file), "--program", "Recovery Program"],
        cwd=settings.BASE_DIR, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    deadline = time.monotonic() + 30
    while not (done := len(_people(lasting_cast))) and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    done = len(_people(lasting_cast))
    assert 0 < done < 3000
    said, _listed = run(text)
    assert said.startswith(f"{3000 - done} people registered, {done} already here")
    assert len(_people(lasting_cast)) == 3000
