"""Template tags that every page uses: dates, ages, icons, severity, the once-key of a form."""

import datetime as dt
import uuid
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def dmy(day: dt.date | dt.datetime | None) -> str:
    """23-Nov-2026, the month in the page's language; empty when there is none."""
    if day is None:
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
    from zoneinfo import ZoneInfo

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
