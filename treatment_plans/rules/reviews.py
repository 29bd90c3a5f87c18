"""When a plan is due and when it is reviewed: by level of care, by rules a clinic can choose.

Levels are names of the ASAM criteria's levels; no text of theirs is used. Each schedule names the rule it follows. A
clinic must check its own state's rule as it stands: these are starting points (law.md, section 5).
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from treatment_plans.rules.marks import gettext_noop as _


@dataclass(frozen=True)
class Schedule:
    """Days until review by level (the longest matching beginning of the level's name wins), and otherwise."""

    name: str
    source: str
    otherwise: int
    levels: dict[str, int] = field(default_factory=dict)
    plan_due: dict[str, int] = field(default_factory=dict)


SCHEDULES = {
    "house": Schedule(
        _("Entwine's own: by level of care"), _("Not a law: a cautious middle of several states' rules"), 90,
        {
            "3.7": 3, "4": 3, "WM": 3, "3.5": 7, "2.5": 14, "2.7": 14, "3.1": 30, "3.3": 30, "2.1": 30, "1": 90, "0.5": 90,
            "inpatient": 3, "residential": 7, "day": 14, "intensive": 30, "outpatient": 90, "outreach": 90,
        },
    ),
    "mental_health": Schedule(_("Mental health outpatient: half a year"), _("CCBHC criteria: update within 6 months"), 180),
    "ks": Schedule(
        _("Kansas"), "Kansas R03-606", 90, {"OTP": 90, "1": 90, "3": 30, "2.1": 30}, {"3": 7, "2.1": 7, "OTP": 30, "1": 45}
    ),
    "mt": Schedule(
        _("Montana"), "Mont. Admin. R. 37.106.1440", 90, {"3.7": 3, "WM": 3, "3.5": 7, "2.5": 14, "3.1": 30},
        {"3.7": 1, "WM": 1, "3.5": 2, "3.1": 7, "3.3": 7, "1": 21},
    ),
    "pa": Schedule(_("Pennsylvania"), "28 Pa. Code 709.123", 30),
    "ca_ntp": Schedule(_("California, narcotic treatment program"), "9 CCR 10305", 90, {}, {"OTP": 28}),
    "otp": Schedule(_("Federal opioid treatment program"), "42 CFR 8.12", 90, {}, {"OTP": 14}),
}  # fmt: skip


# The levels a clinic may set days for, and which level of the criteria each of its own names is nearest to.
LEVELS = (
    "0.5", "1", "OTP", "2.1", "2.5", "2.7", "3.1", "3.3", "3.5", "3.7", "4", "WM", "outreach", "outpatient", "intensive", "day",
    "residential", "inpatient",
)  # fmt: skip
NEAREST = {
    "outreach": "1",
    "outpatient": "1",
    "intensive": "2.1",
    "day": "2.5",
    "residential": "3.5",
    "inpatient": "4",
}


def review_days(schedule: str, level: str, own: dict[str, int] | None = None) -> int:
    """Days from signing, or from a change of level, to the review. `own`: the clinic's own days by level, first."""
    chosen = SCHEDULES.get(schedule, SCHEDULES["house"])
    found = _days_at({**chosen.levels, **(own or {})}, level)
    return chosen.otherwise if found is None else found


def plan_days(schedule: str, level: str, own: dict[str, int] | None = None) -> int | None:
    """Days from admission until a signed plan is due; None where neither the clinic nor the rule says so of this level."""
    return _days_at({**SCHEDULES.get(schedule, SCHEDULES["house"]).plan_due, **(own or {})}, level)


def _days_at(table: dict[str, int], level: str) -> int | None:
    name = level.removeprefix("Level ").strip()
    if name.endswith("WM") and "WM" in table:  # withdrawal management has its own days at every level
        return table["WM"]
    for one in (name, NEAREST.get(name, "")):
        best = max((key for key in table if one.startswith(key)), key=len, default=None)
        if best:
            return table[best]
    return None


def review_on(signed: date, planned: date | None, level_since: date | None, days: int) -> date:
    """The day of the review: the planned one, but no later than `days` after the level of care changed."""
    own = planned or signed + timedelta(days=days)
    if level_since is None or level_since <= signed:
        return own
    return min(own, level_since + timedelta(days=days))


def is_soon(begins: date, ends: date, today: date, share: float = 0.8) -> bool:
    """At least `share` of the time from `begins` to `ends` has gone by (law.md, section 5: warn at 80 %)."""
    length = (ends - begins).days
    return length <= 0 or (today - begins).days >= share * length


def is_late_entry(happened: date, written: datetime, hours: int) -> bool:
    """Written more than `hours` after the end of the day on which it happened (law.md, section 7, R2)."""
    end = datetime(happened.year, happened.month, happened.day, tzinfo=written.tzinfo) + timedelta(days=1)
    return written - end > timedelta(hours=hours)
