"""What a chart shows, its table twin, and its words for who cannot see it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from django.utils.safestring import SafeString

from clinic.kit.dates import date_format
from clinic.kit.words import gettext as _


@dataclass(frozen=True)
class Series:
    """One instrument's course: `points` are (date, value, band label or ""), `bands` are (lowest, highest, label).

    `hollow`: days whose points are drawn hollow, because something is to be kept in mind when reading them. `spanned`:
    the chart's spans are hatched in it. `part`: a heading above the first series of each part.
    """

    name: str
    points: Sequence[tuple[dt.date, float, str]]
    low: float
    high: float
    bands: Sequence[tuple[float, float, str]] = ()
    hollow: frozenset[dt.date] = frozenset()
    spanned: bool = False
    part: str = ""


@dataclass(frozen=True)
class Mark:
    """Something that happened on a day and may explain a turn: a plan signed, a change of level of care.

    `shape` of its badge: circle, square, diamond, or solid (dark), so that kinds differ in grey too.
    """

    date: dt.date
    label: str
    shape: str = "circle"


@dataclass(frozen=True)
class Span:
    """A time, both days included, in which scores are to be read otherwise: hatched, with its words in the legend."""

    start: dt.date
    end: dt.date
    label: str


@dataclass(frozen=True)
class Row:
    """One line of the table twin."""

    day: dt.date
    name: str
    value: str
    change: str
    band: str

    @property
    def html(self) -> SafeString:
        """The line as it stands in kit/_trend.html. A year has a hundred, and a template takes long for five words of each."""
        day, name, band = date_format(self.day, "d-M-Y"), escape(self.name), escape(self.band)
        return SafeString(
            f'<tr><th scope="row" class="nowrap">{day}</th><td>{name}</td><td class="num">{self.value}</td>'
            f'<td class="num">{self.change}</td><td>{band}</td></tr>'
        )


def _in_time(points: Sequence[Any]) -> list[Any]:
    """By day; two of one day stay in the order in which they were taken."""
    return sorted(points, key=lambda point: point[0])


def table_rows(series: Sequence[Series]) -> list[Row]:
    """Every value with its change against the one before, newest first: what the chart shows, in words."""
    rows = []
    for one in series:
        before: float | None = None
        for day, value, band in _in_time(one.points):
            change = "" if before is None else _signed(value - before)
            rows.append(Row(day, one.name, f"{value:g}", change, band))
            before = value
    return sorted(rows, key=lambda row: row.day, reverse=True)


def _signed(change: float) -> str:
    return f"{change:+g}".replace("-", "−") if change else "0"


def _told(series: Sequence[Series], marks: Sequence[Mark], spans: Sequence[Span]) -> str:
    """The chart in words, for who cannot see it."""
    said = []
    for one in series:
        days = _in_time(one.points)
        if days:
            words = {"name": one.name, "n": len(days), "first": f"{days[0][1]:g}", "last": _last(days[-1])}
            said.append(_("%(name)s: %(n)s scores, first %(first)s, last %(last)s.") % words)
        else:
            said.append(_("%(name)s: no score.") % {"name": one.name})
    said += [f"{date_format(mark.date, 'd-M-Y')}: {mark.label}." for mark in marks]
    said += [f"{date_format(s.start, 'd-M-Y')} – {date_format(s.end, 'd-M-Y')}: {s.label}." for s in spans]
    return " ".join(said)


def _last(point: tuple[dt.date, float, str]) -> str:
    day, value, band = point
    return " · ".join(filter(None, (f"{value:g}", band, date_format(day, "d-M-Y"))))
