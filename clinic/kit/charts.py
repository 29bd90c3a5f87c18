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

from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from clinic.kit.timeaxis import TimeAxis

INK, SOFT, LINE, TINT, EVENT = "#16292d", "#47575b", "#c9bfae", "#102a43", "#8a4520"
STYLES = [  # colour, dashes, symbol
    ("#12595e", "", "circle"),
    ("#8a4520", "7 3", "square"),
    ("#1f3f7a", "2 3", "diamond"),
    ("#5a2d6b", "9 3 2 3", "triangle"),
    ("#34464b", "4 2", "wedge"),
]
PLOT, GAP, BADGES, LINE_HEIGHT = 78, 12, 20, 12


@dataclass(frozen=True)
class Series:
    """One instrument's course: `points` are (date, value, band label or ""), `bands` are (lowest, highest, label)."""

    name: str
    points: Sequence[tuple[dt.date, float, str]]
    low: float
    high: float
    bands: Sequence[tuple[float, float, str]] = ()


@dataclass(frozen=True)
class Mark:
    """Something that happened on a day and may explain a turn: a plan signed, a change of level of care."""

    date: dt.date
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

    @property
    def svg(self) -> SafeString:
        return trend_svg(self.series, title=self.title, start=self.start, end=self.end, marks=self.marks)

    @property
    def svg_narrow(self) -> SafeString:
        """The same for a telephone: half as wide, its type as large."""
        return trend_svg(
            self.series, title=self.title, start=self.start, end=self.end, marks=self.marks, narrow=True
        )

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
    narrow: bool = False,
) -> SafeString:
    """The chart of `series` between two days; what lies outside is left out. `marks` are numbered and named below."""
    width, left, right, head = (350, 26, 98, 38) if narrow else (640, 32, 124, 22)
    axis = TimeAxis(start, end, left + 8, width - right - 8, most=4 if narrow else 8)
    inside = [mark for mark in sorted(marks, key=lambda mark: mark.date) if start <= mark.date <= end]
    lanes = _lanes([axis.x(mark.date) for mark in inside])
    top = BADGES * (max(lanes, default=-1) + 1) + (2 if inside else 0)
    bottom = top + len(series) * (head + PLOT + GAP) - GAP
    frame = _Frame(width, left, width - right, top, bottom, head)
    legend = _legend(inside, left, bottom + 40, 1 if narrow else 2, width)
    height = bottom + 28 + (len(legend) and 18 * -(-len(inside) // (1 if narrow else 2)) + 4)
    parts = [
        *_time_grid(frame, axis),
        *(_panel(frame, axis, one, place, narrow) for place, one in enumerate(series)),
        *_mark_lines(frame, axis, inside, lanes),
        *legend,
    ]
    return _svg(width, height, title, _told(series, inside), "".join(parts), "narrow" if narrow else "wide")


def sparkline_svg(
    points: Sequence[tuple[dt.date, float]], low: float, high: float, *, title: str = ""
) -> SafeString:
    """A word-sized line on the full scale, the last value dotted. Its words stand beside it, so it is silent unless titled."""
    days = _in_time(points)
    if not days:
        return SafeString("")
    axis = TimeAxis(days[0][0], days[-1][0], 4, 76, most=1)
    place = _scale(low, high, 3, 21)
    spots = [(axis.x(day), place(value)) for day, value in days]
    named = f'role="img"><title>{escape(title)}</title>' if title else 'aria-hidden="true">'
    x, y = spots[-1]
    return SafeString(
        f'<svg class="sparkline" viewBox="0 0 80 24" width="80" height="24" {named}'
        f'<path d="M2 3H78M2 21H78" stroke="{LINE}" stroke-width="1" fill="none"/>'
        f'<path d="{_path(spots)}" fill="none" stroke="{STYLES[0][0]}" stroke-width="1.6" stroke-linejoin="round"/>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.6" fill="{INK}"/></svg>'
    )


@dataclass(frozen=True)
class _Frame:
    width: int
    left: int
    right: int
    top: int
    bottom: int
    head: int


def _scale(low: float, high: float, top: float, bottom: float) -> Callable[[float], float]:
    span = (high - low) or 1
    return lambda value: bottom - (min(max(value, low), high) - low) / span * (bottom - top)


def _path(spots: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in spots)


def _text(
    x: float, y: float, words: str, *, size: float = 11, fill: str = SOFT, end: str = "", bold: bool = False
) -> str:
    anchor = f' text-anchor="{end}"' if end else ""
    weight = ' font-weight="700"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{fill}"{anchor}{weight}>{escape(words)}</text>'


def _svg(width: int, height: int, title: str, told: str, body: str, kind: str) -> SafeString:
    key = f"t{zlib.crc32(f'{kind}{title}{told}'.encode()):x}"
    return SafeString(
        f'<svg class="trend-svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-labelledby="{key}" aria-describedby="{key}d" '
        'font-family="Atkinson Hyperlegible Next, DejaVu Sans, sans-serif">'
        f'<title id="{key}">{escape(title)}</title><desc id="{key}d">{escape(told)}</desc>{body}</svg>'
    )


def _told(series: Sequence[Series], marks: Sequence[Mark]) -> str:
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
    return " ".join(said)


def _last(point: tuple[dt.date, float, str]) -> str:
    day, value, band = point
    return " · ".join(filter(None, (f"{value:g}", band, date_format(day, "d-M-Y"))))


def _time_grid(frame: _Frame, axis: TimeAxis) -> list[str]:
    parts = []
    for day, words in axis.ticks():
        x = axis.x(day)
        parts.append(
            f'<path d="M{x:.1f} {frame.top + frame.head}V{frame.bottom + 4}" stroke="{LINE}" stroke-width="0.6"/>'
        )
        parts.append(_text(x, frame.bottom + 17, words, end="middle"))
    return parts


def _panel(frame: _Frame, axis: TimeAxis, one: Series, place: int, narrow: bool) -> str:
    """One series: its name and range, its last value, its bands with their words, its line with the values."""
    colour, dashes, symbol = STYLES[place % len(STYLES)]
    head = frame.top + place * (frame.head + PLOT + GAP)
    top, bottom = head + frame.head, head + frame.head + PLOT
    y = _scale(one.low, one.high, top, bottom)
    points = [point for point in _in_time(one.points) if axis.start <= point[0] <= axis.end]
    scale = _("%(low)s to %(high)s") % {"low": f"{one.low:g}", "high": f"{one.high:g}"}
    last = _last(points[-1]) if points else _("No score in this time")
    parts = [
        _symbol(symbol, frame.left + 6, head + 11, colour),
        f'<text x="{frame.left + 16}" y="{head + 15}" font-size="13" fill="{INK}" font-weight="700">{escape(one.name)}'
        f'<tspan dx="7" font-size="11" font-weight="400" fill="{SOFT}">{escape(scale)}</tspan></text>',
        _text(frame.left + 16, head + 31, last, size=12, fill=INK, bold=True)
        if narrow
        else _text(frame.width - 2, head + 15, last, size=12, fill=INK, end="end", bold=True),
        *_bands(frame, one, y, top, bottom),
        f'<path d="M{frame.left} {top}V{bottom}H{frame.right}" fill="none" stroke="{SOFT}" stroke-width="0.8"/>',
        *(_text(frame.left - 5, y(value) + 4, f"{value:g}", end="end") for value in (one.low, one.high)),
    ]
    spots = [(axis.x(day), y(value)) for day, value, _band in points]
    if len(spots) > 1:
        dash = f' stroke-dasharray="{dashes}"' if dashes else ""
        parts.append(
            f'<path d="{_path(spots)}" fill="none" stroke="{colour}" stroke-width="1.8" stroke-linejoin="round"{dash}/>'
        )
    parts += [_symbol(symbol, x, at, colour) for x, at in spots]
    parts += _values(spots, [value for _day, value, _band in points], top, bottom)
    return "".join(parts)


def _bands(frame: _Frame, one: Series, y: Callable[[float], float], top: float, bottom: float) -> list[str]:
    """Bands meet half-way between their whole numbers; the higher, the darker; the words at the right edge."""
    parts, middles = [], []
    steps = max(len(one.bands) - 1, 1)
    for rank, (low, high, _label) in enumerate(one.bands):
        above, below = y(high + 0.5), y(low - 0.5)
        parts.append(
            f'<rect x="{frame.left}" y="{above:.1f}" width="{frame.right - frame.left}" height="{below - above:.1f}" '
            f'fill="{TINT}" fill-opacity="{0.015 + 0.125 * rank / steps:.3f}"/>'
        )
        middles.append((above + below) / 2)
    words = [_wrapped(label, (frame.width - frame.right - 8) / 5) for _low, _high, label in one.bands]
    for at, lines in zip(_apart(middles, [len(lines) for lines in words], top, bottom), words, strict=True):
        first = at - (len(lines) - 1) * LINE_HEIGHT / 2 + 4
        parts += [_text(frame.right + 7, first + n * LINE_HEIGHT, line) for n, line in enumerate(lines)]
    return parts


def _wrapped(label: str, most: float) -> list[str]:
    """A band's words on as many lines as there is room for in a line."""
    lines: list[str] = []
    for word in label.split():
        if lines and len(lines[-1]) + 1 + len(word) <= most:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _apart(middles: Sequence[float], lines: Sequence[int], top: float, bottom: float) -> list[float]:
    """The same heights, falling from the first, moved as little as keeps every line of words readable."""
    half = [count * LINE_HEIGHT / 2 for count in lines]
    placed: list[float] = []
    floor = bottom + 5
    for middle, room in zip(middles, half, strict=True):
        placed.append(min(middle, floor - room))
        floor = placed[-1] - room
    ceiling = top - 5
    for index in range(len(placed) - 1, -1, -1):
        placed[index] = max(placed[index], ceiling + half[index])
        ceiling = placed[index] + half[index]
    return placed


def _values(
    spots: Sequence[tuple[float, float]], values: Sequence[float], top: float, bottom: float
) -> list[str]:
    """Numbers at the points, readable without a pointer; where they would touch, the last one and the spaced ones."""
    parts: list[str] = []
    free = float("inf")
    for index in range(len(spots) - 1, -1, -1):
        x, y = spots[index]
        if free - x < 17:
            continue
        around = [spots[near][1] for near in (index - 1, index + 1) if 0 <= near < len(spots)]
        above = not around or y <= sum(around) / len(around)
        if y - top < 13:
            above = False
        if bottom - y < 14:
            above = True
        parts.append(
            _text(x, y - 7 if above else y + 15, f"{values[index]:g}", fill=INK, end="middle", bold=not parts)
        )
        free = x
    return parts


def _symbol(kind: str, x: float, y: float, colour: str) -> str:
    if kind == "circle":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.6" fill="{colour}"/>'
    shapes = {
        "square": "M-3.3 -3.3H3.3V3.3H-3.3Z",
        "diamond": "M0 -4.6L4.6 0L0 4.6L-4.6 0Z",
        "triangle": "M0 -4.4L4.3 3.4H-4.3Z",
        "wedge": "M0 4.4L4.3 -3.4H-4.3Z",
    }
    return f'<path transform="translate({x:.1f} {y:.1f})" d="{shapes[kind]}" fill="{colour}"/>'


def _lanes(places: Sequence[float], room: float = 19) -> list[int]:
    """A lane for each badge, so that none covers another; three at most."""
    ends: list[float] = []
    lanes = []
    for x in places:
        lane = next((i for i, end in enumerate(ends) if x - end >= room), min(len(ends), 2))
        ends[lane : lane + 1] = [x]
        lanes.append(lane)
    return lanes


def _mark_lines(frame: _Frame, axis: TimeAxis, marks: Sequence[Mark], lanes: Sequence[int]) -> list[str]:
    parts = []
    for number, (mark, lane) in enumerate(zip(marks, lanes, strict=True), 1):
        x, y = axis.x(mark.date), 9 + lane * BADGES
        parts.append(
            f'<path d="M{x:.1f} {y + 8}V{frame.bottom}" stroke="{EVENT}" stroke-width="1.1" stroke-dasharray="1 3"/>'
        )
        parts.append(_badge(x, y, number))
    return parts


def _badge(x: float, y: float, number: int) -> str:
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="8" fill="#fff" stroke="{EVENT}" stroke-width="1.3"/>'
        + _text(x, y + 3.8, str(number), fill=EVENT, end="middle", bold=True)
    )


def _legend(marks: Sequence[Mark], left: float, top: float, columns: int, width: int) -> list[str]:
    parts = []
    for index, mark in enumerate(marks):
        x = left + 8 + (index % columns) * (width - left) / columns
        y = top + index // columns * 18
        parts.append(_badge(x, y, index + 1))
        parts.append(_text(x + 14, y + 4, f"{date_format(mark.date, 'd-M-Y')}  {mark.label}", fill=INK))
    return parts
