"""What the flags of a form rest on: a closed vocabulary of rules. None is "not yet known"; an alert is then False."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from screening.rules.instruments import Instrument

Flag = bool | int | None


@dataclass
class Known:
    """What a rule may ask: the points so far, the total if there is one, the level of a triage, the flags before."""

    form: Instrument
    points: dict[str, int | None]
    total: int | None
    cutoff: int | None
    level: int
    may_rise: bool
    flags: dict[str, Flag]


def _reached(items: Mapping[str, int], points: dict[str, int | None]) -> tuple[int, int]:
    """How many items reach their threshold: at least, and at most once the missing ones are answered."""
    reached = unknown = 0
    for name, least in items.items():
        point = points[name]
        reached += point is not None and point >= least
        unknown += point is None
    return reached, reached + unknown


def _between(least: int, most: int, low: int, high: int) -> bool | None:
    """Whether a number between `least` and `most` lies within low..high; None where it may or may not."""
    if low <= least and most <= high:
        return True
    if most < low or least > high:
        return False
    return None


def _total_at_least(known: Known, rule: Any) -> Flag:
    return None if known.total is None else known.total >= rule["value"]


def _total_at_most(known: Known, rule: Any) -> Flag:
    return None if known.total is None else known.total <= rule["value"]


def _at_cutoff(known: Known, rule: Any) -> Flag:
    """At or above the cut-off that holds for this person or clinic."""
    return None if known.total is None or known.cutoff is None else known.total >= known.cutoff


def _cutoff_used(known: Known, rule: Any) -> Flag:
    return known.cutoff


def _sum_at_least(known: Known, rule: Any) -> Flag:
    least = sum(known.points[name] or 0 for name in rule["of"])
    most = least + sum(known.form.item(name).most for name in rule["of"] if known.points[name] is None)
    return _between(least, most, rule["value"], 10**6)


def _alert_any(known: Known, rule: Any) -> Flag:
    return _reached(rule["items"], known.points)[0] > 0


def _alert_more_than(known: Known, rule: Any) -> Flag:
    more, than = known.points[rule["more"]], known.points[rule["than"]]
    return more is not None and than is not None and more > than


def _alert_only_these_points(known: Known, rule: Any) -> Flag:
    return known.total == rule["total"] and all(
        known.points[n] == value for n, value in rule["points"].items()
    )


def _alert_all_points_from(known: Known, rule: Any) -> Flag:
    """The flag named in `when` holds, and every point of it comes from these items."""
    parts = [known.points[name] for name in rule["items"]]
    return known.flags[rule["when"]] is True and sum(filter(None, parts)) == known.total


def _count_of(known: Known, rule: Any) -> Flag:
    least, most = _reached(rule["items"], known.points)
    return least if least == most else None


def _count_at_least(known: Known, rule: Any) -> Flag:
    return _between(*_reached(rule["items"], known.points), rule["value"], 10**6)


def _count_between(known: Known, rule: Any) -> Flag:
    """The count lies in `values`, and where `including` is given, one of those items is among the counted."""
    least, most = _reached(rule["items"], known.points)
    core = {name: rule["items"][name] for name in rule.get("including", [])}
    counted, possible = _reached(core, known.points)
    if not core or counted:
        return _between(least, most, *rule["values"])
    # Only a core item that is still blank can make it true, and that one would be counted too.
    can_be = possible > 0 and _between(least + 1, most, *rule["values"]) is not False
    return None if can_be else False


def _all_of(known: Known, rule: Any) -> Flag:
    parts = [known.flags[name] for name in rule["of"]]
    if any(part is False for part in parts):
        return False
    return None if any(part is None for part in parts) else True


def _alert_level(known: Known, rule: Any) -> Flag:
    return known.level >= level_number(known.form, rule["level"])


def _may_be_higher(known: Known, rule: Any) -> Flag:
    return known.may_rise


def level_number(form: Instrument, label: str) -> int:
    return [level["label"] for level in form.rules["levels"]].index(label)


RULES: dict[str, Callable[[Known, Any], Flag]] = {
    "total_at_least": _total_at_least,
    "total_at_most": _total_at_most,
    "at_cutoff": _at_cutoff,
    "cutoff_used": _cutoff_used,
    "sum_at_least": _sum_at_least,
    "alert_any": _alert_any,
    "alert_more_than": _alert_more_than,
    "alert_only_these_points": _alert_only_these_points,
    "alert_all_points_from": _alert_all_points_from,
    "alert_level": _alert_level,
    "may_be_higher": _may_be_higher,
    "count": _count_of,
    "count_at_least": _count_at_least,
    "count_between": _count_between,
    "all_of": _all_of,
}
