"""What the desk finds in the directory: a name, an age, the ID's ending; never where someone is enrolled.

Every match is the same neutral row with the same link, whether it may be opened or not: the list tells nobody whose
client somebody is. `mine` is for the page behind the link alone, which says what whoever follows it may do.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, cast

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from clinic.access.chart import Desk
from clinic.access.door import openable, saw
from clinic.access.persons import stand_ins
from clinic.access.policy import Do, may_without_client
from clinic.kit import clock
from clinic.people.models import Program, Staff
from clinic.people.queries import colleagues, staff_with_duties
from clinic.record.models import Client, ClientIdentifier, Directory
from clinic.record.rules import DirectoryKeys, directory_keys, plain_words
from intake.queries.duplicates import Match, find_matches
from intake.queries.glass import ask_token
from intake.rules import Typed, dialled_digits, read_typed

SHOWN = 8
LIKENESS_FROM = 4  # letters; shorter words are like too many others

WHY = {
    "same_given_name": _("same given name"),
    "similar_given_name": _("similar given name"),
    "other_given_name": _("another given name"),
    "other_family_name": _("another family name"),
    "known_as": _("also known by this name"),
    "same_family_name": _("same family name"),
    "similar_family_name": _("similar family name"),
    "part_of_family_name": _("part of the family name"),
    "swapped_names": _("given and family name swapped"),
    "same_birth_date": _("same birth date"),
    "swapped_day_month": _("birth date with day and month swapped"),
    "similar_birth_date": _("similar birth date"),
    "same_street": _("same street"),
    "similar_street": _("similar street"),
    "same_suburb": _("same town"),
    "same_postcode": _("same ZIP code"),
    "same_phone": _("same phone"),
}


@dataclass(frozen=True)
class Found:
    """One possible match. `alert`: likely the same person; `why`: what agrees, in words; `mine`: may be opened; `ask`: what lets
    this person, for a while, ask to open it in an emergency."""

    client_id: int
    public_id: Any
    name: str
    age: int | None
    estimated: bool
    id_ending: str
    mine: bool
    ask: str = ""
    alert: bool = False
    why: list[str] = field(default_factory=list)


def search(desk: Desk, text: str) -> list[Found]:
    """At most eight people whose name starts, sounds or reads like what was typed, or who were born that day or have that ID.

    Who may: whoever opened the desk. Recorded: the ids shown and a keyed hash of the words, in the same transaction.
    """
    typed = read_typed(text)
    likely = _likely(directory_keys(given=typed.given, family=typed.family, birth=_iso(typed.birth)))
    ids = [match.client_id for match in likely] + _by_words(typed)
    return _found(desk, list(dict.fromkeys(ids))[:SHOWN], likely, text)


def lookalikes(
    desk: Desk,
    *,
    given: str = "",
    family: str = "",
    other_names: str = "",
    birth: dt.date | None = None,
    phone: str = "",
) -> list[Found]:
    """Who may already be here under these details: the query of `find_duplicates`. Advice, never a barrier.

    Who may and what is recorded: as `search`.
    """
    keys = directory_keys(
        given=given,
        family=family,
        other_names=other_names,
        birth=_iso(birth),
        phone_digits=dialled_digits(phone),
    )
    likely = _likely(keys)
    return _found(
        desk, [match.client_id for match in likely], likely, f"{given} {family} {_iso(birth)} {phone}"
    )


def twins(desk: Desk, client_id: int) -> list[Found]:
    """Who in the directory is likely the same person as this one, just registered. Recorded: as `search`."""
    entry = Directory.objects.filter(pk=client_id).first()
    if entry is None or not entry.match_keys:
        return []
    keys = {name: getattr(entry, name) for name in DirectoryKeys.__annotations__}
    with connection.cursor() as cursor:
        likely = find_matches(cursor, [(0, client_id, cast(DirectoryKeys, keys))], top=3)
    found = [match for match in likely if match.alert]
    return _found(desk, [match.client_id for match in found], found, str(entry.public_id)) if found else []


def one_entry(desk: Desk, client: Any) -> Found | None:
    """One person of the directory by public id, as a match shows them. Recorded: as `search`, the id in place of words."""
    pk = Directory.objects.filter(public_id=client).values_list("pk", flat=True).first()
    return _found(desk, [pk], [], str(client))[0] if pk else None


def known_numbers(desk: Desk, system: str, numbers: Iterable[str]) -> dict[str, int]:
    """Which of these numbers of `system` are already somebody's: number -> client id. For imports."""
    known = ClientIdentifier.objects.filter(system=system, value__in=list(numbers))
    return dict(known.values_list("value", "client_id"))


def program_colleagues(program: int, *roles: str) -> QuerySet[Staff]:
    """Active colleagues who hold one of `roles` in the program today, with their duties, by family name."""
    return (
        staff_with_duties().filter(pk__in=colleagues([program], *roles)).order_by("family_name", "given_name")
    )


def first_program(programs: list[int], site: int | None) -> Any:
    """The program to begin with where someone may register in several: one at their own site, by name; its public id."""
    found = Program.objects.filter(pk__in=programs).order_by("name").values_list("public_id", "site_id")
    rows = list(found)
    return next((key for key, place in rows if place == site), rows[0][0] if rows else None)


def _iso(birth: dt.date | None) -> str:
    return birth.isoformat() if birth else ""


def _likely(keys: DirectoryKeys) -> list[Match]:
    if not keys["match_keys"]:
        return []
    with connection.cursor() as cursor:
        matches = find_matches(cursor, [(0, None, keys)], top=5)
    return [match for match in matches if match.alert or match.score > 0]


def _by_words(typed: Typed) -> list[int]:
    words = plain_words(typed.name)
    if typed.number:
        return _by_number(typed.number)
    if not words:
        return _born_on(typed.birth) if typed.birth else []
    if len("".join(words)) < 2:
        return []
    line = " ".join(words)
    starts = " and ".join(["name_words ~ %s"] * len(words))
    rows = _ids(
        f"select client_id from record_directory where {starts}"
        " order by similarity(name_words, %s) desc, family, given limit %s",
        [*(rf"(^| ){word}" for word in words), line, SHOWN],
    )
    if rows or len(line) < LIKENESS_FROM:
        return rows
    return _ids(
        "select client_id from record_directory where %s <%% name_words"
        " order by word_similarity(%s, name_words) desc, family, given limit %s",
        [line, line, SHOWN],
    )


def _by_number(number: str) -> list[int]:
    column = "id_ending" if len(number) == 4 else "number"
    return _ids(
        f"select client_id from record_directory where {column} = %s order by family, given limit %s",
        [number, SHOWN],
    )


def _born_on(day: dt.date) -> list[int]:
    return _ids(
        "select client_id from record_directory where birth_date = %s order by family, given limit %s",
        [day, SHOWN],
    )


def _ids(sql: str, parameters: list[Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [row[0] for row in cursor.fetchall()]


def _found(desk: Desk, ids: list[int], likely: list[Match], words: str) -> list[Found]:
    joined = stand_ins(ids)  # whoever was merged is found as the record they are part of
    matches = {joined.get(match.client_id, match.client_id): match for match in reversed(likely)}
    ids = list(dict.fromkeys(joined.get(pk, pk) for pk in ids))
    rows = Directory.objects.in_bulk(ids)
    mine = openable(desk, ids, to=Do.SEE_CONTACT)
    may_ask = may_without_client(desk.who, Do.BREAK_GLASS)
    saw(desk, ids, words)
    return [
        _row(
            rows[pk],
            pk in mine,
            matches.get(pk),
            ask_token(desk.who, rows[pk].public_id) if may_ask and pk not in mine else "",
        )
        for pk in ids
        if pk in rows
    ]


def _row(entry: Directory, mine: bool, match: Match | None, ask: str) -> Found:
    person = Client(
        given_name=entry.given,
        family_name=entry.family,
        chosen_name=entry.chosen,
        birth_date=entry.birth_date,
    )
    return Found(
        client_id=entry.pk,
        public_id=entry.public_id,
        name=person.listed_name if entry.given or entry.family else person.called,
        age=person.age(clock.today()),
        estimated=entry.birth_estimated,
        id_ending=entry.id_ending,
        mine=mine,
        ask=ask,
        alert=bool(match and match.alert),
        why=[str(WHY[code]) for code in match.why if code in WHY] if match else [],
    )
