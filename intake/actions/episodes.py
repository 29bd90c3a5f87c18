"""Where somebody is treated: the level of care, the end of an episode, a transfer, and who is on the team when."""

import datetime as dt
from typing import Any

from django.db.models import F, Q
from django.db.models.functions import Greatest

from clinic.access.acts import act
from clinic.access.chart import Chart, OpenEpisode
from clinic.access.policy import Do
from clinic.kit import clock
from clinic.people.queries import at_once
from clinic.record.models import CareTeam, Ending, Episode, LevelOfCare
from intake.rules.levels import is_level


class NotSoDated(ValueError):
    """The day cannot be: before the episode began, or after today. Nothing was changed."""


class EndedAlready(ValueError):
    """The episode has ended. Nothing was changed."""


class NoSuchLevel(ValueError):
    """The edition does not have this level of care. Nothing was changed."""


@act(Do.MOVE_EPISODE)
def discharge(chart: Chart, *, place: OpenEpisode, on: dt.date, reason: str, words: str = "") -> Episode:
    """The episode has ended, with a reason of TEDS; its level of care ends with it, its team the day after.

    What still hangs open (referrals, flags, drafts, visits) stays: the page shows it before. Who may: `Do.MOVE_EPISODE`
    in the episode. Recorded: one row with the reason's code. Raises NotSoDated, EndedAlready.
    """
    episode = _running(place, on)
    ended = _end(place, episode, on, reason, words)
    chart.note(reason=reason, teds=Ending(reason).teds)
    return ended


@act(Do.MOVE_EPISODE)
def set_level(
    chart: Chart,
    *,
    place: OpenEpisode,
    edition: str,
    level: str,
    on: dt.date,
    recommended: str = "",
    reason: str = "",
) -> LevelOfCare:
    """From `on` this is the level of care; the one before ends there and is kept.

    `recommended`: where it differs from the level given, with the `reason` why. Who may: `Do.MOVE_EPISODE` in the
    episode. Recorded: one row. Raises NoSuchLevel, NotSoDated, EndedAlready.
    """
    _running(place, on)
    if not is_level(edition, level) or (recommended and not is_level(edition, recommended)):
        raise NoSuchLevel
    LevelOfCare.objects.filter(episode=place.id, ends_on__isnull=True).update(
        ends_on=Greatest(F("starts_on"), on), version=F("version") + 1
    )
    return LevelOfCare.objects.create(
        **chart.stamp(place), edition=edition, level=level, starts_on=on,
        recommended=recommended if recommended != level else "", reason=reason, decided_by=chart.who,
    )  # fmt: skip


@act(Do.MOVE_EPISODE)
def transfer(
    chart: Chart, *, place: OpenEpisode, to: OpenEpisode, on: dt.date, words: str = "", lead: Any = None
) -> Episode:
    """The episode ends as "went on in another program" and the next one begins that day, on the same chart.

    `to` is the new place that `open_transfer` drew. Who may: `Do.MOVE_EPISODE` in the old episode, `Do.REGISTER` in the
    new program. Recorded: one row. Raises NotSoDated, EndedAlready; IntegrityError where they are in that program.
    """
    before = _running(place, on)
    _end(place, before, on, Ending.TRANSFERRED, words)
    after = Episode.objects.create(
        pk=to.id, public_id=to.public_id, client_id=to.client_id, program_id=to.program_id, part2=to.part2,
        starts_on=on, asked_on=on, follows=before,
    )  # fmt: skip
    if lead is not None:
        lead.starts_on = at_once(on)
        lead.save()
    chart.note(program=to.program_id)
    return after


def _running(place: OpenEpisode, on: dt.date) -> Episode:
    episode = Episode.objects.select_for_update().get(pk=place.id)
    if episode.ends_on is not None:
        raise EndedAlready
    if on < episode.starts_on or on > clock.today(place.zone):
        raise NotSoDated
    return episode


def _end(place: OpenEpisode, episode: Episode, on: dt.date, reason: str, words: str) -> Episode:
    episode.ends_on, episode.reason_ended, episode.ended_words = on, reason, words
    episode.save_over(episode.version, "ends_on", "reason_ended", "ended_words")
    LevelOfCare.objects.filter(episode=place.id, ends_on__isnull=True).update(
        ends_on=Greatest(F("starts_on"), on), version=F("version") + 1
    )
    # The team keeps the rest of the day, to write down what is still to be written.
    last = max(on, clock.today(place.zone)) + dt.timedelta(days=1)
    CareTeam.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=last), episode=place.id).update(
        ends_on=Greatest(F("starts_on"), last), version=F("version") + 1
    )
    return episode
