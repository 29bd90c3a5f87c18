"""`script/manage import_screens FILE.csv --program P --week-1 DATE`: past screens of one instrument, by person's number."""

import csv
import datetime as dt
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from clinic.access.chart import Caseload
from clinic.access.door import Job, open_desk, open_slices
from clinic.access.policy import Do
from clinic.kit import clock
from clinic.people.models import Program
from clinic.record.models import ClientIdentifier
from intake.actions import register_many
from intake.management.screen_csv import BadRow, ScreenFile, ScreenRow, Unreadable
from screening import queries
from screening.actions import OPENS_WITHIN, NewScreen, record_screens
from screening.models import Mode

JOB = Job("import", "command")
SLICE = 600  # rows at once: about 50 clients of a weekly file; what a kill can lose is one slice


class Command(BaseCommand):
    help = "Import past screens from a CSV file. A second run adds nothing; an interrupted one goes on where it stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--program", required=True, help="the program that the screens belong to, by name"
        )
        parser.add_argument(
            "--instrument", default="phq-9", help="phq-9 (default), gad-7, pcl-5, audit, dast-10"
        )
        parser.add_argument(
            "--week-1", type=_date, help="YYYY-MM-DD: the date of week 1, if the file counts weeks"
        )
        parser.add_argument(
            "--system", default="import", help="whose numbers identify the people (default: import)"
        )
        parser.add_argument(
            "--create-clients", action="store_true", help="register people who are not known yet"
        )
        parser.add_argument(
            "--map", action="append", default=[], metavar="COLUMN=FIELD", help="another column name"
        )
        parser.add_argument(
            "--rejects", type=Path, help="where rows that cannot be taken are listed (FILE.rejects.csv)"
        )
        parser.add_argument("--dry-run", action="store_true", help="check everything and write nothing")

    def handle(self, **options: Any) -> None:
        run = _Run(options, _program(options["program"]))
        try:
            run.go()
        except Unreadable as error:
            raise CommandError(str(error)) from None
        verb = "would be added" if options["dry_run"] else "added"
        self.stdout.write(
            f"{run.added} screens {verb}, {run.known} already there, {run.created} people "
            f"{'would be registered' if options['dry_run'] else 'registered'}, {run.rejected} rows rejected"
            + (f" (see {run.rejects})" if run.rejected else "")
        )


class _Run:
    """One import: the file, what was counted, and the rejects."""

    def __init__(self, options: dict[str, Any], program: Program) -> None:
        self.options, self.program = options, program
        self.dry = bool(options["dry_run"])
        self.today = clock.today(program.site.zone)
        self.instrument = options["instrument"]
        try:
            choices = queries.choices(self.instrument)
        except LookupError:
            raise CommandError(f"No instrument is called {self.instrument}.") from None
        self.file = ScreenFile(
            options["file"], choices, _mapped(options["map"]), options["week_1"], self.today
        )
        self.rejects = options["rejects"] or options["file"].with_suffix(".rejects.csv")
        self.added = self.known = self.created = self.rejected = 0
        self.seen_new: set[str] = set()

    def go(self) -> None:
        count, self.latest = self.file.survey()
        with ExitStack() as stack:
            file = stack.enter_context(self.rejects.open("w", newline="", encoding="utf-8"))
            self.listed = csv.writer(file)
            self.listed.writerow(["line", "field", "reason"])
            bar = stack.enter_context(tqdm(total=count, unit="row", disable=None))
            rows = self.file.rows()
            while batch := list(islice(rows, SLICE)):
                self._slice(self._readable(batch))
                bar.update(len(batch))
        if not self.rejected:
            self.rejects.unlink()

    def _readable(self, batch: list[ScreenRow | BadRow]) -> list[ScreenRow]:
        for row in batch:
            if isinstance(row, BadRow):
                self._reject(row.line, row.name, row.reason)
        return [row for row in batch if isinstance(row, ScreenRow)]

    def _reject(self, line: int, name: str, reason: str) -> None:
        self.rejected += 1
        self.listed.writerow([line, name, reason])

    def _slice(self, rows: list[ScreenRow]) -> None:
        """These rows are in the charts of their people: one transaction for the registrations, one for the screens."""
        rows = [row for row in rows if self._adds_up(row)]
        clients = self._clients(sorted({row.person for row in rows}))
        mine: dict[int, list[ScreenRow]] = {}
        for row in rows:
            if row.person in clients:
                mine.setdefault(clients[row.person], []).append(row)
            elif row.person in self.seen_new:
                self.added += 1
            else:
                self._reject(row.line, "person", f"No client has this number in {self.options['system']}.")
        if mine:
            for opened in open_slices(JOB, to=Do.SCREEN, clients=list(mine)):
                self._record(opened, mine)

    def _adds_up(self, row: ScreenRow) -> bool:
        if row.published_total is None:
            return True
        total = queries.total(self.instrument, row.answers)
        if total == row.published_total:
            return True
        said = "the answers give no total" if total is None else f"the answers add up to {total}"
        self._reject(row.line, "published_total", f"The file says {row.published_total}, {said}.")
        return False

    def _clients(self, people: list[str]) -> dict[str, int]:
        """Number -> client; who is not known yet is registered, if that was asked for."""
        system = self.options["system"]
        with open_desk(JOB, to=Do.SEARCH):
            found = ClientIdentifier.objects.filter(system=system, value__in=people)
            clients = dict(found.values_list("value", "client_id"))
        unknown = [person for person in people if person not in clients]
        if not unknown or not self.options["create_clients"]:
            return clients
        if self.dry:
            self.created += len(set(unknown) - self.seen_new)
            self.seen_new.update(unknown)
            return clients
        since = self.options["week_1"] or self.today
        given = [
            {"identifiers": [(system, person)], "starts_on": min(since, self.today)} for person in unknown
        ]
        made = register_many(JOB, program=self.program, people=given)
        self.created += len(made)
        return clients | {person: client.pk for person, client in zip(unknown, made, strict=True)}

    def _record(self, opened: Caseload, mine: dict[int, list[ScreenRow]]) -> None:
        places = {e.client_id: e for e in opened.episodes if e.program_id == self.program.pk}
        there = queries.imported(opened, self.instrument)
        new: list[NewScreen] = []
        for client in opened.clients:
            for row in mine.get(client, ()):
                if client not in places:
                    self._reject(row.line, "person", f"The client has no episode in {self.program.name}.")
                elif self._is_new(row, there.setdefault(client, {})):
                    new.append(self._screen(places[client], row, max(there[client])))
        self.added += len(new)
        if new and not self.dry:
            record_screens(opened, rows=new)

    def _is_new(self, row: ScreenRow, there: dict[dt.date, str]) -> bool:
        origin = there.get(row.taken_on)
        if origin is None:
            there[row.taken_on] = row.origin
            return True
        if origin == row.origin:
            self.known += 1
        else:
            self._reject(
                row.line,
                "date",
                f"Other answers of {row.taken_on.isoformat()} are on file: correct them in the chart.",
            )
        return False

    def _screen(self, place: Any, row: ScreenRow, on_file: dt.date) -> NewScreen:
        # Only the latest, and only if it is recent, waits for someone; all others are on file.
        latest = row.taken_on == max(self.latest[row.person], on_file)
        return NewScreen(
            episode=place,
            instrument=self.instrument,
            answers=row.answers,
            taken_on=row.taken_on,
            mode=Mode.IMPORTED,
            origin=row.origin,
            historical=not (latest and row.taken_on >= self.today - OPENS_WITHIN),
        )


def _date(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _mapped(pairs: list[str]) -> dict[str, str]:
    mapped = {}
    for pair in pairs:
        column, equals, name = pair.partition("=")
        if not equals or not column or not name:
            raise CommandError(f"--map {pair}: write COLUMN=FIELD.")
        mapped[column.strip()] = name.strip()
    return mapped


def _program(name: str) -> Program:
    program = Program.objects.select_related("site").filter(name__iexact=name).first()
    if program is None:
        known = ", ".join(Program.objects.order_by("name").values_list("name", flat=True)) or "none yet"
        raise CommandError(f"No program is called “{name}”. There are: {known}.")
    return program
