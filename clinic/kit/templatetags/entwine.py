"""Template tags that every page uses: dates, ages, icons, severity, the once-key of a form."""

import datetime as dt
import uuid
from functools import lru_cache
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.template.defaultfilters import stringfilter
from django.template.defaultfilters import truncatechars as django_truncatechars
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as django_url
from django.templatetags.i18n import TranslateNode, do_translate
from django.templatetags.static import StaticNode
from django.templatetags.static import static as file_url
from django.urls import NoReverseMatch
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from clinic.kit import clock
from clinic.kit.charts import sparkline_svg
from clinic.kit.dates import date_format
from clinic.kit.paths import path_of
from clinic.kit.words import gettext as _
from clinic.kit.words import language

register = template.Library()


class WordsNode(TranslateNode):
    """Django's `translate` of a constant text, found once for each language and not once for each time it is shown."""

    def render(self, context: Any) -> str:
        known, key = self.__dict__.setdefault("known", {}), (language(), context.autoescape)
        words: str | None = known.get(key)
        if words is None:
            words = known[key] = str(super().render(context))
        return words


@register.tag
def translate(parser: Any, token: Any) -> TranslateNode:
    """`{% translate "Words" %}` as ever."""
    node: TranslateNode = do_translate(parser, token)
    told = node.filter_expression
    constant = getattr(told.var, "literal", None) is not None and not told.filters
    if constant and not (node.asvar or node.message_context or node.noop):
        return WordsNode(told, False)
    return node


class PathNode(URLNode):
    """Django's `url`, with the paths that kit.paths has found already."""

    def render(self, context: Any) -> str:
        if self.kwargs:
            return str(super().render(context))
        args = [arg.resolve(context) for arg in self.args]
        try:
            path = path_of(self.view_name.resolve(context), *args)
        except NoReverseMatch:
            return str(super().render(context))
        if self.asvar:
            context[self.asvar] = path
            return ""
        return SafeString(escape(path)) if context.autoescape else path


@register.tag
def url(parser: Any, token: Any) -> PathNode:
    """`{% url "route" id %}` as ever."""
    node = django_url(parser, token)
    return PathNode(node.view_name, node.args, node.kwargs, node.asvar)


class FileNode(StaticNode):
    """Django's `static`: where a file is does not change while the process lives."""

    def url(self, context: Any) -> str:
        return _file(self.path.resolve(context))


@lru_cache(maxsize=512)
def _file(path: str) -> str:
    return StaticNode.handle_simple(path)


@register.tag
def static(parser: Any, token: Any) -> StaticNode:
    """`{% static "img/logo.svg" %}` as ever."""
    return FileNode.handle_token(parser, token)


@register.filter(is_safe=True)
@stringfilter
def truncatechars(text: str, most: int) -> str:
    """As ever; what is short enough is not taken apart."""
    return text if len(text) <= int(most) else str(django_truncatechars(text, most))


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
    return "" if moment is None else f"{timezone.localtime(moment):%H:%M}"


@register.filter
def at_zone(moment: dt.datetime | None, zone: str) -> str:
    """Tue 24-Nov-2026 10:00 at a site (`zone` is its IANA name)."""
    if moment is None:
        return ""
    at = moment.astimezone(ZoneInfo(zone))
    return f"{date_format(at.date(), 'D d-M-Y')} {at:%H:%M}"


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, title: str = "") -> SafeString:
    """One icon of our sprite; decorative unless it has a title. Titles are words of ours, never anybody's."""
    sprite = file_url("img/icons.svg")
    if title:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"></use></svg>', title, sprite, name
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', sprite, name)


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


@register.simple_tag
def due_line(due: Any, who: str = "") -> SafeString:
    """One thing that is due, in a list: how urgent by a mark and in words, what it is, and the way to do it (for `who`).

    Put together here and not in a template, as `score_line` is: a page of sixty clients has some two hundred of them.
    """
    mark, said = '<span class="due-mark" aria-hidden="true"></span>', ""
    if due.urgency == 0:
        mark, said = icon("octagon-alert"), _("Now:")
    elif due.urgency == 1:
        mark, said = icon("alert"), _("Overdue:")
    said = said and f'<span class="sr">{escape(said)}</span>'
    act = ""
    if due.action:
        whose = f'<span class="sr"> {escape(who)}</span>' if who else ""
        act = f' <a class="due-act" href="{escape(due.href)}">{escape(str(due.action))}{whose}</a>'
    return SafeString(
        f'<li class="due due-{due.urgency:d}">{mark}<span>{said}{escape(str(due.text))}{act}</span></li>'
    )


@register.simple_tag
def score_line(score: Any) -> SafeString:
    """One newest score in a list: its name, its course, its value and band, when that was, what changed since the one before.

    A page of sixty clients has four hundred of them: put together here, each takes a tenth of what it takes in a template.
    """
    band: str = ""
    if score.band:
        band = chip(score.band, score.severity)
    elif score.positive:
        band = format_html('<span class="tag tag-wait">{}</span>', _("At or above cut-off"))
    change = "" if score.change is None else signed(score.change) if score.change else _("no change")
    told = filter(None, (dmy(score.date), change, "" if score.complete else _("incomplete")))
    total = "–" if score.total is None else score.total
    return SafeString(
        f'<li><span class="score-name">{escape(score.title)}</span> {sparkline_svg(score.course, score.low, score.high)} '
        f'<b class="num">{total}</b> <span class="score-sub">{band} {", ".join(told)}</span></li>'
    )


SEVERITY = ("minimal", "mild", "moderate", "modsevere", "severe")


@register.simple_tag
@lru_cache(maxsize=1024)
def chip(text: str, rank: Any) -> SafeString:
    """A severity (rank 0 to 4) in its words, its shade, and five bars filled as far as it goes: not by colour alone.

    No bars where no band is published. The words are of instruments, never anybody's: lists show the same few again and again.
    """
    if rank in (None, ""):
        return format_html('<span class="chip sev-none">{}</span>', text)
    step = min(int(rank), 4)
    return format_html('<span class="chip sev-{}">{}{}</span>', SEVERITY[step], _bars(step), text)


def _bars(filled: int) -> SafeString:
    bars = "".join(
        f'<rect x="{step * 5}" y="{8 - 2 * step}" width="4" height="{4 + 2 * step}" rx="1" '
        f'fill="currentColor" fill-opacity="{1 if step <= filled else 0.28}"/>'
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
