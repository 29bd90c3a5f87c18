"""`script/manage import_clients FILE.csv --program P`: people that another system knows, registered with their numbers."""

import csv
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError
from tqdm import tqdm

from clinic.access.door import Job, open_desk
from clinic.access.policy import Do
from clinic.kit import clock
from clinic.people.models import Program
from intake.actions import register_many
from intake.management.client_csv import ClientFile, ClientRow
from intake.management.screen_csv import BadRow, Unreadable
from intake.queries import known_numbers

JOB = Job("import", "command")
BATCH = 500  # people in one transaction: what a kill can lose


class Command(BaseCommand):
    help = "Register people from a CSV file. A second run adds nobody; an interrupted one goes on where it stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--program", required=True, help="the program that the people are registered in, by name"
        )
        parser.add_argument("--system", default="import", help="whose numbers the file has (default: import)")
        parser.add_argument(
            "--map", action="append", default=[], metavar="COLUMN=FIELD", help="another column name"
        )
        parser.add_argument("--encoding", default="utf-8-sig", help="the file's encoding (default: UTF-8)")
        parser.add_argument(
            "--keep-unusable-dates",
            action="store_true",
            help="register people whose birth date cannot be one too, as not known; the rejects file names them",
        )
        parser.add_argument(
            "--rejects", type=Path, help="where what could not be taken is listed (FILE.rejects.csv)"
        )
        parser.add_argument("--dry-run", action="store_true", help="check everything and write nothing")

    def handle(self, **options: Any) -> None:
        run = _Run(options)
        try:
            run.go()
        except Unreadable as error:
            raise CommandError(str(error)) from None
        self.stdout.write(
            f"{run.registered} people {'would be registered' if run.dry else 'registered'}, {run.known} already here,"
            f" {run.rejected} rows rejected, {run.noted} fields left out"
            + (f" (see {run.rejects})" if run.rejected or run.noted else "")
        )


class _Run:
    """One import: the file, what was counted, and the rejects."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.program = _program(options["program"])
        self.system, self.dry = options["system"], bool(options["dry_run"])
        self.file = ClientFile(
            path=options["file"],
            mapped=[_pair(text) for text in options["map"]],
            encoding=options["encoding"],
            today=clock.today(self.program.site.zone),
            keep=bool(options["keep_unusable_dates"]),
        )
        self.rejects: Path = options["rejects"] or options["file"].with_suffix(".rejects.csv")
        self.registered = self.known = self.rejected = self.noted = 0
        self.would_be_new: set[str] = set()
        self.first_new: int | None = None

    def go(self) -> None:
        """The file is read once to see that it can be, then again, a batch at a time, each in its own transaction."""
        lines = self.file.survey()
        with ExitStack() as stack:
            self.listed = csv.writer(
                stack.enter_context(self.rejects.open("w", newline="", encoding="utf-8"))
            )
            self.listed.writerow(["line", "field", "reason", "outcome"])
            bar = stack.enter_context(tqdm(total=lines, unit="row", disable=None))
            rows = self.file.rows()
            while batch := list(islice(rows, BATCH)):
                self._batch(self._readable(batch))
                bar.update(len(batch))
        if not self.rejected and not self.noted:
            self.rejects.unlink()

    def _readable(self, batch: list[ClientRow | BadRow]) -> list[ClientRow]:
        for bad in batch:
            if isinstance(bad, BadRow):
                self._reject(bad.line, bad.name, bad.reason)
        return [row for row in batch if isinstance(row, ClientRow)]

    def _reject(self, line: int, name: str, reason: str) -> None:
        self.rejected += 1
        self.listed.writerow([line, name, reason, "rejected"])

    def _batch(self, rows: list[ClientRow]) -> None:
        """These people are here: one transaction. Another import may register one of them meanwhile: asked again then."""
        new = self._new(rows)
        if not self.dry:
            people = [{**row.given, "identifiers": [(self.system, row.number)]} for row in new]
            try:
                made = register_many(JOB, program=self.program, people=people)
            except IntegrityError:
                if len(still := self._strangers(new)) == len(new):
                    raise
                return self._batch(still)
            if made and self.first_new is None:
                self.first_new = made[0].pk
        self.registered += len(new)
        for row in new:
            self._note(row)
        return None

    def _note(self, row: ClientRow) -> None:
        """What was left out is listed by every run, so that the list is whole after an interrupted one too."""
        for name, reason in row.notes:
            self.noted += 1
            self.listed.writerow([row.line, name, reason, "registered without it"])

    def _new(self, rows: list[ClientRow]) -> list[ClientRow]:
        """The rows of people who are not here yet; a number that stands in the file twice is taken once."""
        new: dict[str, ClientRow] = {}
        for row in self._strangers(rows):
            if row.number in new or row.number in self.would_be_new:
                self._reject(row.line, "number", "The number stands on an earlier line too.")
            else:
                new[row.number] = row
        if self.dry:
            self.would_be_new.update(new)
        return list(new.values())

    def _strangers(self, rows: list[ClientRow]) -> list[ClientRow]:
        with open_desk(JOB, to=Do.SEARCH, route="import_clients") as desk:
            known = known_numbers(desk, self.system, {row.number for row in rows})
        strangers = []
        for row in rows:
            if row.number not in known:
                strangers.append(row)
            elif self.first_new is not None and known[row.number] >= self.first_new:
                self._reject(row.line, "number", "The number stands on an earlier line too.")
            else:
                self.known += 1
                self._note(row)
        return strangers


def _program(name: str) -> Program:
    program = Program.objects.select_related("site").filter(name__iexact=name).first()
    if program is None:
        there = ", ".join(Program.objects.order_by("name").values_list("name", flat=True))
        raise CommandError(f"No program is called {name}. There are: {there}.")
    return program


def _pair(text: str) -> tuple[str, str]:
    one, equals, other = text.strip().lower().partition("=")
    if not equals or not one or not other:
        raise CommandError(f"--map {text}: write COLUMN=FIELD.")
    return one.strip().replace(" ", "_"), other.strip().replace(" ", "_")
