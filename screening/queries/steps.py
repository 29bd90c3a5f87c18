"""What a screen leads to: the fuller form after a short one, the safety screen after a critical answer."""

from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from clinic.access.chart import Open
from screening import rules
from screening.models import Screen, Sitting, StepDeclined
from screening.queries.choices import offered

SAFETY = "c-ssrs-screener"


@dataclass(frozen=True)
class NextForm:
    """One form that a screen asks for and that nobody has asked or declined yet. `is_safety`: it cannot be passed by."""

    screen: Screen
    form: rules.Instrument
    is_safety: bool


def asked_for(screen: Screen) -> list[str]:
    """The ids of the forms that this screen asks for, the safety screen first."""
    form = rules.load(screen.instrument, screen.instrument_version)
    safety = [SAFETY] if form.id != SAFETY and rules.critical(form, screen.answers) else []
    return [*safety, *rules.steps_up_to(form, screen.score["flags"])]


def next_forms(opened: Open, screens: list[Screen]) -> list[NextForm]:
    """What these screens ask for and is not done: not asked on that day or later, not in their set, not declined.

    One query where something is asked for; none where nothing is.
    """
    wanted = [(screen, name) for screen in screens for name in asked_for(screen)]
    if not wanted:
        return []
    known = {form.id: form for form in offered(opened)}
    found: dict[str, NextForm] = {}
    done = _done(opened, screens, {name for _screen, name in wanted})
    for screen, name in wanted:
        if name in known and name not in done[screen.pk]:
            found.setdefault(name, NextForm(screen, known[name], name == SAFETY))
    return sorted(found.values(), key=lambda one: not one.is_safety)


def _done(opened: Open, screens: list[Screen], names: set[str]) -> dict[int, set[str]]:
    """Which of these forms were declined after each screen, or asked on its day or later. One query."""
    declined = StepDeclined.objects.filter(screen=OuterRef("pk")).values("instrument")
    later = Screen.objects.filter(
        episode__in=opened.episode_ids,
        instrument__in=names,
        corrected_by__isnull=True,
        taken_on__gte=OuterRef("taken_on"),
    )
    rows = Screen.objects.filter(pk__in=[one.pk for one in screens]).annotate(
        declined=ArraySubquery(declined), later=ArraySubquery(later.values("instrument"))
    )
    return {row.pk: {*row.declined, *row.later} for row in rows.only("pk")}


def safety_screen_waits(sitting: Sitting) -> bool:
    """A critical answer of this set asks for the safety screen, and it was neither asked nor declined."""
    rows = list(Screen.objects.filter(sitting=sitting, corrected_by__isnull=True, in_error__isnull=True))
    critical = [row for row in rows if SAFETY in asked_for(row)]
    if not critical:
        return False
    day = min(row.taken_on for row in critical)
    asked = Screen.objects.filter(episode=sitting.episode_id, instrument=SAFETY, taken_on__gte=day)
    declined = StepDeclined.objects.filter(screen__in=critical, instrument=SAFETY)
    return not asked.exists() and not declined.exists()
