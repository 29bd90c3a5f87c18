"""One door in. Each opening decides, writes the look (its own transaction), then opens in the chart's transaction."""

import hashlib
import hmac
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pghistory
from django.conf import settings
from django.db import connection, transaction
from django.db.models import (
    BigIntegerField,
    F,
    OuterRef,
    Q,
    Subquery,
)
from django.db.models.functions import Coalesce

from clinic.access import asked, policy
from clinic.access.asked import SLICE
from clinic.access.chart import Caseload, Chart, ChartNotFound, Desk, Office, Open, OpenEpisode, Refused
from clinic.access.persons import of_person, survivors
from clinic.access.policy import Do
from clinic.audit import ledger
from clinic.audit.models import Outcome
from clinic.kit import clock, scope
from clinic.kit.ids import new_public_id
from clinic.people.models import Program
from clinic.record.models import Client, Episode, Merge, MergeStanding


@dataclass(frozen=True)
class Job:
    """A named job or command: an actor of its own, with its own lines in the policy."""

    actor_name: str
    actor_kind: str = "job"
    actor_id: None = None

    def programs_as(self, role: str) -> list[int]:
        return []


def _as_door() -> None:
    with connection.cursor() as cursor:
        cursor.execute("set local role entwine_door")


def _set_open(clients: list[int], episodes: list[int]) -> None:
    """Our own role again, with these charts open; both end with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select set_config('role', 'none', true), set_config('entwine.clients', %s, true),"
            " set_config('entwine.episodes', %s, true)",
            ["{%s}" % ",".join(map(str, clients)), "{%s}" % ",".join(map(str, episodes))],
        )


def _close_inside() -> None:
    """A commit ends every local setting. Under a savepoint (tests) they would outlive the block: empty them there."""
    if connection.savepoint_ids and not connection.needs_rollback:
        _close()


def _close() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select set_config('role', 'none', true), set_config('entwine.clients', '', true),"
            " set_config('entwine.episodes', '', true)"
        )


@contextmanager
def _transaction(opened: Open) -> Iterator[None]:
    """The chart's own transaction: opened, worked in, closed before the commit; refusals are written after it."""
    try:
        with transaction.atomic(durable=True), pghistory.context(actor=opened.who.actor_id, look=opened.look):
            _set_open(opened.clients, opened.episode_ids)
            with scope.opened(opened):
                yield
            _close_inside()
    finally:
        for refusal in opened.refusals:
            with transaction.atomic():
                ledger.append(**refusal)


@dataclass(frozen=True)
class _Decision:
    """The episodes open to this person, every record of the people asked for, and the row of the look."""

    allowed: list[OpenEpisode]
    clients: list[int]
    look: int | None


def _decide(
    who: Any, to: Do, find: Callable[[], list[OpenEpisode]], *, act: str, route: str, record: bool
) -> _Decision:
    """Which of these episodes are open to this person. The look or the refusal is committed before it returns."""
    with transaction.atomic(durable=True), scope.deciding():
        _as_door()
        found = find()
        allowed, basis = asked.allowed(who, to, found)
        granted = bool(allowed)
        look = None
        if record or not granted:
            seen = allowed or found
            look = ledger.append(
                actor=who,
                act=act,
                outcome=Outcome.GRANTED if granted else Outcome.REFUSED,
                clients=sorted(asked.clients_of(seen)),
                episodes=sorted(episode.id for episode in allowed),
                basis=basis,
                route=route,
                detail={"to": str(to)},
            )
        _close_inside()
    return _Decision(allowed, asked.clients_of(found), look)


@contextmanager
def open_chart(who: Any, client: Any, *, to: Do, route: str = "", look: bool = True) -> Iterator[Chart]:
    """The client's chart is open inside the block, in a transaction of its own.

    `client` is a public id. Who may: the policy's lines for `to`. Recorded: one look, granted or refused, committed
    before anything is read (`look=False` for fragments and autosaves: refusals only). Raises ChartNotFound for a
    stranger, whether or not the chart exists. Merged records open together, by the public id of either.
    """
    decided = _decide(
        who, to, lambda: asked.episodes_of(who, client), act="open_chart", route=route, record=look
    )
    if not decided.allowed:
        raise ChartNotFound
    chart = Chart(who, to, decided.allowed, decided.clients, look=decided.look, route=route)
    with _transaction(chart):
        yield chart


@contextmanager
def open_caseload(who: Any, *, to: Do, route: str = "", only: Q | None = None) -> Iterator[Caseload]:
    """Every client this person may open for `to` is open at once, running episodes only; one look with their ids.

    `only` narrows it to some episodes, running or not (a worklist), by columns that the door's own role may read.
    Someone with no client yet gets an empty caseload; someone whose role has no such line gets ChartNotFound.
    """
    if not policy.may_at_all(who, to):
        refuse(who, to, act="open_caseload", route=route)
        raise ChartNotFound

    def find() -> list[OpenEpisode]:
        if only is None:
            return asked.running(who, to)
        return asked.episodes(who, Episode.objects.filter(policy.reach(who, to), only).order_by("pk")[:SLICE])

    decided = _decide(who, to, find, act="open_caseload", route=route, record=True)
    caseload = Caseload(
        who, to, decided.allowed, asked.clients_of(decided.allowed), look=decided.look, route=route
    )
    with _transaction(caseload):
        yield caseload


def _all_of(job: Job, clients: list[int]) -> Callable[[], list[OpenEpisode]]:
    return lambda: asked.episodes(job, Episode.objects.filter(client_id__in=clients))


def open_slices(job: Job, *, to: Do, clients: list[int] | None = None) -> Iterator[Caseload]:
    """A job's charts, a slice of 1,000 clients at a time, each in its own transaction with its own look."""
    after = 0
    while True:
        with transaction.atomic(durable=True), scope.deciding():
            _as_door()
            wanted = Episode.objects.filter(policy.reach(job, to), client_id__gt=after)
            if clients is not None:
                wanted = wanted.filter(client_id__in=clients)
            ids = list(wanted.order_by("client_id").values_list("client_id", flat=True).distinct()[:SLICE])
            _close()
        if not ids:
            return
        after = ids[-1]
        decided = _decide(job, to, _all_of(job, ids), act="open_slice", route=job.actor_name, record=True)
        opened = Caseload(job, to, decided.allowed, decided.clients, look=decided.look, route=job.actor_name)
        with _transaction(opened):
            yield opened


def clients_with(job: Job, only: Q, *, to: Do, most: int) -> list[int]:
    """Ids of clients that have something for this job to do: asked as the door, by columns that its role may read."""
    with transaction.atomic(durable=True), scope.deciding():
        _as_door()
        found = Episode.objects.filter(policy.reach(job, to), only).order_by("client_id")
        ids = list(found.values_list("client_id", flat=True).distinct()[:most])
        _close_inside()
    return ids


@contextmanager
def open_for_job(job: Job, clients: list[int], *, to: Do, look: int | None = None) -> Iterator[Caseload]:
    """These clients are open to a job, in one transaction. `look`: an earlier opening of the same errand, not repeated.

    Raises ChartNotFound, recorded, where the policy has no line for the job.
    """
    find = _all_of(job, clients)
    decided = _decide(job, to, find, act="open_slice", route=job.actor_name, record=look is None)
    if not decided.allowed:
        raise ChartNotFound
    opened = Caseload(
        job, to, decided.allowed, decided.clients, look=look or decided.look, route=job.actor_name
    )
    with _transaction(opened):
        yield opened


@contextmanager
def open_desk(who: Any, *, to: Do, route: str = "") -> Iterator[Desk]:
    """The directory may be searched inside the block, as the role entwine_desk, which can read nothing else.

    Raises Refused, recorded, where no role of theirs has the line.
    """
    if not policy.may_without_client(who, to):
        refuse(who, to, act="open_desk", route=route)
        raise Refused(to)
    with transaction.atomic(durable=True), scope.deciding():
        with connection.cursor() as cursor:
            cursor.execute("set local role entwine_desk")
        yield Desk(who, to, route)
        _close_inside()


@contextmanager
def open_office(who: Any, *, to: Do, route: str = "") -> Iterator[Office]:
    """The staff's own pages are open inside the block, no chart with them. Raises Refused, recorded."""
    if not policy.may_without_client(who, to):
        refuse(who, to, act="open_office", route=route)
        raise Refused(to)
    office = Office(who, to, [], [], route=route)
    try:
        with transaction.atomic(durable=True):
            yield office
    finally:
        for refusal in office.refusals:
            with transaction.atomic():
                ledger.append(**refusal)


def saw(desk: Desk, clients: list[int], words: str) -> None:
    """A search is on the ledger: the ids shown and a keyed hash of the words, never the words."""
    digest = hmac.new(
        settings.SECRET_KEY.encode(), words.strip().lower().encode(), hashlib.sha256
    ).hexdigest()
    ledger.append(
        actor=desk.who, act="search", outcome=Outcome.GRANTED, clients=clients, route=desk.route,
        detail={"words": digest[:32], "shown": len(clients)},
    )  # fmt: skip


def openable(desk: Desk, clients: list[int], *, to: Do) -> set[int]:
    """Which of the clients found at the desk this person may open for `to`: asked as the door, by the same policy."""
    if not clients or not policy.may_at_all(desk.who, to):
        return set()
    _as_door()
    joined = Merge.objects.filter(client__in=clients, standing=MergeStanding.DONE).values_list(
        "merged", "client_id"
    )
    stands_for = dict(joined)
    found = Episode.objects.filter(policy.reach(desk.who, to), client_id__in=[*clients, *stands_for])
    mine = {stands_for.get(pk, pk) for pk in found.values_list("client_id", flat=True)}
    with connection.cursor() as cursor:
        cursor.execute("set local role entwine_desk")
    return mine


@contextmanager
def open_registration(
    who: Any, program: Program, *, to: Do = Do.REGISTER, route: str = ""
) -> Iterator[Chart]:
    """A chart for someone not yet known is open inside the block: its ids are drawn first, then it is opened.

    Who may: a role with the line for `to`, held in this program (a command: its own line). Raises Refused, recorded.
    """
    (first,) = _new_episodes(who, program, 1, to=to, route=route)
    chart = Chart(who, to, [first], [first.client_id], route=route)
    with _transaction(chart):
        yield chart


@contextmanager
def open_registrations(
    who: Any, program: Program, people: int, *, to: Do = Do.REGISTER, route: str = ""
) -> Iterator[Caseload]:
    """The same for that many people at once (imports): one new episode each, in `episodes`, all in one transaction."""
    new = _new_episodes(who, program, people, to=to, route=route)
    opened = Caseload(who, to, new, [episode.client_id for episode in new], route=route)
    with _transaction(opened):
        yield opened


@contextmanager
def open_admission(
    who: Any, client: Any, program: Program, *, to: Do = Do.REGISTER, route: str = ""
) -> Iterator[Chart]:
    """A new episode in `program` of someone already known is open inside the block, and no other episode of theirs.

    `client` is a public id from the directory. Who may: as `open_registration`. Recorded: one look. Raises Refused,
    ChartNotFound for an id that nobody has.
    """
    held = _registration_facts(who, program)
    if not any(policy.fact(role, relation) in held for role, relation in policy.lines(who, to)):
        refuse(who, to, act="open_admission", route=route)
        raise Refused(to)
    with connection.cursor() as cursor:
        cursor.execute("select nextval('record_episode_id_seq')")
        new = cursor.fetchone()[0]
    with transaction.atomic(durable=True), scope.deciding():
        _as_door()
        known, there = _already_in(client, program)
        look = None
        if known is not None:
            # It names the new episode: in the account of access it is read by whoever may know of that one.
            look = ledger.append(
                actor=who, act="open_admission", outcome=Outcome.GRANTED, clients=[known], episodes=[new], route=route,
                detail={"to": str(to), "program": program.pk},
            )  # fmt: skip
        _close_inside()
    if known is None:
        raise ChartNotFound
    place = _first_episode(program, known, new, held)
    chart = Chart(who, to, [place], [known], look=look, route=route, already_in=there)
    with _transaction(chart):
        yield chart


def _already_in(client: Any, program: Program) -> tuple[int | None, bool]:
    """The person's record, the survivor's where it was merged, and whether any record of theirs is in the program."""
    row = (
        Client.objects.filter(public_id=client)
        .values_list(
            Coalesce(Subquery(survivors(OuterRef("pk"))), F("pk"), output_field=BigIntegerField()), flat=True
        )
        .first()
    )
    running = Episode.objects.filter(of_person(client), program=program, ends_on__isnull=True)
    return row, row is not None and running.exists()


def _new_episodes(who: Any, program: Program, people: int, *, to: Do, route: str) -> list[OpenEpisode]:
    held = _registration_facts(who, program)
    if not any(policy.fact(role, relation) in held for role, relation in policy.lines(who, to)):
        refuse(who, to, act="open_registration", route=route)
        raise Refused(to)
    with connection.cursor() as cursor:
        cursor.execute(
            "select nextval('record_client_id_seq'), nextval('record_episode_id_seq') from generate_series(1, %s)",
            [people],
        )
        return [_first_episode(program, client, episode, held) for client, episode in cursor.fetchall()]


def _registration_facts(who: Any, program: Program) -> frozenset[str]:
    """The relations that hold for an episode which is not there yet: its program is all that is known of it."""
    within = [role for role in policy.roles_of(who) if program.pk in who.programs_as(role)]
    everywhere = [role for role in policy.roles_of(who) if who.actor_kind != "staff"]
    return frozenset(
        [policy.fact(role, policy.in_program) for role in within]
        + [policy.fact(role, policy.every) for role in everywhere]
    )


def _first_episode(program: Program, client_id: int, episode_id: int, held: frozenset[str]) -> OpenEpisode:
    return OpenEpisode(
        id=episode_id, public_id=new_public_id(), client_id=client_id, program_id=program.pk, program=program.name,
        kind=program.kind, part2=program.part2, site_id=program.site_id, zone=program.site.zone,
        starts_on=clock.today(program.site.zone), ends_on=None, facts=held, person_id=client_id,
    )  # fmt: skip


def refuse(who: Any, to: Do, *, act: str, route: str = "") -> None:
    """A refusal where no chart is concerned is on the ledger, in its own transaction."""
    with transaction.atomic():
        ledger.append(actor=who, act=act, outcome=Outcome.REFUSED, route=route, detail={"to": str(to)})
