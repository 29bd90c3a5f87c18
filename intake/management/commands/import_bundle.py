"""`script/manage import_bundle FILE|DIR --program P`: people and what another system recorded of them, from FHIR R4 bundles."""

import csv
import hashlib
import json
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from clinic.access.door import Job, open_admission, open_desk, open_for_job
from clinic.access.policy import Do
from clinic.kit import clock
from clinic.people.models import Program
from clinic.record.models import Client
from intake import queries
from intake.actions import add_outside_records, admit_client, end_for_death, register
from intake.actions.importing import FACT, SCREEN, OutsideRow
from intake.management import bundle_answers, bundle_read
from intake.management.bundle_read import BadResource, KeptOut, Person, Row, at, code_of, text_of
from intake.management.bundle_stream import Damaged, Entry, entries
from intake.management.screen_csv import Unreadable
from intake.queries import known_numbers

JOB = Job("import", "command")
READERS = {
    "Condition": bundle_read.condition,
    "MedicationRequest": bundle_read.medication_request,
    "AllergyIntolerance": bundle_read.allergy,
    "Encounter": bundle_read.encounter,
}
KNOWN = {"Patient", "Medication", "QuestionnaireResponse", *READERS}
# What is read of each; the rest of a resource is not kept, and the report says so.
EVERYWHERE = {"resourceType", "id", "meta", "text", "language", "implicitRules", "subject", "contained"}
READ = {
    "Patient": {
        "identifier", "name", "gender", "birthDate", "extension", "deceasedDateTime", "deceasedBoolean", "telecom",
        "communication", "address", "maritalStatus", "active",
    },
    "Condition": {
        "verificationStatus", "clinicalStatus", "code", "onsetDateTime", "onsetPeriod", "recordedDate",
        "abatementDateTime", "abatementPeriod", "recorder", "asserter",
    },
    "MedicationRequest": {
        "status", "intent", "medicationCodeableConcept", "medicationReference", "authoredOn", "dispenseRequest",
        "dosageInstruction", "requester",
    },
    "AllergyIntolerance": {
        "patient", "verificationStatus", "clinicalStatus", "code", "onsetDateTime", "recordedDate", "reaction",
        "lastOccurrence",
    },
    "Encounter": {"status", "class", "type", "participant", "serviceProvider", "location", "reasonCode", "period"},
    "Medication": {"code", "status"},
    "QuestionnaireResponse": {"status", "authored", "questionnaire", "item"},
}  # fmt: skip
MOST_HELD = 5000  # rows read and not yet written: what is in memory of a bundle of any size


class Command(BaseCommand):
    help = "Import FHIR R4 bundles. A second run adds nothing; an interrupted one goes on where it stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="a bundle, or a folder of them")
        parser.add_argument("--program", required=True, help="the program that the people come to, by name")
        parser.add_argument(
            "--rejects", type=Path, help="where what was not taken is listed (PATH.rejects.csv)"
        )
        parser.add_argument("--dry-run", action="store_true", help="check everything and write nothing")

    def handle(self, **options: Any) -> None:
        path: Path = options["path"]
        files = sorted(path.glob("*.json")) if path.is_dir() else [path]
        if not files:
            raise CommandError(f"There is no .json file in {path}.")
        run = _Run(_program(options["program"]), bool(options["dry_run"]))
        rejects: Path = options["rejects"] or path.with_suffix(".rejects.csv")
        with ExitStack() as stack:
            run.listed = csv.writer(stack.enter_context(rejects.open("w", newline="", encoding="utf-8")))
            run.listed.writerow(["file", "path", "resource", "reason", "outcome"])
            for file in tqdm(files, unit="file", disable=None):
                try:
                    _File(run, file).go()
                except Unreadable as error:
                    if not path.is_dir():
                        raise CommandError(str(error)) from None
                    run.reject(file, "Bundle", "", str(error))
        if not run.listed_any:
            rejects.unlink()
        self.stdout.write(run.report(rejects))


def _program(name: str) -> Program:
    program = Program.objects.select_related("site").filter(name__iexact=name).first()
    if program is None:
        there = ", ".join(Program.objects.order_by("name").values_list("name", flat=True))
        raise CommandError(f"No program is called {name}. There are: {there}.")
    return program


class _Run:
    """What every file shares: the program, the counts, the list of what was not taken."""

    def __init__(self, program: Program, dry: bool) -> None:
        self.program, self.dry = program, dry
        self.today = clock.today(program.site.zone)
        self.people: Counter[str] = Counter()
        self.added: Counter[str] = Counter()
        self.there: Counter[str] = Counter()
        self.kept_out: Counter[str] = Counter()
        self.rejected: Counter[str] = Counter()
        self.unknown: Counter[str] = Counter()
        self.named: Counter[str] = Counter()
        self.seen: Counter[str] = Counter()
        self.unread: Counter[str] = Counter()
        self.listed: Any = None
        self.listed_any = False
        self.would_be_new: set[tuple[str, str]] = set()

    def note(self, file: Path, path: str, resource: str, reason: str, outcome: str) -> None:
        self.listed_any = True
        self.listed.writerow([file.name, path, resource, reason, outcome])

    def reject(self, file: Path, path: str, resource: str, reason: str) -> None:
        self.rejected[resource or "entry"] += 1
        self.note(file, path, resource, reason, "rejected")

    def report(self, rejects: Path) -> str:
        would = "would be " if self.dry else ""
        lines = [
            f"People: {self.people['new']} {would}registered, {self.people['known']} already here,"
            f" {self.people['alike']} may be here under another number",
            f"{'Would be added' if self.dry else 'Added'}: {_counted(self.added)}",
            f"Already here: {_counted(self.there)}",
            f"Kept out (errors, drafts, plans; questionnaires that we do not have): {_counted(self.kept_out)}",
            f"Rejected: {_counted(self.rejected)}",
            f"Read for what names them: {_counted(self.named)}",
            f"Not read, because we keep no such resource: {_counted(self.unknown)}",
            f"Resources in all: {self.seen.total()}",
            f"Left out of what was read: {_counted(self.unread)}",
        ]
        if self.listed_any:
            lines.append(f"What was not taken is listed in {rejects}")
        if self.rejected:
            lines.append(
                "Mend what was rejected where its path says, and run the import again: what is here is not added twice."
            )
        return "\n".join(lines)


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {number}" for name, number in sorted(counts.items())) or "nothing"


@dataclass
class _Here:
    """Somebody of this file: as their Patient says, and what of them waits to be written."""

    person: Person
    path: str
    client: int | None = None
    written: bool = False
    rows: list[tuple[str, OutsideRow, str]] = field(default_factory=list)


class _File:
    """One bundle, read an entry at a time."""

    def __init__(self, run: _Run, file: Path) -> None:
        self.run, self.file = run, file
        self.people: dict[str, _Here] = {}
        self.waiting: list[
            tuple[str, str, OutsideRow, str]
        ] = []  # of somebody whose Patient has not come yet
        self.medications: dict[str, tuple[str, str, str]] = {}
        self.held = 0

    def go(self) -> None:
        for entry in entries(self.file):
            if isinstance(entry, Damaged):
                self.run.reject(self.file, entry.path, "", entry.reason)
                continue
            self._take(entry)
            if self.held > MOST_HELD:
                self._write(last=False)
        self._write(last=True)

    def _take(self, entry: Entry) -> None:
        kind = entry.resource["resourceType"]
        self.run.seen[kind] += 1
        if kind not in KNOWN:
            self.run.unknown[kind] += 1
            return
        left = entry.resource.keys() - EVERYWHERE - READ[kind]
        self.run.unread.update(f"{kind}.{name[:40]}" for name in left)
        try:
            if kind == "Patient":
                self._patient(entry)
            elif kind == "Medication":
                concept = entry.resource.get("code")
                self.run.named[kind] += 1
                for name in _names(entry):
                    self.medications[name] = (text_of(concept), *code_of(concept))
            else:
                self._keep(entry, kind, *self._row(entry, kind))
        except BadResource as bad:
            self.run.reject(self.file, f"{entry.path}.{bad.path}", kind, bad.reason)
        except KeptOut as why:
            self.run.kept_out[kind] += 1
            self.run.note(self.file, entry.path, kind, str(why), "kept out")

    def _row(self, entry: Entry, kind: str) -> tuple[OutsideRow, str]:
        key = str(
            entry.resource.get("id") or entry.full_url.removeprefix("urn:uuid:") or _hash(entry.resource)
        )[:160]
        if kind == "QuestionnaireResponse":
            told = bundle_answers.read(entry.resource, self.run.today)
            return OutsideRow(kind, key, SCREEN, vars(told)), ""
        row: Row = READERS[kind](entry.resource, self.run.today)
        for path, reason in row.notes:
            self.run.note(self.file, f"{entry.path}.{path}", kind, reason, "kept, with this")
        columns = {n: v.replace("\x00", "") if isinstance(v, str) else v for n, v in row.columns.items()}
        return OutsideRow(kind, key, row.kind, columns), row.medication

    def _patient(self, entry: Entry) -> None:
        here = _Here(bundle_read.person(entry.resource, entry.full_url, self.run.today), entry.path)
        for path, reason in here.person.notes:
            self.run.note(self.file, f"{entry.path}.{path}", "Patient", reason, "kept without it")
        key = str(entry.resource.get("id") or here.person.numbers[0][1])[:140]
        for topic, code in here.person.facts.items():
            row = OutsideRow("Patient's answer", f"{key}.{topic}", FACT, {"topic": topic, "codes": [code]})
            here.rows.append((entry.path, row, ""))
        for name in [*_names(entry), *(f"Patient?identifier={s}|{v}" for s, v in here.person.numbers)]:
            self.people[name] = here

    def _keep(self, entry: Entry, kind: str, row: OutsideRow, medication: str) -> None:
        subject = entry.resource.get("patient" if kind == "AllergyIntolerance" else "subject")
        reference = str(at(subject, "reference") or "")
        if not reference:
            raise BadResource("subject.reference", "It does not say whose it is.")
        self.held += 1
        if reference in self.people:
            self.people[reference].rows.append((entry.path, row, medication))
        else:
            self.waiting.append((reference, entry.path, row, medication))

    def _write(self, *, last: bool) -> None:
        still = []
        for reference, path, row, medication in self.waiting:
            if reference in self.people:
                self.people[reference].rows.append((path, row, medication))
            else:
                still.append((reference, path, row, medication))
        self.waiting = [] if last else still
        for _reference, path, row, _medication in still if last else []:
            self.run.reject(
                self.file, f"{path}.subject.reference", row.resource, "It is about nobody in this file."
            )
        for here in {id(one): one for one in self.people.values()}.values():
            if here.rows or not here.written:
                self._write_one(here, last)
        self.held = len(self.waiting) + sum(
            len(h.rows) for h in {id(o): o for o in self.people.values()}.values()
        )

    def _write_one(self, here: _Here, last: bool) -> None:
        ready = []
        for path, row, medication in here.rows:
            if medication and not self._name(row, medication):
                if last:
                    self.run.reject(
                        self.file,
                        f"{path}.medicationReference",
                        row.resource,
                        "The file has no such Medication.",
                    )
                else:
                    ready.append((path, row, medication))
                continue
            ready.append((path, row, ""))
        rows = [row for _path, row, medication in ready if not medication]
        here.rows = [one for one in ready if one[2]]
        if self.run.dry:
            self._count_dry(here, rows)
        else:
            self._store(here, rows)
        here.written = True

    def _name(self, row: OutsideRow, medication: str) -> bool:
        found = self.medications.get(medication)
        if found is None or not found[0]:
            return False
        row.columns["name"], row.columns["code_system"], row.columns["code"] = (
            found[0][:240],
            found[1],
            found[2],
        )
        return True

    def _count_dry(self, here: _Here, rows: list[OutsideRow]) -> None:
        if not here.written:
            known = self._known(here.person)
            self.run.people[
                "known" if known or here.person.numbers[0] in self.run.would_be_new else "new"
            ] += 1
            self.run.would_be_new.add(here.person.numbers[0])
            if not known:
                self._report_alike(here)
        self.run.added.update(row.resource for row in rows)

    def _known(self, person: Person) -> int | None:
        with open_desk(JOB, to=Do.SEARCH, route="import_bundle") as desk:
            for system, value in person.numbers:
                if found := known_numbers(desk, system, [value]):
                    return found[value]
        return None

    def _report_alike(self, here: _Here) -> None:
        """Who may be here already under another number: told, and registered all the same. Nobody merges by machine."""
        told = here.person.given
        with open_desk(JOB, to=Do.SEARCH, route="import_bundle") as desk:
            found = queries.lookalikes(
                desk, given=told["given_name"], family=told["family_name"], other_names=told["other_names"],
                birth=told["birth_date"], phone=next((c["value"] for c in told["contacts"]), ""),
            )  # fmt: skip
        for one in (one for one in found if one.alert):
            self.run.people["alike"] += 1
            reason = f"May be the same person as the record ending {one.id_ending}: {', '.join(map(str, one.why))}."
            self.run.note(self.file, here.path, "Patient", reason, "registered; compare the two")

    def _store(self, here: _Here, rows: list[OutsideRow]) -> None:
        died = here.person.given.get("deceased_on")
        if here.client is None:
            here.client = self._client(here, died)
        system = here.person.numbers[0][0]
        with open_for_job(JOB, [here.client], to=Do.IMPORT) as opened:
            mine = [e for e in opened.episodes if e.program_id == self.run.program.pk]
            place = max(mine, key=lambda e: (e.ends_on is None, e.starts_on, e.id))
            added = add_outside_records(opened, place=place, system=system, rows=rows, today=self.run.today)
            if died:
                end_for_death(opened, place=place, on=died)
        self.run.added.update(row.resource for row in added)
        self.run.there.update(row.resource for row in rows)
        self.run.there.subtract(row.resource for row in added)
        self.run.there += Counter()

    def _client(self, here: _Here, died: Any) -> int:
        """The person's record, registered if they are not here, admitted if they are in another program only."""
        known = self._known(here.person)
        if known is None:
            self._report_alike(here)
            given = {**here.person.given, "identifiers": here.person.numbers}
            if died:
                given["starts_on"] = min(died, self.run.today)
            made = register(JOB, program=self.run.program, **given)
            self.run.people["new"] += 1
            return made.pk
        self.run.people["known"] += 1
        with open_for_job(JOB, [known], to=Do.IMPORT) as opened:
            there = any(e.program_id == self.run.program.pk for e in opened.episodes)
            public_id = Client.objects.get(pk=known).public_id
        if not there:
            with open_admission(JOB, public_id, self.run.program) as chart:
                admit_client(chart, starts_on=min(died, self.run.today) if died else None)
        return known


def _names(entry: Entry) -> list[str]:
    """What references may call this resource."""
    kind, key = entry.resource["resourceType"], str(entry.resource.get("id") or "")
    return [
        name
        for name in (entry.full_url, f"{kind}/{key}" if key else "", f"urn:uuid:{key}" if key else "")
        if name
    ]


def _hash(resource: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(resource, sort_keys=True).encode()).hexdigest()
