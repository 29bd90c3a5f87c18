"""Which charts were opened in an emergency, and which of them nobody has looked into yet."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db.models import Q
from django.utils import timezone

from clinic.access.chart import Open
from clinic.access.models import BrokenGlass
from clinic.kit import clock
from clinic.people.queries import setting
from clinic.record.models import Client

SALT = "intake.ask-to-open"
GOOD_FOR = 15 * 60  # seconds from the match to the asking


@dataclass(frozen=True)
class GlassLine:
    """One emergency opening as the privacy officer's list shows it."""

    row: BrokenGlass
    client: str
    client_id: Any
    review_by: dt.date
    late: bool


def in_glass(days: int = 90) -> Q:
    """Episodes of clients whose chart was opened so, not yet reviewed or lately, by columns that the door may read."""
    since = clock.now() - dt.timedelta(days=days)
    rows = BrokenGlass.objects.filter(Q(reviewed_at__isnull=True) | Q(opened_at__gt=since))
    return Q(client__in=rows.values("client_id"))


def glass_lines(opened: Open) -> list[GlassLine]:
    """Emergency openings of the clients who are open here: the ones to review first, the oldest of them on top."""
    days = dt.timedelta(days=int(setting("break_glass_review_days")))
    rows = (
        BrokenGlass.objects.filter(client__in=opened.clients)
        .select_related("staff", "reviewed_by")
        .order_by("opened_at")
    )
    found = list(rows)
    names = Client.objects.in_bulk([row.client_id for row in found])
    today = clock.today()
    lines = [_line(row, names[row.client_id], days, today) for row in found]
    return sorted(lines, key=lambda line: (line.row.reviewed_at is not None, line.row.opened_at))


def _line(row: BrokenGlass, client: Client, days: dt.timedelta, today: dt.date) -> GlassLine:
    by = timezone.localdate(row.opened_at + days)
    late = row.reviewed_at is None and by < today
    return GlassLine(row, f"{client.listed_name}, {client.id_ending}", client.public_id, by, late)


def glass(opened: Open, public_id: str) -> BrokenGlass | None:
    """The emergency opening of that id in the open chart."""
    return (
        BrokenGlass.objects.filter(public_id=public_id, client__in=opened.clients)
        .select_related("staff", "reviewed_by")
        .first()
    )


def ask_token(who: Any, client: Any) -> str:
    """What a directory match carries so that this person, and nobody else, may ask to open it for a while."""
    return signing.dumps([who.pk, str(client)], salt=SALT)


def asked_client(who: Any, token: str) -> str | None:
    """The client of a match that was shown to this person a moment ago; None for anything else."""
    try:
        staff, client = signing.loads(token, salt=SALT, max_age=GOOD_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return str(client) if staff == who.pk else None
