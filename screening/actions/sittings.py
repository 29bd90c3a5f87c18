"""Sets: several instruments asked one after the other."""

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.translation import gettext as _

from clinic.access.acts import act
from clinic.access.chart import Chart, OpenEpisode
from clinic.access.policy import Do
from clinic.kit import clock
from clinic.record.models import Flag, Language, StaleEdit
from screening.models import Answering, Screen, Sitting, StepDeclined
from screening.queries.steps import next_forms, safety_screen_waits


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
def add_to_sitting(chart: Chart, *, sitting: Sitting, instrument: str) -> Sitting:
    """This instrument is asked in the set too, as the next one: the fuller form after a short one, the safety screen
    after a critical answer. Asked in it already, nothing is changed.

    Who may: `Do.SCREEN`. Recorded: one row with the instrument. Raises StaleEdit where the set is closed.
    """
    row = Sitting.objects.select_for_update().get(pk=sitting.pk)
    if row.closed_at is not None:
        raise StaleEdit(row)
    chart.note(instrument=instrument)
    if instrument not in row.instruments:
        done = set(Screen.objects.filter(sitting=row).values_list("instrument", flat=True))
        asked = [name for name in row.instruments if name in done]
        row.instruments = [*asked, instrument, *(name for name in row.instruments if name not in done)]
        row.save_over(row.version, "instruments")
    return row


@act(Do.SCREEN)
def decline_step(chart: Chart, *, screen: Screen, instrument: str, reason: str) -> StepDeclined:
    """The fuller form, or the safety screen, that this screen asks for is not asked, because.

    Who may: `Do.SCREEN`. Recorded: one row. Raises ValidationError without a reason.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("Say why.")})
    return StepDeclined.objects.create(
        **chart.stamp(chart.episode(screen.episode_id), part2=screen.part2), screen=screen, sitting=screen.sitting,
        instrument=instrument, reason=reason.strip(), by=chart.who, at=clock.now(),
    )  # fmt: skip


@act(Do.SCREEN)
def close_sitting(chart: Chart, *, sitting: Sitting, reason: str = "") -> Sitting:
    """The set is ended, whether or not each instrument was asked.

    Who may: `Do.SCREEN`. Recorded: one row. Raises SafetyStepWaits while a critical answer of it has no safety step, or
    the safety screen was neither asked nor declined after it, and no reason is given; a flag stays open in either case.
    """
    if not reason and (_waiting_flags(sitting) or safety_screen_waits(sitting)):
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
    done = list(Screen.objects.filter(sitting=sitting, corrected_by__isnull=True, in_error__isnull=True))
    all_asked = set(sitting.instruments) <= {screen.instrument for screen in done}
    if all_asked and not _waiting_flags(sitting) and not next_forms(chart, done):
        _close_sitting(chart, sitting, "")


def _close_sitting(chart: Chart, sitting: Sitting, reason: str) -> None:
    Sitting.objects.filter(pk=sitting.pk).update(
        closed_at=clock.now(),
        closed_by_id=chart.who.actor_id,
        close_reason=reason[:300],
        version=F("version") + 1,
    )
    sitting.refresh_from_db()
