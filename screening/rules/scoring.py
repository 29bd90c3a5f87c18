"""What answers come to. A closed vocabulary of rules; a blank is never a zero, and an alert needs no total."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from screening.rules.instruments import Instrument

DECLINED = "declined"
SKIPPED = "skipped"

Answers = Mapping[str, Any]
Flag = bool | int | None


@dataclass(frozen=True)
class Score:
    """Points of one form. `total` and `band` are None unless every needed item is answered.

    `flags`: True, False, or None where it cannot be known until missing items are answered; alerts are True only
    when known, and False covers "not yet known". `item_scores`: points; unscored items carry their position.
    `prorated_total`: points, two decimals; shown only as such, never the total.
    """

    instrument: str
    complete: bool
    total: int | None
    partial_sum: int
    missing: int
    prorated_total: float | None
    band: str | None
    severity: int | None
    item_scores: dict[str, int | None]
    subscores: dict[str, int | None]
    subscales: dict[str, int | None]
    flags: dict[str, Flag]
    declined: int

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as stored with a Screen and printed by `manage.py score`."""
        return dict(vars(self))


def not_answers(form: Instrument, answers: Answers) -> list[str]:
    """Ids that this form does not have, or whose value is not one of the item's options (a forged form)."""
    items = {item.id: item for item in form.items}
    wrong = []
    for name, value in answers.items():
        item = items.get(name)
        allowed = (
            value in (None, DECLINED, SKIPPED)
            if not isinstance(value, int) or isinstance(value, bool)
            else True
        )
        if item is None or not allowed or (isinstance(value, int) and not 0 <= value < len(item.options)):
            wrong.append(name)
    return wrong


def skipped_by_rule(form: Instrument, answers: Answers) -> set[str]:
    """Items that the form itself says not to ask after these answers. One that was answered all the same counts."""
    skipped: set[str] = set()
    for gate in form.rules["gates"]:
        points = [_points(form, name, answers.get(name)) for name in gate["sum_of"]]
        if all(point is not None for point in points) and sum(filter(None, points)) == gate["equals"]:
            skipped.update(gate["skips"])
    scored = {name: _points(form, name, answers.get(name)) for name in form.total_items}
    if all(point == 0 for point in scored.values()):
        skipped.update(item.id for item in form.items if item.ask_when_any_positive)
    return skipped


def _points(form: Instrument, name: str, value: Any) -> int | None:
    options = form.item(name).options
    known = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < len(options)
    return options[value].score if known else None


def _item_scores(form: Instrument, answers: Answers) -> dict[str, int | None]:
    may_skip = skipped_by_rule(form, answers)
    scores: dict[str, int | None] = {}
    for item in form.items:
        value = answers.get(item.id)
        if not item.scored:
            scores[item.id] = value if isinstance(value, int) else None
        elif value in (None, SKIPPED):
            # AUDIT: what the form says not to ask counts 0, whether a page wrote "skipped" there or nobody wrote anything.
            scores[item.id] = 0 if item.id in may_skip else None
        else:
            scores[item.id] = _points(form, item.id, value)
    return scores


def score(form: Instrument, answers: Answers, context: Mapping[str, Any] | None = None) -> Score:
    """What these answers come to. `context` is for instruments whose cut-off depends on the person; none yet."""
    wrong = not_answers(form, answers)
    if wrong:
        raise ValueError(f"{wrong[0]}: not an answer of {form.id}")
    points = _item_scores(form, answers)
    known = [points[name] for name in form.total_items if points[name] is not None]
    missing = len(form.total_items) - len(known)
    partial = sum(filter(None, known))
    total = partial if missing == 0 else None
    band = form.band(total)
    return Score(
        instrument=form.id,
        complete=missing == 0,
        total=total,
        partial_sum=partial,
        missing=missing,
        prorated_total=_prorated(form, partial, missing),
        band=band.label if band else None,
        severity=band.severity if band else None,
        item_scores=points,
        subscores=_subscales(form, points, "subscores"),
        subscales=_subscales(form, points, "subscales"),
        flags=_flags(form, points, total),
        declined=sum(answers.get(item.id) == DECLINED for item in form.items),
    )


def _prorated(form: Instrument, partial: int, missing: int) -> float | None:
    needed = len(form.total_items)
    if not 1 <= missing <= form.prorate_up_to:
        return None
    return round(partial / (needed - missing) * needed, 2)


def _subscales(form: Instrument, points: dict[str, int | None], report: str) -> dict[str, int | None]:
    found: dict[str, int | None] = {}
    for scale in form.rules["subscales"]:
        if scale["report"] == report:
            parts = [points[name] for name in scale["items"]]
            found[scale["name"]] = None if None in parts else sum(filter(None, parts))
    return found


def _flags(form: Instrument, points: dict[str, int | None], total: int | None) -> dict[str, Flag]:
    flags: dict[str, Flag] = {}
    for rule in form.rules["flags"]:
        flags[rule["name"]] = RULES[rule["rule"]](form, rule, points, total, flags)
    return flags


def _count(rule: dict[str, Any], points: dict[str, int | None]) -> tuple[int, int]:
    """How many items reach their threshold: at least, and at most once the missing ones are answered."""
    reached = unknown = 0
    for name, least in rule["items"].items():
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


def _total_at_least(form: Any, rule: Any, points: Any, total: int | None, flags: Any) -> Flag:
    return None if total is None else total >= rule["value"]


def _sum_at_least(form: Instrument, rule: Any, points: Any, total: Any, flags: Any) -> Flag:
    known = sum(points[name] or 0 for name in rule["of"])
    most = known + sum(max(o.score for o in form.item(n).options) for n in rule["of"] if points[n] is None)
    return _between(known, most, rule["value"], 10**6)


def _alert_any(form: Any, rule: Any, points: Any, total: Any, flags: Any) -> Flag:
    return any(points[name] is not None and points[name] >= least for name, least in rule["items"].items())


def _alert_only_these_points(form: Any, rule: Any, points: Any, total: int | None, flags: Any) -> Flag:
    return total == rule["total"] and all(points[name] == value for name, value in rule["points"].items())


def _count_of(form: Any, rule: Any, points: Any, total: Any, flags: Any) -> Flag:
    least, most = _count(rule, points)
    return least if least == most else None


def _count_at_least(form: Any, rule: Any, points: Any, total: Any, flags: Any) -> Flag:
    return _between(*_count(rule, points), rule["value"], 10**6)


def _count_between(form: Any, rule: Any, points: Any, total: Any, flags: Any) -> Flag:
    """The count lies in `values`, and where `including` is given, one of those items is among the counted."""
    least, most = _count(rule, points)
    core = {name: rule["items"][name] for name in rule.get("including", [])}
    counted, possible = _count({"items": core}, points)
    if not core or counted:
        return _between(least, most, *rule["values"])
    # Only a core item that is still blank can make it true, and that one would be counted too.
    can_be = possible > 0 and _between(least + 1, most, *rule["values"]) is not False
    return None if can_be else False


def _all_of(form: Any, rule: Any, points: Any, total: Any, flags: dict[str, Flag]) -> Flag:
    parts = [flags[name] for name in rule["of"]]
    if any(part is False for part in parts):
        return False
    return None if any(part is None for part in parts) else True


RULES = {
    "total_at_least": _total_at_least,
    "sum_at_least": _sum_at_least,
    "alert_any": _alert_any,
    "alert_only_these_points": _alert_only_these_points,
    "count": _count_of,
    "count_at_least": _count_at_least,
    "count_between": _count_between,
    "all_of": _all_of,
}


def critical(form: Instrument, answers: Answers) -> set[str]:
    """Items whose answer needs a person now, whatever the rest of the form says."""
    found: set[str] = set()
    for rule in form.rules["flags"]:
        if rule.get("critical"):
            found |= {
                name
                for name, least in rule["items"].items()
                if (point := _points(form, name, answers.get(name))) is not None and point >= least
            }
    return found


def next_steps(form: Instrument, flags: Mapping[str, Flag], *, complete: bool = True) -> list[str]:
    """What to do next, most pressing first, as codes that the room above puts in words."""
    steps: Iterable[str] = [rule["step"] for rule in form.rules["next"] if flags.get(rule["when"]) is True]
    return [*dict.fromkeys(steps), *([] if complete else ["finish"])]
