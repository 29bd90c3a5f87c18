"""Every series on its panel, one time axis through them all, what happened marked in it."""

import datetime as dt
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape

from django.utils.safestring import SafeString

from clinic.kit import drawing as pen
from clinic.kit.charts.panel import PLOT, _Frame, _panel
from clinic.kit.charts.told import Mark, Row, Series, Span, _told, table_rows
from clinic.kit.dates import date_format
from clinic.kit.timeaxis import TimeAxis

GAP, BADGES, PART = 12, 20, 26


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


def _svg(width: int, height: float, title: str, told: str, body: str, kind: str) -> SafeString:
    key = f"t{zlib.crc32(f'{kind}{title}{told}'.encode()):x}"
    return SafeString(
        f'<svg class="trend-svg" viewBox="0 0 {width} {height:g}" width="{width}" height="{height:g}" role="img" '
        f'aria-labelledby="{key}" aria-describedby="{key}d" '
        'font-family="Atkinson Hyperlegible Next, DejaVu Sans, sans-serif">'
        f'<title id="{key}">{escape(title)}</title><desc id="{key}d">{escape(told)}</desc>{body}</svg>'
    )


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
