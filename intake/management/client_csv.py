"""Reading a CSV of clients, a row at a time: nothing of the file stays in memory but one row."""

import csv
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from clinic.record.models import Address, Channel, Client, ClientIdentifier, Contact, Language, Sex
from intake.management.screen_csv import BadRow, Unreadable
from intake.rules import BadDate, read_birth_date, read_phone

# Our field -> names that other systems give the column, the likeliest first.
COLUMNS: dict[str, tuple[str, ...]] = {
    "number": (
        "number",
        "record",
        "client_number",
        "mrn",
        "client_id",
        "patient_id",
        "chart_number",
        "id",
        "person",
    ),
    "given_name": ("given_name", "first_name", "given", "firstname", "forename"),
    "family_name": ("family_name", "last_name", "surname", "family", "lastname"),
    "birth_date": ("birth_date", "date_of_birth", "dob", "birthdate", "born"),
    "chosen_name": ("chosen_name", "preferred_name"),
    "other_names": ("other_names", "aliases", "alias", "former_names"),
    "pronouns": ("pronouns",),
    "sex": ("sex",),
    "language": ("language", "preferred_language"),
    "phone": ("phone", "phone_number", "mobile", "telephone", "cell"),
    "email": ("email", "e-mail", "email_address"),
    "street": ("street", "address", "address_1", "street_address"),
    "suburb": ("suburb", "city", "town"),
    "state": ("state",),
    "postcode": ("postcode", "zip", "zip_code", "postal_code"),
    "admitted": ("admitted", "admitted_on", "admission_date", "starts_on", "enrolled_on"),
}
NEEDED = ("number", "given_name", "family_name", "birth_date")
HOME = ("street", "suburb", "state", "postcode")

DATES = {
    "unreadable": "The date cannot be read: write YYYY-MM-DD.",
    "no_such_day": "There is no such day in the calendar.",
    "future": "The date is in the future.",
    "too_long_ago": "The date is more than 130 years ago.",
}


def _longest(model: Any, name: str) -> int:
    return int(model._meta.get_field(name).max_length)


LONGEST = {
    "number": _longest(ClientIdentifier, "value"),
    **{
        n: _longest(Client, n)
        for n in ("given_name", "family_name", "chosen_name", "other_names", "pronouns")
    },
    **{n: _longest(Address, n) for n in HOME},
    "phone": 40,
    "email": _longest(Contact, "value"),
}


@dataclass
class ClientRow:
    """One row that can be taken. `given`: what `register_client` takes; `notes`: (field, reason) of what was left out."""

    line: int
    number: str
    given: dict[str, Any] = field(default_factory=dict)
    notes: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class ClientFile:
    """A CSV file of clients. `mapped`: pairs of names told with --map. `keep`: people with an unusable birth date too."""

    path: Path
    mapped: list[tuple[str, str]]
    encoding: str
    today: dt.date
    keep: bool

    def survey(self) -> int:
        """How many lines there are; the file has then been read to its end, so that a wrong encoding stops everything.

        Raises Unreadable.
        """
        self.columns()
        return sum(1 for _ in self._lines()) - 1

    def columns(self) -> dict[str, int]:
        """Our field -> the place of its column. Raises Unreadable with every column that is missing."""
        header = [name.strip().lower().replace(" ", "_") for name in next(self._lines(), (0, []))[1]]
        if not any(header):
            raise Unreadable("The file is empty: its first line must name the columns.")
        found = {}
        for ours, names in COLUMNS.items():
            theirs = next((name for name in names if name in header), None)
            if theirs is not None:
                found[ours] = header.index(theirs)
        for one, other in self.mapped:
            ours, theirs = (
                (other, one) if one in header and (other in COLUMNS or other not in header) else (one, other)
            )
            if ours not in COLUMNS:
                raise Unreadable(f"--map knows no field {ours}. The fields are: {', '.join(COLUMNS)}.")
            if theirs not in header:
                raise Unreadable(f"--map names a column that the file does not have: {theirs}.")
            found[ours] = header.index(theirs)
        if missing := [name for name in NEEDED if name not in found]:
            raise Unreadable(
                f"Columns are missing: {', '.join(missing)}. Name others with --map COLUMN=FIELD."
            )
        return found

    def rows(self) -> Iterator[ClientRow | BadRow]:
        """Every row in the file's order; one that cannot be taken comes as the BadRow that says why."""
        place = self.columns()
        lines = self._lines()
        next(lines)
        for line, cells in lines:
            if not any(cell.strip() for cell in cells):
                continue
            try:
                yield self._row(
                    line, {ours: cells[at].strip() for ours, at in place.items() if at < len(cells)}
                )
            except BadRow as bad:
                yield bad

    def _lines(self) -> Iterator[tuple[int, list[str]]]:
        line = 0
        try:
            with self.path.open(encoding=self.encoding, newline="") as file:
                first = file.readline()
                file.seek(0)
                reader = csv.reader(file, delimiter=max(",;\t", key=first.count))
                for cells in reader:
                    line = reader.line_num
                    yield line, cells
        except UnicodeDecodeError as error:
            raise Unreadable(
                f"The file is not {self.encoding.removesuffix('-sig').upper()}: after line {line} comes the byte"
                f" {error.object[error.start]:#04x}. Save it as CSV UTF-8, or name its encoding: --encoding cp1252."
            ) from None
        except LookupError:
            raise Unreadable(f"There is no encoding {self.encoding}.") from None
        except csv.Error as error:
            raise Unreadable(f"The file is not CSV: after line {line}: {error}.") from None
        except OSError as error:
            raise Unreadable(f"The file cannot be opened: {error.strerror}.") from None

    def _row(self, line: int, cells: dict[str, str]) -> ClientRow:
        for name, cell in cells.items():
            if "\x00" in cell:
                raise BadRow(line, name, "It holds a character that is no text.")
        number = cells.get("number", "")
        if not number:
            raise BadRow(line, "number", "The person's number is empty.")
        for name in ("number", "given_name", "family_name"):
            if len(cells.get(name, "")) > LONGEST[name]:
                raise BadRow(line, name, f"It is longer than {LONGEST[name]} characters.")
        row = ClientRow(line, number)
        row.given = {name: cells.get(name, "") for name in ("given_name", "family_name")}
        self._take_birth(row, cells.get("birth_date", ""))
        if not any(row.given[name] for name in ("given_name", "family_name")):
            if row.given["birth_date"] is None:
                raise BadRow(line, "given_name", "There is neither a name nor a birth date.")
            row.notes.append(("given_name", "There is neither a given nor a family name."))
        self._take_plain(row, cells)
        self._take_contacts(row, cells)
        return row

    def _take_birth(self, row: ClientRow, cell: str) -> None:
        row.given["birth_date"] = None
        if not cell:
            row.notes.append(("birth_date", "It is blank."))
            return
        try:
            row.given["birth_date"] = read_birth_date(cell, self.today)
        except BadDate as wrong:
            if not self.keep:
                raise BadRow(row.line, "birth_date", DATES[wrong.code]) from None
            row.notes.append(("birth_date", DATES[wrong.code]))

    def _take_plain(self, row: ClientRow, cells: dict[str, str]) -> None:
        for name in ("chosen_name", "other_names", "pronouns"):
            row.given[name] = _short(row, name, cells.get(name, ""))
        home = {name: _short(row, name, cells.get(name, "")) for name in HOME}
        if any(home.values()):
            row.given["address"] = home
        for name, choices in (("sex", Sex), ("language", Language)):
            if said := cells.get(name, "").lower():
                chosen = {c.value: c.value for c in choices} | {
                    str(c.label).lower(): c.value for c in choices
                }
                if said in chosen:
                    row.given[name] = chosen[said]
                else:
                    row.notes.append(
                        (name, f"It is none of: {', '.join(value for value in choices.values if value)}.")
                    )
        if admitted := cells.get("admitted", ""):
            try:
                row.given["starts_on"] = read_birth_date(admitted, self.today)
            except BadDate as wrong:
                row.notes.append(("admitted", DATES[wrong.code]))

    def _take_contacts(self, row: ClientRow, cells: dict[str, str]) -> None:
        """What is known of phone and e-mail. Nobody has said that it is safe: nothing is allowed until someone asks."""
        contacts = []
        if phone := _short(row, "phone", cells.get("phone", "")):
            try:
                contacts.append({"channel": Channel.PHONE, "value": read_phone(phone)})
            except ValueError:
                row.notes.append(("phone", "It is not a phone number."))
        if address := _short(row, "email", cells.get("email", "")):
            try:
                validate_email(address)
                contacts.append({"channel": Channel.EMAIL, "value": address})
            except ValidationError:
                row.notes.append(("email", "It is not an e-mail address."))
        row.given["contacts"] = contacts


def _short(row: ClientRow, name: str, cell: str) -> str:
    if len(cell) <= LONGEST[name]:
        return cell
    row.notes.append((name, f"It is longer than {LONGEST[name]} characters."))
    return ""
