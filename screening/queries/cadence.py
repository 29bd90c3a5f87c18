"""What is due for whom, computed: the clinic's cadence, the last result, the client's own "not today" and how many they
agreed to at one visit."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from clinic.access.chart import Open
from clinic.kit.dates import date_format
from clinic.kit.words import gettext as _
from screening import rules
from screening.queries.choices import offered
from screening.queries.places import places
from screening.queries.screens import latest_screens


@dataclass(frozen=True)
class Last:
    """When a questionnaire was answered last, and whether that was positive."""

    date: dt.date
    positive: bool


Pace = tuple[
    rules.Instrument, int, bool
]  # days from one to the next, and whether the first is due from admission on


@dataclass(frozen=True)
class DueForm:
    """One questionnaire that is due: since when, and when it was asked last."""

    form: rules.Instrument
    since: dt.date
    last: dt.date | None


@dataclass(frozen=True)
class DueSet:
    """What is due for one client: `now` is asked at this visit, `later` is more than they agreed to at one."""

    client_id: int
    client: UUID
    episode_id: int
    now: list[DueForm]
    later: list[DueForm]
    most: int | None
    not_before: dt.date | None  # the client said "not today": until then nothing of it is due

    @property
    def since(self) -> dt.date:
        return min(one.since for one in self.now)

    @property
    def titles(self) -> str:
        return ", ".join(one.form.short_title for one in self.now)

    @property
    def sentence(self) -> str:
        """Due today: PHQ-9, GAD-7 (and 2 more at another visit)."""
        if not self.later:
            return _("Due today: %(titles)s") % {"titles": self.titles}
        return _("Due today: %(titles)s; %(n)s more at another visit") % {
            "titles": self.titles,
            "n": len(self.later),
        }


def due_sets(opened: Open, today: dt.date) -> dict[int, DueSet]:
    """For each open client with a running episode, what is due on that day; who has nothing due is not in it.

    One query beside the newest screens and the clinic's choices, whatever the number of clients.
    """
    return opened.remember(f"screening.due_sets.{today}", lambda: _sets(opened, today))


def _sets(opened: Open, today: dt.date) -> dict[int, DueSet]:
    rows = [row for row in places(opened) if row.ends_on is None and row.starts_on <= today]
    if not rows:
        return {}
    # A merged record's screens and words are the survivor's.
    people = {episode.client_id: episode.person_id for episode in opened.episodes}
    forms, newest = offered(opened), _newest(opened, people)
    paces: dict[tuple[int, str], list[Pace]] = {}
    found: dict[int, DueSet] = {}
    for row in rows:
        person, place = people[row.client_id], (row.program_id, _level(row, today))
        if place not in paces:
            paces[place] = _paces(forms, row.paces or {}, *place)
        due = _due(row, paces[place], newest[person], today)
        if due is not None:
            found.setdefault(person, due)
    return found


def _newest(opened: Open, people: dict[int, int]) -> dict[int, dict[str, Last]]:
    """(day, whether it was positive) of each person's newest of each instrument; from the screens that were read already."""
    newest: dict[int, dict[str, Last]] = defaultdict(dict)
    for client, name, day, positive in _told(opened):
        known = newest[people[client]]
        if name not in known or known[name].date < day:
            known[name] = Last(day, positive)
    return newest


def _told(opened: Open) -> list[tuple[int, str, dt.date, bool]]:
    full = opened.answers.get("screening.screens")
    if full is not None:
        return [(row.client_id, row.instrument, row.taken_on, bool(row.positive)) for row in reversed(full)]
    return [(row.client_id, row.instrument, row.date, bool(row.positive)) for row in latest_screens(opened)]


def _level(row: Any, today: dt.date) -> str:
    day = today.isoformat()
    held = [
        one["level"] for one in row.levels if one["begins"] <= day and (not one["ends"] or one["ends"] > day)
    ]
    return held[-1] if held else ""


def _paces(forms: list[rules.Instrument], told: rules.Cadence, program: int, level: str) -> list[Pace]:
    """How often each form is asked in this program at this level of care. One that was never asked is due only where it is
    wanted."""
    found = []
    for form in forms:
        own = rules.days_between(told, program, level, form.id, -1)
        days = form.interval_days if own == -1 else own
        found.append((form, days, form.id in rules.FIRST or own > 0))
    return found


def _held(row: Any, today: dt.date) -> list[dict[str, Any]]:
    """What the client said that holds on that day, the longest first."""
    day = today.isoformat()
    return [one for one in row.said if one["until"] > day and one["said_on"] <= day]


def _due(row: Any, paces: list[Pace], newest: dict[str, Last], today: dt.date) -> DueSet | None:
    due, held_until, said = [], None, _held(row, today)
    for form, days, at_first in paces:
        last = newest.get(form.id)
        if last is None and not at_first:
            continue
        positive = last is not None and last.positive
        day = rules.due_on(last.date if last else None, positive, days, row.starts_on)
        if day is None or day > today:
            continue
        until = max(
            (one["until"] for one in said if not one["names"] or form.id in one["names"]), default=None
        )
        if until is not None:
            held_until = max(held_until or until, until)
        else:
            due.append(DueForm(form, day, last.date if last else None))
    if not due:
        return None
    most = row.most
    due.sort(key=lambda one: (one.since, one.form.order))
    now = sorted(due[:most] if most else due, key=lambda one: one.form.order)
    later = due[most:] if most else []
    before = dt.date.fromisoformat(held_until) if held_until else None
    return DueSet(row.client_id, row.key, row.pk, now, later, most, before)


def held_back(opened: Open, today: dt.date) -> list[str]:
    """What the client said is not for today, in words, with the day on which to ask again. Shares the query of what is
    due."""
    return [_held_words(one) for row in places(opened) for one in _held(row, today)]


def agreed(opened: Open) -> int | None:
    """How many questionnaires the client agreed to at one visit; the newest word holds. Shares that query too."""
    return next((row.most for row in places(opened) if row.most), None)


def _held_words(said: dict[str, Any]) -> str:
    """Not today: PHQ-9, GAD-7. Ask again from 3 Dec 2026."""
    titles = ", ".join(rules.load(name).short_title for name in said["names"]) or _("any questionnaire")
    told = {"titles": titles, "day": date_format(dt.date.fromisoformat(said["until"]), "j M Y")}
    if said["by"] is None:
        return _("Not today, the client said at the screen: %(titles)s. Ask again from %(day)s.") % told
    return _("Not today: %(titles)s. Ask again from %(day)s.") % told
