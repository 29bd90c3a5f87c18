"""What someone held is somebody else's: each room says what is held in it, and passes it on by a verb of its own."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import IntegerField, Value

from clinic.access.chart import Open
from clinic.people.models import Staff


@dataclass(frozen=True)
class Held:
    """One kind of thing that someone holds: its name in words, its rows, and the column that says whose they are."""

    label: Any
    rows: Any
    column: str


def count(opened: Open, held: Iterable[Held]) -> Counter[tuple[int, str]]:
    """How many of each kind, by (program, name in words). One query."""
    kinds = list(held)
    first, *rest = [
        kind.rows.order_by().values_list("episode_id", Value(number, output_field=IntegerField()))
        for number, kind in enumerate(kinds)
    ]
    programs = {episode.id: episode.program_id for episode in opened.episodes}
    return Counter(
        (programs[episode], str(kinds[number].label)) for episode, number in first.union(*rest, all=True)
    )


def pass_rows(opened: Open, held: Iterable[Held], heirs: Mapping[int, Staff]) -> int:
    """Each row is the heir's of its program; how many. To be called by a verb, whose ledger row gets the number."""
    moved = 0
    for kind in held:
        for row in kind.rows.select_for_update(of=("self",)):
            setattr(row, kind.column, heirs[opened.episode(row.episode_id).program_id])
            row.save_over(row.version, kind.column)
            moved += 1
    opened.note(moved=moved)
    return moved
