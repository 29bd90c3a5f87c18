"""The population put on file through the batched verbs of intake and screening: history, flags, responses and ledger as ever."""

import datetime as dt
import hashlib
import json
import multiprocessing
from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from django.core.management.base import CommandError
from django.db import connections

from caseload.management.demo.people import PASSWORD
from caseload.management.population import worked
from caseload.management.population.courses import Person, people, registered
from clinic.access.door import Job, open_desk, open_slices
from clinic.access.policy import Do
from clinic.kit import clock
from clinic.office.actions import found_clinic
from clinic.people.models import Kind, Program, Role
from clinic.people.queries import staff_with_duties
from clinic.record.models import Client, Directory, Episode
from intake.actions import register_many
from intake.queries import known_numbers
from screening.actions import NewScreen, record_screens, repeat_courses
from screening.models import Screen

IMPORT = Job("import", "command")
MADE = "urn:entwine:population"
CROWD, FEW = "Population", "Caseload of sixty"
CASELOAD, CHUNK = 60, 250
FIRST = 4  # chunks of the crowd that are answered and scored one by one; the later ones repeat their courses
# Whose the crowd's flags are is not on the caseload of sixty: it stays sixty, however many people there are.
LEADS = {0: "clara", 1: "carl"}  # who leads the people of which chunk
STAFF = {
    "clara": [(FEW, Role.CLINICIAN)],
    "sven": [(FEW, Role.SUPERVISOR)],
    "carl": [(CROWD, Role.CLINICIAN)],
    "iva": [(FEW, Role.INTAKE), (CROWD, Role.INTAKE)],
    "cora": [(CROWD, Role.SUPERVISOR)],
}


def found() -> None:
    """An empty clinic with two programs and who works there. Raises CommandError where anybody is a client already."""
    with open_desk(IMPORT, to=Do.SEARCH):
        known = Directory.objects.exists()
    if known or Program.objects.exists():
        raise CommandError(
            "This clinic is in use: it has programs or clients. Nothing was made. A population is made in an empty clinic "
            "only: give --data with a new folder."
        )  # fmt: skip
    site = {"name": "Bench", "neutral_name": "Bench Office", "zone": "America/New_York"}
    programs: list[dict[str, object]] = [
        {"name": name, "kind": Kind.INTEGRATED, "part2": True, "site": "Bench"} for name in (CROWD, FEW)
    ]
    staff = [
        {"email": f"{name}@bench.example", "given_name": name.title(), "family_name": "Bench", "credential": "",
         "site": "Bench", "password": PASSWORD, "starts_on": dt.date(2020, 1, 1), "roles": roles}
        for name, roles in STAFF.items()
    ]  # fmt: skip
    found_clinic(Job("bench", "command"), sites=[site], programs=programs, people=staff)


def whole(size: int) -> int:
    """The size that whole chunks reach: a clinic that is to grow later is made of whole ones."""
    return CASELOAD + -(-max(size - CASELOAD, 0) // CHUNK) * CHUNK


def chunks(first: int, last: int) -> list[tuple[int, int, int]]:
    """(number, start, count) of the pieces in which clients `first` to `last` are made; the caseload is the first one."""
    starts = [0, *range(CASELOAD, max(last, CASELOAD), CHUNK)]
    ends = [*starts[1:], last]
    return [
        (number, start, end - start)
        for number, (start, end) in enumerate(zip(starts, ends, strict=True))
        if start >= first and end > start
    ]


def grow(seed: int, first: int, last: int, jobs: int = 1) -> Iterable[int]:
    """Clients `first` to `last` are on file with their courses; yields how many were made, chunk by chunk."""
    wanted = chunks(first, last)
    singly = [one for one in wanted if one[0] <= FIRST]
    repeated = [one for one in wanted if one[0] > FIRST]
    if jobs == 1:
        yield from (make_chunk(seed, one) for one in [*singly, *repeated])
        return
    connections.close_all()
    with multiprocessing.get_context("fork").Pool(jobs) as pool:
        yield from pool.imap_unordered(partial(make_chunk, seed), singly)
        yield from pool.imap_unordered(partial(make_chunk, seed), repeated)


def make_chunk(seed: int, chunk: tuple[int, int, int]) -> int:
    """One chunk: its people are registered; then what they answered is recorded, or an earlier chunk's courses repeated.

    The first is a caseload that somebody works: visits, plans and answers are in it too."""
    number, _start, count = chunk
    like = number if number <= FIRST else 1 + (number - 1) % FIRST
    told, today = people(seed, like, count if like == number else CHUNK)[:count], clock.today()
    if like != number:
        told = [
            replace(one, registered=registered(seed, number, place, one.registered["sex"]))
            for place, one in enumerate(told)
        ]
    program = Program.objects.select_related("site").get(name=CROWD if number else FEW)
    lead = (
        {"clinician": staff_with_duties().get(email=f"{LEADS[number]}@bench.example")}
        if number in LEADS
        else {}
    )
    given = [
        {**one.registered, **lead, "identifiers": [(MADE, f"{seed}-{number}-{place}")],
         "starts_on": today - dt.timedelta(days=one.days_here)}
        for place, one in enumerate(told)
    ]  # fmt: skip
    on_file = register_many(IMPORT, program=program, people=given)
    clients = [client.pk for client in on_file]
    if like == number:
        _answer(dict(zip(clients, told, strict=True)), today)
    else:
        _repeat(_made(seed, like, count), clients)
    if number == 0:
        for place, (client, one) in enumerate(zip(on_file, told, strict=True)):
            worked.live(client.public_id, one, place, lead["clinician"], program, today)
    return count


def _answer(who: dict[int, Person], today: dt.date) -> None:
    for opened in open_slices(IMPORT, to=Do.SCREEN, clients=list(who)):
        rows = [
            NewScreen(
                episode=place,
                instrument=taken.instrument,
                answers=taken.answers,
                taken_on=today - dt.timedelta(days=taken.days_ago),
                historical=taken.days_ago > 30,
            )
            for place in opened.episodes
            for taken in who[place.client_id].taken
        ]
        record_screens(opened, rows=rows)


def _made(seed: int, chunk: int, count: int) -> list[int]:
    """The clients of an earlier chunk, in its order, found by the number they were given when they were made."""
    wanted = [f"{seed}-{chunk}-{place}" for place in range(count)]
    with open_desk(IMPORT, to=Do.SEARCH) as desk:
        known = known_numbers(desk, MADE, wanted)
    return [known[number] for number in wanted]


def _repeat(sources: list[int], clients: list[int]) -> None:
    for opened in open_slices(IMPORT, to=Do.SCREEN, clients=[*sources, *clients]):
        places = {place.client_id: place.id for place in opened.episodes}
        courses = [
            (places[source], client, places[client]) for source, client in zip(sources, clients, strict=True)
        ]
        repeat_courses(opened, courses=courses)


def fingerprint() -> str:
    """A hash of everything that was made, without ids and the moments of writing: equal for equal seed, size and day."""
    found = []
    for opened in open_slices(IMPORT, to=Do.SCREEN):
        lines: dict[int, list[object]] = {
            row.pk: [row.given_name, row.family_name, str(row.birth_date), row.sex]
            for row in Client.objects.filter(pk__in=opened.clients)
        }
        for client, begun in Episode.objects.filter(pk__in=opened.episode_ids).values_list(
            "client_id", "starts_on"
        ):
            lines[client].append(str(begun))
        told = Screen.objects.filter(episode__in=opened.episode_ids).order_by("taken_on", "instrument", "pk")
        for screen in told:
            line = [screen.instrument, str(screen.taken_on), screen.answers, screen.total, screen.band]
            lines[screen.client_id].append(line)
        found += [
            hashlib.sha256(json.dumps(line, sort_keys=True).encode()).hexdigest() for line in lines.values()
        ]
    return hashlib.sha256("".join(sorted(found)).encode()).hexdigest()
