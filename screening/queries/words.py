"""Results as pages show them: what came of a form, in words."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from screening import rules
from screening.models import Screen
from screening.queries.changed import change_said
from screening.queries.choices import Choices
from screening.queries.screens import Trend, TrendPoint


@dataclass(frozen=True)
class NextStep:
    """One thing to do after a screen. `code` is for the template's link."""

    code: str
    text: str


@dataclass(frozen=True)
class Part:
    """A published part of a score with its range; `points` is None while one of its questions is open."""

    title: str
    points: int | None
    low: int
    high: int


@dataclass
class Result:
    """What one screen came to, in words."""

    screen: Screen
    form: rules.Instrument
    headline: str
    severity: int | None
    note: str
    change: str
    source: str
    before: TrendPoint | None
    function: str
    action: str
    repeat_on: dt.date | None
    next: list[NextStep] = field(default_factory=list)
    full_forms: list[tuple[str, str]] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    answers: list[tuple[str, str, str, bool]] = field(default_factory=list)


def result(screen: Screen, trends: list[Trend], choices: Choices | None = None) -> Result:
    """The screen's score, band, change against the one before and what to do next. `trends`: the chart's."""
    here = choices or Choices()
    form = rules.load(screen.instrument, screen.instrument_version)
    score = screen.score
    before = _before(screen, trends)
    steps = rules.next_steps(form, score["flags"], complete=screen.complete)
    change, source = _change(screen, form, before, here)
    return Result(
        screen=screen,
        form=form,
        headline=_headline(screen, form),
        severity=score["severity"],
        note=_note(screen, form),
        change=change,
        source=source,
        before=before,
        function=_function(form, screen),
        action=_action(screen, form),
        repeat_on=screen.taken_on + dt.timedelta(days=form.interval_days) if form.interval_days else None,
        next=[NextStep(code, next_in_words(code)) for code in steps],
        full_forms=[(name, rules.load(name).short_title) for name in _full_forms(form, score, here)],
        parts=_parts(form, score),
        notes=[
            r["says"] for r in form.rules["flags"] if r.get("says") and score["flags"].get(r["name"]) is True
        ],
        answers=[_answered(item, screen) for item in form.items],
    )


def _before(screen: Screen, trends: list[Trend]) -> TrendPoint | None:
    points = next((trend.points for trend in trends if trend.instrument == screen.instrument), [])
    place = next((n for n, point in enumerate(points) if point.public_id == screen.public_id), None)
    earlier = points[:place] if place is not None else [p for p in points if p.date < screen.taken_on]
    return earlier[-1] if earlier else None


def _full_forms(form: rules.Instrument, score: dict[str, Any], here: Choices) -> list[str]:
    known = {one.id for one in rules.offered()} - here.off
    return [name for name in rules.steps_up_to(form, score["flags"]) if name in known]


def _change(
    screen: Screen, form: rules.Instrument, before: TrendPoint | None, here: Choices
) -> tuple[str, str]:
    if screen.total is None or form.use in ("history", "withdrawal"):
        return "", ""
    if before is None:
        return _("First %(title)s here: nothing to compare with yet") % {"title": form.short_title}, ""
    said = change_said(form, before.total, screen.total, before.date, here.reliable.get(form.id))
    return said.text, said.source


def _parts(form: rules.Instrument, score: dict[str, Any]) -> list[Part]:
    return [
        Part(scale["title"], score["subscales"][scale["name"]], *scale["range"])
        for scale in form.rules["subscales"]
        if "title" in scale
    ]


def _action(screen: Screen, form: rules.Instrument) -> str:
    """What the publication advises at this band or level."""
    band = form.band(screen.total, screen.score.get("context"))
    level: dict[str, Any] = next(
        (one for one in form.rules["levels"] if one["label"] == screen.score.get("minimum_level")), {}
    )
    return band.action if band else str(level.get("action", ""))


def _headline(screen: Screen, form: rules.Instrument) -> str:
    if not form.has_total:
        return _without_total(screen, form)
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
    return form.short_title, _headline(screen, form), screen.score["severity"]


def _without_total(screen: Screen, form: rules.Instrument) -> str:
    """What a form without a total came to: its level, its parts, its positives; else that it is answered."""
    if form.rule == "triage" and not screen.band:
        return _("Incomplete: at least %(level)s") % {"level": screen.score["minimum_level"]}
    if screen.band:
        return screen.band
    if not screen.complete:
        return ngettext("Incomplete: %(n)s unanswered", "Incomplete: %(n)s unanswered", screen.unanswered) % {
            "n": screen.unanswered
        }
    if parts := _parts(form, screen.score):
        return ", ".join(f"{part.title} {part.points}" for part in parts)
    if screen.positive is None:
        return _("Answered")
    return _("Positive") if screen.positive else _("Negative")


def answer_in_words(item: rules.Item, answer: Any, language: str = "en") -> str:
    """One answer as the form prints it, or which of the three other states it is in."""
    if isinstance(answer, list):
        return "; ".join(item.options[place].words(language) for place in sorted(answer))
    if isinstance(answer, int):
        return str(answer) if item.kind == "number" else item.options[answer].words(language)
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
            f"{item.label}. {item.text}",
            answer_in_words(item, mine.get(item.id)),
            answer_in_words(item, theirs.get(item.id)),
        )
        for item in form.items
        if mine.get(item.id) != theirs.get(item.id)
    ]


def _note(screen: Screen, form: rules.Instrument) -> str:
    score = screen.score
    if not form.has_total:
        return _("None is published for this form")
    if screen.total is None:
        if score["prorated_total"] is not None:
            return _("None. Prorated from the answered questions: %(points)s (not the score)") % {
                "points": f"{score['prorated_total']:g}"
            }
        return _("None: it needs every question")
    told = {"cutoff": score.get("cutoff", form.cutoff), "high": form.high}
    if told["cutoff"] is None:
        return _("None published; up to %(high)s points") % told
    if form.better == "higher":
        return _("%(cutoff)s and below, of %(high)s points") % told
    if form.bands:
        return _("%(cutoff)s and above, of %(high)s points") % told
    return _("%(cutoff)s and above, of %(high)s points; no published bands") % told


def _function(form: rules.Instrument, screen: Screen) -> str:
    """The function item's answer: it says how much the rest hinders, and counts in no total."""
    for item in form.items:
        answer = screen.answers.get(item.id)
        if item.ask_when_any_positive and isinstance(answer, int):
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


def _answered(item: rules.Item, screen: Screen) -> tuple[str, str, str, bool]:
    answer = screen.answers.get(item.id)
    said = answer_in_words(item, answer, screen.language)
    score = screen.score["item_scores"].get(item.id)
    points = f" ({score})" if isinstance(answer, int) and item.scored and score is not None else ""
    return item.label.strip(), item.words(screen.language), said + points, isinstance(answer, int | list)
