"""One series on its panel: its name and range, its bands with their words, its line with the values."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from clinic.kit import drawing as pen
from clinic.kit.charts.told import Mark, Series, Span, _in_time, _last
from clinic.kit.timeaxis import TimeAxis
from clinic.kit.words import gettext as _

STYLES = [  # colour, dashes, symbol
    ("#12595e", "", "circle"),
    ("#8a4520", "7 3", "square"),
    ("#1f3f7a", "2 3", "diamond"),
    ("#5a2d6b", "9 3 2 3", "triangle"),
    ("#34464b", "4 2", "wedge"),
]
PLOT = 78


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
