"""Reading a CSV of screens, a row at a time: nothing of the file stays in memory but one row and each person's last date."""

import csv
import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

DECLINED = {"-", "declined"}
SKIPPED = {"skipped"}
LONGEST_NUMBER = 60


class Unreadable(Exception):
    """The file as a whole cannot be read; the message says what to do about it."""


class BadRow(Exception):
    """One row cannot be taken. It goes to the rejects with its line, the field and the reason."""

    def __init__(self, line: int, name: str, reason: str) -> None:
        super().__init__(reason)
        self.line, self.name, self.reason = line, name, reason


@dataclass
class ScreenRow:
    """One row that can be taken: whose, when, and the answers by item."""

    line: int
    person: str
    taken_on: dt.date
    answers: dict[str, Any] = field(default_factory=dict)
    published_total: int | None = None

    @property
    def origin(self) -> str:
        """The row's hash: the same row in a second file is known again by it."""
        text = repr((self.taken_on.isoformat(), sorted(self.answers.items())))
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass
class ScreenFile:
    """A CSV file of one instrument. `choices`: for each item, the answers it takes. `fields`: column -> our field."""

    path: Path
    choices: dict[str, frozenset[int]]
    mapped: dict[str, str]
    week_1: dt.date | None
    today: dt.date

    def columns(self) -> dict[str, str]:
        """Our field -> the file's column. Raises Unreadable with every column that is missing."""
        header = next(self._lines(), (0, []))[1]
        if not header:
            raise Unreadable("The file is empty: its first line must name the columns.")
        unknown = sorted(set(self.mapped) - set(header))
        if unknown:
            raise Unreadable(f"--map names columns that the file does not have: {', '.join(unknown)}.")
        found = {self.mapped.get(name, name).strip().lower(): name for name in header}
        missing = [name for name in ("person", *self.choices) if name not in found]
        if "date" not in found and "week" not in found:
            missing.append("date (or week)")
        if missing:
            raise Unreadable(
                f"Columns are missing: {', '.join(missing)}. Name others with --map COLUMN=FIELD."
            )
        if "date" not in found and self.week_1 is None:
            raise Unreadable("The file counts weeks: say with --week-1 on which date week 1 began.")
        return found

    def rows(self) -> Iterator[ScreenRow | BadRow]:
        """Every row in the file's order; one that cannot be taken comes as the BadRow that says why."""
        columns = self.columns()
        lines = self._lines()
        header = next(lines)[1]
        place = {ours: header.index(theirs) for ours, theirs in columns.items()}
        for line, cells in lines:
            if not any(cell.strip() for cell in cells):
                continue
            try:
                yield self._row(
                    line, {ours: cells[at].strip() for ours, at in place.items() if at < len(cells)}
                )
            except BadRow as bad:
                yield bad

    def survey(self) -> tuple[int, dict[str, dt.date]]:
        """How many rows there are, and each person's latest date; the whole file has then been read once."""
        count = 0
        latest: dict[str, dt.date] = {}
        for row in self.rows():
            count += 1
            if isinstance(row, ScreenRow) and row.taken_on > latest.get(row.person, dt.date.min):
                latest[row.person] = row.taken_on
        return count, latest

    def _lines(self) -> Iterator[tuple[int, list[str]]]:
        try:
            with self.path.open(encoding="utf-8-sig", newline="") as file:
                reader = csv.reader(file)
                for cells in reader:
                    yield reader.line_num, cells
        except UnicodeDecodeError as error:
            raise Unreadable(
                f"The file is not UTF-8 (a byte {error.object[error.start]:#04x} cannot be read). Save it as CSV UTF-8."
            ) from None
        except csv.Error as error:
            raise Unreadable(f"The file is not CSV: line {reader.line_num}: {error}.") from None
        except OSError as error:
            raise Unreadable(f"The file cannot be opened: {error.strerror}.") from None

    def _row(self, line: int, cells: dict[str, str]) -> ScreenRow:
        person = cells.get("person", "")
        if not person:
            raise BadRow(line, "person", "The person's number is empty.")
        if len(person) > LONGEST_NUMBER:
            raise BadRow(line, "person", f"The person's number is longer than {LONGEST_NUMBER} characters.")
        row = ScreenRow(line, person, self._taken_on(line, cells))
        for item, allowed in self.choices.items():
            answer = self._answer(line, item, cells.get(item, ""), allowed)
            if answer is not None:
                row.answers[item] = answer
        if not row.answers:
            raise BadRow(line, next(iter(self.choices)), "No question is answered.")
        if cells.get("published_total"):
            row.published_total = _whole(line, "published_total", cells["published_total"])
        return row

    def _taken_on(self, line: int, cells: dict[str, str]) -> dt.date:
        name = "date" if cells.get("date") else "week"
        if name == "date":
            try:
                day = dt.date.fromisoformat(cells["date"])
            except ValueError:
                raise BadRow(line, name, "The date is not a date as YYYY-MM-DD.") from None
        else:
            week = _whole(line, name, cells.get("week", ""))
            if self.week_1 is None or not 1 <= week <= 5200:
                raise BadRow(line, name, "The week is not a number from 1 on.")
            day = self.week_1 + dt.timedelta(weeks=week - 1)
        if day > self.today:
            raise BadRow(line, name, f"The date {day.isoformat()} is in the future.")
        if day.year < 1990:
            raise BadRow(line, name, f"The date {day.isoformat()} is before 1990.")
        return day

    def _answer(self, line: int, item: str, cell: str, allowed: frozenset[int]) -> int | str | None:
        if not cell:
            return None
        if cell.lower() in DECLINED | SKIPPED:
            return "skipped" if cell.lower() in SKIPPED else "declined"
        answer = _whole(line, item, cell)
        if answer not in allowed:
            among = ", ".join(map(str, sorted(allowed)))
            raise BadRow(line, item, f"{answer} is not an answer of this question ({among}).")
        return answer


def _whole(line: int, name: str, cell: str) -> int:
    digits = cell.removesuffix(".0")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 6:
        raise BadRow(line, name, f"“{cell[:20]}” is not a whole number.")
    return int(digits)
