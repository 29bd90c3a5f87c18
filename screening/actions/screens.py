"""Screens: answers on their way, finished screens, their corrections."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from clinic.access.acts import act, act_each
from clinic.access.chart import Chart, Open, OpenEpisode
from clinic.access.policy import Do
from clinic.kit import clock
from clinic.record.models import Language, StaleEdit
from screening import rules
from screening.actions.answering import AnswerPage, _begun, _keep, _refuse_finished
from screening.actions.flags import _close_flags, _watch, _watch_new
from screening.actions.responses import _take_back
from screening.actions.sittings import _close_if_done
from screening.actions.writing import NewScreen, _check, _not_before_its_day, _write
from screening.models import Answering, Mode, Screen, ScreenError


@act(Do.SCREEN)
def keep_answers(chart: Chart, *, page: AnswerPage, answers: dict[str, Any]) -> Answering:
    """The answers given so far are on the server, to be gone on with; a critical one has its flag.

    `answers`: every answer of the page as it stands. Correcting a critical answer closes its flag with the reason.
    Who may: `Do.SCREEN`. Recorded: one row. Raises StaleEdit when another page wrote since or finished the screen
    (nothing is overwritten), NotAnAnswer, FutureDate.
    """
    place = chart.episode(page.sitting.episode_id) if page.sitting else chart.home(Do.SCREEN)
    _not_before_its_day(page.taken_on, place)
    row, new = _begun(chart, place, page)
    _check(row.form, answers)
    _refuse_finished(page)
    if not new and row.version != page.seen and row.tab != page.tab:
        raise StaleEdit(row)
    row.language, row.mode, row.taken_on = page.language, page.mode, page.taken_on
    row.tab, row.staff = page.tab, chart.who
    _keep(chart, place, row, answers)
    return row


@act(Do.SCREEN, Do.ANSWER)
def complete_screen(chart: Chart, *, answering: Answering) -> Screen:
    """The answers on their way become a screen, scored and frozen; its set is closed if it was the last one.

    Who may: `Do.SCREEN`, and the client whose set it is. Recorded: one row. Raises FutureDate.
    """
    new = NewScreen(
        episode=chart.episode(answering.episode_id),
        instrument=answering.instrument,
        answers=answering.answers,
        taken_on=answering.taken_on,
        mode=answering.mode,
        language=answering.language,
        sitting=answering.sitting,
        public_id=answering.screen_id,
        version=answering.instrument_version,
    )
    screen = _write(chart, [new])[0]
    answering.delete()
    _close_if_done(chart, screen.sitting)
    return screen


@act(Do.SCREEN)
def record_screen(
    chart: Chart,
    *,
    instrument: str,
    answers: dict[str, Any],
    taken_on: dt.date,
    language: str = Language.ENGLISH,
    mode: str = Mode.STAFF,
    episode: OpenEpisode | None = None,
    origin: str = "",
    historical: bool = False,
) -> Screen:
    """A screen taken on `taken_on` is written, scored and frozen; a critical answer has its flag.

    `answers`: item -> an option's number, "declined" or "skipped"; what is not there was not reached. Who may:
    `Do.SCREEN` in the episode. Recorded: one row. Raises NotAnAnswer, FutureDate.
    """
    new = NewScreen(
        episode or chart.home(Do.SCREEN), instrument, answers, taken_on, language, mode, origin, historical
    )
    screen = _write(chart, [new])[0]
    _watch_new(chart, [new])
    return screen


@act_each(record_screen)
def record_screens(opened: Open, *, rows: list[NewScreen]) -> list[Screen]:
    """`record_screen` for each row, in many open charts at once: the same screens, flags and ledger rows."""
    written = _write(opened, rows)
    _watch_new(opened, rows)
    return written


@act(Do.SCREEN)
def correct_screen(chart: Chart, *, screen: Screen, answers: dict[str, Any], reason: str) -> Screen:
    """Another screen takes the place of this one, which stays as it was; its flag follows the corrected answer.

    Who may: `Do.SCREEN` in its episode. Recorded: one row. Raises StaleEdit if it was corrected already, NotAnAnswer.
    """
    Screen.objects.select_for_update().get(pk=screen.pk)
    theirs = Screen.objects.filter(corrects=screen).first()
    if theirs is not None:
        raise StaleEdit(theirs)
    place = chart.episode(screen.episode_id)
    new = NewScreen(
        episode=place,
        instrument=screen.instrument,
        answers=answers,
        taken_on=screen.taken_on,
        language=screen.language,
        mode=screen.mode,
        origin=screen.origin,
        sitting=screen.sitting,
        corrects=screen,
        reason=reason,
        version=screen.instrument_version,
    )
    written = _write(chart, [new])[0]
    form = rules.load(screen.instrument, screen.instrument_version)
    _watch(chart, place, form, screen.thread, screen.answers, answers)
    _take_back(chart, screen.thread, written)
    return written


@act(Do.SCREEN)
def mark_in_error(chart: Chart, *, screen: Screen, reason: str) -> ScreenError:
    """The screen no longer counts (wrong person, wrong form); it stays to be read, its open flag is closed with that.

    Who may: `Do.SCREEN` in its episode. Recorded: one row. Raises StaleEdit if it is marked already.
    """
    Screen.objects.select_for_update().get(pk=screen.pk)
    theirs = ScreenError.objects.filter(screen=screen).first()
    if theirs is not None:
        raise StaleEdit(theirs)
    _close_flags(chart, screen.thread, _("The screen was entered in error: %(reason)s") % {"reason": reason})
    error = ScreenError.objects.create(
        **chart.stamp(chart.episode(screen.episode_id), part2=screen.part2),
        screen=screen,
        reason=reason,
        by=chart.who,
        at=clock.now(),
    )
    _take_back(chart, screen.thread)
    return error
