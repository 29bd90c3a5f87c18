"""What was typed at the desk, read as a name and a birth date. Pure: no Django, no clock, no database."""

import datetime as dt
import re
from dataclasses import dataclass

import phonenumbers

# The oldest age verified was 122; whoever types 1 for 2 in the year is caught all the same.
OLDEST_YEARS = 130

# Words that a family name begins with, after at least one given name.
_PARTICLES = {
    "van",
    "von",
    "de",
    "del",
    "della",
    "der",
    "den",
    "da",
    "dos",
    "di",
    "du",
    "la",
    "le",
    "ten",
    "ter",
    "bin",
    "ibn",
    "al",
    "el",
    "st",
}

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<name>[A-Za-z]{3,9})\.?"
_DATES = [
    re.compile(pattern)
    for pattern in (
        r"(?<!\d)(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)",
        r"(?<!\d)(?P<m>\d{1,2})[-/.](?P<d>\d{1,2})[-/.](?P<y>\d{4})(?!\d)",
        r"(?<!\d)(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?!\d)",
        rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[ -]{_MONTH}[ ,-]+(?P<y>\d{{4}})(?!\d)",
        rf"{_MONTH} (?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y>\d{{4}})(?!\d)",
    )
]


class BadDate(ValueError):
    """A birth date that cannot be one. `code`: unreadable, no_such_day, future, too_long_ago."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Typed:
    """One line typed at the desk, taken apart."""

    given: str
    family: str
    birth: dt.date | None
    number: str = ""  # our own number, or its last four digits: the "ID ending"

    @property
    def name(self) -> str:
        return f"{self.given} {self.family}".strip()


def read_birth_date(text: str, today: dt.date) -> dt.date:
    """The day that was written: 1988-04-02, 4/2/1988 (month first), 2 Apr 1988, April 2, 1988. Raises BadDate."""
    found = _find_date(text.strip())
    if found is None or found.group() != text.strip():
        raise BadDate("unreadable")
    day = _day(found)
    if day > today:
        raise BadDate("future")
    if today.year - day.year > OLDEST_YEARS:
        raise BadDate("too_long_ago")
    return day


def born_about(age: int, today: dt.date) -> dt.date:
    """The first of January that makes someone `age` years old today: how a birth year that is a guess is written."""
    return dt.date(today.year - age, 1, 1)


def read_typed(text: str) -> Typed:
    """What one box holds: a name, a birth date, or both, in any order, or an ID. "Okafor, June" has the family name first.

    A date that cannot be one is left out; the registration page names what is wrong with it.
    """
    if re.fullmatch(r"\d{4}|\d{10}", text.strip()):
        return Typed("", "", None, number=text.strip())
    birth, rest = None, text
    if found := _find_date(text):
        rest = text[: found.start()] + " " + text[found.end() :]
        try:
            birth = _day(found)
        except BadDate:
            birth = None
    given, family = split_name(rest)
    return Typed(given, family, birth)


def split_name(text: str) -> tuple[str, str]:
    """(given, family): at the comma if there is one, else before the last word or the "van der" that leads up to it.

    One word is a given name.
    """
    if "," in text:
        family, _comma, given = text.partition(",")
        return " ".join(given.replace(",", " ").split()), " ".join(family.split())
    words = text.split()
    if len(words) < 2:
        return " ".join(words), ""
    leads = [at for at in range(1, len(words) - 1) if words[at].lower().rstrip(".") in _PARTICLES]
    at = leads[0] if leads else len(words) - 1
    return " ".join(words[:at]), " ".join(words[at:])


def read_phone(text: str, region: str = "US") -> str:
    """The number as it is dialled, "+1 614-555-0142 ext. 12". Raises ValueError where it cannot be a phone number."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        raise ValueError("unreadable") from None
    if not phonenumbers.is_possible_number(number):
        raise ValueError("impossible")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def dialled_digits(phone: str) -> str:
    """The digits that are compared in search: without the extension."""
    return re.sub(r"\D", "", re.split(r"ext|x", phone)[0])[-20:]


def _find_date(text: str) -> re.Match[str] | None:
    return next((found for pattern in _DATES if (found := pattern.search(text))), None)


def _day(found: re.Match[str]) -> dt.date:
    parts = found.groupdict()
    if name := parts.get("name"):
        if name[:3].lower() not in _MONTHS:
            raise BadDate("unreadable")
        month = _MONTHS.index(name[:3].lower()) + 1
    else:
        month = int(parts["m"])
    try:
        return dt.date(int(parts["y"]), month, int(parts["d"]))
    except ValueError:
        raise BadDate("no_such_day") from None
