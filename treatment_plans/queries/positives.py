"""Positive screens, as the plan sees them: what they suggest, and in words that the plan does not answer them."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clinic.access.chart import Open
from screening.queries import Latest, latest_screens
from treatment_plans import rules
from treatment_plans.queries.tree import PlanTree


@dataclass(frozen=True)
class Positive:
    """The latest screen of one instrument, where it is positive."""

    client_id: int
    episode_id: int
    public_id: Any
    instrument: str
    result: str
    taken_on: dt.date
    part2: bool

    @property
    def source(self) -> str:
        """PHQ-9 14 (moderate) on 3 Nov."""
        day = date_format(self.taken_on, "j M Y")
        return _("%(result)s on %(day)s") % {"result": self.result, "day": day}

    @property
    def sentence(self) -> str:
        return _("%(source)s is not answered in the plan") % {"source": self.source}


def positives(opened: Open) -> list[Positive]:
    """The latest screen of each instrument of each open client where it is positive; screening's own query, shared."""
    return [
        Positive(
            client_id=screen.client_id, episode_id=screen.episode_id, public_id=screen.public_id,
            instrument=screen.instrument, result=said_of(screen), taken_on=screen.date, part2=screen.part2,
        )
        for screen in latest_screens(opened)
        if screen.positive
    ]  # fmt: skip


def said_of(screen: Latest) -> str:
    """PHQ-9 14 (moderate); where no band is published, that the cut-off is reached."""
    band = (
        screen.band[:1].lower() + screen.band[1:]
        if screen.band
        else _("cut-off %(cutoff)s reached") % {"cutoff": screen.cutoff}
    )
    return f"{screen.title} {screen.total} ({band})"


def unanswered(opened: Open, tree: PlanTree | None) -> list[Positive]:
    """The positive screens that this plan does not take up, put off or measure."""
    troubles = tree.troubles if tree else []
    said = [(t.instrument, t.text, t.code) for t in troubles]
    measured = {aim.instrument for aim in tree.aims} if tree else set()
    return [p for p in positives(opened) if not rules.is_answered(p.instrument, said, measured)]
