"""Past screens come in from a CSV: all of them, once, with their flags as history, and every bad row named."""

import csv
import datetime as dt
import os
import signal
import subprocess
import sys
import time
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from clinic.access.door import Job, open_desk, open_slices
from clinic.access.policy import Do
from clinic.audit.models import LedgerRow
from clinic.kit import clock
from clinic.record.models import Client, ClientIdentifier, Flag
from intake.management.screen_csv import ScreenFile, Unreadable
from screening import queries
from screening.models import Screen

JOB = Job("import", "command")
ITEMS = [f"phq9_{n}" for n in range(1, 11)]
HEADER = ["person", "week", *ITEMS, "published_total"]
WEEK_1 = clock.today() - dt.timedelta(weeks=11)


def row(person, week, item_9=0, **more):
    values = {
        "person": person,
        "week": week,
        **dict.fromkeys(ITEMS, 1),
        "phq9_9": item_9,
        "published_total": 8 + item_9,
    }
    return {**values, **more}


@pytest.fixture
def file(tmp_path):
    def write(rows, header=HEADER, encoding="utf-8", name="screens.csv"):
        path = tmp_path / name
        with path.open("w", newline="", encoding=encoding) as out:
            writer = csv.DictWriter(out, header, extrasaction="ignore")
            writer.writeheader()
            writer.writerows(rows)
        return path

    return write


def run(path, create=True, **options):
    given = {"program": "Recovery Program", "week_1": WEEK_1, "create_clients": create, **options}
    call_command("import_screens", path, **given)


def rejects(path):
    with path.with_suffix(".rejects.csv").open() as listed:
        return [(int(one["line"]), one["field"], one["reason"]) for one in csv.DictReader(listed)]


def everything(model):
    with open_desk(JOB, to=Do.SEARCH):
        clients = list(ClientIdentifier.objects.values_list("client_id", flat=True))
    found = []
    for _opened in open_slices(JOB, to=Do.SCREEN, clients=clients):
        found += list(model.objects.order_by("pk"))
    return found


def test_every_row_becomes_a_screen_with_its_total_and_its_flag(cast, file):
    rows = [row(person, week, item_9=week % 3) for person in ("A1", "B2") for week in range(1, 13)]
    run(file(rows))
    screens = everything(Screen)
    assert sorted(one.total for one in screens) == sorted(one["published_total"] for one in rows)
    assert {one.mode for one in screens} == {"imported"} and all(one.frozen_at for one in screens)
    assert (
        min(one.taken_on for one in screens) == WEEK_1
        and max(one.taken_on for one in screens) == clock.today()
    )
    flagged = {flag.source_id for flag in everything(Flag)}
    assert flagged == {one.public_id for one in screens if one.answers["phq9_9"] > 0}
    assert (
        LedgerRow.objects.filter(act="screening.record_screen", outcome="done").count() == len(screens) == 24
    )


def test_only_the_latest_screen_of_a_client_opens_its_flag_and_only_within_30_days(cast, file):
    recent = [row("A1", 11, 1), row("A1", 12, 2), row("B2", 11, 1), row("B2", 12, 0)]
    old = [row("C3", 1, 3), row("D4", 7, 1), row("D4", 8, 1)]
    run(file(recent + old))
    open_flags = [flag for flag in everything(Flag) if flag.is_open]
    latest = {one.public_id: one for one in everything(Screen)}
    assert [latest[flag.source_id].answers["phq9_9"] for flag in open_flags] == [2, 1]
    assert [latest[flag.source_id].taken_on for flag in open_flags] == [
        clock.today(),
        clock.today() - dt.timedelta(weeks=4),
    ]
    past = [flag for flag in everything(Flag) if not flag.is_open]
    assert all(flag.historical and flag.close_reason for flag in past) and len(past) == 4


def test_a_second_run_adds_nothing(cast, file):
    path = file([row(f"P{n}", week) for n in range(60) for week in range(1, 4)])
    for _again in range(2):
        run(path)
        assert len(everything(Screen)) == 180 and len(everything(Client)) == 60


def test_an_import_that_was_killed_goes_on_where_it_stopped(lasting_cast, file):
    path = file([row(f"P{n}", week, week % 2) for n in range(250) for week in range(1, 13)])
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    command = [sys.executable, "manage.py", "import_screens", str(path), "--program", "Recovery Program",
               "--week-1", WEEK_1.isoformat(), "--create-clients"]  # fmt: skip
    work = subprocess.Popen(command, env={**os.environ, "DATABASE_URL": url})
    written = LedgerRow.objects.filter(act="screening.record_screen")
    while not written.exists() and work.poll() is None:
        time.sleep(0.01)
    work.send_signal(signal.SIGKILL)
    work.wait()
    assert 0 < written.count() < 3000
    run(path)
    assert len(everything(Screen)) == written.count() == 3000
    assert len(everything(Client)) == 250 and len(everything(Flag)) == 1500


def test_a_dry_run_writes_nothing_and_says_what_it_would(cast, file, capsys):
    run(file([row("A1", 1), row("A1", 2)]), dry_run=True)
    said = capsys.readouterr().out
    assert "2 screens would be added" in said and "1 people would be registered" in said
    assert everything(Screen) == [] and not LedgerRow.objects.filter(act="intake.register_client").exists()


@pytest.mark.parametrize(
    ("bad", "field", "words"),
    [
        ({"phq9_3": 4}, "phq9_3", "4 is not an answer of this question (0, 1, 2, 3)"),
        ({"phq9_3": -1}, "phq9_3", "not a whole number"),
        ({"phq9_3": "often"}, "phq9_3", "not a whole number"),
        ({"week": 13}, "week", "is in the future"),
        ({"week": "soon"}, "week", "not a whole number"),
        ({"week": 0}, "week", "not a number from 1 on"),
        ({"person": ""}, "person", "number is empty"),
        ({"person": "9" * 61}, "person", "longer than 60"),
        ({"published_total": 9}, "published_total", "The file says 9, the answers add up to 8"),
        (dict.fromkeys(ITEMS, ""), "phq9_1", "No question is answered"),
    ],
)
def test_a_bad_row_is_named_by_line_field_and_reason_and_the_others_come_in(cast, file, bad, field, words):
    path = file([row("A1", 1), {**row("A1", 2), **bad}, row("A1", 3)])
    run(path)
    (line, name, reason), *more = rejects(path)
    assert (line, name, more) == (3, field, []) and words in reason
    assert len(everything(Screen)) == 2


def test_other_answers_of_the_same_day_are_rejected_and_never_overwrite(cast, file):
    path = file([row("A1", 1), row("A1", 1), row("A1", 1, 2)])
    run(path)
    assert len(everything(Screen)) == 1
    assert [(line, name) for line, name, _reason in rejects(path)] == [(4, "date")]


def test_blank_and_declined_answers_are_kept_as_they_are_and_give_no_total(cast, file):
    run(file([row("A1", 1, phq9_2="", phq9_3="-", published_total="")]))
    screen = everything(Screen)[0]
    assert (screen.total, screen.complete, screen.unanswered) == (None, False, 2)
    assert screen.answers["phq9_3"] == "declined" and "phq9_2" not in screen.answers


def test_people_who_are_not_known_are_rejected_unless_they_may_be_registered(cast, file):
    path = file([row("A1", 1)])
    run(path, create=False)
    assert rejects(path)[0][:2] == (2, "person") and everything(Screen) == []


def test_a_client_of_another_program_gets_no_screen_in_this_one(cast, file):
    cast.register(cast.mh, identifiers=[("import", "A1")])
    path = file([row("A1", 1)])
    run(path)
    assert "no episode in Recovery Program" in rejects(path)[0][2] and everything(Screen) == []


def test_other_column_names_are_mapped_and_dates_may_stand_for_weeks(cast, file):
    day = clock.today() - dt.timedelta(days=3)
    header = ["Record", "Seen", *ITEMS]
    run(
        file([{**row("A1", 1), "Record": "A1", "Seen": day.isoformat()}], header),
        map=["Record=person", "Seen=date"],
    )
    assert everything(Screen)[0].taken_on == day


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (["person", "week", *ITEMS[:8]], "Columns are missing: phq9_9, phq9_10"),
        (["week", *ITEMS], "Columns are missing: person"),
        (["person", *ITEMS], "date (or week)"),
    ],
)
def test_missing_columns_are_all_named_and_nothing_is_written(cast, file, header, words):
    with pytest.raises(CommandError, match="Columns are missing") as error:
        run(file([row("A1", 1)], header))
    assert words in str(error.value) and everything(Client) == []


def test_a_file_in_another_encoding_is_refused_before_anything_is_written(cast, file):
    rows = [*(row(f"P{n}", 1) for n in range(900)), row("Mañana", 1)]
    with pytest.raises(CommandError, match="not UTF-8"):
        run(file(rows, encoding="latin-1"))
    assert everything(Client) == []


def test_weeks_without_a_first_week_no_file_no_program_and_no_instrument_have_their_own_errors(
    cast, file, tmp_path
):
    path = file([row("A1", 1)])
    for options, words in (
        ({"week_1": None}, "--week-1"), ({"program": "Nowhere"}, "There are: Counseling Program"),
        ({"instrument": "phq-10"}, "No instrument is called phq-10"), ({"map": ["x"]}, "COLUMN=FIELD"),
    ):  # fmt: skip
        with pytest.raises(CommandError, match=words.replace("(", r"\(")):
            run(path, **options)
    with pytest.raises(CommandError, match="cannot be opened"):
        run(tmp_path / "none.csv")


def test_a_file_of_any_size_is_read_a_row_at_a_time(tmp_path):
    path = tmp_path / "big.csv"
    with path.open("w") as out:
        out.write(",".join(HEADER) + "\n")
        out.writelines(f"P{n % 50},1,1,1,1,1,1,1,1,1,0,1,8\n" for n in range(20_000))
    choices = queries.choices("phq-9")
    rows = ScreenFile(path, choices, {}, WEEK_1, clock.today()).rows()
    assert next(rows).person == "P0" and sum(1 for _row in rows) == 19_999


def test_an_empty_file_says_so(tmp_path):
    (tmp_path / "empty.csv").write_text("")
    with pytest.raises(Unreadable, match="empty"):
        ScreenFile(tmp_path / "empty.csv", {}, {}, None, clock.today()).columns()
