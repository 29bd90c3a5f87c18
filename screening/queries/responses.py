"""What is done about positive screens: what waits, what was put off, how each ended, in words."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils.translation import ngettext

from clinic.access.chart import Chart, ChartNotFound, Open
from clinic.kit import clock
from clinic.kit.dates import date_format
from clinic.kit.words import gettext as _
from clinic.people.queries import DEFAULTS
from screening import rules
from screening.models import ResponseState, ResponseStep, Screen, ScreenResponse
from screening.queries.places import places


@dataclass(frozen=True)
class Unsettled:
    """A positive screen that waits for its answer, or whose answer was put off until `until`."""

    client_id: int
    client: UUID
    episode_id: int
    public_id: UUID
    instrument: str
    screen: UUID
    said: str  # PHQ-9 14 (moderate) on 3 Nov 2026
    why: str
    since: dt.date
    taken_on: dt.date
    part2: bool
    state: str
    until: dt.date | None
    reason: str
    asked_by: int | None
    limit: int  # days within which the clinic wants an answer

    def waits(self, today: dt.date) -> bool:
        """Nobody has answered it yet, or the day until which it was put off has come."""
        return self.until is None or self.until <= today

    def is_late(self, today: dt.date) -> bool:
        """The day until which it was put off is over, or it has waited longer than the clinic wants."""
        return self.until < today if self.until is not None else (today - self.since).days > self.limit

    @property
    def sentence(self) -> str:
        """Why it is on a list, in words."""
        told = {"said": self.said, "reason": self.reason}
        if self.until is not None:
            told["day"] = date_format(self.until, "j M Y")
            return _("%(said)s was put off until %(day)s: %(reason)s") % told
        if self.why == rules.WORSE:
            return _("%(said)s is worse than before, and not answered yet") % told
        return _("%(said)s is not answered yet") % told


def unsettled(opened: Open) -> list[Unsettled]:
    """Every positive screen of the open charts that is not answered for good, the oldest first. One query, shared."""
    found = [_unsettled(place, row) for place in places(opened) for row in place.unsettled]
    return sorted(found, key=lambda one: (one.since, str(one.public_id)))


def _unsettled(place: Any, row: dict[str, Any]) -> Unsettled:
    taken_on = dt.date.fromisoformat(row["taken_on"])
    return Unsettled(
        client_id=place.client_id, client=place.key, episode_id=place.pk, public_id=UUID(row["public_id"]),
        instrument=row["instrument"], screen=UUID(row["screen"]), why=row["why"],
        since=dt.date.fromisoformat(row["since"]), taken_on=taken_on, part2=row["part2"], state=row["state"],
        until=dt.date.fromisoformat(row["until"]) if row["until"] else None, reason=row["reason"], asked_by=row["by"],
        limit=int(DEFAULTS["response_days"] if place.limit is None else place.limit),
        said=_said(row["instrument"], row["printed"], row["total"], row["band"], row["partial"], taken_on),
    )  # fmt: skip


def _said(name: str, version: str, total: int | None, band: str, partial: int | None, day: dt.date) -> str:
    """PHQ-9 14 (moderate) on 3 Nov 2026; where no band is published, that the cut-off is reached."""
    form = rules.load(name, version)
    words = {
        "title": form.short_title,
        "day": date_format(day, "j M Y"),
        "total": total,
        "cutoff": form.cutoff,
    }
    if not form.has_total:
        words["band"] = (band[:1].lower() + band[1:]) if band else _("positive")
        return _("%(title)s (%(band)s) on %(day)s") % words
    if total is None:
        words["total"] = partial
        return _("%(title)s %(total)s or more (incomplete) on %(day)s") % words
    words["band"] = band[:1].lower() + band[1:] if band else _("cut-off %(cutoff)s reached") % words
    if not band and total < (form.cutoff or 0):
        return _("%(title)s %(total)s on %(day)s") % words
    return _("%(title)s %(total)s (%(band)s) on %(day)s") % words


def said_of(screen: Screen) -> str:
    """A screen in words: PHQ-9 14 (moderate) on 3 Nov 2026."""
    return _said(
        screen.instrument, screen.instrument_version, screen.total, screen.band, screen.score["partial_sum"],
        screen.taken_on,
    )  # fmt: skip


def response(chart: Chart, public_id: str) -> ScreenResponse:
    """The response of that id in the open chart, with its screen; ChartNotFound for any other."""
    row = (
        ScreenResponse.objects.filter(public_id=public_id, episode__in=chart.episode_ids)
        .select_related("screen", "ended_by")
        .first()
    )
    if row is None:
        raise ChartNotFound
    return row


@dataclass(frozen=True)
class Standing:
    """How a screen's response stands, for its result: the row, in words, and whether somebody has to answer it."""

    row: ScreenResponse
    text: str
    waits: bool


def standing(chart: Chart, screens: list[Screen]) -> dict[UUID, Standing]:
    """How the response to each of these screens stands, by the screen's thread. One query; none asks for none."""
    threads = [one.thread for one in screens]
    rows = (
        ResponseStep.objects.filter(screen__thread__in=threads, episode__in=chart.episode_ids)
        .select_related("response__screen")
        .order_by("pk")
        .annotate(thread=F("screen__thread"))
    )
    found = {}
    for step in rows if threads else ():
        row, today = step.response, clock.today(chart.episode(step.episode_id).zone)
        found[step.thread] = Standing(row, ended_in_words(row), row.waits(today))
    return found


def responses_named(opened: Open, names: list[UUID]) -> list[ScreenResponse]:
    """The responses of the open charts that these problems or referrals answer."""
    return list(ScreenResponse.objects.filter(names__in=names, episode__in=opened.episode_ids))


def response_steps(row: ScreenResponse) -> list[ResponseStep]:
    """What happened to it, oldest first."""
    return list(ResponseStep.objects.filter(response=row).select_related("by", "screen").order_by("pk"))


def ended_in_words(row: ScreenResponse | ResponseStep) -> str:
    """How it stands, with what belongs to that: In the plan: Alcohol use."""
    more = row.names_words or row.reason
    said = str(row.get_state_display())
    if row.state == ResponseState.DEFERRED and row.until:
        said = _("Put off until %(day)s") % {"day": date_format(row.until, "j M Y")}
    return f"{said}: {more}" if more else said


@dataclass(frozen=True)
class Share:
    """How many of the positive screens were answered in time: the number, of how many, within how many days."""

    answered: int
    of: int
    days: int
    since: dt.date

    @property
    def sentence(self) -> str:
        told = {"n": self.answered, "of": self.of, "days": self.days, "day": date_format(self.since, "j M Y")}
        if not self.of:
            return _("No positive screen since %(day)s is older than %(days)s days.") % told
        told["percent"] = round(100 * self.answered / self.of)
        return (
            ngettext(
                "%(n)s of %(of)s positive screen since %(day)s was answered within %(days)s days (%(percent)s %%).",
                "%(n)s of %(of)s positive screens since %(day)s were answered within %(days)s days (%(percent)s %%).",
                self.of,
            )
            % told
        )


def answered_share(opened: Open, today: dt.date, days: int, back: int = 90) -> Share:
    """The share of positive screens answered within `days`, over those opened in the last `back` days that have had the
    time; those that were taken back count in neither number. One query."""
    since, until = today - dt.timedelta(days=back), today - dt.timedelta(days=days)
    in_time = ResponseStep.objects.filter(
        ~Q(state=ResponseState.OPEN),
        response=OuterRef("pk"),
        at__date__lte=OuterRef("since") + dt.timedelta(days=days),
    )
    counted = (
        ScreenResponse.objects.filter(episode__in=opened.episode_ids, since__gte=since, since__lte=until)
        .exclude(state=ResponseState.TAKEN_BACK)
        .aggregate(of=Count("pk"), answered=Count("pk", filter=Exists(in_time)))
    )
    return Share(counted["answered"], counted["of"], days, since)
