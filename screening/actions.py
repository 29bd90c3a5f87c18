"""The only writers of the screening room: answers, finished screens, the flags they raise, and what was done about them."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.db.models import F
from django.utils.translation import gettext as _

from clinic.access.acts import act, act_each
from clinic.access.chart import Chart, Open, OpenEpisode
from clinic.access.policy import Do
from clinic.kit import clock
from clinic.people.models import Staff
from clinic.people.queries import current_period
from clinic.record.models import CareTeam, Flag, FlagKind, Language, StaleEdit
from screening import rules
from screening.models import Answering, Mode, SafetyStep, Screen, ScreenError, Sitting

FLAG_SOURCE = "Screen"
OPENS_WITHIN = dt.timedelta(days=30)  # an imported answer older than this is history


class NotAnAnswer(ValueError):
    """Something that is not an answer of this question was given for it. Nothing was changed."""

    def __init__(self, item: str) -> None:
        super().__init__(f"not an answer of {item}")
        self.item = item


class FutureDate(ValueError):
    """A screen cannot have been taken on a day that has not come. Nothing was changed."""


class SafetyStepWaits(Exception):
    """A critical answer of this set has no safety step yet, and no reason was given. Nothing was changed."""


@dataclass
class NewScreen:
    """What is told of one screen. `historical`: its critical answer is on file and opens nothing."""

    episode: OpenEpisode
    instrument: str
    answers: dict[str, Any]
    taken_on: dt.date
    language: str = Language.ENGLISH
    mode: str = Mode.STAFF
    origin: str = ""
    historical: bool = False
    sitting: Sitting | None = None
    public_id: UUID = field(default_factory=uuid4)
    corrects: Screen | None = None
    reason: str = ""


@act(Do.SCREEN)
def start_sitting(
    chart: Chart, *, instruments: list[str], language: str = Language.ENGLISH, episode: OpenEpisode | None = None
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
def keep_answers(
    chart: Chart,
    *,
    instrument: str,
    answers: dict[str, Any],
    tab: str,
    seen: int,
    sitting: Sitting | None = None,
    episode: OpenEpisode | None = None,
) -> Answering:
    """The answers given so far are on the server, for the same person to go on with; a critical one has its flag.

    `answers`: every answer of the page as it stands. `tab` and `seen`: which page writes, and the version it was
    loaded with (0: nothing was there). Correcting a critical answer closes its flag with the reason.
    Who may: `Do.SCREEN`. Recorded: one row. Raises StaleEdit when another page wrote since (nothing is overwritten),
    NotAnAnswer.
    """
    place = episode or (chart.episode(sitting.episode_id) if sitting else chart.home(Do.SCREEN))
    form = rules.load(instrument)
    _check(form, answers)
    row, new = Answering.objects.select_for_update().get_or_create(
        episode_id=place.id,
        staff=chart.who,
        instrument=instrument,
        defaults={**chart.stamp(place), "sitting": sitting, "tab": tab, "saved_at": clock.now()},
    )
    if not new and row.version != seen and row.tab != tab:
        raise StaleEdit(row)
    before, row.answers = row.answers, answers
    row.sitting, row.tab, row.saved_at = sitting, tab, clock.now()
    row.save_over(row.version, "answers", "sitting", "tab", "saved_at")
    _watch(chart, place, form, row.screen_id, before, answers)
    return row


@act(Do.SCREEN)
def complete_screen(
    chart: Chart, *, answering: Answering, taken_on: dt.date | None = None, mode: str = Mode.STAFF
) -> Screen:
    """The answers on their way become a screen, scored and frozen; its set is closed if it was the last one.

    Who may: `Do.SCREEN`. Recorded: one row. Raises FutureDate.
    """
    place = chart.episode(answering.episode_id)
    new = NewScreen(
        episode=place,
        instrument=answering.instrument,
        answers=answering.answers,
        taken_on=taken_on or clock.today(place.zone),
        mode=mode,
        language=answering.sitting.language if answering.sitting else Language.ENGLISH,
        sitting=answering.sitting,
        public_id=answering.screen_id,
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
    )
    written = _write(chart, [new])[0]
    _watch(chart, place, rules.load(screen.instrument), screen.thread, screen.answers, answers)
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
    return ScreenError.objects.create(
        **chart.stamp(chart.episode(screen.episode_id), part2=screen.part2),
        screen=screen,
        reason=reason,
        by=chart.who,
        at=clock.now(),
    )


@act(Do.ANSWER_FLAG)
def file_safety_step(
    chart: Chart, *, flag: Flag, told: str, asked: str, done: str, next_contact_on: dt.date, owner: Staff
) -> SafetyStep:
    """What was done about a critical answer is on file and the flag is answered by it; its set is closed if it was done.

    Who may: `Do.ANSWER_FLAG` in the flag's episode. Recorded: one row. Raises StaleEdit if someone answered it first.
    """
    row = Flag.objects.select_for_update().get(pk=flag.pk)
    if not row.is_open:
        raise StaleEdit(row)
    step = SafetyStep.objects.create(
        **chart.stamp(chart.episode(row.episode_id), part2=row.part2),
        flag=row,
        told=told,
        asked=asked,
        done=done,
        next_contact_on=next_contact_on,
        owner=owner,
        by=chart.who,
        at=clock.now(),
    )
    _close(chart, [row], _("Safety step done"), owner=owner)
    screen = Screen.objects.filter(thread=row.source_id, sitting__isnull=False).select_related("sitting").first()
    _close_if_done(chart, screen.sitting if screen else None)
    return step


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


def _check(form: Any, answers: dict[str, Any]) -> None:
    wrong = rules.not_answers(form, answers)
    if wrong:
        raise NotAnAnswer(wrong[0])


def _write(opened: Open, rows: list[NewScreen]) -> list[Screen]:
    screens = [_screen(opened, new) for new in rows]
    return Screen.objects.bulk_create(screens, batch_size=500)


def _screen(opened: Open, new: NewScreen) -> Screen:
    if new.taken_on > clock.today(new.episode.zone):
        raise FutureDate
    form = rules.load(new.instrument)
    _check(form, new.answers)
    score = rules.score(form, new.answers)
    now = clock.now()
    return Screen(
        **opened.stamp(new.episode),
        public_id=new.public_id,
        instrument=form.id,
        instrument_version=form.version,
        instrument_hash=form.hash,
        language=new.language,
        mode=new.mode,
        taken_on=new.taken_on,
        taken_by_id=opened.who.actor_id,
        recorded_at=now,
        sitting=new.sitting,
        answers=new.answers,
        complete=score.complete,
        unanswered=score.missing,
        total=score.total,
        band=score.band or "",
        positive=score.flags.get("positive_screen"),
        score=score.as_dict(),
        thread=new.corrects.thread if new.corrects else new.public_id,
        corrects=new.corrects,
        correction_reason=new.reason,
        origin=new.origin,
        frozen_at=now,
    )


def _watch(
    chart: Open, place: OpenEpisode, form: Any, thread: UUID, before: dict[str, Any], after: dict[str, Any]
) -> None:
    """The flag of these answers says what they say now: raised when one becomes critical, closed when corrected.

    A question left blank or declined afterwards does not close it: only another answer takes an answer back.
    """
    was, now = rules.critical(form, before), rules.critical(form, after)
    if now and not was and not Flag.objects.filter(source_id=thread, closed_at__isnull=True).exists():
        Flag.objects.bulk_create([_flag(chart, place, thread, owner=chart.who.actor_id)])
    taken_back = [item for item in was if item not in now and isinstance(after.get(item), int)]
    if was and not now and taken_back:
        _close_flags(chart, thread, _("The answer was corrected"))


def _watch_new(opened: Open, rows: list[NewScreen]) -> None:
    """Each new screen with a critical answer has its flag: an open one with an owner, or one that is history."""
    critical = [new for new in rows if rules.critical(rules.load(new.instrument), new.answers)]
    leads = _leads(opened, critical) if opened.who.actor_id is None else {}
    flags = []
    for new in critical:
        owner = leads.get(new.episode.id, opened.who.actor_id)
        flags.append(_flag(opened, new.episode, new.public_id, owner=owner, taken=new))
    Flag.objects.bulk_create(flags, batch_size=500)


def _flag(
    opened: Open, place: OpenEpisode, thread: UUID, *, owner: int | None, taken: NewScreen | None = None
) -> Flag:
    flag = Flag(
        **opened.stamp(place),
        kind=FlagKind.SUICIDE_ITEM,
        source_kind=FLAG_SOURCE,
        source_id=thread,
        raised_at=clock.now(),
        owner_id=owner,
    )
    if taken is not None and taken.historical:
        noon = dt.datetime.combine(taken.taken_on, dt.time(12), ZoneInfo(place.zone))
        flag.historical, flag.raised_at, flag.closed_at = True, noon, clock.now()
        flag.close_reason = _("On file from before: imported, not raised")
    return flag


def _leads(opened: Open, rows: Iterable[NewScreen]) -> dict[int, int]:
    """Who owns what an import raises: the lead of the episode's care team today."""
    places = [new.episode.id for new in rows if not new.historical]
    if not places:
        return {}
    team = CareTeam.objects.filter(current_period(), episode__in=places, lead=True)
    return dict(team.values_list("episode_id", "staff_id"))


def _close_flags(chart: Open, thread: UUID, reason: str) -> None:
    _close(chart, Flag.objects.filter(source_id=thread, closed_at__isnull=True), reason)


def _close(chart: Open, flags: Iterable[Flag], reason: str, owner: Staff | None = None) -> None:
    for flag in flags:
        flag.closed_at, flag.closed_by_id, flag.close_reason = clock.now(), chart.who.actor_id, reason[:300]
        flag.owner = owner or flag.owner
        flag.save_over(flag.version, "closed_at", "closed_by", "close_reason", "owner")


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
        closed_at=clock.now(), closed_by=chart.who, close_reason=reason[:300], version=F("version") + 1
    )
    sitting.refresh_from_db()
