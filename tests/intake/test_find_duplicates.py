"""`find_duplicates`: who in a file is the same person, and who only looks like it."""

import csv
import json
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from clinic.access.door import open_desk
from clinic.access.policy import Do
from clinic.record.models import Directory
from clinic.record.rules import directory_keys
from intake.queries import find_matches
from tests.data import make_registrations

SMALL = Path(__file__).parents[1] / "data" / "registrations_small.csv"
HEADER = "record,given_name,family_name,birth_date,street,suburb,postcode,state"
HOME = "12 Kiln Road,Carrow,43115,OH"

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(tmp_path, capsys):
    """Look through `rows` (or a file), and give record -> its candidates."""

    def go(*rows, header=HEADER, path=None, options=("--top", "3")):
        if path is None:
            path = tmp_path / "people.csv"
            path.write_text("\n".join([header, *rows]), encoding="utf-8")
        call_command("find_duplicates", str(path), *options)
        lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        return {line["record"]: line["candidates"] for line in lines}

    return go


def _only(candidates):
    assert len(candidates) == 1
    return candidates[0]


def _figures(found, path):
    with path.open(encoding="utf-8") as file:
        person = {row["record"]: row["person"] for row in csv.DictReader(file)}
    times = Counter(person.values())
    known = [record for record in person if times[person[record]] > 1]
    hits = [r for r in known if any(person[c["record"]] == person[r] for c in found[r])]
    alerts = [(r, c["record"]) for r, candidates in found.items() for c in candidates if c["alert"]]
    true = [pair for pair in alerts if person[pair[0]] == person[pair[1]]]
    return len(hits) / len(known), len(true) / len(alerts)


def _without(path, tmp_path, *blanked):
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    other = tmp_path / "less.csv"
    with other.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(row | dict.fromkeys(blanked, "") for row in rows)
    return other


def test_nearly_everyone_met_twice_is_found_and_nearly_every_warning_is_true(run):
    recall, precision = _figures(run(path=SMALL), SMALL)
    assert recall >= 0.98
    assert precision >= 0.95


@pytest.mark.parametrize("blanked", [("birth_date",), ("street", "suburb", "postcode", "state")])
def test_without_birth_dates_or_addresses_people_are_still_found(run, tmp_path, blanked):
    recall, precision = _figures(run(path=_without(SMALL, tmp_path, *blanked)), SMALL)
    assert recall >= 0.95
    assert precision >= 0.95


@pytest.mark.parametrize("births", [True, False])
def test_names_of_every_script_and_people_under_one_roof_are_told_apart(run, tmp_path, births):
    """Twins, father and son, spouses; marks, apostrophes and hyphens left out; one letter, emoji, right to left."""
    path = tmp_path / "hard.csv"
    make_registrations.write(path, 130, seed=11, hard=True, births=births)
    recall, precision = _figures(run(path=path), path)
    assert recall >= 0.98
    assert precision >= 0.95


@pytest.mark.parametrize(
    ("one", "other", "alert"),
    [
        (f"June,Okafor Sr,1951-02-22,{HOME}", f"June,Okafor Jr,1981-07-05,{HOME}", False),
        (f"Linh,Trần,1985-10-25,{HOME}", f"Lan,Trần,1985-10-25,{HOME}", False),
        (f"Emma,Velmoor,1985-10-25,{HOME}", f"Ella,Velmoor,1985-10-25,{HOME}", False),
        (f"Kaʻiulani,Kealoha,1985-10-25,{HOME}", f"Kaiulani,Kealoha,1985-10-25,{HOME}", True),
        (f"Nguyễn Thị Hạnh,Trần,1985-10-25,{HOME}", f"Nguyen Thi Hanh,Tran,1985-10-25,{HOME}", True),
        (f"أحمد,الفارسي,1985-10-25,{HOME}", f"احمد,الفارسي,1985-10-25,{HOME}", True),
        (f"María José,García Márquez,1985-10-25,{HOME}", f"Maria Jose,Garcia,1985-10-25,{HOME}", True),
        (f"O,Park,1985-10-25,{HOME}", f"O,Park,1985-10-25,{HOME}", True),
        (f"Sunny 🌻,Okoro,1985-10-25,{HOME}", f"Sunny,Okoro,1985-10-25,{HOME}", True),
    ],
)
def test_who_only_looks_alike_gives_no_warning_and_who_is_only_written_otherwise_does(run, one, other, alert):
    found = run(f"a,{one}", f"b,{other}")
    assert [c["alert"] for c in found["a"]] in ([[True]] if alert else [[False], []])


def test_mother_and_daughter_of_one_name_one_roof_and_one_telephone_are_two(run):
    """And a slip of ten years in one of the two dates does not make two of one."""
    header = f"{HEADER},phone"
    born = ("a,Margaret,Ramirez,1954-07-21", "b,Margaret,Ramirez,1989-04-16", "c,Meg,Ramirez,1964-07-21")
    found = run(*(f"{who},{HOME},614 555 0142" for who in born), header=header)
    assert {c["record"]: c["alert"] for c in found["a"]} == {"b": False, "c": True}


def test_the_small_file_is_what_its_generator_writes(tmp_path):
    make_registrations.write(tmp_path / "again.csv", 220, seed=7)
    assert (tmp_path / "again.csv").read_text(encoding="utf-8") == SMALL.read_text(encoding="utf-8")


def test_neither_the_person_nor_the_record_number_takes_part(run, tmp_path):
    with SMALL.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    renamed = tmp_path / "renamed.csv"
    with renamed.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(row | {"record": f"x{row['record']}", "person": "p1"} for row in rows)
    shown = {r: [c | {"record": f"x{c['record']}"} for c in found] for r, found in run(path=SMALL).items()}
    assert run(path=renamed) == {f"x{record}": candidates for record, candidates in shown.items()}


@pytest.mark.parametrize(
    ("again", "why"),
    [
        (f"Oriana,Velmoor,1961-03-09,{HOME}", "same_birth_date"),
        (f"Oriana,Velmoor,1961-09-03,{HOME}", "swapped_day_month"),
        (f"Velmoor,Oriana,1961-03-09,{HOME}", "swapped_names"),
        (f"Oriana,Velmor,1961-03-09,{HOME}", "similar_family_name"),
        (f"Oirana,Velmoor,1961-03-09,{HOME}", "similar_given_name"),
        (f"Oriana,Velmoor,1961-03-08,{HOME}", "similar_birth_date"),
        (f"Oriana,Velmoor,1961-13-39,{HOME}", "same_family_name"),
        (f"Oriana,Velmoor,,{HOME}", "same_street"),
        ("Oriana,Velmoor,1961-03-09,4 Lark Lane,Ashby,43101,KY", "same_birth_date"),
        ("Oriana,Velmoor,1961-03-09,,,,", "same_given_name"),
        (f",Velmoor,1961-03-09,{HOME}", "same_birth_date"),
        (f"ORIANA,velmoor,03/09/1961,{HOME}", "same_birth_date"),
    ],
)
def test_what_doors_get_wrong_is_seen_through(run, again, why):
    found = run(f"a,Oriana,Velmoor,1961-03-09,{HOME}", f"b,{again}")
    for record in "ab":
        candidate = _only(found[record])
        assert candidate["alert"]
        assert why in candidate["why"]


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ("Catherine", "Kate", "known_as"),
        ("Bill", "William", "known_as"),
        ("Francisco", "Paco", "known_as"),
        ("Stephen", "Steven", "similar_given_name"),
        ("Jon", "John", "similar_given_name"),
        ("Siobhán", "Siobhan", "same_given_name"),
    ],
)
def test_short_forms_and_spellings_of_one_name_are_one_name(run, one, other, why):
    found = run(f"a,{one},Velmoor,1961-03-09,{HOME}", f"b,{other},Velmoor,1961-03-09,{HOME}")
    assert _only(found["a"])["alert"]
    assert why in _only(found["a"])["why"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Emma,Velmoor", "Ella,Velmoor"),
        ("Jayden,Velmoor", "Hayden,Velmoor"),
        ("Milo,Velmoor", "Otis,Velmoor"),
        ("Daniel,Velmoor", "Danielle,Velmoor"),
        ("Jayden,Velmoor", "Velmoor,Hayden"),
        ("Velmoor,Emma", "Velmoor,Ella"),
    ],
)
def test_twins_are_shown_and_not_warned_of(run, one, other):
    found = run(f"a,{one},2001-03-09,{HOME}", f"b,{other},2001-03-09,{HOME}")
    assert not _only(found["a"])["alert"]
    assert not _only(found["b"])["alert"]


def test_a_housemate_of_whom_only_the_family_name_is_known_is_not_warned_of(run):
    found = run(f"a,,Velmoor,1940-10-22,{HOME}", f"b,Isaac,Velmoor,1985-03-09,{HOME}")
    assert not any(candidate["alert"] for candidate in found["a"])


def test_a_shared_name_is_no_reason_to_warn_where_birth_date_and_home_differ(run):
    homes = ["3 Alder Road,Ashby,43101", "44 Birch Court,Greyport,43142", "85 Pump Lane,Dunmere,43121"]
    rows = [
        f"r{n},John,Smith,{1931 + 13 * n}-0{n + 1}-{27 - 5 * n},{home},OH" for n, home in enumerate(homes)
    ]
    assert not any(candidate["alert"] for candidates in run(*rows).values() for candidate in candidates)


def test_a_record_with_nothing_in_common_has_no_candidates(run):
    found = run(
        f"a,Oriana,Velmoor,1961-03-09,{HOME}", "b,Zeb,Thackery,1999-12-30,77 Quarry Court,Holloway,43150,KY"
    )
    assert found == {"a": [], "b": []}


def test_columns_may_have_other_names_and_records_no_number(run):
    found = run("Oriana,Velmoor,3/9/1961", "Oriana,Velmor,1961-03-09", header="First Name,Last Name,DOB")
    assert _only(found["2"])["record"] == "3"


def test_names_of_every_script_and_length_are_taken(run):
    rows = [
        "a,Nguyễn,Thị,,,,,",
        "b,נועם,כהן,,,,,",
        "c,🌻,,,,,,",
        f"d,{'Long' * 200},X,,,,,",
        "e,Kaʻiulani,O'Neil-Đức,,,,,",
    ]
    assert set(run(*rows)) == set("abcde")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "must name the columns"),
        (b"record,colour\na,red\n", "must name the columns"),
        (b"record,given_name,family_name\na,Jos\xe9,X\n", "not utf-8"),
    ],
)
def test_a_file_that_cannot_be_read_is_said_so(tmp_path, content, message):
    file = tmp_path / "bad.csv"
    file.write_bytes(content)
    with pytest.raises(CommandError, match=message):
        call_command("find_duplicates", str(file))


def test_a_missing_file_and_a_senseless_top_are_said_so(tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("find_duplicates", str(tmp_path / "none.csv"))
    with pytest.raises(CommandError, match="at least 1"):
        call_command("find_duplicates", str(SMALL), "--top", "0")


def test_the_directory_is_searched_by_the_same_query_as_the_desk_may(cast):
    june = cast.register(cast.sud)
    with open_desk(cast.fay, to=Do.SEARCH), connection.cursor() as cursor:
        entry = Directory.objects.get(public_id=june)
        keys = directory_keys(given="Jun", family="Okafor", birth=entry.birth_date.isoformat())
        match = _only(find_matches(cursor, [(7, None, keys)], top=3))
    assert (match.probe, match.client_id, match.alert) == (7, entry.pk, True)
