"""Parts of a plan in one line of words, the same on the page, in print and in a packet."""

import datetime as dt
from functools import lru_cache

from django.utils.formats import number_format

from clinic.kit.dates import date_format
from clinic.kit.words import gettext as _
from clinic.kit.words import language


def measure_line(what: list[str], baseline: float | None, target: float | None, by: dt.date | None) -> str:
    """PHQ-9 from 14 to 9 by 3 Mar 2027; what is not known yet is left out."""
    name = " / ".join(part for part in what if part)
    if target is None:
        line = name
    elif baseline is None:
        line = _("%(what)s: target %(to)s") % {"what": name, "to": number(target)}
    else:
        line = _("%(what)s from %(from)s to %(to)s") % {
            "what": name,
            "from": number(baseline),
            "to": number(target),
        }
    if by is None:
        return line.strip()
    return (_("%(line)s by %(day)s") % {"line": line, "day": date_format(by, "j M Y")}).strip()


def number(value: float) -> str:
    """14 or 14.5, in the page's language."""
    return _number(value, language())


@lru_cache(maxsize=1024)
def _number(value: float, _language: str | None) -> str:
    return number_format(value, 0 if value == int(value) else 1)


def step_line(kind: str, text: str, *more: str) -> str:
    """Individual counseling: urge surfing; weekly; 12 weeks; Dana Tester, LCSW."""
    what = f"{kind}: {text}" if text else kind
    return "; ".join(part for part in (what, *more) if part)
