"""Sets: several instruments asked one after the other."""

from django.db.models import F

from clinic.access.acts import act
from clinic.access.chart import Chart, OpenEpisode
from clinic.access.policy import Do
from clinic.kit import clock
from clinic.record.models import Flag, Language
from screening.models import Answering, Screen, Sitting


class SafetyStepWaits(Exception):
    """A critical answer of this set has no safety step yet, and no reason was given. Nothing was changed."""


@act(Do.SCREEN)
def start_sitting(
    chart: Chart,
    *,
    instruments: list[str],
    language: str = Language.ENGLISH,
    episode: OpenEpisode | None = None,
) -> Sitting:
    """These instruments are to be asked one after the other; nothing is answered yet.

    Who may: `Do.SCREEN`. Recorded: one row. The screens that follow name the sitting.
    """
    place = episode or chart.home(Do.SCREEN)
    return Sitting.objects.create(
        **chart.stamp(place),
        instruments=instruments,
        language=language,
        started_by=chart.who,
        started_on=clock.today(place.zone),
    )


@act(Do.SCREEN)
def close_sitting(chart: Chart, *, sitting: Sitting, reason: str = "") -> Sitting:
    """The set is ended, whether or not each instrument was asked.

    Who may: `Do.SCREEN`. Recorded: one row. Raises SafetyStepWaits while a critical answer of it has no safety step and
    no reason is given; the flag stays open in either case.
    """
    if not reason and _waiting_flags(sitting):
        raise SafetyStepWaits
    _close_sitting(chart, sitting, reason)
    return sitting


def _waiting_flags(sitting: Sitting) -> bool:
    threads = [*Screen.objects.filter(sitting=sitting).values_list("thread", flat=True)]
    threads += Answering.objects.filter(sitting=sitting).values_list("screen_id", flat=True)
    return Flag.objects.filter(source_id__in=threads, closed_at__isnull=True).exists()


def _close_if_done(chart: Chart, sitting: Sitting | None) -> None:
    if sitting is None or sitting.closed_at is not None:
        return
    done = set(Screen.objects.filter(sitting=sitting).values_list("instrument", flat=True))
    if set(sitting.instruments) <= done and not _waiting_flags(sitting):
        _close_sitting(chart, sitting, "")


def _close_sitting(chart: Chart, sitting: Sitting, reason: str) -> None:
    Sitting.objects.filter(pk=sitting.pk).update(
        closed_at=clock.now(),
        closed_by_id=chart.who.actor_id,
        close_reason=reason[:300],
        version=F("version") + 1,
    )
    sitting.refresh_from_db()
