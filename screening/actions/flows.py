"""Withdrawal watched over hours: a rating with its vital signs, and the end of the watch."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from clinic.access.acts import act
from clinic.access.chart import Chart
from clinic.access.policy import Do
from clinic.kit import clock
from clinic.record.models import StaleEdit
from screening import queries, rules
from screening.actions.screens import complete_screen
from screening.actions.writing import FutureDate
from screening.models import Answering, Flowsheet, Rating

AHEAD = dt.timedelta(minutes=10)  # a wall clock that runs fast


@act(Do.SCREEN)
def rate_withdrawal(
    chart: Chart, *, answering: Answering, at: dt.datetime, vitals: Mapping[str, Any]
) -> Rating:
    """The answers on their way become a column of the running flowsheet of their scale; the first one begins it.

    `at`: when it was rated, not ahead of now. `vitals`: any of `rules.VITALS`, what was not taken is not there. When the
    scale is due again follows from the newest column and the clinic's protocol. Who may: `Do.SCREEN`. Recorded: one
    row. Raises FutureDate.
    """
    if at > clock.now() + AHEAD:
        raise FutureDate
    place = chart.episode(answering.episode_id)
    protocol = queries.protocol(chart, answering.instrument)
    flow, _new = Flowsheet.objects.select_for_update().get_or_create(
        episode_id=place.id,
        instrument=answering.instrument,
        ended_at=None,
        defaults={**chart.stamp(place), "started_at": at, "started_by": chart.who},
    )
    screen = complete_screen(chart, answering=answering)
    rating = Rating.objects.create(
        **chart.stamp(place),
        flowsheet=flow,
        screen=screen,
        at=at,
        due_minutes=protocol.minutes(screen.total),
        protocol_source=protocol.source[:200],
        **{name: vitals[name] for name in rules.VITALS if vitals.get(name) is not None},
    )
    newest = flow.ratings.order_by("-at", "-pk").first() or rating
    flow.started_at = min(flow.started_at, at)
    flow.next_due_at = newest.at + dt.timedelta(minutes=newest.due_minutes)
    flow.save_over(flow.version, "started_at", "next_due_at")
    return rating


@act(Do.SCREEN)
def end_flowsheet(chart: Chart, *, flow: Flowsheet, reason: str) -> Flowsheet:
    """The withdrawal is no longer watched, because; nothing of it is due any more, and its columns stay.

    Who may: `Do.SCREEN` in its episode. Recorded: one row. Raises StaleEdit if someone ended it first.
    """
    chart.episode(flow.episode_id)
    row = Flowsheet.objects.select_for_update().get(pk=flow.pk)
    if row.ended_at is not None:
        raise StaleEdit(row)
    row.ended_at, row.ended_by, row.end_reason, row.next_due_at = clock.now(), chart.who, reason[:300], None
    row.save_over(row.version, "ended_at", "ended_by", "end_reason", "next_due_at")
    return row
