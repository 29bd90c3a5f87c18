"""`script/manage find_duplicates FILE.csv --top 3`: who in a file may be the same person, by the registration box's query."""

import csv
import json
import random
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from clinic.kit import clock
from clinic.record.models import Directory
from clinic.record.rules import DirectoryKeys, directory_keys
from intake.management.client_csv import COLUMNS
from intake.queries import explain_matches, find_matches
from intake.rules import BadDate, read_birth_date

TABLE = "registrations"
KEYS = tuple(DirectoryKeys.__annotations__)
MATCH_INDEX = f"create index {TABLE}_match on {TABLE} using gin (match_keys) with (fastupdate = off)"
BATCH = 500
LONGEST_CELL = 1000
# What directory_keys() takes -> our name of the column. The record's own number is shown and never compared.
COMPARED = {
    "given": "given_name",
    "family": "family_name",
    "other_names": "other_names",
    "birth": "birth_date",
    "street": "street",
    "suburb": "suburb",
    "postcode": "postcode",
    "state": "state",
    "phone_digits": "phone",
}


SYLLABLES = [
    "al",
    "ba",
    "bel",
    "ca",
    "cor",
    "da",
    "der",
    "do",
    "el",
    "fa",
    "fen",
    "ga",
    "gil",
    "ha",
    "hor",
    "in",
    "jo",
    "ka",
    "kin",
    "la",
    "lam",
    "lo",
    "ma",
    "mor",
    "na",
    "nes",
    "or",
    "pa",
    "pol",
    "ra",
    "rit",
    "ro",
    "sa",
    "sel",
    "ta",
    "tor",
    "va",
    "ver",
    "wa",
    "yo",
    "za",
]


class Command(BaseCommand):
    help = "Print, for each record of a CSV file, the other records of the file that may be the same person."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--top", type=int, default=3, help="how many candidates for each record (default: 3)"
        )
        parser.add_argument(
            "--timed",
            type=int,
            default=0,
            help="time this many single searches and show the slowest one's plan",
        )
        parser.add_argument(
            "--clients",
            type=int,
            default=0,
            help="with --timed: among that many, made-up people for the rest",
        )
        parser.add_argument("--encoding", default="utf-8-sig", help="the file's encoding (default: UTF-8)")

    def handle(self, **options: Any) -> None:
        """One JSON line a record, in the file's order. No client's data is read: the file has a table of its own."""
        if options["top"] < 1:
            raise CommandError("--top must be at least 1.")
        with connection.cursor() as cursor:
            try:
                _load(cursor, _records(options["file"], options["encoding"]))
            except OSError as error:
                raise CommandError(f"The file cannot be read: {error.strerror}.") from None
            except (UnicodeDecodeError, LookupError):
                raise CommandError(f"The file is not {options['encoding']}: name its encoding.") from None
            except csv.Error as error:
                raise CommandError(f"The file is not a CSV file: {error}.") from None
            for batch in _batches(cursor):
                self._print(cursor, batch, options["top"])
            if options["timed"]:
                _fill(cursor, options["clients"])
                _settle(cursor)
                self._time(cursor, options["timed"])
            cursor.execute(f"drop table {TABLE}")

    def _time(self, cursor: Any, searches: int) -> None:
        """One search at a time, as the registration box asks; to standard error, so that the lines stay what they are."""
        cursor.execute(f"select count(*) from {TABLE}")
        people = cursor.fetchone()[0]
        cursor.execute(
            f"select client_id, {', '.join(KEYS)} from {TABLE} order by hashint8(client_id) limit %s",
            [searches],
        )
        probes = [
            (row[0], cast(DirectoryKeys, dict(zip(KEYS, row[1:], strict=True)))) for row in cursor.fetchall()
        ]
        took = []
        for own, keys in probes:
            began = time.perf_counter()
            find_matches(cursor, [(0, own, keys)], top=5, table=TABLE)
            took.append((time.perf_counter() - began, own, keys))
        took.sort(key=lambda one: one[0])
        middle, late = took[len(took) // 2][0], took[int(len(took) * 0.95)][0]
        self.stderr.write(
            f"{len(took)} searches among {people:,}: p50 {middle * 1000:.1f} ms, p95 {late * 1000:.1f} ms,"
            f" slowest {took[-1][0] * 1000:.1f} ms; its plan:"
        )
        for line in explain_matches(cursor, [(0, took[-1][1], took[-1][2])], top=5, table=TABLE):
            self.stderr.write(line)

    def _print(self, cursor: Any, batch: list[tuple[int, str, DirectoryKeys]], top: int) -> None:
        found: dict[int, list[dict[str, Any]]] = {line: [] for line, _record, _keys in batch}
        matches = find_matches(
            cursor, [(line, line, keys) for line, _record, keys in batch], top=top, table=TABLE
        )
        cursor.execute(
            f"select client_id, record from {TABLE} where client_id = any(%s)",
            [[m.client_id for m in matches]],
        )
        names = dict(cursor.fetchall())
        for match in matches:
            candidate = {
                "record": names[match.client_id],
                "score": match.score,
                "alert": match.alert,
                "why": match.why,
            }
            found[match.probe].append(candidate)
        for line, record, _keys in batch:
            self.stdout.write(json.dumps({"record": record, "candidates": found[line]}, ensure_ascii=False))


def _records(path: Path, encoding: str) -> Iterator[tuple[str, DirectoryKeys]]:
    with path.open(encoding=encoding, newline="") as file:
        rows = csv.reader(file)
        header = [name.strip().lower().replace(" ", "_") for name in next(rows, [])]
        places = {ours: _place(header, column) for ours, column in COMPARED.items()}
        if places["given"] is None and places["family"] is None:
            raise CommandError("The first line must name the columns, given_name or family_name among them.")
        number = next(
            (header.index(name) for name in COLUMNS["number"] if name != "person" and name in header), None
        )
        for line, row in enumerate(rows, start=2):
            if any(row):
                yield _cell(row, number) or str(line), _keys(row, places)


def _place(header: list[str], column: str) -> int | None:
    return next((header.index(name) for name in COLUMNS[column] if name in header), None)


def _cell(row: list[str], place: int | None) -> str:
    """What stands there. Postgres has no NUL; what is absurdly long is no name, street or date."""
    if place is None or place >= len(row):
        return ""
    return row[place].replace("\0", "").strip()[:LONGEST_CELL]


def _keys(row: list[str], places: dict[str, int | None]) -> DirectoryKeys:
    cells = {ours: _cell(row, place) for ours, place in places.items()}
    cells["phone_digits"] = re.sub(r"\D", "", cells["phone_digits"])
    # No such day: its digits may still be a typo's distance from the right ones.
    with suppress(BadDate):
        cells["birth"] = read_birth_date(cells["birth"], clock.today()).isoformat()
    return directory_keys(**cells)


def _load(cursor: Any, records: Iterator[tuple[str, DirectoryKeys]]) -> None:
    """The file's records stand in a table of this session, with the directory's derived columns and indexes."""
    cursor.execute(f"drop table if exists pg_temp.{TABLE}")
    columns = ", ".join(f"{name} {Directory._meta.get_field(name).db_type(connection)}" for name in KEYS)
    cursor.execute(f"create temporary table {TABLE} (client_id bigint primary key, record text, {columns})")
    with cursor.copy(f"copy {TABLE} (client_id, record, {', '.join(KEYS)}) from stdin") as copy:
        for number, (record, keys) in enumerate(records):
            values: dict[str, Any] = dict(keys)
            copy.write_row([number, record, *(values[name] for name in KEYS)])
    cursor.execute(MATCH_INDEX)
    for names in ("given_key, family_key", "family_key, given_key", "suburb_key", "postcode_key"):
        cursor.execute(f"create index on {TABLE} ({names})")
    cursor.execute(f"analyze {TABLE}")


def _fill(cursor: Any, clients: int) -> None:
    """As many made-up people more as are missing to `clients`: always the same ones."""
    draw = random.Random(7)  # noqa: S311
    cursor.execute(f"select count(*), max(client_id) from {TABLE}")
    there, last = cursor.fetchone()
    cursor.execute(f"drop index {TABLE}_match")
    with cursor.copy(f"copy {TABLE} (client_id, record, {', '.join(KEYS)}) from stdin") as copy:
        for number in range(max(0, clients - there)):
            values: dict[str, Any] = dict(_made_up(draw))
            copy.write_row([last + 1 + number, f"made up {number}", *(values[name] for name in KEYS)])
    cursor.execute(MATCH_INDEX)
    cursor.execute(f"analyze {TABLE}")


def _settle(cursor: Any) -> None:
    """As the directory is on any day: swept by Postgres, so that its indexes answer by themselves how often a town is there.

    Inside a transaction (a test) there is no sweeping.
    """
    if not connection.in_atomic_block:
        cursor.execute(f"vacuum (analyze) {TABLE}")


def _made_up(draw: random.Random) -> DirectoryKeys:
    def word(parts: int) -> str:
        return "".join(draw.choice(SYLLABLES) for _ in range(parts))

    # A few names are common, most are rare: as at any door.
    town = min(draw.randrange(80), draw.randrange(80))
    return directory_keys(
        given=word(2) if draw.random() < 0.8 else draw.choice(SYLLABLES) + "a",
        family=word(draw.choice((2, 3, 3))),
        birth=f"{draw.randrange(1935, 2012)}-{draw.randrange(1, 13):02}-{draw.randrange(1, 29):02}",
        street=f"{draw.randrange(1, 400)} {word(2)} street",
        suburb=f"town {SYLLABLES[town % len(SYLLABLES)]}{town}",
        postcode=f"{43000 + town}",
        state="OH",
        phone_digits=f"614{draw.randrange(10**7):07}",
    )


def _batches(cursor: Any) -> Iterator[list[tuple[int, str, DirectoryKeys]]]:
    after = -1
    while True:
        cursor.execute(
            f"select client_id, record, {', '.join(KEYS)} from {TABLE} where client_id > %s order by client_id limit %s",
            [after, BATCH],
        )
        rows = cursor.fetchall()
        if not rows:
            return
        yield [(row[0], row[1], cast(DirectoryKeys, dict(zip(KEYS, row[2:], strict=True)))) for row in rows]
        after = rows[-1][0]
