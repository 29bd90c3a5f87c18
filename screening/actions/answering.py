"""Answers on their way: kept the moment each is given, by whoever holds the form now."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.db.models import Q

from clinic.access.acts import act
from clinic.access.chart import Chart, OpenEpisode
from clinic.access.policy import Do
from clinic.kit import clock
from clinic.record.models import Language, StaleEdit
from screening import queries, rules
from screening.actions.flags import _watch
from screening.actions.writing import _check
from screening.models import Answering, Mode, Screen, Sitting


@dataclass
class AnswerPage:
    """The page that answers come from. `screen_id`: the screen they will become.

    `tab` and `seen`: which page it is, and the version of the answers it was loaded with (0: none were there).
    """

    instrument: str
    screen_id: UUID
    tab: str
    seen: int
    taken_on: dt.date
    language: str = Language.ENGLISH
    mode: str = Mode.STAFF
    sitting: Sitting | None = None


@act(Do.ANSWER)
def answer_item(
    chart: Chart, *, sitting: Sitting, instrument: str, answers: dict[str, Any], mode: str, language: str
) -> Answering:
    """The client's answer to one question, or to several (a part left out), is kept; a critical one has its flag.

    Whatever else is answered stays, whoever answered it: staff before, the client on another screen meanwhile. What the
    form's own rule skips after it is "skipped". Who may: the client whose set it is. Recorded: one row. Raises
    NotAnAnswer, StaleEdit when the form is finished meanwhile.
    """
    place = chart.episode(sitting.episode_id)
    page = AnswerPage(instrument, uuid4(), "", 0, clock.today(place.zone), language, mode, sitting)
    row, _new = _begun(chart, place, page)
    _check(row.form, answers)
    _refuse_finished(page)
    row.language, row.mode, row.tab, row.staff = language, mode, "", None
    row.taken_on = page.taken_on
    given = {name: value for name, value in row.answers.items() if value != rules.SKIPPED}
    told = queries.context(chart, row.form, place.client_id)
    _keep(chart, place, row, rules.with_skipped(row.form, {**given, **answers}, told))
    return row


def _begun(chart: Chart, place: OpenEpisode, page: AnswerPage) -> tuple[Answering, bool]:
    """The answers begun of this form, held until the transaction ends: the set's, or outside a set this person's own."""
    whose: dict[str, Any] = (
        {"sitting": page.sitting} if page.sitting else {"sitting": None, "staff": chart.who}
    )
    return Answering.objects.select_for_update().get_or_create(
        episode_id=place.id,
        instrument=page.instrument,
        **whose,
        defaults={
            **chart.stamp(place),
            "staff_id": chart.who.actor_id,
            "instrument_version": rules.load(page.instrument).version,
            "screen_id": page.screen_id,
            "tab": page.tab,
            "taken_on": page.taken_on,
            "saved_at": clock.now(),
        },
    )


def _refuse_finished(page: AnswerPage) -> None:
    """StaleEdit when this form is a screen by now. Asked under the lock of `_begun`: two may finish it at once."""
    same = Q(public_id=page.screen_id)
    if page.sitting:
        same |= Q(sitting=page.sitting, instrument=page.instrument, in_error=None, corrected_by=None)
    finished = Screen.objects.filter(same).first()
    if finished is not None:
        raise StaleEdit(finished)


def _keep(chart: Chart, place: OpenEpisode, row: Answering, answers: dict[str, Any]) -> None:
    before, row.answers, row.saved_at = row.answers, answers, clock.now()
    row.save_over(row.version, "answers", "language", "mode", "taken_on", "tab", "staff", "saved_at")
    _watch(chart, place, row.form, row.screen_id, before, answers)
