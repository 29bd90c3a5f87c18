"""Template tags that every page uses: dates, ages, icons, severity, the once-key of a form."""

import datetime as dt
import uuid
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from clinic.kit import clock
from clinic.kit.charts import sparkline_svg

register = template.Library()


@register.filter
def dmy(day: dt.date | dt.datetime | None) -> str:
    """23-Nov-2026, the month in the page's language; empty when there is none."""
    if not day:
        return ""
    if isinstance(day, dt.datetime):
        day = timezone.localtime(day).date() if timezone.is_aware(day) else day.date()
    return date_format(day, "d-M-Y")


@register.filter
def clock_time(moment: dt.datetime | None) -> str:
    """10:42 in the page's zone."""
    return "" if moment is None else date_format(timezone.localtime(moment), "H:i")


@register.filter
def at_zone(moment: dt.datetime | None, zone: str) -> str:
    """Tue 24-Nov-2026 10:00 at a site (`zone` is its IANA name)."""
    if moment is None:
        return ""
    return date_format(moment.astimezone(ZoneInfo(zone)), "D d-M-Y H:i")


@register.simple_tag
def icon(name: str, title: str = "") -> SafeString:
    """One icon of our sprite; decorative unless it has a title."""
    sprite = static("img/icons.svg")
    if title:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"></use></svg>', title, sprite, name
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', sprite, name)


@register.simple_tag
def sparkline(points: list[tuple[dt.date, float]], low: float, high: float) -> SafeString:
    """A word-sized course on the full scale; its words stand beside it."""
    return sparkline_svg(points, low, high)


@register.filter
def signed(points: int) -> str:
    """+3 or −5: a change with its sign."""
    return f"+{points}" if points > 0 else f"−{abs(points)}"


@register.simple_tag
def once_key() -> str:
    """A new form's own key: posted twice, the form does its work once."""
    return str(uuid.uuid4())


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """`mapping|get:key`, empty when absent."""
    try:
        return mapping.get(key, "")
    except AttributeError:
        return ""


SEVERITY = ("minimal", "mild", "moderate", "modsevere", "severe")


@register.filter
def severity_class(rank: Any) -> str:
    """The class of a severity chip: rank 0 to 4; none when there is no published band."""
    return f"sev-{SEVERITY[min(int(rank), 4)]}" if rank not in (None, "") else "sev-none"


@register.simple_tag
def severity_shape(rank: Any) -> SafeString:
    """Five bars, filled as far as the severity goes: says it without colour. Nothing where no band is published."""
    if rank in (None, ""):
        return SafeString("")
    bars = "".join(
        f'<rect x="{step * 5}" y="{8 - 2 * step}" width="4" height="{4 + 2 * step}" rx="1" '
        f'fill="currentColor" fill-opacity="{1 if step <= int(rank) else 0.28}"/>'
        for step in range(5)
    )
    return SafeString(f'<svg class="shape" viewBox="0 0 24 12" aria-hidden="true">{bars}</svg>')


STRANDS = (
    '<svg class="{}" viewBox="0 0 32 32" fill="none" stroke-width="3" stroke-linecap="round" aria-hidden="true">'
    '<g transform="rotate(38 16 16)">'
    '<path stroke="#c9bfae" d="M22.5 4.5C22.5 11 9.5 9.5 9.5 16S22.5 21 22.5 27.5"/>'
    '<path stroke="#8cc7c4" d="M9.5 4.5C9.5 11 22.5 9.5 22.5 16S9.5 21 9.5 27.5"/></g></svg>'
)


@register.simple_tag
def strands(css_class: str = "") -> SafeString:
    """The two entwined strands as a quiet ornament."""
    return format_html(STRANDS, css_class)


@register.filter
def age(born: dt.date | None) -> int | None:
    """Whole years today; nothing when the birth date is not known."""
    if born is None:
        return None
    today = clock.today()
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
