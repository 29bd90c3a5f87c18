"""The waiting list: asked, offered, admitted or not, and what was done for somebody meanwhile."""

import datetime as dt

from clinic.access.acts import act
from clinic.access.chart import Chart, OpenEpisode
from clinic.access.policy import Do
from clinic.kit import clock
from clinic.record.models import (
    STILL_WAITING,
    Ending,
    Episode,
    InterimContact,
    Priority,
    Standing,
    WaitingPlace,
)
from intake.actions.registering import AlreadyHere


class NotWaiting(ValueError):
    """This place on the list is closed already. Nothing was changed."""


class TooEarly(ValueError):
    """Nobody is admitted, offered a place or called before the day they asked. Nothing was changed."""


@act(Do.KEEP_WAITING)
def ask_for_place(
    chart: Chart,
    *,
    place: OpenEpisode,
    priority: str = Priority.STANDARD,
    words: str = "",
    asked_on: dt.date | None = None,
) -> WaitingPlace:
    """They stand on the program's waiting list from the day they asked. An applicant's rows are the program's already.

    `place`: a new one from `open_admission(to=Do.KEEP_WAITING)`, or a running episode that is not admitted yet.
    Who may: `Do.KEEP_WAITING` in the program. Recorded: one row. Raises AlreadyHere, TooEarly.
    """
    if chart.already_in:
        raise AlreadyHere
    today = clock.today(place.zone)
    asked = asked_on or today
    if asked > today:
        raise TooEarly
    episode = Episode.objects.filter(pk=place.id).first()
    if episode is None:
        Episode.objects.create(
            pk=place.id, public_id=place.public_id, client_id=place.client_id, program_id=place.program_id,
            part2=place.part2, starts_on=asked, asked_on=asked, waiting=True,
        )  # fmt: skip
    else:
        episode.waiting, episode.starts_on, episode.asked_on = True, min(asked, episode.starts_on), asked
        episode.save_over(episode.version, "waiting", "starts_on", "asked_on")
    chart.note(program=place.program_id)
    return WaitingPlace.objects.create(**chart.stamp(place), asked_on=asked, priority=priority, words=words)


@act(Do.KEEP_WAITING)
def offer_place(chart: Chart, *, waiting: WaitingPlace, offered_for: dt.date, version: int) -> WaitingPlace:
    """A place is offered from that day. Recorded: one row. Raises NotWaiting, TooEarly, StaleEdit."""
    _still(waiting)
    if offered_for < waiting.asked_on:
        raise TooEarly
    waiting.standing, waiting.offered_on, waiting.offered_for = Standing.OFFERED, clock.today(), offered_for
    waiting.save_over(version, "standing", "offered_on", "offered_for")
    return waiting


@act(Do.KEEP_WAITING)
def keep_waiting(chart: Chart, *, waiting: WaitingPlace, words: str, version: int) -> WaitingPlace:
    """They did not take the place offered and stay on the list, with what they said. Recorded. Raises NotWaiting."""
    _still(waiting)
    waiting.standing, waiting.words = Standing.WAITING, words or waiting.words
    waiting.save_over(version, "standing", "words")
    return waiting


@act(Do.KEEP_WAITING)
def set_priority(
    chart: Chart, *, waiting: WaitingPlace, priority: str, words: str, version: int
) -> WaitingPlace:
    """How urgent it is has changed. Recorded: one row. Raises NotWaiting, StaleEdit."""
    _still(waiting)
    waiting.priority, waiting.words = priority, words
    waiting.save_over(version, "priority", "words")
    return waiting


@act(Do.KEEP_WAITING)
def admit_from_list(chart: Chart, *, waiting: WaitingPlace, on: dt.date, version: int) -> WaitingPlace:
    """The episode begins that day; the days waited are kept (TEDS DAYWAIT). Recorded. Raises NotWaiting, TooEarly."""
    _still(waiting)
    if on < waiting.asked_on or on > clock.today(chart.episode(waiting.episode_id).zone):
        raise TooEarly
    waiting.standing, waiting.closed_on = Standing.ADMITTED, on
    waiting.save_over(version, "standing", "closed_on")
    episode = Episode.objects.get(pk=waiting.episode_id)
    episode.waiting, episode.starts_on = False, on
    episode.save_over(episode.version, "waiting", "starts_on")
    return waiting


@act(Do.KEEP_WAITING)
def leave_list(
    chart: Chart, *, waiting: WaitingPlace, standing: str, words: str, version: int
) -> WaitingPlace:
    """They are off the list: declined, no longer wants to come, or could not be reached; the episode ends unadmitted.

    `standing`: declined, withdrawn or lost. Recorded: one row. Raises NotWaiting, StaleEdit.
    """
    _still(waiting)
    today = clock.today(chart.episode(waiting.episode_id).zone)
    waiting.standing, waiting.closed_on, waiting.closed_words = standing, today, words
    waiting.save_over(version, "standing", "closed_on", "closed_words")
    episode = Episode.objects.get(pk=waiting.episode_id)
    episode.ends_on, episode.reason_ended, episode.ended_words = today, Ending.NOT_ADMITTED, words
    episode.save_over(episode.version, "ends_on", "reason_ended", "ended_words")
    return waiting


@act(Do.KEEP_WAITING)
def note_contact(chart: Chart, *, waiting: WaitingPlace, on: dt.date, how: str, words: str) -> InterimContact:
    """What was done for them while they wait is on record. Recorded: one row. Raises NotWaiting, TooEarly."""
    _still(waiting)
    place = chart.episode(waiting.episode_id)
    if on < waiting.asked_on or on > clock.today(place.zone):
        raise TooEarly
    return InterimContact.objects.create(
        **chart.stamp(place), place=waiting, on=on, how=how, words=words, by=chart.who
    )


def _still(waiting: WaitingPlace) -> None:
    if waiting.standing not in STILL_WAITING:
        raise NotWaiting
