"""Instruments and their results as pages show them: the form to fill in, and what came of it in words."""

import datetime as dt
import json
from dataclasses import dataclass, field
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from screening import rules
from screening.models import Screen
from screening.queries.screens import Trend, TrendPoint

KEYS = {"yes_no": "yes_no", "digit": "digits"}


@dataclass(frozen=True)
class OptionView:
    id: str
    value: str
    text: str
    key: str
    points: int
    checked: bool


@dataclass(frozen=True)
class ItemView:
    """One question of the form as it stands. `skipped`: the form's own rule says not to ask it."""

    id: str
    number: int
    text: str
    keys: str
    scored: bool
    options: list[OptionView]
    declined: bool
    skipped: bool
    error: str


@dataclass(frozen=True)
class Sheet:
    """A whole form to fill in, verbatim, in one language."""

    form: rules.Instrument
    language: str
    stem: str
    instructions: str
    items: list[ItemView]
    decline: str
    answered: int
    gates: str


def sheet(
    form: rules.Instrument,
    answers: dict[str, Any],
    language: str = "en",
    errors: dict[str, str] | None = None,
) -> Sheet:
    """The form with these answers in it, in that language where the instrument has it (never translated by us)."""
    spoken = language if language in form.languages else "en"
    skipped = rules.skipped_by_rule(form, answers)
    items = [
        _item(item, answers, spoken, item.id in skipped, (errors or {}).get(item.id, ""))
        for item in form.items
    ]
    gates = [
        {"sum": gate["sum_of"], "equals": gate["equals"], "skips": gate["skips"]}
        for gate in form.rules["gates"]
    ]
    if asked_after := [item.id for item in form.items if item.ask_when_any_positive]:
        gates.append({"sum": list(form.total_items), "equals": 0, "skips": asked_after})
    with override(spoken):
        decline = _("I'd rather not say")
    return Sheet(
        form=form,
        language=spoken,
        stem=form.words(spoken),
        instructions=form.instructions,
        items=items,
        decline=decline,
        answered=sum(1 for item in form.items if answers.get(item.id) is not None),
        gates=json.dumps(gates),
    )


def _item(item: rules.Item, answers: dict[str, Any], language: str, skipped: bool, error: str) -> ItemView:
    answer = answers.get(item.id)
    letters = ("N", "Y")
    options = [
        OptionView(
            id=f"{item.id}-{place}",
            value=str(place),
            text=option.words(language),
            key=letters[place] if item.keys == "yes_no" else str(option.score),
            points=option.score,
            checked=answer == place and isinstance(answer, int),
        )
        for place, option in enumerate(item.options)
    ]
    return ItemView(
        id=item.id,
        number=item.number,
        text=item.words(language),
        keys=KEYS[item.keys],
        scored=item.scored,
        options=options,
        declined=answer == rules.DECLINED,
        skipped=skipped,
        error=error,
    )


@dataclass(frozen=True)
class NextStep:
    """One thing to do after a screen. `code` is for the template's link."""

    code: str
    text: str


@dataclass
class Result:
    """What one screen came to, in words."""

    screen: Screen
    form: rules.Instrument
    headline: str
    severity: int | None
    note: str
    change: str
    before: TrendPoint | None
    function: str
    action: str
    repeat_on: dt.date
    next: list[NextStep] = field(default_factory=list)
    answers: list[tuple[int, str, str, bool]] = field(default_factory=list)


def result(screen: Screen, trends: list[Trend]) -> Result:
    """The screen's score, band, change against the one before and what to do next. `trends`: the chart's."""
    form = rules.load(screen.instrument, screen.instrument_version)
    score = screen.score
    before = _before(screen, trends)
    band = form.band(screen.total)
    steps = rules.next_steps(form, score["flags"], complete=screen.complete)
    return Result(
        screen=screen,
        form=form,
        headline=_headline(screen, form),
        severity=band.severity if band else None,
        note=_note(screen, form),
        change=change_in_words(form, before, screen),
        before=before,
        function=_function(form, screen),
        action=band.action if band else "",
        repeat_on=screen.taken_on + dt.timedelta(days=form.interval_days),
        next=[NextStep(code, next_in_words(code)) for code in steps],
        answers=[_answered(item, screen) for item in form.items],
    )


def _before(screen: Screen, trends: list[Trend]) -> TrendPoint | None:
    points = next((trend.points for trend in trends if trend.instrument == screen.instrument), [])
    place = next((n for n, point in enumerate(points) if point.public_id == screen.public_id), None)
    earlier = points[:place] if place is not None else [p for p in points if p.date < screen.taken_on]
    return earlier[-1] if earlier else None


def _headline(screen: Screen, form: rules.Instrument) -> str:
    if screen.total is None:
        return ngettext("Incomplete: %(n)s unanswered", "Incomplete: %(n)s unanswered", screen.unanswered) % {
            "n": screen.unanswered
        }
    if screen.band:
        return screen.band
    if screen.positive:
        return _("At or above the cut-off of %(cutoff)s") % {"cutoff": form.cutoff}
    return _("Below the cut-off of %(cutoff)s") % {"cutoff": form.cutoff}


def headline(screen: Screen) -> tuple[str, str, int | None]:
    """A screen in a list: the instrument, what it came to, and the severity of its band."""
    form = rules.load(screen.instrument, screen.instrument_version)
    band = form.band(screen.total)
    return form.short_title, _headline(screen, form), band.severity if band else None


def answer_in_words(item: rules.Item, answer: Any, language: str = "en") -> str:
    """One answer as the form prints it, or which of the three other states it is in."""
    if isinstance(answer, int):
        return item.options[answer].words(language)
    return {rules.DECLINED: _("I'd rather not say"), rules.SKIPPED: _("Not asked")}.get(
        answer, _("Not answered")
    )


@dataclass(frozen=True)
class Difference:
    """One question on which two pages disagree, for the conflict page."""

    label: str
    mine: str
    theirs: str


def differences(form: rules.Instrument, mine: dict[str, Any], theirs: dict[str, Any]) -> list[Difference]:
    """Where two sets of answers to the same form disagree, question by question."""
    return [
        Difference(
            f"{item.number}. {item.text}",
            answer_in_words(item, mine.get(item.id)),
            answer_in_words(item, theirs.get(item.id)),
        )
        for item in form.items
        if mine.get(item.id) != theirs.get(item.id)
    ]


def _note(screen: Screen, form: rules.Instrument) -> str:
    score = screen.score
    if screen.total is None:
        if score["prorated_total"] is not None:
            return _("None. Prorated from the answered questions: %(points)s (not the score)") % {
                "points": f"{score['prorated_total']:g}"
            }
        return _("None: it needs every question")
    if form.bands:
        return _("%(cutoff)s and above, of %(high)s points") % {"cutoff": form.cutoff, "high": form.high}
    return _("%(cutoff)s and above, of %(high)s points; no published bands") % {
        "cutoff": form.cutoff,
        "high": form.high,
    }


def change_in_words(form: rules.Instrument, before: TrendPoint | None, screen: Screen) -> str:
    """The change since the complete screen before, by the instrument's published rule; else that there is none."""
    if screen.total is None:
        return ""
    if before is None:
        return _("First %(title)s here: nothing to compare with yet") % {"title": form.short_title}
    change = rules.change(form, before.total, screen.total)
    said = [_since(change.points, before.date, before.total)]
    kinds = {
        "reliable_improvement": _("reliable improvement"),
        "reliable_worsening": _("reliable worsening"),
        "no_reliable_change": _("no reliable change"),
        "response": _("response (half or less)"),
        "remission": _("remission"),
        "clinically_significant": _("below the clinical threshold"),
        "no_published_rule": _("no published rule for change"),
    }
    return f"{said[0]}: " + ", ".join(kinds[kind] for kind in change.kinds)


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


def _function(form: rules.Instrument, screen: Screen) -> str:
    """The function item's answer: it says how much the rest hinders, and counts in no total."""
    for item in form.items:
        answer = screen.answers.get(item.id)
        if not item.scored and isinstance(answer, int):
            return item.options[answer].text
    return ""


def next_in_words(code: str) -> str:
    """What to do next, in words."""
    return {
        "safety_step": _("Do the safety step now"),
        "add_to_plan": _("Add to the plan"),
        "withdrawal_assessment": _("Assess the risk of withdrawal"),
        "step_up": _("Offer the next higher level of intervention (WHO manual)"),
        "clinician_review": _("Talk about risk-taking and self-harm (question 16)"),
        "check_item_3": _("Check question 3: someone who uses no drugs answers Yes there"),
        "finish": _("Finish the open questions, if the client wants to"),
    }[code]


def _answered(item: rules.Item, screen: Screen) -> tuple[int, str, str, bool]:
    answer = screen.answers.get(item.id)
    said = answer_in_words(item, answer, screen.language)
    points = f" ({item.options[answer].score})" if isinstance(answer, int) and item.scored else ""
    return item.number, item.words(screen.language), said + points, isinstance(answer, int)
