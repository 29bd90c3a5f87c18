"""What another system recorded of somebody becomes rows of their chart here, once."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from clinic.access.acts import act
from clinic.access.chart import Open, OpenEpisode
from clinic.access.policy import Do
from clinic.kit.ids import new_public_id
from clinic.record.models import (
    Allergy,
    AnswerState,
    Client,
    ClientFact,
    Encounter,
    Ending,
    Episode,
    FactSource,
    Imported,
    Medication,
    Problem,
)
from screening.actions import OPENS_WITHIN, NewScreen, record_screens
from screening.models import Mode

MODELS: dict[str, Any] = {
    "problem": Problem,
    "medication": Medication,
    "allergy": Allergy,
    "encounter": Encounter,
}
OF_CLIENT = {"allergy"}  # the person's own, whatever the episode
NO_ALLERGY, SCREEN, FACT = "no_allergy", "screen", "fact"


@dataclass
class OutsideRow:
    """One resource to be kept: what it was there (`resource`, `key`), what it becomes here, and its columns."""

    resource: str
    key: str
    kind: str
    columns: dict[str, Any] = field(default_factory=dict)


@act(Do.IMPORT)
def add_outside_records(
    opened: Open, *, place: OpenEpisode, system: str, rows: list[OutsideRow], today: dt.date
) -> list[OutsideRow]:
    """Each of `rows` that is not here yet is in this episode. Returns those that were added; a second run adds none.

    Questionnaires are scored by our rules; an old critical answer is on file and opens no flag. Who may: the import
    command. Recorded: one row with counts, and one for each questionnaire.
    """
    there = set(Imported.objects.filter(client=place.client_id, system=system).values_list("resource", "key"))
    new = list(
        {(row.resource, row.key): row for row in rows if (row.resource, row.key) not in there}.values()
    )
    made: list[tuple[OutsideRow, UUID | None]] = []
    for kind, model in MODELS.items():
        mine = [row for row in new if row.kind == kind]
        stamp = {"client_id": place.client_id} if kind in OF_CLIENT else opened.stamp(place)
        here = [model(**stamp, public_id=new_public_id(), **row.columns) for row in mine]
        model.objects.bulk_create(here, batch_size=500)
        made += [(row, one.public_id) for row, one in zip(mine, here, strict=True)]
    made += _screens(opened, place, [row for row in new if row.kind == SCREEN], today)
    for row in new:
        if row.kind == NO_ALLERGY:
            _no_allergies(place.client_id, row.columns["on"])
            made.append((row, None))
        elif row.kind == FACT:
            made.append((row, _fact(place, row, today)))
    Imported.objects.bulk_create(
        [
            Imported(client_id=place.client_id, system=system, resource=row.resource, key=row.key, row=one)
            for row, one in made
        ],
        batch_size=500,
    )
    opened.note(added=len(made), there=len(rows) - len(new))
    return [row for row, _one in made]


@act(Do.IMPORT)
def end_for_death(opened: Open, *, place: OpenEpisode, on: dt.date) -> Episode:
    """The episode of somebody who died elsewhere has ended that day. Who may: the import command. Recorded: one row."""
    episode = Episode.objects.get(pk=place.id)
    if episode.ends_on is None:
        episode.ends_on, episode.reason_ended = max(on, episode.starts_on), Ending.DIED
        episode.save_over(episode.version, "ends_on", "reason_ended")
    return episode


def _screens(
    opened: Open, place: OpenEpisode, rows: list[OutsideRow], today: dt.date
) -> list[tuple[OutsideRow, UUID | None]]:
    newest: dict[str, dt.date] = {}
    for row in rows:
        name, day = row.columns["instrument"], row.columns["taken_on"]
        newest[name] = max(day, newest.get(name, day))
    new = [
        NewScreen(
            episode=place, instrument=row.columns["instrument"], answers=row.columns["answers"],
            taken_on=row.columns["taken_on"], language=row.columns["language"], mode=Mode.IMPORTED, origin=row.key,
            historical=not (
                row.columns["taken_on"] == newest[row.columns["instrument"]]
                and row.columns["taken_on"] >= today - OPENS_WITHIN
            ),
        )
        for row in rows
    ]  # fmt: skip
    if new:
        record_screens(opened, rows=new)
    return [(row, one.public_id) for row, one in zip(rows, new, strict=True)]


def _fact(place: OpenEpisode, row: OutsideRow, today: dt.date) -> UUID | None:
    """An answer of the catalogue, where nobody has asked it here yet: what the client says to us counts for more."""
    topic, codes = row.columns["topic"], row.columns["codes"]
    if ClientFact.objects.filter(client=place.client_id, topic=topic, about="").exists():
        return None
    fact = ClientFact.objects.create(
        client_id=place.client_id, topic=topic, answer=AnswerState.ANSWERED, codes=codes, asked_on=today,
        source=FactSource.RECORD, part2=place.part2,
    )  # fmt: skip
    return fact.public_id


def _no_allergies(client: int, on: dt.date) -> None:
    if not Allergy.objects.filter(client=client).exists():
        Client.objects.filter(pk=client, no_known_allergies_on__isnull=True).update(no_known_allergies_on=on)
