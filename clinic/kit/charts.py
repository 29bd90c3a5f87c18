"""Trend charts as plain SVG: the same drawing on the page and in the PDF. No script, no style sheet, no style attribute.

One panel for each series, all on one true time axis, because points spaced evenly mislead (JAMIA 2015, ocv013); the
y axis is always the instrument's whole range, so that a line's height means the same in every chart. Series differ by
symbol and line as well as colour; bands differ by lightness and carry their words. Colours are those of
static/css/tokens.css, written out because a PDF reads no style sheet for what stands inside an SVG.
"""

import datetime as dt
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString

from clinic.kit import drawing as pen
from clinic.kit.dates import date_format
from clinic.kit.timeaxis import TimeAxis
from clinic.kit.words import gettext as _

STYLES = [  # colour, dashes, symbol
    ("#12595e", "", "circle"),
    ("#8a4520", "7 3", "square"),
    ("#1f3f7a", "2 3", "diamond"),
    ("#5a2d6b", "9 3 2 3", "triangle"),
    ("#34464b", "4 2", "wedge"),
]
PLOT, GAP, BADGES, PART = 78, 12, 20, 26


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


@dataclass(frozen=True)
class Trend:
    """A trend chart and its table twin, as kit/_trend.html wants them."""

    series: Sequence[Series]
    title: str
    start: dt.date
    end: dt.date
    marks: Sequence[Mark] = field(default_factory=tuple)
    spans: Sequence[Span] = field(default_factory=tuple)

    @property
    def svg(self) -> SafeString:
        return self._drawn(narrow=False)

    @property
    def svg_narrow(self) -> SafeString:
        """The same for a telephone: half as wide, its type as large."""
        return self._drawn(narrow=True)

    def _drawn(self, *, narrow: bool) -> SafeString:
        return trend_svg(
            self.series, title=self.title, start=self.start, end=self.end, marks=self.marks, spans=self.spans, narrow=narrow
        )  # fmt: skip

    @property
    def rows(self) -> list[Row]:
        return table_rows(self.series)


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


def trend_svg(
    series: Sequence[Series],
    *,
    title: str,
    start: dt.date,
    end: dt.date,
    marks: Iterable[Mark] = (),
    spans: Iterable[Span] = (),
    narrow: bool = False,
) -> SafeString:
    """The chart of `series` between two days; what lies outside is left out. `marks` are numbered and named below."""
    width, left, right, head = (350, 26, 106, 38) if narrow else (640, 32, 124, 22)
    axis = TimeAxis(start, end, left + 8, width - right - 8, most=4 if narrow else 8)
    inside = [mark for mark in sorted(marks, key=lambda mark: mark.date) if start <= mark.date <= end]
    hatched = [span for span in spans if span.start <= end and span.end >= start]
    lanes = pen.lanes([axis.x(mark.date) for mark in inside])
    top = BADGES * (max(lanes, default=-1) + 1) + (2 if inside else 0)
    heads, bottom = _heads(series, top, head)
    frame = _Frame(width, left, width - right, top, bottom, head)
    legend, height = _legend(inside, hatched, frame, 1 if narrow else 2)
    parts = [
        *_time_grid(frame, axis, heads),
        *_mark_lines(frame, axis, inside, lanes, heads),
        *(_panel(frame, axis, one, place, heads[place], hatched, inside) for place, one in enumerate(series)),
        *_parts(series, heads, frame),
        *legend,
    ]
    told = _told(series, inside, hatched)
    return _svg(width, height, title, told, "".join(parts), "narrow" if narrow else "wide")


def _heads(series: Sequence[Series], top: float, head: int) -> tuple[list[float], float]:
    """Where each panel begins, with room above the first of a part for its heading; and where the last one ends."""
    heads, at, before = [], float(top), ""
    for one in series:
        if one.part and one.part != before:
            at += PART
        before = one.part
        heads.append(at)
        at += head + PLOT + GAP
    return heads, at - GAP


def _parts(series: Sequence[Series], heads: Sequence[float], frame: "_Frame") -> list[str]:
    found, before = [], ""
    for one, head in zip(series, heads, strict=True):
        if one.part and one.part != before:
            found.append(
                f'<path d="M0 {head - 2}H{frame.width}" stroke="{pen.SOFT}" stroke-width="0.8"/>'
                + pen.text(0, head - 8, one.part, size=12, fill=pen.INK, bold=True)
            )
        before = one.part
    return found


def sparkline_svg(
    points: Sequence[tuple[dt.date, float]], low: float, high: float, *, title: str = ""
) -> SafeString:
    """A word-sized line on the full scale, the last value dotted. Its words stand beside it, so it is silent unless titled."""
    days = _in_time(points)
    if not days:
        return SafeString("")
    axis = TimeAxis(days[0][0], days[-1][0], 4, 76, most=1)
    place = pen.scale(low, high, 3, 21)
    spots = [(axis.x(day), place(value)) for day, value in days]
    named = f'role="img"><title>{escape(title)}</title>' if title else 'aria-hidden="true">'
    x, y = spots[-1]
    return SafeString(
        f'<svg class="sparkline" viewBox="0 0 80 24" width="80" height="24" {named}'
        f'<path d="M2 3H78M2 21H78" stroke="{pen.LINE}" stroke-width="1" fill="none"/>'
        f'<path d="{pen.path(spots)}" fill="none" stroke="{STYLES[0][0]}" stroke-width="1.6" stroke-linejoin="round"/>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.6" fill="{pen.INK}"/></svg>'
    )


@dataclass(frozen=True)
class _Frame:
    width: int
    left: int
    right: int
    top: int
    bottom: float
    head: int

    @property
    def narrow(self) -> bool:
        return self.width < 400


def _svg(width: int, height: float, title: str, told: str, body: str, kind: str) -> SafeString:
    key = f"t{zlib.crc32(f'{kind}{title}{told}'.encode()):x}"
    return SafeString(
        f'<svg class="trend-svg" viewBox="0 0 {width} {height:g}" width="{width}" height="{height:g}" role="img" '
        f'aria-labelledby="{key}" aria-describedby="{key}d" '
        'font-family="Atkinson Hyperlegible Next, DejaVu Sans, sans-serif">'
        f'<title id="{key}">{escape(title)}</title><desc id="{key}d">{escape(told)}</desc>{body}</svg>'
    )


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


def _through(frame: _Frame, x: float, heads: Sequence[float]) -> str:
    """A line down through every panel, and through no heading: it would strike out its words."""
    tops = [head + frame.head for head in heads]
    return "".join(f"M{x:.1f} {top:g}V{top + PLOT:g}" for top in tops)


def _time_grid(frame: _Frame, axis: TimeAxis, heads: Sequence[float]) -> list[str]:
    parts = []
    for day, words in axis.ticks():
        x = axis.x(day)
        line = f"{_through(frame, x, heads)}M{x:.1f} {frame.bottom:g}V{frame.bottom + 4:g}"
        parts.append(f'<path d="{line}" fill="none" stroke="{pen.LINE}" stroke-width="0.6"/>')
        parts.append(pen.text(x, frame.bottom + 17, words, end="middle"))
    return parts


def _panel(
    frame: _Frame,
    axis: TimeAxis,
    one: Series,
    place: int,
    head: float,
    spans: Sequence[Span],
    marks: Sequence[Mark],
) -> str:
    """One series: its name and range, its last value, its bands with their words, its line with the values."""
    colour, dashes, symbol = STYLES[place % len(STYLES)]
    top, bottom = head + frame.head, head + frame.head + PLOT
    y = pen.scale(one.low, one.high, top, bottom)
    points = [point for point in _in_time(one.points) if axis.start <= point[0] <= axis.end]
    scale = _("%(low)s to %(high)s") % {"low": f"{one.low:g}", "high": f"{one.high:g}"}
    last = _last(points[-1]) if points else _("No score in this time")
    parts = [
        pen.symbol(symbol, frame.left + 6, head + 11, colour),
        f'<text x="{frame.left + 16}" y="{head + 15}" font-size="13" fill="{pen.INK}" font-weight="700">{escape(one.name)}'
        f'<tspan dx="7" font-size="11" font-weight="400" fill="{pen.SOFT}">{escape(scale)}</tspan></text>',
        pen.text(frame.left + 16, head + 31, last, size=12, fill=pen.INK, bold=True)
        if frame.narrow
        else pen.text(frame.width - 2, head + 15, last, size=12, fill=pen.INK, end="end", bold=True),
        *_bands(frame, one, y, top, bottom),
        *(_hatch(axis, span, top, bottom) for span in spans if one.spanned),
        f'<path d="M{frame.left} {top}V{bottom}H{frame.right}" fill="none" stroke="{pen.SOFT}" stroke-width="0.8"/>',
        *(pen.text(frame.left - 5, y(value) + 4, f"{value:g}", end="end") for value in (one.low, one.high)),
    ]
    spots = [(axis.x(day), y(value)) for day, value, _band in points]
    if len(spots) > 1:
        dash = f' stroke-dasharray="{dashes}"' if dashes else ""
        parts.append(
            f'<path d="{pen.path(spots)}" fill="none" stroke="{colour}" stroke-width="1.8" stroke-linejoin="round"{dash}/>'
        )
    parts += [
        pen.symbol(symbol, x, at, colour, hollow=point[0] in one.hollow)
        for (x, at), point in zip(spots, points, strict=True)
    ]
    crossed = [axis.x(mark.date) for mark in marks]
    values = [value for _day, value, _band in points]
    parts += _values(frame, spots, values, top, bottom, spanned=one.spanned, crossed=crossed)
    return "".join(parts)


def _bands(frame: _Frame, one: Series, y: Callable[[float], float], top: float, bottom: float) -> list[str]:
    """Bands meet half-way between their whole numbers; the higher, the darker; the words at the right edge."""
    parts, middles = [], []
    steps = max(len(one.bands) - 1, 1)
    for rank, (low, high, _label) in enumerate(one.bands):
        above, below = y(high + 0.5), y(low - 0.5)
        parts.append(
            f'<rect x="{frame.left}" y="{above:.1f}" width="{frame.right - frame.left}" height="{below - above:.1f}" '
            f'fill="{pen.TINT}" fill-opacity="{0.015 + 0.125 * rank / steps:.3f}"/>'
        )
        middles.append((above + below) / 2)
    words = [pen.wrapped(label, (frame.width - frame.right - 8) / 5.3) for _low, _high, label in one.bands]
    for at, lines in zip(
        pen.apart(middles, [len(lines) for lines in words], top, bottom), words, strict=True
    ):
        first = at - (len(lines) - 1) * pen.LINE_HEIGHT / 2 + 4
        parts += [
            pen.text(frame.right + 7, first + n * pen.LINE_HEIGHT, line) for n, line in enumerate(lines)
        ]
    return parts


def _hatch(axis: TimeAxis, span: Span, top: float, bottom: float) -> str:
    return pen.hatched(axis.x(max(span.start, axis.start)), top, axis.x(min(span.end, axis.end)), bottom)


def _values(
    frame: _Frame,
    spots: Sequence[tuple[float, float]],
    values: Sequence[float],
    top: float,
    bottom: float,
    *,
    spanned: bool,
    crossed: Sequence[float],
) -> list[str]:
    """Numbers at the points, readable without a pointer; where they would touch, the last one and the spaced ones.

    Where a line climbs steeply to its neighbour the number stands beside its point, not on that line. `spanned`: there may
    be slanted lines behind them, `crossed`: where a mark's line runs; a plate of paper keeps both away.
    """
    parts: list[str] = []
    free = float("inf")
    for index in range(len(spots) - 1, -1, -1):
        x, y = spots[index]
        if free - x < 17:
            continue
        near = [spots[other] for other in (index - 1, index + 1) if 0 <= other < len(spots)]
        above = not near or y <= sum(at for _x, at in near) / len(near)
        if y - top < 13:
            above = False
        if bottom - y < 14:
            above = True
        words, bold = f"{values[index]:g}", not parts
        steep = any(abs(other - x) < 17 and (at < y) == above for other, at in near)
        half = len(words) * 3.1
        if steep and x + 24 < frame.right:
            left, at, free = x + 8, y + 4, x + 25
        else:
            left, at, free = x - half, y - 7 if above else y + 15, x
        struck = any(left - 2 <= line <= left + 2 * half + 2 for line in crossed)
        parts.append(pen.plate(left, at, words) if spanned or struck else "")
        parts.append(pen.text(left + half, at, words, fill=pen.INK, end="middle", bold=bold))
    return parts


def _mark_lines(
    frame: _Frame, axis: TimeAxis, marks: Sequence[Mark], lanes: Sequence[int], heads: Sequence[float]
) -> list[str]:
    parts = []
    for number, (mark, lane) in enumerate(zip(marks, lanes, strict=True), 1):
        x, y = axis.x(mark.date), 9 + lane * BADGES
        parts.append(
            f'<path d="M{x:.1f} {y + 8}V{frame.top:g}{_through(frame, x, heads)}" fill="none" stroke="{pen.EVENT}" '
            'stroke-width="1.1" stroke-dasharray="1 3"/>'
        )
        parts.append(pen.badge(x, y, number, mark.shape))
    return parts


def _legend(
    marks: Sequence[Mark], spans: Sequence[Span], frame: _Frame, columns: int
) -> tuple[list[str], float]:
    """The marks by number and what is hatched, under the time axis; and how high the whole chart is with them."""
    wide = (frame.width - frame.left) / columns
    parts, y, below = [], frame.bottom + 40, frame.bottom + 28
    for index, mark in enumerate(marks):
        if index % columns == 0:
            y = below + 12
        x = frame.left + 8 + (index % columns) * wide
        lines = pen.wrapped(f"{date_format(mark.date, 'd-M-Y')}  {mark.label}", (wide - 30) / 5.3)
        parts.append(pen.badge(x, y, index + 1, mark.shape))
        parts += [pen.text(x + 14, y + 4 + n * 14, line, fill=pen.INK) for n, line in enumerate(lines)]
        below = max(below, y + 6 + 14 * (len(lines) - 1))
    for label in dict.fromkeys(span.label for span in spans):
        y = below + 14
        parts.append(pen.hatched(frame.left, y - 7, frame.left + 18, y + 7))
        lines = pen.wrapped(label, (frame.width - frame.left - 30) / 5.3)
        parts += [
            pen.text(frame.left + 26, y + 4 + n * 14, line, fill=pen.INK) for n, line in enumerate(lines)
        ]
        below = y + 8 + 14 * (len(lines) - 1)
    return parts, below + (4 if parts else 0)
