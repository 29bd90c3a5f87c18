"""What one screen is when it is written: checked, scored, frozen. Nothing here is called from outside this room."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from clinic.access.chart import Open, OpenEpisode
from clinic.kit import clock
from clinic.record.models import Language
from screening import queries, rules
from screening.actions.responses import _open_responses
from screening.models import Mode, Screen, Sitting

OPENS_WITHIN = dt.timedelta(days=30)  # an imported answer older than this is history


class NotAnAnswer(ValueError):
    """Something that is not an answer of this question was given for it. Nothing was changed."""

    def __init__(self, item: str) -> None:
        super().__init__(f"not an answer of {item}")
        self.item = item


class FutureDate(ValueError):
    """A screen cannot have been taken on a day that has not come. Nothing was changed."""


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
    version: str = ""  # the instrument's; "": the newest


def _check(form: Any, answers: dict[str, Any]) -> None:
    wrong = rules.not_answers(form, answers)
    if wrong:
        raise NotAnAnswer(wrong[0])


def _write(opened: Open, rows: list[NewScreen]) -> list[Screen]:
    screens = Screen.objects.bulk_create([_screen(opened, new) for new in rows], batch_size=500)
    _open_responses(opened, screens, [new.public_id for new in rows if new.historical])
    return screens


def _positive(score: rules.Score) -> bool | None:
    """Whether the screen is positive; None while that is open, and where the form has no such reading."""
    found = score.flags.get("positive_screen")
    return None if found is None or not (found or score.complete) else bool(found)


def _not_before_its_day(day: dt.date, place: OpenEpisode) -> None:
    if day > clock.today(place.zone):
        raise FutureDate


def _screen(opened: Open, new: NewScreen) -> Screen:
    _not_before_its_day(new.taken_on, new.episode)
    form = rules.load(new.instrument, new.version or None)
    _check(form, new.answers)
    score = rules.score(form, new.answers, queries.context(opened, form, new.episode.client_id))
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
        positive=_positive(score),
        score=score.as_dict(),
        thread=new.corrects.thread if new.corrects else new.public_id,
        corrects=new.corrects,
        correction_reason=new.reason,
        origin=new.origin,
        frozen_at=now,
    )
