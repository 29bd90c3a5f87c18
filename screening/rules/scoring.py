"""What answers come to. A closed vocabulary of rules; a blank is never a zero, and an alert needs no total."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from screening.rules.flagging import RULES, Flag, Known, level_number
from screening.rules.instruments import Context, Instrument, known_sex

DECLINED = "declined"
SKIPPED = "skipped"

Answers = Mapping[str, Any]


@dataclass(frozen=True)
class Score:
    """Points of one form. `total` and `band` are None unless every needed item is answered.

    `flags`: True, False, or None where it cannot be known until missing items are answered; alerts are True only
    when known, and False covers "not yet known". `item_scores`: points; unscored items carry their position.
    `raw`: the sum before a published multiplication. `prorated_total`: points, two decimals; shown only as such, never
    the total. `minimum_level`: a triage's level as far as it is known; a missing answer never lowers it.
    """

    instrument: str
    complete: bool
    total: int | None
    raw: int | None
    partial_sum: int | None
    missing: int
    prorated_total: float | None
    band: str | None
    severity: int | None
    cutoff: int | None
    minimum_level: str | None
    item_scores: dict[str, int | None]
    subscores: dict[str, int | None]
    subscales: dict[str, int | None]
    flags: dict[str, Flag]
    declined: int
    context: dict[str, str]
    other_bands: dict[str, str | None] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as stored with a Screen and printed by `manage.py score`."""
        told = dict(vars(self))
        return {**told, **told.pop("other_bands")}


def not_answers(form: Instrument, answers: Answers) -> list[str]:
    """Ids that this form does not have, or whose value is not one of the item's answers (a forged form).

    A total that was entered alone beside single answers is one: the form is either or.
    """
    items = form.by_id
    wrong = [
        name
        for name, value in answers.items()
        if name not in items
        or not (value is None or value in (DECLINED, SKIPPED) or items[name].takes(value))
    ]
    entry = form.total_entry
    if (
        entry
        and isinstance(answers.get(entry), int)
        and any(_given(answers.get(n)) for n in form.total_items)
    ):
        wrong.append(entry)
    return wrong


def _given(value: Any) -> bool:
    """An answer was given; declined and skipped are none."""
    return isinstance(value, int | list)


def skipped_by_rule(form: Instrument, answers: Answers, context: Context | None = None) -> set[str]:
    """Items that the form itself says not to ask after these answers. One that was answered all the same counts."""
    skipped: set[str] = set()
    for gate in form.rules["gates"]:
        points = [_points(form, name, answers.get(name)) for name in gate["sum_of"]]
        if all(point is not None for point in points) and sum(filter(None, points)) == gate["equals"]:
            skipped.update(gate["skips"])
    after_a_yes = [item.id for item in form.items if item.ask_when_any_positive]
    if (
        after_a_yes
        and form.total_items
        and all(_points(form, name, answers.get(name)) == 0 for name in form.total_items)
    ):
        skipped.update(after_a_yes)
    return skipped | _of_the_other_sex(form, answers, context or {})


def _of_the_other_sex(form: Instrument, answers: Answers, context: Context) -> set[str]:
    """Items printed for one sex only. Sex not known: the more sensitive one is asked, or the one that was answered."""
    by_sex = [item for item in form.items if item.sex]
    if not by_sex:
        return set()
    answered = {item.sex for item in by_sex if _given(answers.get(item.id))}
    asked = known_sex(context) or "female"
    if answered and asked not in answered:
        asked = next(iter(answered))
    return {item.id for item in by_sex if item.sex != asked}


def with_skipped(form: Instrument, answers: Answers, context: Context | None = None) -> dict[str, Any]:
    """These answers, and "skipped" at what the form's own rule does not ask after them and nobody answered."""
    skipped = [name for name in skipped_by_rule(form, answers, context) if form.item(name).scored]
    return {**dict.fromkeys(skipped, SKIPPED), **answers}


def unasked(form: Instrument, answers: Answers, context: Context | None = None) -> list[str]:
    """Items that are still to be asked, in order: neither answered nor declined, and not left out by the form's rule."""
    skipped = skipped_by_rule(form, answers, context)
    return [item.id for item in form.items if answers.get(item.id) is None and item.id not in skipped]


def _points(form: Instrument, name: str, value: Any) -> int | None:
    return form.item(name).points(value)


def _item_points(
    form: Instrument, answers: Answers, may_skip: set[str], stopped: set[str]
) -> dict[str, int | None]:
    points: dict[str, int | None] = {}
    for item in form.items:
        value = answers.get(item.id)
        if item.id in stopped:
            points[item.id] = 0
        elif value in (None, SKIPPED) and item.scored:
            # AUDIT: what the form says not to ask counts 0, whether a page wrote "skipped" there or nobody wrote anything.
            points[item.id] = 0 if item.id in may_skip else None
        else:
            points[item.id] = item.points(value)
    return points


def _stopped(form: Instrument, answers: Answers) -> set[str]:
    """What a gate that ends the form leaves out even where it was answered (PC-PTSD-5: no event, score 0)."""
    ends = [gate for gate in form.rules["gates"] if gate.get("ends")]
    closed = [g for g in ends if [_points(form, n, answers.get(n)) for n in g["sum_of"]] == [g["equals"]]]
    return {name for gate in closed for name in gate["skips"]}


def _missing(form: Instrument, answers: Answers, may_skip: set[str], stopped: set[str]) -> list[str]:
    return [
        name
        for name in form.needed
        if not _given(answers.get(name))
        and not (name in may_skip and answers.get(name) in (None, SKIPPED))
        and name not in stopped
    ]


def score(form: Instrument, answers: Answers, context: Context | None = None) -> Score:
    """What these answers come to.

    `context`: "sex" where a published cut-off or question depends on it, "bands" where the clinic has chosen among
    published ones. ValueError for what is no answer.
    """
    wrong = not_answers(form, answers)
    if wrong:
        raise ValueError(f"{wrong[0]}: not an answer of {form.id}")
    entered = answers.get(form.total_entry) if form.total_entry else None
    may_skip, stopped = skipped_by_rule(form, answers, context), _stopped(form, answers)
    points = _item_points(form, answers, may_skip, stopped)
    missing = [] if isinstance(entered, int) else _missing(form, answers, may_skip, stopped)
    partial = entered if isinstance(entered, int) else sum(points[name] or 0 for name in form.total_items)
    raw = partial if form.has_total and not missing else None
    total = None if raw is None else raw * form.factor
    chosen = form.band_set(context)
    level, may_rise = _level(form, points)
    known = Known(form, points, total, chosen.cutoff, level, may_rise, {})
    for rule in form.rules["flags"]:
        known.flags[rule["name"]] = RULES[rule["rule"]](known, rule)
    label, severity = _band(form, total, context, known)
    triage = form.rule == "triage"
    return Score(
        instrument=form.id,
        complete=not missing,
        total=total,
        raw=raw,
        partial_sum=partial if form.has_total else None,
        missing=len(missing),
        prorated_total=_prorated(form, partial, len(missing)),
        band=label,
        severity=severity,
        cutoff=chosen.cutoff,
        minimum_level=form.rules["levels"][level]["label"] if triage else None,
        item_scores=dict.fromkeys(points) if triage or isinstance(entered, int) else points,
        subscores=_subscales(form, points, "subscores"),
        subscales=_subscales(form, points, "subscales"),
        flags=known.flags,
        declined=sum(answers.get(item.id) == DECLINED for item in form.items),
        context={**({"sex": known_sex(context or {})} if context else {}), "bands": chosen.name},
        other_bands={
            one.report: band.label if (band := form.band(total, {"bands": one.name})) else None
            for one in form.band_sets
            if one.report
        },
    )


def _band(
    form: Instrument, total: int | None, context: Context | None, known: Known
) -> tuple[str | None, int | None]:
    """The band's words and severity; of a triage, its level as soon as no open answer can raise it."""
    if form.rule == "triage":
        level = form.rules["levels"][known.level]
        return (None, None) if known.may_rise else (level["label"], level["severity"])
    band = form.band(total, context)
    return (band.label, band.severity) if band else (None, None)


def _level(form: Instrument, points: dict[str, int | None]) -> tuple[int, bool]:
    """The highest level of a triage that an answer reaches, and whether an open answer could reach a higher one."""
    levels = form.rules["levels"]
    reached = [
        n
        for n, level in enumerate(levels)
        if any((point := points[name]) is not None and point >= least for name, least in level["any"].items())
    ]
    at = max(reached, default=0)
    may_rise = any(points[name] is None for level in levels[at + 1 :] for name in level["any"])
    return at, may_rise


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


def critical(form: Instrument, answers: Answers) -> set[str]:
    """Items whose answer needs a person now, whatever the rest of the form says."""
    found: set[str] = set()
    for rule in form.rules["flags"]:
        if rule.get("critical"):
            found |= {
                name
                for name, least in _thresholds(form, rule)
                if (point := _points(form, name, answers.get(name))) is not None and point >= least
            }
    return found


def _thresholds(form: Instrument, rule: dict[str, Any]) -> Iterable[tuple[str, int]]:
    if rule["rule"] == "alert_level":
        levels = form.rules["levels"][level_number(form, rule["level"]) :]
        return [pair for level in levels for pair in level["any"].items()]
    return list(rule["items"].items())


def critical_items(form: Instrument) -> set[str]:
    """Items that one answer or another makes critical."""
    rules = [rule for rule in form.rules["flags"] if rule.get("critical")]
    return {name for rule in rules for name, _least in _thresholds(form, rule)}


def next_steps(form: Instrument, flags: Mapping[str, Flag], *, complete: bool = True) -> list[str]:
    """What to do next, most pressing first, as codes that the room above puts in words."""
    steps: Iterable[str] = [rule["step"] for rule in form.rules["next"] if flags.get(rule["when"]) is True]
    return [*dict.fromkeys(steps), *([] if complete else ["finish"])]


def steps_up_to(form: Instrument, flags: Mapping[str, Flag]) -> list[str]:
    """The fuller instruments that this result asks for, by id (PHQ-2 positive: PHQ-9)."""
    steps = [rule["to"] for rule in form.rules["steps_up"] if flags.get(rule["when"]) is True]
    return [*dict.fromkeys(steps)]
