"""Append, seal, verify. Only clinic.access, clinic.consent and clinic.office may call (import contract "one ledger")."""

import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from clinic.audit.models import LedgerRow

# One canonical text of a row, made by the database alone, so that an edit of any column shows.
CANONICAL = """encode(sha256(convert_to(jsonb_build_array(
    l.id, extract(epoch from l.at), l.actor_kind, l.actor_id, l.actor_name, l.act, l.outcome, l.clients, l.episodes,
    l.basis, l.route, l.object_kind, l.object_id, l.look, l.detail)::text, 'UTF8')), 'hex')"""

SEAL_LOCK = 7_201_943
BATCH = 50_000


@dataclass(frozen=True)
class Finding:
    """One thing wrong with the ledger: which row or seal, and in words what was done to it."""

    what: str
    where: str
    message: str


def row(
    *,
    actor: Any,
    act: str,
    outcome: str,
    clients: Iterable[int] = (),
    episodes: Iterable[int] = (),
    basis: str = "",
    route: str = "",
    object_kind: str = "",
    object_id: str = "",
    look: int | None = None,
    detail: dict[str, Any] | None = None,
) -> LedgerRow:
    """A row as `append` would write it, not yet written. What the actor brings (`told`: a client's handover) is in it."""
    return LedgerRow(
        actor_kind=actor.actor_kind,
        actor_id=actor.actor_id,
        actor_name=actor.actor_name,
        act=act,
        outcome=outcome,
        clients=list(clients),
        episodes=list(episodes),
        basis=basis[:120],
        route=route[:120],
        object_kind=object_kind,
        object_id=str(object_id),
        look=look,
        detail={**getattr(actor, "told", {}), **(detail or {})},
    )


def append(**told: Any) -> int:
    """One row is on the ledger when the surrounding transaction commits. Returns its id. Takes what `row` takes."""
    written = row(**told)
    written.save(force_insert=True)
    return written.pk


COLUMNS = {
    "actor_kind": "text", "actor_id": "bigint", "actor_name": "text", "act": "text", "outcome": "text",
    "clients": "bigint[]", "episodes": "bigint[]", "basis": "text", "route": "text", "object_kind": "text",
    "object_id": "text", "look": "bigint", "detail": "jsonb",
}  # fmt: skip
NAMES = ", ".join(COLUMNS)
TYPED = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())


def append_many(rows: list[LedgerRow]) -> None:
    """Many rows at once, for imports: the same rows that `append` would write, told to the database as one document."""
    told = [{name: getattr(row, name) for name in COLUMNS} for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""insert into {LedgerRow._meta.db_table} (at, {NAMES})
                select clock_timestamp(), {NAMES} from jsonb_to_recordset(%s::jsonb) as told ({TYPED})""",
            [json.dumps(told)],
        )


def append_for_each(like: LedgerRow, kind: str, rows: Iterable[tuple[int, int, str]]) -> None:
    """`like`, once for each (client, episode, object's public id), written by the database in one statement."""
    clients, episodes, objects = zip(*rows, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""insert into {LedgerRow._meta.db_table}
                (at, {NAMES})
                select clock_timestamp(), %s, %s, %s, %s, %s, array[told.client], array[told.episode], %s, %s, %s, told.object, %s, %s::jsonb
                from unnest(%s::bigint[], %s::bigint[], %s::text[]) as told (client, episode, object)""",
            [
                like.actor_kind, like.actor_id, like.actor_name, like.act, like.outcome, like.basis, like.route, kind,
                like.look, json.dumps(like.detail), list(clients), list(episodes), list(objects),
            ],
        )  # fmt: skip


def _mac(previous: str, n: int, first: int, last: int, rows: int, digest: str) -> str:
    message = json.dumps([previous, n, first, last, rows, digest]).encode()
    return hmac.new(settings.SEAL_KEY.encode(), message, hashlib.sha256).hexdigest()


def _anchor_path() -> Path:
    return Path(settings.SEAL_ANCHOR)


def seal() -> int:
    """Every committed row not yet sealed is hashed and sealed; the head is written outside the database.

    Returns how many rows were sealed. Two at once are harmless: the second finds the lock taken and does nothing.
    """
    total = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select pg_try_advisory_xact_lock(%s)", [SEAL_LOCK])
            if not cursor.fetchone()[0]:
                return total
            sealed = _seal_batch(cursor)
        if sealed is None:
            return total
        n, mac, rows = sealed
        _write_anchor(n, mac)
        total += rows
        if rows < BATCH:
            return total


def _seal_batch(cursor: Any) -> tuple[int, str, int] | None:
    cursor.execute("select n, mac from audit_seal order by n desc limit 1")
    head = cursor.fetchone() or (0, "")
    n = head[0] + 1
    # Late commits have low ids: an anti-join finds them, a high-water mark would lose them.
    cursor.execute(
        f"""insert into audit_sealed (ledger_id, n, hash)
            select l.id, %s, {CANONICAL} from audit_ledgerrow l
            left join audit_sealed s on s.ledger_id = l.id where s.ledger_id is null
            order by l.id limit {BATCH}""",
        [n],
    )
    if cursor.rowcount == 0:
        return None
    first, last, rows, digest = _digest(cursor, n)
    mac = _mac(head[1], n, first, last, rows, digest)
    cursor.execute(
        "insert into audit_seal (n, first, last, rows, digest, mac) values (%s, %s, %s, %s, %s, %s)",
        [n, first, last, rows, digest, mac],
    )
    return n, mac, rows


def _digest(cursor: Any, n: int) -> tuple[int, int, int, str]:
    cursor.execute(
        """select min(ledger_id), max(ledger_id), count(*),
                  encode(sha256(convert_to(string_agg(hash, '' order by ledger_id), 'UTF8')), 'hex')
           from audit_sealed where n = %s""",
        [n],
    )
    return cursor.fetchone()


def _write_anchor(n: int, mac: str) -> None:
    path = _anchor_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        file.write(f"{n} {mac}\n")


def counts() -> tuple[int, int, int]:
    """Seals, sealed rows, and rows younger than the last seal."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select (select count(*) from audit_seal), (select count(*) from audit_sealed),"
            " (select count(*) from audit_ledgerrow l left join audit_sealed s on s.ledger_id = l.id"
            " where s.ledger_id is null)"
        )
        return cursor.fetchone()


def verify() -> list[Finding]:
    """Everything wrong with the sealed part of the ledger. Empty means it is as it was written.

    Rows younger than the last seal are protected by the database's grants alone.
    """
    with connection.cursor() as cursor:
        return [*_changed_rows(cursor), *_broken_seals(cursor), *_cut_tail(cursor)]


def _changed_rows(cursor: Any) -> list[Finding]:
    cursor.execute(
        f"""select s.ledger_id, s.n, l.id is null from audit_sealed s
            left join audit_ledgerrow l on l.id = s.ledger_id
            where l.id is null or {CANONICAL} <> s.hash order by s.ledger_id"""
    )
    return [
        Finding("row deleted", f"row {row}", f"Row {row} of seal {n} was deleted after it was sealed.")
        if gone
        else Finding("row changed", f"row {row}", f"Row {row} of seal {n} was changed after it was sealed.")
        for row, n, gone in cursor.fetchall()
    ]


def _broken_seals(cursor: Any) -> list[Finding]:
    cursor.execute(
        """select e.n, e.first, e.last, e.rows, e.digest, e.mac,
                  encode(sha256(convert_to(string_agg(s.hash, '' order by s.ledger_id), 'UTF8')), 'hex')
           from audit_seal e left join audit_sealed s on s.n = e.n
           group by e.n, e.first, e.last, e.rows, e.digest, e.mac order by e.n"""
    )
    found, previous, expected = [], "", 1
    for n, first, last, rows, digest, mac, digest_now in cursor.fetchall():
        if n != expected:
            found.append(
                Finding("seal missing", f"seal {expected}", f"Seal {expected} is missing before seal {n}.")
            )
        if digest != digest_now:
            text = f"Seal {n}: the hashes of its rows were rewritten (rows {first} to {last})."
            found.append(Finding("hashes rewritten", f"seal {n}", text))
        if not hmac.compare_digest(mac, _mac(previous, n, first, last, rows, digest)):
            text = f"Seal {n} was not made with this clinic's seal key, or the chain before it was changed."
            found.append(Finding("seal forged", f"seal {n}", text))
        previous, expected = mac, n + 1
    return found


def _cut_tail(cursor: Any) -> list[Finding]:
    path = _anchor_path()
    anchors = path.read_text().split("\n") if path.exists() else []
    last = next((line.split() for line in reversed(anchors) if line.strip()), None)
    cursor.execute("select max(n) from audit_seal")
    head = cursor.fetchone()[0] or 0
    if last is None:
        if head:
            return [
                Finding("anchor missing", str(path.name), "The anchor file outside the database is missing.")
            ]
        return []
    if int(last[0]) > head:
        text = f"The tail was cut: the anchor names seal {last[0]}, the last seal present is {head}."
        return [Finding("tail cut", f"seal {last[0]}", text)]
    cursor.execute("select mac from audit_seal where n = %s", [int(last[0])])
    if cursor.fetchone()[0] != last[1]:
        return [
            Finding(
                "anchor differs", f"seal {last[0]}", f"Seal {last[0]} differs from the one anchored outside."
            )
        ]
    return []
