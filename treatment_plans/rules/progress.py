"""Where an objective stands, from what was measured, by a rule that can be said in words."""

from dataclasses import dataclass
from datetime import date

from treatment_plans.rules.marks import gettext_noop as _

GRACE_DAYS = (
    28  # no course can be told from the first four weeks (experience.md, F7: contact and measure by week 4)
)
ENOUGH = 0.5  # of what a straight line from the start to the target asks for by that day

# Ours, and said on the page: nobody published a rule for one person's objective.
PROGRESS_RULES = {
    "met": _("Met: the last value is at the target or beyond it."),
    "on_track": _("On track: at least half of the way that a straight line to the target asks for by that day; in the first four weeks, not worse than at the start."),
    "stalled": _("Stalled: less than half of the way that a straight line to the target asks for by that day, worse than at the start, or past its day without being met."),
    "no_data": _("No data: nothing was measured since this was planned."),
    "no_target": _("No target: without a number to reach, nothing can be said."),
}  # fmt: skip


@dataclass(frozen=True)
class Progress:
    """`state` is a key of PROGRESS_RULES; `latest` and `on` what it rests on, `wanted` what the line asks for that day."""

    state: str
    latest: float | None = None
    on: date | None = None
    start: float | None = None
    wanted: float | None = None


def progress(
    points: list[tuple[date, float]],
    *,
    baseline: float | None,
    target: float | None,
    begins: date,
    by: date | None,
    more_is_better: bool | None = None,
) -> Progress:
    """`points`: (date, value), oldest first, of before and after `begins`, the day it was planned.

    The start is `baseline`, else the last value up to `begins`, else the first after it. Whether more or less is
    better is the questionnaire's to say; of what is counted, the target says it by lying above or below the start.
    """
    if target is None:
        return Progress("no_target")
    before = [value for day, value in points if day <= begins]
    after = [(day, value) for day, value in points if day > begins]
    start = baseline if baseline is not None else before[-1] if before else after[0][1] if after else None
    if not after or start is None:
        on, value = points[-1] if points else (None, None)
        return Progress("no_data", value, on, start)
    day, latest_value = after[-1]
    up = target > start if more_is_better is None else more_is_better
    reached = latest_value >= target if up else latest_value <= target
    if reached:
        return Progress("met", latest_value, day, start, target)
    length = max((by - begins).days, 1) if by else 1
    share = min((day - begins).days / length, 1.0) if by else 0.0
    there = start >= target if up else start <= target  # it began where it was to go, and has gone from there
    wanted = target if there else start + (target - start) * share
    gone, asked = latest_value - start, wanted - start
    worse = gone < 0 if up else gone > 0
    early = (day - begins).days <= GRACE_DAYS
    over = by is not None and day > by
    enough = not worse and not over and (early or abs(gone) >= ENOUGH * abs(asked))
    return Progress("on_track" if enough else "stalled", latest_value, day, start, wanted)
