"""What screening knows for the joint picture: every course of both sides and of withdrawal, use, crises, in two readings."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, IntegerField, OuterRef, QuerySet
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, JSONObject
from django.utils.translation import gettext_lazy

from clinic.access.chart import Chart, Open
from clinic.kit.dates import date_format
from clinic.kit.words import gettext as _
from clinic.kit.written import kept
from clinic.record.models import Flag
from screening import rules
from screening.models import Flowsheet, Screen, ScreenError
from screening.queries.changed import change_said
from screening.queries.choices import chosen, clinic_choices, context, running, told_on_the_way
from screening.queries.screens import current

MOOD, USE, WITHDRAWAL = "mood", "use", "withdrawal"
TOTALS = (
    ("phq-9", MOOD), ("gad-7", MOOD), ("pcl-5", MOOD), ("audit", USE), ("dast-10", USE), ("cows", WITHDRAWAL),
    ("ciwa-ar", WITHDRAWAL),
)  # fmt: skip
# Of BAM-R three answers are pictured: how many of the past 30 days, and how strong the craving was.
BAM_R = (
    ("bamr_4", gettext_lazy("Days of drinking, of 30")),
    ("bamr_6", gettext_lazy("Days of drug use, of 30")),
    ("bamr_8", gettext_lazy("Craving")),
)


@dataclass(frozen=True)
class Measured:
    """One value of a course. `words`: the published band, or the answer; `of`: how many ratings of that day it stands for."""

    date: dt.date
    value: int
    words: str
    public_id: UUID
    of: int = 1


@dataclass(frozen=True)
class Call:
    """A step from one value to another in words, and where its rule was published ("" where none was)."""

    text: str
    source: str
    better: bool | None


@dataclass
class Course:
    """One measure in order of time. `part`: mood, use or withdrawal; `bands`: (low, high, words)."""

    key: str
    title: str
    part: str
    form: rules.Instrument
    low: int
    high: int
    bands: list[tuple[int, int, str]]
    reliable: int | None
    points: list[Measured] = field(default_factory=list)

    def call(self, earlier: Measured, later: Measured) -> Call:
        """What the step is called, by the instrument's published rule alone."""
        if self.key == self.form.id:
            said = change_said(self.form, earlier.value, later.value, earlier.date, self.reliable)
            return Call(said.text, said.source, said.better)
        told = {"before": _value(self, earlier), "day": date_format(earlier.date, "j M Y")}
        better = None if earlier.value == later.value else later.value < earlier.value
        return Call(_("%(before)s on %(day)s: no published rule for change") % told, "", better)

    def calls(self) -> dict[UUID, Call]:
        """Each value's step from the one before it."""
        return {later.public_id: self.call(earlier, later) for earlier, later in pairwise(self.points)}


def _value(course: Course, point: Measured) -> str:
    return point.words if course.key == "bamr_8" else f"{point.value}"


@dataclass(frozen=True)
class Pictured:
    """Every course that has a value, and the days on which somebody said that they had used in the 30 days before."""

    courses: list[Course]
    used: list[rules.Use]


def pictured(chart: Chart) -> Pictured:
    """The courses of the joint picture, mood first, then use, then withdrawal. One query.

    Of a withdrawal scale each day's highest rating stands for the day. What was corrected or entered in error is not
    among them, nor what is incomplete: it has no total.
    """
    read = told_on_the_way(chart, _read(chart))
    found = {course.key: course for course in _empty(chart)}
    used = []
    for row in read:
        if row["instrument"] == "bam-r":
            used += list(_days_of_use(row))
            _add_answers(found, row)
        elif row["complete"] and row["total"] is not None:
            _add_total(found[row["instrument"]], row)
    return Pictured([course for course in found.values() if course.points], used)


@kept
def _read(opened: Open) -> QuerySet[Screen, Any]:
    scores = KeyTransform("item_scores", "score")
    days = {f"of_{item}": Cast(KeyTextTransform(item, scores), IntegerField()) for item, _title in BAM_R}
    rows = current(opened).filter(instrument__in=[*(name for name, _part in TOTALS), "bam-r"])
    return rows.order_by("taken_on", "pk").values(
        "instrument", "taken_on", "total", "band", "complete", "public_id", chosen=chosen(), running=running(opened), **days
    )  # fmt: skip


def _empty(chart: Chart) -> Iterator[Course]:
    reliable = clinic_choices(chart).reliable
    for name, part in TOTALS:
        form = rules.load(name)
        if name == "cows":
            yield from _answers()
        chosen_set = form.band_set(context(chart, form, chart.client_id)).name
        bands = [(b.min, b.max, b.label) for b in form.all_bands if b.set in ("", chosen_set)]
        yield Course(name, form.short_title, part, form, form.low, form.high, bands, reliable.get(name))


def _answers() -> Iterator[Course]:
    form = rules.load("bam-r")
    for item, title in BAM_R:
        yield Course(item, str(title), USE, form, 0, 30, _steps(form.item(item)), None)


def _steps(item: rules.Item) -> list[tuple[int, int, str]]:
    """An answer's words as bands around its points; none where a number was asked for."""
    points = [(option.score or 0, option.text) for option in item.options]
    edges = [0, *((one + other) // 2 + 1 for (one, _a), (other, _b) in pairwise(points)), 31]
    return [(edges[n], edges[n + 1] - 1, words) for n, (_points, words) in enumerate(points)]


def _add_total(course: Course, row: dict[str, Any]) -> None:
    point = Measured(row["taken_on"], row["total"], row["band"], row["public_id"])
    last = course.points[-1] if course.points else None
    if course.part != WITHDRAWAL or last is None or last.date != point.date:
        course.points.append(point)
        return
    highest = max(last, point, key=lambda one: one.value)
    course.points[-1] = Measured(point.date, highest.value, highest.words, highest.public_id, last.of + 1)


def _add_answers(found: dict[str, Course], row: dict[str, Any]) -> None:
    for item, _title in BAM_R:
        value = row[f"of_{item}"]
        if value is not None:
            words = next((label for low, high, label in found[item].bands if low <= value <= high), "")
            found[item].points.append(Measured(row["taken_on"], value, words, row["public_id"]))


def _days_of_use(row: dict[str, Any]) -> Iterator[rules.Use]:
    """BAM-R asks how many of the past 30 days: any may have been the last of them."""
    told = {"day": date_format(row["taken_on"], "j M Y")}
    for item, words in (
        ("bamr_4", _("drinking in the 30 days before %(day)s")),
        ("bamr_6", _("drug use in the 30 days before %(day)s")),
    ):
        if row[f"of_{item}"]:
            yield rules.Use(row["taken_on"], words % told)


def withdrawals() -> ArraySubquery:
    """An episode's flowsheets as JSON: for the room that reads the episodes."""
    rows = Flowsheet.objects.filter(episode=OuterRef("pk")).order_by("started_at")
    return ArraySubquery(
        rows.values(json=JSONObject(instrument=F("instrument"), began=F("started_at"), ended=F("ended_at")))
    )


def crises() -> ArraySubquery:
    """When flags were raised in an episode, by kind, without those of screens that were entered in error."""
    wrong = ScreenError.objects.filter(screen__thread=OuterRef("source_id"))
    rows = Flag.objects.filter(~Exists(wrong), episode=OuterRef("pk")).order_by("raised_at")
    return ArraySubquery(rows.values(json=JSONObject(kind=F("kind"), at=F("raised_at"))))
