"""Instruments as pages show them to be filled in: what is offered, and one form with the answers so far."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from clinic.access.chart import Chart, Open
from screening import rules
from screening.models import Sitting
from screening.queries.choices import context, offered

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
    label: str
    text: str
    help: str
    kind: str
    keys: str
    scored: bool
    options: list[OptionView]
    value: int | None
    min: int
    max: int
    unit: str
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
    context: dict[str, Any] | None = None,
) -> Sheet:
    """The form with these answers in it, in that language where the instrument has it (never translated by us).

    A question that is printed for the other sex is left out.
    """
    spoken = language if language in form.languages else "en"
    skipped = rules.skipped_by_rule(form, answers, context)
    items = [
        _item(item, answers, spoken, item.id in skipped, (errors or {}).get(item.id, ""))
        for item in form.items
        if not (item.sex and item.id in skipped)
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


def blank_sheets(chart: Chart, row: Sitting) -> list[Sheet]:
    """The set's forms with nothing in them, to be printed; those that whoever observes rates are left out."""
    forms = [rules.load(name) for name in row.instruments]
    return [
        sheet(form, {}, row.language, context=context(chart, form, chart.client_id))
        for form in forms
        if form.answered_by == "client"
    ]


def _item(item: rules.Item, answers: dict[str, Any], language: str, skipped: bool, error: str) -> ItemView:
    answer = answers.get(item.id)
    options = [
        OptionView(
            id=f"{item.id}-{place}",
            value=str(place),
            text=option.words(language),
            key=_key(item, option, place),
            points=option.score or 0,
            checked=place in answer
            if isinstance(answer, list)
            else answer == place and isinstance(answer, int),
        )
        for place, option in enumerate(item.options)
    ]
    return ItemView(
        id=item.id,
        label=item.label.strip(),
        text=item.words(language),
        help=item.help,
        kind=item.kind,
        keys=KEYS[item.keys],
        scored=item.scored,
        options=options,
        value=answer if item.kind == "number" and isinstance(answer, int) else None,
        min=item.min,
        max=item.max,
        unit={"days": _("days"), "nights": _("nights")}.get(item.unit, ""),
        declined=answer == rules.DECLINED,
        skipped=skipped,
        error=error,
    )


def _key(item: rules.Item, option: rules.Option, place: int) -> str:
    """The key that gives this answer: its letter, its printed score, or its place where several may be chosen.

    BAM-R prints 0 to 4 and converts to days: a score that is no single digit is keyed by its place.
    """
    if item.keys == "yes_no":
        return ("N", "Y")[place]
    if option.score is None or item.kind == "many":
        return str(place + 1)
    return str(place if item.most > 9 else option.score)


@dataclass(frozen=True)
class Group:
    """Instruments of one use, for the list to choose from, each with whether it is chosen already."""

    title: str
    forms: list[tuple[rules.Instrument, bool]]


def offered_groups(opened: Open, chosen: Collection[str] = ()) -> list[Group]:
    """What pages offer here, by use, in the clinic's order, `chosen` already ticked; a withdrawal scale has its flowsheet
    instead."""
    titles = {
        "measure": _("Measures"),
        "short": _("Short screens"),
        "safety": _("Safety"),
        "history": _("What happened to a person"),
    }
    forms = offered(opened)
    groups = [
        Group(title, [(form, form.id in chosen) for form in forms if form.use == use])
        for use, title in titles.items()
    ]
    return [group for group in groups if group.forms]
