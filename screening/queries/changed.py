"""Every change is called by its published rule, in words, with its source: results, trends and plans ask here."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import ngettext

from clinic.kit.dates import date_format
from clinic.kit.words import gettext as _
from screening import rules


@dataclass(frozen=True)
class Said:
    """A change in words. `names`: what it is called; `text`: the whole sentence; `better`: None where nothing moved."""

    points: int
    kinds: tuple[str, ...]
    names: str
    text: str
    source: str
    better: bool | None


def change_said(
    form: rules.Instrument, earlier: int, later: int, since: dt.date, reliable: int | None = None
) -> Said:
    """What the step from a total of `earlier` on the day `since` to `later` is called, and where that was published.

    `reliable`: the clinic's choice among published thresholds (`clinic_choices(opened).reliable.get(form.id)`).
    """
    change = rules.change(form, earlier, later, reliable)
    names = ", ".join(_names(form, change, reliable))
    text = f"{_since(change.points, since, earlier)}: {names}"
    return Said(change.points, change.kinds, names, text, change.source, change.better)


def _names(form: rules.Instrument, change: rules.Change, reliable: int | None) -> list[str]:
    rule = form.rules["change"]
    told = {"needed": reliable or rule.get("reliable"), "mcid": _important(rule)}
    kinds = {
        "reliable_improvement": _("reliable improvement (%(needed)s points or more)") % told,
        "reliable_worsening": _("reliable worsening (%(needed)s points or more)") % told,
        "no_reliable_change": _("no reliable change (fewer than %(needed)s points)") % told,
        "important_improvement": _("better by the minimal important difference (%(mcid)s)") % told,
        "important_worsening": _("worse by the minimal important difference (%(mcid)s)") % told,
        "response": _("response (half or less)"),
        "remission": _("remission"),
        "clinically_significant": _("below the clinical threshold"),
        "no_published_rule": _("no published rule for change"),
    }
    return [kinds[kind] for kind in change.kinds]


def _important(rule: dict[str, Any]) -> str:
    """The points of the minimal important difference; the range where a range was published."""
    if "mcid_to" not in rule:
        return str(rule.get("mcid", ""))
    return _("published as %(least)s to %(most)s") % {"least": rule["mcid"], "most": rule["mcid_to"]}


def _since(points: int, day: dt.date, total: int) -> str:
    told = {"points": abs(points), "day": date_format(day, "j M Y"), "total": total}
    if points == 0:
        return _("Same as on %(day)s (%(total)s)") % told
    if points < 0:
        less = (
            "%(points)s point lower than on %(day)s (%(total)s)",
            "%(points)s points lower than on %(day)s (%(total)s)",
        )
        return ngettext(*less, abs(points)) % told
    more = (
        "%(points)s point higher than on %(day)s (%(total)s)",
        "%(points)s points higher than on %(day)s (%(total)s)",
    )
    return ngettext(*more, points) % told
