"""Positive screens, as the plan sees them: those that wait for their answer. What answers one is screening's to say."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from clinic.access.chart import Open
from clinic.kit import clock
from clinic.kit.words import gettext as _
from screening.queries import Latest, unsettled


@dataclass(frozen=True)
class Positive:
    """A positive screen that is not answered for good. `source`: PHQ-9 14 (moderate) on 3 Nov 2026."""

    client_id: int
    episode_id: int
    response: Any
    instrument: str
    source: str
    sentence: str
    taken_on: dt.date
    part2: bool
    waits: bool


def positives(opened: Open) -> list[Positive]:
    """The positive screens of each open client that are not answered for good; screening's own query, shared."""
    return [
        Positive(
            client_id=one.client_id, episode_id=one.episode_id, response=one.public_id, instrument=one.instrument,
            source=one.said, sentence=one.sentence, taken_on=one.taken_on, part2=one.part2,
            waits=one.waits(clock.today(opened.episode(one.episode_id).zone)),
        )
        for one in unsettled(opened)
    ]  # fmt: skip


def said_of(screen: Latest) -> str:
    """PHQ-9 14 (moderate); where no band is published, that the cut-off is reached; without a total, what it came to."""
    if screen.total is None:
        return f"{screen.title} ({screen.band[:1].lower() + screen.band[1:] or _('positive')})"
    band = (
        screen.band[:1].lower() + screen.band[1:]
        if screen.band
        else _("cut-off %(cutoff)s reached") % {"cutoff": screen.cutoff}
    )
    return f"{screen.title} {screen.total} ({band})"


def unanswered(opened: Open) -> list[Positive]:
    """Those that wait: nobody has answered them, or the day until which they were put off has come."""
    return [one for one in positives(opened) if one.waits]
