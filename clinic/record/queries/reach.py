"""How someone may safely be reached, in the few words that the banner has room for."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Q
from django.db.models.functions import JSONObject
from django.utils.dates import WEEKDAYS_ABBR

from clinic.kit.words import gettext as _
from clinic.record.models import Contact, Support, SupportKind
from clinic.record.queries.person import of_records


def reach_rows(clients: Any, *, merged: bool) -> dict[str, Any]:
    """The safe ways, and who must never be told, as columns of the banner's one query; for whoever may see them."""
    safe = Q(may_call=True) | Q(may_text=True) | Q(may_voicemail=True) | Q(may_email=True) | Q(may_mail=True)
    ways = of_records(Contact, clients, merged=merged).filter(safe, ends_on__isnull=True).order_by("pk")
    columns = (
        "value",
        "may_call",
        "may_text",
        "may_voicemail",
        "safe_days",
        "safe_from",
        "safe_until",
        "ask_for",
    )
    never = of_records(Support, clients, merged=merged).filter(
        standing=SupportKind.NEVER, ends_on__isnull=True
    )
    return {
        "ways": ArraySubquery(ways.values(json=JSONObject(**{name: F(name) for name in columns}))),
        "never": ArraySubquery(never.values("pk")),
    }


def reach_words(client: Any) -> list[str] | None:
    """The first two safe ways in words; none for a reader to whom they are not shown."""
    ways = getattr(client, "ways", None)
    return None if ways is None else [_way(row) for row in ways[:2]]


def _way(row: dict[str, Any]) -> str:
    """One safe way: what may be done, where, at which hours, for whom to ask. "Call, text 614-555-0142, 09:00–17:00"."""
    may = [
        words
        for name, words in (
            ("may_call", _("call")), ("may_text", _("text")), ("may_voicemail", _("voicemail")),
        )
        if row[name]
    ]  # fmt: skip
    days = [str(WEEKDAYS_ABBR[day]) for day in row["safe_days"]]
    hours = ""
    if row["safe_from"] or row["safe_until"]:
        hours = f"{(row['safe_from'] or '00:00')[:5]}–{(row['safe_until'] or '24:00')[:5]}"
    ask = _("ask for %(name)s") % {"name": row["ask_for"]} if row["ask_for"] else ""
    what = " ".join(filter(None, (", ".join(may), row["value"])))
    return "; ".join(filter(None, (what, ", ".join([*days, hours] if hours else days), ask)))
