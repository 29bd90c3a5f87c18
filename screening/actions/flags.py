"""The flags of critical answers: raised with the answer, closed with a reason, and what was done about them."""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from clinic.access.acts import act
from clinic.access.chart import Chart, Open, OpenEpisode
from clinic.access.policy import Do
from clinic.kit import clock
from clinic.people.models import Staff
from clinic.record.models import Flag, FlagKind, StaleEdit
from screening import rules
from screening.actions.owning import _owned, _take
from screening.actions.sittings import _close_if_done
from screening.actions.writing import NewScreen
from screening.models import SafetyStep, Screen

FLAG_SOURCE = "Screen"
CLOSED = (
    "closed_at",
    "closed_by",
    "close_reason",
    "owner",
    "acknowledged_at",
    "acknowledged_by",
    "ask_next_at",
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
    screen = (
        Screen.objects.filter(thread=row.source_id, sitting__isnull=False).select_related("sitting").first()
    )
    _close_if_done(chart, screen.sitting if screen else None)
    return step


def _watch(
    chart: Open, place: OpenEpisode, form: Any, thread: UUID, before: dict[str, Any], after: dict[str, Any]
) -> None:
    """The flag of these answers says what they say now: raised when one becomes critical, closed when corrected.

    A question left blank or declined afterwards does not close it: only another answer takes an answer back, and only
    staff may: what a client said and then changed, alone at a screen, is for a person to ask about.
    """
    was, now = rules.critical(form, before), rules.critical(form, after)
    if now and not was and not Flag.objects.filter(source_id=thread, closed_at__isnull=True).exists():
        Flag.objects.bulk_create([_raised(chart, place, thread, _owned(chart, [place]))])
    taken_back = [item for item in was if item not in now and isinstance(after.get(item), int)]
    if was and not now and taken_back and chart.who.actor_kind != "client":
        _close_flags(chart, thread, _("The answer was corrected"))


def _watch_new(opened: Open, rows: list[NewScreen]) -> None:
    """Each new screen with a critical answer has its flag: an open one that is somebody's, or one that is history."""
    critical = [new for new in rows if rules.critical(rules.load(new.instrument), new.answers)]
    owned = _owned(opened, [new.episode for new in critical if not new.historical])
    flags = [
        _past(opened, new) if new.historical else _raised(opened, new.episode, new.public_id, owned)
        for new in critical
    ]
    Flag.objects.bulk_create(flags, batch_size=500)


def _raised(opened: Open, place: OpenEpisode, thread: UUID, owned: dict[int, dict[str, Any]]) -> Flag:
    return Flag(
        **opened.stamp(place), **owned[place.id], kind=FlagKind.SUICIDE_ITEM, source_kind=FLAG_SOURCE, source_id=thread,
        raised_at=clock.now(),
    )  # fmt: skip


def _past(opened: Open, new: NewScreen) -> Flag:
    noon = dt.datetime.combine(new.taken_on, dt.time(12), ZoneInfo(new.episode.zone))
    return Flag(
        **opened.stamp(new.episode), kind=FlagKind.SUICIDE_ITEM, source_kind=FLAG_SOURCE, source_id=new.public_id,
        raised_at=noon, historical=True, closed_at=clock.now(),
        close_reason=_("On file from before: imported, not raised"),
    )  # fmt: skip


def _close_flags(chart: Open, thread: UUID, reason: str) -> None:
    _close(chart, Flag.objects.filter(source_id=thread, closed_at__isnull=True), reason)


def _close(chart: Open, flags: Iterable[Flag], reason: str, owner: Staff | None = None) -> None:
    for flag in flags:
        if flag.acknowledged_at is None:
            _take(flag, chart.who.actor_id)
        flag.closed_at, flag.closed_by_id, flag.close_reason = clock.now(), chart.who.actor_id, reason[:300]
        flag.owner = owner or flag.owner
        flag.save_over(flag.version, *CLOSED)
