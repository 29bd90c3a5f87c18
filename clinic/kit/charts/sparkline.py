"""A course as small as a word."""

import datetime as dt
from collections.abc import Sequence
from html import escape

from django.utils.safestring import SafeString

from clinic.kit import drawing as pen
from clinic.kit.charts.panel import STYLES
from clinic.kit.charts.told import _in_time
from clinic.kit.timeaxis import TimeAxis


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
