"""Where each objective stands, from the screens and counts on file: nobody types it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from clinic.access.chart import Open
from clinic.kit.charts import sparkline_svg
from clinic.kit.dates import date_format
from clinic.kit.words import gettext as _
from screening.queries import Trend, measuring, trends
from treatment_plans import rules
from treatment_plans.queries.lines import number
from treatment_plans.queries.tree import Aim, PlanTree

STATES = {
    "met": rules.gettext_noop("Met"),
    "on_track": rules.gettext_noop("On track"),
    "stalled": rules.gettext_noop("Stalled"),
    "no_data": rules.gettext_noop("No data"),
    "no_target": rules.gettext_noop("No target"),
}
ICONS = {"met": "circle-check", "on_track": "circle-dot", "stalled": "circle-alert"}


@dataclass(frozen=True)
class Standing:
    """An objective's state (a key of STATES), in words, with the rule, what it rests on and a small chart."""

    state: str
    state_text: str
    words: str
    rule: str
    spark: dict[str, Any] | None

    @property
    def icon(self) -> str:
        return ICONS.get(self.state, "circle")


def standings(chart: Open, tree: PlanTree) -> dict[str, Standing]:
    """By the objective's public id. No query of its own: the course of the screens is screening's, shared."""
    courses = {trend.instrument: trend for trend in trends(chart)}
    more = {form.id for form in measuring() if form.better == "higher"}
    return {
        str(aim.public_id): _standing(
            aim, tree, courses.get(aim.instrument), aim.instrument in more if aim.instrument else None
        )
        for aim in tree.aims
    }


def _standing(aim: Aim, tree: PlanTree, trend: Trend | None, more_is_better: bool | None) -> Standing:
    points = [(p.date, float(p.total)) for p in trend.points] if trend else aim.counts
    begins = aim.begins or timezone.localdate(tree.plan.begun_at)
    found = rules.progress(
        points, baseline=aim.baseline, target=aim.target, begins=begins, by=aim.target_on, more_is_better=more_is_better
    )  # fmt: skip
    spark = _spark(points, trend, aim, begins) if points else None
    return Standing(
        found.state, _(STATES[found.state]), _words(found, trend, aim), _(rules.PROGRESS_RULES[found.state]), spark
    )  # fmt: skip


def _words(found: rules.Progress, trend: Trend | None, aim: Aim) -> str:
    """AUDIT 12 on 3 Nov 2026; from 21, target 7, a straight line asks for 14."""
    name = trend.title if trend else aim.counted
    if found.latest is None or found.on is None:
        return _("%(name)s: nothing measured yet") % {"name": name} if name else ""
    day = date_format(found.on, "j M Y")
    line = _("%(name)s %(value)s on %(day)s") % {"name": name, "value": number(found.latest), "day": day}
    parts = []
    if found.start is not None:
        parts.append(_("from %(value)s") % {"value": number(found.start)})
    if aim.target is not None:
        parts.append(_("target %(value)s") % {"value": number(aim.target)})
    if found.wanted is not None and found.state in ("on_track", "stalled"):
        parts.append(
            _("a straight line asks for %(value)s by then") % {"value": number(round(found.wanted, 1))}
        )
    return f"{line}; {', '.join(parts)}" if parts else line


def _spark(
    points: list[tuple[dt.date, float]], trend: Trend | None, aim: Aim, begins: dt.date
) -> dict[str, Any]:
    """The course on the instrument's whole scale, with its last value, date and band, as kit/_sparkline.html wants it."""
    day, value = points[-1]
    values = [v for _day, v in points] + [v for v in (aim.target, aim.baseline) if v is not None]
    low, high = (trend.low, trend.high) if trend else (min(0.0, *values), max(*values, 1.0))
    change = value - points[-2][1] if len(points) > 1 else 0
    return {
        "svg": sparkline_svg(points, low, high), "last": number(value), "day": day,
        "change_text": f"{change:+g}".replace("-", "−") if change else "",
        "band": trend.points[-1].band if trend else "",
    }  # fmt: skip
