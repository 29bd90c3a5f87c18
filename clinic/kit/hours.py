"""A course over hours or days, drawn: true time axis, bands with their words, every value written beside its point."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString

from clinic.kit.dates import date_format

INK, SOFT, LINE, TINT, TEAL = "#1f2937", "#52606d", "#7b8794", "#102a43", "#0b6e6e"
WIDTH, LEFT, RIGHT, TOP, BOTTOM = 720, 34, 560, 14, 170


@dataclass(frozen=True)
class Hours:
    """`points`: local moment and total, in order of time, two at least; `bands`: (low, high, words)."""

    title: str
    points: Sequence[tuple[dt.datetime, float]]
    low: float
    high: float
    bands: Sequence[tuple[int, int, str]] = ()


def hours_svg(course: Hours) -> SafeString:
    """The picture, readable in grey; its numbers stand in the table below it too."""
    start, end = course.points[0][0], course.points[-1][0]
    span = max((end - start).total_seconds(), 60)
    tallest = max(value for _at, value in course.points)
    top_value = min(course.high, max(tallest * 1.25, course.high * 0.4))

    def x(at: dt.datetime) -> float:
        return LEFT + 14 + (at - start).total_seconds() / span * (RIGHT - LEFT - 28)

    def y(value: float) -> float:
        return BOTTOM - (value - course.low) / (top_value - course.low) * (BOTTOM - TOP)

    parts = [
        _band(y, top_value, rank, *band) for rank, band in enumerate(course.bands) if band[0] <= top_value
    ]
    parts.append(f'<path d="M{LEFT} {TOP}V{BOTTOM}H{RIGHT}" fill="none" stroke="{LINE}"/>')
    parts += [_text(LEFT - 6, y(value) + 4, f"{value:g}", "end") for value in (course.low, round(top_value))]
    spots = [(x(at), y(value)) for at, value in course.points]
    line = "L".join(f"{left:.1f} {top:.1f}" for left, top in spots)
    parts.append(f'<path d="M{line}" fill="none" stroke="{TEAL}" stroke-width="1.8"/>')
    named = float(RIGHT)
    for place in range(len(spots) - 1, -1, -1):
        (left, top), (at, value) = spots[place], course.points[place]
        parts.append(f'<circle cx="{left:.1f}" cy="{top:.1f}" r="3.4" fill="{INK}"/>')
        parts.append(_text(left, top - 8, f"{value:g}", "middle", bold=True))
        if place == len(spots) - 1 or named - left > 62:
            named = left
            parts.append(_text(left, BOTTOM + 16, date_format(at, "H:i"), "middle"))
            parts.append(_text(left, BOTTOM + 30, date_format(at, "j M"), "middle"))
    return SafeString(
        f'<svg class="trend" viewBox="0 0 {WIDTH} {BOTTOM + 38}" width="{WIDTH}" role="img" '
        f'font-family="inherit"><title>{escape(course.title)}</title>{"".join(parts)}</svg>'
    )


def _band(y: object, top_value: float, rank: int, low: float, high: float, words: str) -> str:
    assert callable(y)
    above, below = y(min(high + 0.5, top_value)), y(max(low - 0.5, 0))
    tint = 0.02 + 0.04 * rank
    return (
        f'<rect x="{LEFT}" y="{above:.1f}" width="{RIGHT - LEFT}" height="{max(below - above, 0):.1f}" fill="{TINT}" '
        f'fill-opacity="{tint:.2f}"/>{_words(RIGHT + 8, (above + below) / 2 + 4, words)}'
    )


def _words(left: float, top: float, words: str) -> str:
    """A band's words; a long one goes on in a second line after its bracket, where the first band is lowest."""
    head, bracket, rest = words.partition(" (")
    if len(words) < 28 or not bracket:
        return _text(left, top, words)
    return _text(left, top, head) + _text(left, top + 12, f"({rest}")


def _text(left: float, top: float, words: str, anchor: str = "start", *, bold: bool = False) -> str:
    weight = ' font-weight="700"' if bold else ""
    colour = INK if bold else SOFT
    return (
        f'<text x="{left:.1f}" y="{top:.1f}" font-size="11" fill="{colour}" text-anchor="{anchor}"{weight}>'
        f"{escape(words)}</text>"
    )
