"""Readers of the office's pages: who opened what, the demo's mail, who works here."""

import datetime as dt
import email
import email.policy
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from email.message import EmailMessage
from itertools import groupby
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.access.chart import Chart
from clinic.audit.models import LedgerRow, Outcome
from clinic.office.rules import WORDS
from clinic.people.models import OnCall, Program, Role, Staff
from clinic.people.queries import set_on_call_by, staff_with_duties
from clinic.record.models import Directory

WHY = {
    "on_team": _("on the care team"),
    "in_program": _("works in the program"),
    "broke_glass": _("emergency access, with a reason"),
    "BTG": _("emergency access, with a reason"),
    "in_house_need": _("treats the client in another program here"),
    "consented": _("the client agreed that this program may read it"),
    "every": _("named task of the clinic"),
    "client:": _("what was put in their hands"),
}
NOTABLE = 500


@dataclass(frozen=True)
class AccessDay:
    """What one person did with one client's record on one day."""

    on: dt.date
    who: str
    roles: str
    refused: bool
    entries: list["AccessEntry"]


@dataclass(frozen=True)
class AccessEntry:
    at: dt.datetime
    what: Any
    why: Any
    refused: bool
    where: str


@dataclass(frozen=True)
class SinkMessage:
    """One message that the demo's loopback sink received."""

    to: str
    subject: str
    date: str
    text: str
    attachments: list[str] = field(default_factory=list)


def access_report(chart: Chart) -> list[AccessDay]:
    """Who did what with this client's record, newest day first, one entry a person and day.

    A row that concerns only episodes which are not open here is left out: it would reveal them.
    """
    rows = LedgerRow.objects.filter(clients__overlap=chart.clients).order_by("-at")
    if not chart.who.holds(Role.PRIVACY):
        rows = rows.filter(Q(episodes__overlap=chart.episode_ids) | Q(episodes=[]))
    return _days(rows[:NOTABLE])


def recent_refusals() -> list[AccessDay]:
    """Refusals of the last thirty days, for the privacy officer."""
    since = dt.datetime.now(dt.UTC) - dt.timedelta(days=30)
    return _days(LedgerRow.objects.filter(outcome=Outcome.REFUSED, at__gte=since).order_by("-at")[:NOTABLE])


def _days(rows: Iterable[LedgerRow]) -> list[AccessDay]:
    found = sorted(rows, key=_person_day)  # stable: within a person's day the newest stays first
    people = {
        p.pk: p for p in staff_with_duties().filter(pk__in={row.actor_id for row in found if row.actor_id})
    }
    days = []
    for (day, kind, actor, name), group in groupby(found, key=_person_day):
        on = dt.date.fromordinal(-day)
        entries = _merged(list(group))
        person = people.get(actor) if actor else None
        who = person.name if person else _nobody_of_the_staff(kind, name)
        days.append(
            AccessDay(
                on,
                who,
                ", ".join(person.role_names) if person else "",
                any(e.refused for e in entries),
                entries,
            )
        )
    return days


def _nobody_of_the_staff(kind: str, name: str) -> str:
    if kind == "client":
        return str(_("The client, at the screen"))
    return str(_("Entwine, background work: %(job)s") % {"job": name})


def _person_day(row: LedgerRow) -> tuple[int, str, int, str]:
    return -timezone.localtime(row.at).toordinal(), row.actor_kind, row.actor_id or 0, row.actor_name


def _merged(rows: list[LedgerRow]) -> list[AccessEntry]:
    """The same thing done again within the day is one entry, at its latest time."""
    entries: dict[tuple[str, str, bool], AccessEntry] = {}
    for row in rows:
        refused = row.outcome == Outcome.REFUSED
        key = (row.act, row.basis, refused)
        if key not in entries:
            entries[key] = AccessEntry(row.at, _what(row), _why(row, refused), refused, row.route)
    return list(entries.values())


def _what(row: LedgerRow) -> Any:
    verb = row.act.rsplit(".", 1)[-1]
    if row.outcome == Outcome.REFUSED and verb.startswith("open_"):
        return _("tried to open what is not theirs")
    return WORDS.get(verb) or verb.replace("_", " ")


def _why(row: LedgerRow, refused: bool) -> Any:
    if refused:
        return _("refused, nothing was shown")
    relations = [WHY[name] for name in WHY if name in row.basis]
    return ", ".join(map(str, relations))


def find_in_directory(words: str, limit: int = 10) -> list[Directory]:
    """Directory rows whose ID is, or whose name holds, these words; for the account of access (inside a desk)."""
    words = words.strip()
    if len(words) < 2:
        return []
    match = Q(number=words) | Q(id_ending=words)
    for word in words.replace(",", " ").split():
        match |= Q(family__istartswith=word) | Q(given__istartswith=word)
    return list(Directory.objects.filter(match).order_by("family", "given")[:limit])


def everyone() -> list[Staff]:
    """Everyone who works or worked here, with today's roles, by family name."""
    return list(staff_with_duties().order_by("-is_active", "family_name", "given_name"))


def sink_messages(limit: int = 50) -> list[SinkMessage]:
    """The demo sink's messages, newest first."""
    found = [file for kind in ("*.eml", "*.sms") for file in settings.MAIL_SINK.glob(kind)]
    files = sorted(found, key=lambda file: file.stat().st_mtime, reverse=True)
    return [_read_text(file) if file.suffix == ".sms" else _read(file.read_bytes()) for file in files[:limit]]


def _read_text(file: Path) -> SinkMessage:
    told = json.loads(file.read_bytes())
    came = dt.datetime.fromtimestamp(file.stat().st_mtime, dt.UTC)
    return SinkMessage(
        to=str(told.get("to")),
        subject=str(_("Text message from %(name)s") % {"name": told.get("from")}),
        date=came.strftime("%a, %d %b %Y %H:%M:%S +0000"),
        text=str(told.get("text")),
    )


def _read(raw: bytes) -> SinkMessage:
    message = cast(EmailMessage, email.message_from_bytes(raw, policy=email.policy.default))
    body = message.get_body(preferencelist=("plain",))
    return SinkMessage(
        to=str(message["To"]),
        subject=str(message["Subject"]),
        date=str(message["Date"]),
        text=body.get_content() if body else "",
        attachments=[part.get_filename() or "" for part in message.iter_attachments()],
    )


@dataclass(frozen=True)
class OnCallRow:
    """A program, who is on call for it, since when, set by whom; without one the supervisors are asked."""

    program: Program
    row: OnCall | None


def on_call_rows(programs: list[int]) -> list[OnCallRow]:
    """Each of these programs with who is on call now. Two queries."""
    held = {row.program_id: row for row in set_on_call_by(programs)}
    rows = Program.objects.filter(pk__in=programs).order_by("name")
    return [OnCallRow(one, held.get(one.pk)) for one in rows]
