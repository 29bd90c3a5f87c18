"""The joint picture: both sides, withdrawal and what was done on one time axis, every change called by its rule."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import ngettext

from clinic.access.chart import Chart, OpenEpisode
from clinic.access.policy import Do
from clinic.kit import clock
from clinic.kit.charts import Mark, Series, Span, Trend
from clinic.kit.dates import date_format
from clinic.kit.words import gettext as _
from clinic.kit.written import Shared, kept
from clinic.people.models import ClinicSetting
from clinic.people.queries import DEFAULTS
from clinic.record.models import Episode, FlagKind, LevelOfCare, Medication
from intake import queries as intake
from screening import queries as screening
from treatment_plans import queries as treatment_plans

LEAD_IN = dt.timedelta(days=14)  # what was begun shortly before the first score still explains it
AT_LEAST = dt.timedelta(days=30)
ON_A_PAGE = 6  # courses that one page of paper shows in a size to be read
SAME_CRISIS = dt.timedelta(days=14)  # flags no further apart are one mark


@dataclass(frozen=True)
class Care:
    """A score is read with care: why, and when it is, or was, asked again."""

    words: str
    because: str


@dataclass(frozen=True)
class Line:
    """One value of the table twin: what it was, what the step to it is called, and whether it is read with care."""

    day: dt.date
    title: str
    value: int
    words: str
    call: screening.Call | None
    care: Care | None
    public_id: UUID
    of: int


@dataclass(frozen=True)
class Now:
    """One measure today: its newest value, and the steps to it from the one before and from the first."""

    part: str
    title: str
    newest: screening.Measured
    since_before: screening.Call | None
    since_first: screening.Call | None
    care: Care | None


@dataclass(frozen=True)
class Picture:
    """Everything the page, its table and its PDF show, from `start` to `today`."""

    courses: list[screening.Course]
    marks: list[Mark]
    spells: list[screening.Spell]
    window: int
    start: dt.date
    today: dt.date

    @cached_property
    def trend(self) -> Trend:
        """The drawing."""
        return self._drawing(self.courses)

    @property
    def sheets(self) -> list[Trend]:
        """The drawing on paper: where there are too many courses for one page, one below the other on the same time axis."""
        if len(self.courses) <= ON_A_PAGE:
            return [self.trend]
        return [self._drawing(list(part)) for _part, part in groupby(self.courses, lambda one: one.part)]

    def _drawing(self, courses: list[screening.Course]) -> Trend:
        return Trend(
            [self._series(course) for course in courses], _("Scores, use, withdrawal and what was done"),
            self.start, self.today, self.marks, self._spans(courses),
        )  # fmt: skip

    def _series(self, course: screening.Course) -> Series:
        mood = course.part == screening.MOOD
        points = [point for point in course.points if point.date >= self.start]
        return Series(
            course.title, [(point.date, point.value, point.words) for point in points], course.low, course.high,
            course.bands, hollow=frozenset(p.date for p in points if mood and self._spell(p.date)), spanned=mood,
            part=_parts()[course.part],
        )  # fmt: skip

    def _spans(self, courses: list[screening.Course]) -> list[Span]:
        words = ngettext(
            "Read with care: within %(n)s day after use or withdrawal (hollow symbols)",
            "Read with care: within %(n)s days after use or withdrawal (hollow symbols)",
            self.window,
        ) % {"n": self.window}
        if not any(course.part == screening.MOOD for course in courses):
            return []
        return [Span(spell.start, min(spell.end, self.today), words) for spell in self.spells]

    def _spell(self, day: dt.date) -> screening.Spell | None:
        return next((spell for spell in self.spells if spell.holds(day)), None)

    @cached_property
    def lines(self) -> list[Line]:
        """Every value from the start on, newest first."""
        found = []
        for course in self.courses:
            calls = course.calls()
            found += [
                Line(p.date, course.title, p.value, p.words, calls.get(p.public_id), self.care(course, p), p.public_id, p.of)
                for p in course.points
                if p.date >= self.start
            ]  # fmt: skip
        return sorted(found, key=lambda line: line.day, reverse=True)

    @cached_property
    def now(self) -> list[Now]:
        """Each measure as it stands, in the order of the drawing."""
        return [self._now(course) for course in self.courses]

    def _now(self, course: screening.Course) -> Now:
        points = course.points
        before = course.call(points[-2], points[-1]) if len(points) > 1 else None
        first = course.call(points[0], points[-1]) if len(points) > 2 else None
        part = str(_parts()[course.part])
        return Now(part, course.title, points[-1], before, first, self.care(course, points[-1]))

    def care(self, course: screening.Course, point: screening.Measured) -> Care | None:
        """Whether this value is read with care, and what became of the screen that is due after it."""
        spell = self._spell(point.date) if course.part == screening.MOOD else None
        if spell is None:
            return None
        because = "; ".join(spell.because)
        if spell.due is None:
            words = _("read with care: re-screen due %(n)s days after the withdrawal has ended")
            return Care(words % {"n": self.window}, because)
        due = date_format(spell.due, "j M Y")
        again = next((p.date for p in course.points if p.date >= spell.due), None)
        if again is not None:
            told = {"due": due, "day": date_format(again, "j M Y")}
            return Care(_("read with care: re-screen due %(due)s, done %(day)s") % told, because)
        if spell.due < self.today:
            return Care(_("read with care: re-screen was due %(due)s") % {"due": due}, because)
        return Care(_("read with care: re-screen due %(due)s") % {"due": due}, because)

    @cached_property
    def care_now(self) -> Care | None:
        """A time that is read with care today, in words, while there is a score of mood or trauma to read."""
        spell = self._spell(self.today)
        if spell is None or not any(course.part == screening.MOOD for course in self.courses):
            return None
        since, because = date_format(spell.start, "j M Y"), "; ".join(spell.because[-2:])
        if spell.due is None:
            words = _(
                "Scores of mood and trauma since %(since)s are read with care, while withdrawal goes on."
            )
            return Care(words % {"since": since}, because)
        told = {"since": since, "due": date_format(spell.due, "j M Y")}
        return Care(
            _("Scores of mood and trauma since %(since)s are read with care. Re-screen due %(due)s.") % told, because
        )  # fmt: skip

    @cached_property
    def sources(self) -> list[tuple[str, str]]:
        """(measure, source) of each rule by which a change here is called."""
        told = [
            (now.title, call.source)
            for now in self.now
            for call in (now.since_before, now.since_first)
            if call
        ]
        return [pair for pair in dict.fromkeys(told) if pair[1]]


def _parts() -> dict[str, str]:
    return {
        screening.MOOD: _("Mood and trauma"),
        screening.USE: _("Alcohol and drugs"),
        screening.WITHDRAWAL: _("Withdrawal (each day's highest)"),
    }


def picture(chart: Chart, today: dt.date, months: int = 0) -> Picture:
    """The joint picture of the open episodes up to `today`; `months`: how far back, 0 for all. Two queries.

    Another program's rows are not in it, nor is what an interview told to who may not read interviews.
    """
    told = screening.pictured(chart)
    rows = _episodes(chart)
    window = int(next((r.window for r in rows if r.window is not None), DEFAULTS["use_window_days"]))
    used, withdrawals = list(told.used), []
    marks: list[Mark] = []
    for row in rows:
        place = chart.episode(row.pk)
        if chart.permits(Do.SEE_INTERVIEW, place.id):
            used += [screening.Use(day, words) for day, words in intake.used_by(row.used, place.zone)]
        withdrawals += [_withdrawal(flow, place.zone) for flow in row.flows]
        marks += _marks(row, place)
    start = _start(told.courses, marks, today, months)
    shown = [mark for mark in sorted(marks, key=lambda mark: mark.date) if start <= mark.date <= today]
    spells = screening.spells(used, withdrawals, window, today)
    return Picture(told.courses, shown, spells, window, start, today)


@kept
def _episodes(chart: Chart) -> QuerySet[Episode, Any]:
    here = {"episode": OuterRef("pk")}
    levels = LevelOfCare.objects.filter(**here).order_by("starts_on", "pk")
    taken = Medication.objects.filter(**here).order_by("starts_on", "pk")
    window = ClinicSetting.objects.filter(name="use_window_days", holds_from__lte=clock.now())
    return (
        Episode.objects.filter(pk__in=chart.episode_ids)
        .annotate(
            levels=ArraySubquery(
                levels.values(json=JSONObject(on=F("starts_on"), edition=F("edition"), level=F("level")))
            ),
            taken=ArraySubquery(
                taken.values(json=JSONObject(on=F("starts_on"), name=F("name"), dose=F("dose")))
            ),
            signed=treatment_plans.signed_days(),
            crises=screening.crises(),
            flows=screening.withdrawals(),
            used=intake.last_use(),
            window=Subquery(window.order_by("-holds_from").values("value")[:1], output_field=Shared()),
        )
        .only("pk")
        .order_by("starts_on", "pk")
    )


def _withdrawal(flow: dict[str, Any], zone: str) -> screening.Withdrawal:
    began, ended = _day(flow["began"], zone), flow["ended"] and _day(flow["ended"], zone)
    told = {"scale": screening.instrument(flow["instrument"]).short_title, "day": date_format(began, "j M Y")}
    return screening.Withdrawal(
        began, ended or None, _("withdrawal watched by %(scale)s from %(day)s") % told
    )


def _day(moment: str | dt.datetime, zone: str) -> dt.date:
    at = dt.datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return at.astimezone(ZoneInfo(zone)).date()


def _marks(row: Any, place: OpenEpisode) -> Iterator[Mark]:
    """What was done and what happened in one episode, each kind with a badge of its own shape."""
    for at in row.signed:
        yield Mark(_day(at, place.zone), _("Plan signed"))
    for one in row.taken:
        words = " ".join(filter(None, (one["name"], one["dose"])))
        yield Mark(dt.date.fromisoformat(one["on"]), _("Started: %(what)s") % {"what": words}, "square")
    named = {edition: levels for edition, _title, levels in intake.levels_of_care()}
    for one in row.levels:
        words = named.get(one["edition"], {}).get(one["level"], one["level"])
        yield Mark(
            dt.date.fromisoformat(one["on"]), _("Level of care: %(level)s") % {"level": words}, "diamond"
        )
    yield from _crises([(_day(one["at"], place.zone), one["kind"]) for one in row.crises])


def _crises(raised: list[tuple[dt.date, str]]) -> Iterator[Mark]:
    """Flags of a kind that came soon after each other are one mark, which says how many there were and until when."""
    for kind in dict.fromkeys(kind for _day, kind in raised):
        run: list[dt.date] = []
        for day in [*(day for day, other in raised if other == kind), None]:
            if day is not None and (not run or day - run[-1] <= SAME_CRISIS):
                run.append(day)
                continue
            yield Mark(run[0], _crisis_words(str(FlagKind(kind).label), run), "solid")
            run = [day] if day is not None else []


def _crisis_words(label: str, days: list[dt.date]) -> str:
    if len(days) == 1:
        return label
    told = {"what": label, "n": len(days), "day": date_format(days[-1], "j M Y")}
    return _("%(what)s, %(n)s times until %(day)s") % told


def _start(courses: list[screening.Course], marks: list[Mark], today: dt.date, months: int) -> dt.date:
    """The first score, or a little earlier where something was begun then; never less than a month before today."""
    first = min((course.points[0].date for course in courses), default=today)
    if months:
        first = max(first, today - dt.timedelta(days=round(months * 30.44)))
    led = [mark.date for mark in marks if first - LEAD_IN <= mark.date < first]
    return min(first, today - AT_LEAST, *led)
