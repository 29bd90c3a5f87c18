"""Where a set is that was put in the client's hands: on the tablet or by a link, and how far it has come."""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from clinic.access.models import Handover
from screening import rules
from screening.models import Answering, Sitting


@dataclass(frozen=True)
class InHand:
    """One handover of a set, newest first, in words. `live`: it can still be answered by it."""

    way: str
    state: str
    at: Any
    live: bool


def with_handing(rows: QuerySet[Sitting]) -> QuerySet[Sitting]:
    """Sets, each with its handovers and with what is begun of it, read in the same query."""
    handed = Handover.objects.filter(thing=OuterRef("public_id")).order_by("-made_at").values(
        json=JSONObject(
            way=F("way"), made=F("made_at"), until=F("expires_at"), opened=F("opened_at"), ended=F("ended_at"), ending=F("ending")
        )
    )  # fmt: skip
    begun = Answering.objects.filter(sitting=OuterRef("pk")).values(
        json=JSONObject(instrument=F("instrument"), version=F("instrument_version"), answers=F("answers"))
    )
    return rows.annotate(handed_rows=ArraySubquery(handed[:5]), begun_rows=ArraySubquery(begun))


def in_hand(row: Any) -> list[InHand]:
    """The set's handovers in words (`with_handing`)."""
    return [_told(one, bool(row.begun_rows)) for one in row.handed_rows]


def how_far(row: Any) -> dict[str, str]:
    """By instrument, how many of its questions are behind: "4 of 9" (`with_handing`)."""
    found = {}
    for name, (form, answers) in begun(row).items():
        left = len(rules.unasked(form, answers))
        told = {"done": len(form.items) - left, "all": len(form.items)}
        found[name] = _("%(done)s of %(all)s answered") % told
    return found


def begun(row: Any) -> dict[str, tuple[rules.Instrument, dict[str, Any]]]:
    """By instrument, what is begun of the set: the form in the version it was begun in, and its answers (`with_handing`)."""
    return {
        one["instrument"]: (rules.load(one["instrument"], one["version"] or None), one["answers"])
        for one in row.begun_rows
    }


def _told(one: dict[str, Any], begun: bool) -> InHand:
    made, until = parse_datetime(one["made"]), parse_datetime(one["until"])
    over = bool(one["ended"]) or (until is not None and until <= timezone.now())
    ended = {
        "done": _("Done: the client has finished"),
        "given_back": _("The tablet came back"),
        "idle": _("Closed: nobody touched it"),
        "withdrawn": _("Withdrawn"),
        "tries": _("Closed after five wrong birth dates"),
        "not_today": _("The client said: not today"),
    }
    if over:
        state = ended.get(one["ending"], _("Expired"))
    elif not one["opened"]:
        state = _("Not opened yet")
    else:
        state = (
            _("In part answered") if begun else _("Opened") if one["way"] == "link" else _("With the client")
        )
    return InHand(one["way"], state, made, not over)
