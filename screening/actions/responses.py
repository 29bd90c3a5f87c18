"""What is done about positive screens: a response is opened with the screen, and ends in one of four ways."""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clinic.access.acts import act
from clinic.access.chart import Chart, Open
from clinic.access.policy import Do
from clinic.kit import clock
from clinic.kit.dates import date_format
from clinic.people.queries import setting
from clinic.record.models import StaleEdit
from screening import rules
from screening.models import ResponseState, ResponseStep, Screen, ScreenResponse
from screening.queries.places import forget_places
from screening.queries.screens import current

UNSETTLED = (ResponseState.OPEN, ResponseState.DEFERRED)


@act(Do.RESPOND)
def defer_response(
    chart: Chart, *, response: ScreenResponse, until: dt.date, reason: str, version: int | None = None
) -> ScreenResponse:
    """The answer to the positive screen is put off until that day, because; on that day it is open again.

    Who may: clinicians and prescribers on the team, the supervisor. Recorded: one row, and a step of the response.
    Raises ValidationError naming the field (a day that has come, or further off than the clinic allows; no reason),
    StaleEdit if it was answered meanwhile.
    """
    today, longest = clock.today(chart.episode(response.episode_id).zone), int(setting("response_defer_days"))
    if until <= today:
        raise ValidationError({"until": _("Choose a day that is still to come.")})
    if (until - today).days > longest:
        last = date_format(today + dt.timedelta(days=longest), "j M Y")
        raise ValidationError(
            {"until": _("Choose a day up to %(day)s; it can be put off again then.") % {"day": last}}
        )
    _demand_reason(reason)
    return _end(chart, response, ResponseState.DEFERRED, version, until=until, reason=reason.strip())


@act(Do.RESPOND)
def leave_unconfirmed(
    chart: Chart, *, response: ScreenResponse, reason: str, version: int | None = None
) -> ScreenResponse:
    """The positive screen was looked into and does not stand, because. A newer positive opens another response.

    Who may: clinicians and prescribers on the team, the supervisor. Recorded: one row, and a step of the response.
    Raises ValidationError without a reason, StaleEdit if it was answered meanwhile.
    """
    _demand_reason(reason)
    return _end(chart, response, ResponseState.NOT_CONFIRMED, version, reason=reason.strip())


@act(Do.RESPOND)
def take_up_response(chart: Chart, *, response: ScreenResponse, problem: UUID, words: str) -> ScreenResponse:
    """The positive screen is in the plan, as this problem. `problem`: its public id; `words`: the problem's own.

    Called by the room that plans. Who may: clinicians and prescribers on the team, the supervisor. Recorded: one row,
    and a step of the response. Raises StaleEdit if it was answered meanwhile.
    """
    return _end(chart, response, ResponseState.IN_PLAN, None, names=problem, names_words=words[:240])


@act(Do.RESPOND)
def refer_response(chart: Chart, *, response: ScreenResponse, referral: UUID, words: str) -> ScreenResponse:
    """The positive screen is answered by a referral that was sent. `referral`: its public id; `words`: to whom.

    Called by the room that refers. Who may: clinicians and prescribers on the team, the supervisor. Recorded: one row,
    and a step of the response. Raises StaleEdit if it was answered meanwhile.
    """
    return _end(chart, response, ResponseState.REFERRED, None, names=referral, names_words=words[:240])


@act(Do.RESPOND)
def reopen_response(chart: Chart, *, response: ScreenResponse, reason: str) -> ScreenResponse:
    """What answered the positive screen does so no longer, because; it waits for an answer again.

    Where a newer response of the same instrument waits already, this one is left as it is: nothing is asked for twice.
    Who may: clinicians and prescribers on the team, the supervisor. Recorded: one row, and a step of the response.
    """
    _demand_reason(reason)
    row = ScreenResponse.objects.select_for_update().get(pk=response.pk)
    waiting = ScreenResponse.objects.filter(
        episode=row.episode_id, instrument=row.instrument, state__in=UNSETTLED
    ).exclude(pk=row.pk)
    if row.state == ResponseState.OPEN or waiting.exists():
        return row
    _move(chart, row, ResponseState.OPEN, by=chart.who.actor_id, reason=reason.strip())
    return row


def _demand_reason(reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": _("Say why.")})


def _end(
    chart: Chart, response: ScreenResponse, state: str, version: int | None, **how: Any
) -> ScreenResponse:
    row = ScreenResponse.objects.select_for_update().get(pk=response.pk)
    if row.state not in UNSETTLED or (version is not None and row.version != version):
        raise StaleEdit(row)
    _move(chart, row, state, by=chart.who.actor_id, **how)
    return row


def _move(
    opened: Open, row: ScreenResponse, state: str, *, by: int | None, told: Screen | None = None, **how: Any
) -> None:
    """The response is in this state, with what belongs to it and nothing of the state before; a step says so."""
    row.state, row.until, row.reason = state, how.get("until"), how.get("reason", "")
    row.names, row.names_words = how.get("names"), how.get("names_words", "")
    row.ended_at = None if state == ResponseState.OPEN else clock.now()
    row.ended_by_id = None if state == ResponseState.OPEN else by
    if state == ResponseState.OPEN:
        row.reason = ""
    row.save_over(
        row.version, "state", "until", "reason", "names", "names_words", "ended_at", "ended_by", "screen"
    )
    step = _step(row, by, reason=how.get("reason", ""))
    step.screen_id = told.pk if told else row.screen_id
    ResponseStep.objects.bulk_create([step])
    forget_places(opened)


def _step(
    row: ScreenResponse, by: int | None, *, reason: str = "", at: dt.datetime | None = None
) -> ResponseStep:
    return ResponseStep(
        client_id=row.client_id, episode_id=row.episode_id, part2=row.part2, response=row, screen_id=row.screen_id,
        state=row.state, until=row.until, reason=reason, names_words=row.names_words, by_id=by, at=at or clock.now(),
    )  # fmt: skip


# With the screen, in its transaction ------------------------------------------------------------------------

Place = tuple[int, str]  # an episode, an instrument
Course = dict[Place, list[tuple[dt.date, int, int | None]]]  # (day, key, total), in order of time


def _open_responses(opened: Open, screens: list[Screen], historical: Iterable[UUID] = ()) -> None:
    """Each of these new screens that is positive, or worse by its published rule, has a response: a new one, or the one
    that waits already, which it joins. Of history that was imported, only the newest of an instrument asks for one.

    Two reads, whatever the number of screens; none where nothing can be telling.
    """
    asked = [one for one in screens if _may_tell(one)]
    if not asked:
        return
    past, courses, standing = set(historical), _courses(opened, asked), _standing(asked)
    told: list[tuple[ScreenResponse, Screen, str]] = []
    for screen in sorted(asked, key=lambda one: (one.taken_on, one.pk)):
        place = (screen.episode_id, screen.instrument)
        why, worse = _tells(screen, courses.get(place, []))
        is_past = screen.public_id in past and any(
            day > screen.taken_on for day, *_ in courses.get(place, [])
        )
        if why and not is_past:
            standing[place] = _answered_by(opened, standing.get(place), screen, why, worse, told)
    _write_told(opened, told)


def _form(screen: Screen) -> rules.Instrument:
    return rules.load(screen.instrument, screen.instrument_version)


def _may_tell(screen: Screen) -> bool:
    changes = bool(_form(screen).rules["change"]) and screen.total is not None
    return changes or rules.is_positive(_form(screen), screen.score)


def _tells(screen: Screen, course: list[tuple[dt.date, int, int | None]]) -> tuple[str, bool]:
    """Why this screen asks for a response ("" where it does not), and whether it is worse than the one before."""
    before = [total for day, pk, total in course if (day, pk) < (screen.taken_on, screen.pk)]
    worse = rules.is_worse(_form(screen), before[-1] if before else None, screen.total)
    if rules.is_positive(_form(screen), screen.score):
        return rules.POSITIVE, worse
    return (rules.WORSE if worse else ""), worse


def _courses(opened: Open, asked: list[Screen]) -> Course:
    """The complete screens of these instruments in these episodes."""
    found: Course = {}
    rows = current(opened).filter(
        episode__in={one.episode_id for one in asked}, instrument__in={one.instrument for one in asked}, complete=True
    )  # fmt: skip
    columns = ("episode_id", "instrument", "taken_on", "pk", "total")
    for episode, name, day, pk, total in rows.order_by("taken_on", "pk").values_list(*columns):
        found.setdefault((episode, name), []).append((day, pk, total))
    return found


def _standing(asked: list[Screen]) -> dict[Place, ScreenResponse]:
    """The newest response to each instrument in these episodes, held until the transaction ends."""
    rows = ScreenResponse.objects.select_for_update(of=("self",)).select_related("screen").filter(
        episode__in={one.episode_id for one in asked}, instrument__in={one.instrument for one in asked}
    )  # fmt: skip
    return {(row.episode_id, row.instrument): row for row in rows.order_by("pk")}


def _answered_by(
    opened: Open, row: ScreenResponse | None, screen: Screen, why: str, worse: bool,
    told: list[tuple[ScreenResponse, Screen, str]],
) -> ScreenResponse:  # fmt: skip
    """The response that this screen opens, joins or opens again."""
    what = rules.follows(row.state if row else "", worse=worse, holds=row is not None and _holds(opened, row))
    if row is None or what == "open":
        row = ScreenResponse(
            client_id=screen.client_id, episode_id=screen.episode_id, part2=screen.part2, instrument=screen.instrument,
            screen=screen, why=why, since=screen.taken_on, opened_at=clock.now(),
        )  # fmt: skip
        told.append((row, screen, ""))
        return row
    if screen.taken_on >= row.screen.taken_on:
        row.screen = screen
    if what == "reopen":
        _move(
            opened,
            row,
            ResponseState.OPEN,
            by=opened.who.actor_id,
            told=screen,
            reason=_("Worse than before"),
        )
    else:
        corrects = screen.corrects_id is not None
        told.append(
            (
                row,
                screen,
                _("The answers were corrected") if corrects else _("Asked again, and positive again"),
            )
        )
    return row


def _holds(opened: Open, row: ScreenResponse) -> bool:
    days = opened.remember("screening.response_holds_days", lambda: int(setting("response_holds_days")))
    return row.ended_at is not None and (clock.now() - row.ended_at).days < days


def _write_told(opened: Open, told: list[tuple[ScreenResponse, Screen, str]]) -> None:
    rows = list({id(row): row for row, _screen, _why in told}.values())
    for row in rows:
        if row.pk is not None:
            row.save_over(row.version, "screen")
    ScreenResponse.objects.bulk_create([row for row in rows if row.pk is None], batch_size=500)
    steps = []
    for row, screen, why in told:
        step = _step(row, opened.who.actor_id, reason=why)
        step.screen_id = screen.pk
        steps.append(step)
    ResponseStep.objects.bulk_create(steps, batch_size=500)
    forget_places(opened)


def _take_back(chart: Chart, thread: UUID, newest: Screen | None = None) -> None:
    """Where these answers ask for nothing any more, the response that waits for them goes back to the positive screen
    before, or is taken back. `newest`: the correction, None where the screen was entered in error."""
    if newest is not None:
        course = _courses(chart, [newest]).get((newest.episode_id, newest.instrument), [])
        if _tells(newest, course)[0]:
            return
    for row in ScreenResponse.objects.select_for_update().filter(screen__thread=thread, state__in=UNSETTLED):
        earlier = _earlier_positive(chart, row, thread)
        if earlier is not None:
            row.screen = earlier
            row.save_over(row.version, "screen")
        else:
            why = _("The answers were corrected") if newest else _("The screen was entered in error")
            _move(chart, row, ResponseState.TAKEN_BACK, by=chart.who.actor_id, reason=why)


def _earlier_positive(chart: Chart, row: ScreenResponse, thread: UUID) -> Screen | None:
    """Another positive screen that this response answers too and that still stands; the newest of them."""
    answered = ResponseStep.objects.filter(response=row).values("screen__thread")
    found = current(chart).filter(thread__in=answered).exclude(thread=thread).order_by("-taken_on", "-pk")
    return next((one for one in found if rules.is_positive(_form(one), one.score)), None)
