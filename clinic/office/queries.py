"""Readers of the office's pages: who opened what, the demo's mail, who works here."""

import datetime as dt
import email
import email.policy
from collections.abc import Iterable
from dataclasses import dataclass, field
from email.message import EmailMessage
from itertools import groupby
from typing import Any, cast

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.access.chart import Chart
from clinic.audit.models import LedgerRow, Outcome
from clinic.people.models import Role, Staff
from clinic.people.queries import staff_with_duties
from clinic.record.models import Directory

WORDS = {
    "open_chart": _("opened the chart"),
    "open_caseload": _("saw the client on a list"),
    "open_slice": _("was read by a background job"),
    "search": _("saw the name in a search"),
    "intake.register_client": _("registered the client"),
}
WHY = {
    "on_team": _("on the care team"),
    "in_program": _("works in the program"),
    "in_house_need": _("treats the client in another program here"),
    "every": _("named task of the clinic"),
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
    rows = LedgerRow.objects.filter(clients__contains=[chart.client_id]).order_by("-at")
    if not chart.who.holds(Role.PRIVACY):
        rows = rows.filter(Q(episodes__overlap=chart.episode_ids) | Q(episodes=[]))
    return _days(rows[:NOTABLE])


def recent_refusals() -> list[AccessDay]:
    """Refusals of the last thirty days, for the privacy officer."""
    since = dt.datetime.now(dt.UTC) - dt.timedelta(days=30)
    return _days(LedgerRow.objects.filter(outcome=Outcome.REFUSED, at__gte=since).order_by("-at")[:NOTABLE])


def _days(rows: Iterable[LedgerRow]) -> list[AccessDay]:
    found = list(rows)
    people = {
        p.pk: p for p in staff_with_duties().filter(pk__in={row.actor_id for row in found if row.actor_id})
    }
    days = []
    for (on, _kind, actor, name), group in groupby(found, key=_person_day):
        entries = _merged(list(group))
        person = people.get(actor) if actor else None
        who = person.name if person else str(_("Entwine: %(job)s") % {"job": name})
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


def _person_day(row: LedgerRow) -> tuple[dt.date, str, int | None, str]:
    return row.at.date(), row.actor_kind, row.actor_id, row.actor_name


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
    return WORDS.get(row.act) or row.act.rsplit(".", 1)[-1].replace("_", " ")


def _why(row: LedgerRow, refused: bool) -> Any:
    if refused:
        return _("refused: no basis")
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
    files = sorted(settings.MAIL_SINK.glob("*.eml"), key=lambda file: file.stat().st_mtime, reverse=True)
    return [_read(file.read_bytes()) for file in files[:limit]]


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
