"""Postgres and Valkey for one data folder: started once, found by whoever comes later."""

import fcntl
import json
import os
import signal
import time
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

from house.places import Places, Trouble
from house.postgres import Postgres
from house.valkey import Valkey


class Services:
    """The database and the queue: embedded ones, or the real servers that the environment names."""

    def __init__(self, places: Places, *, lasting: bool = True):
        self.places = places
        self.postgres = None if os.environ.get("DATABASE_URL") else Postgres(places, lasting=lasting)
        self.valkey = None if os.environ.get("REDIS_URL") else Valkey(places)

    @property
    def addresses(self) -> dict[str, str]:
        """The environment that reaches the services."""
        if self.postgres:
            database = {
                "DATABASE_URL": self.postgres.address("entwine_app"),
                "ENTWINE_OWNER_DATABASE_URL": self.postgres.address("entwine_owner"),
                "ENTWINE_BACKUP_DATABASE_URL": self.postgres.address("entwine_backup"),
                "PG_BIN": str(self.postgres.programs),
            }
        else:
            database = given(
                "DATABASE_URL", "ENTWINE_OWNER_DATABASE_URL", "ENTWINE_BACKUP_DATABASE_URL", "PG_BIN"
            )
        if self.valkey:
            queue = {"REDIS_URL": self.valkey.address, "CACHE_URL": f"unix://{self.valkey.socket}?db=1"}
        else:
            queue = given("REDIS_URL", "CACHE_URL")
        return database | queue

    @property
    def children(self) -> list:
        return [service.child for service in (self.postgres, self.valkey) if service]

    def start(self) -> None:
        """Both answer, and services.json says how to reach them."""
        for service in (self.postgres, self.valkey):
            if service:
                service.start()
        self.announce({})

    def announce(self, more: dict[str, str]) -> None:
        """services.json holds what reaches the services, and what else commands beside them should share."""
        note = {"pid": os.getpid(), "addresses": self.addresses | more}
        unfinished = self.places.services.with_suffix(".new")
        with open(unfinished, "w", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            json.dump(note, file)
        unfinished.replace(self.places.services)

    def stop(self) -> None:
        self.places.services.unlink(missing_ok=True)
        for service in (self.valkey, self.postgres):
            if service:
                service.stop()


def start_again(service: Postgres | Valkey) -> None:
    """A server that died is started; where what it left behind is still in its way, the next round tries again."""
    try:
        service.start()
    except Trouble as trouble:
        print(trouble, flush=True)


def given(*names: str) -> dict[str, str]:
    return {name: os.environ[name] for name in names if os.environ.get(name)}


class HouseLock:
    """Held by the one process that runs the services of a data folder. Released by the kernel, however it ends."""

    def __init__(self, places: Places):
        self.path = places.run / "lock"
        self.file = None

    def take(self) -> None:
        """Held, or Trouble that names the holder."""
        for _ in range(5):  # somebody who only looks holds it for a moment
            if self.try_to_take():
                return
            time.sleep(0.1)
        raise Trouble(
            f"The data folder {self.path.parents[1]} is in use by {holder(self.path)}. "
            "Stop that one first, or choose another folder with --data DIR and another --port."
        )

    def try_to_take(self) -> bool:
        file = self.path.open("a+")  # kept open: closing it releases the lock
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        self.file = file
        return True

    def release(self) -> None:
        if self.file:
            self.file.close()
            self.file = None


def holder(lock: Path) -> str:
    try:
        pid = lock.read_text().strip()
        words = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return "another process"
    return f"process {pid} ({words.strip()[-60:]})"


def running(places: Places) -> dict | None:
    """The note of the process that runs the services now, or None."""
    probe = HouseLock(places)
    if probe.try_to_take():
        probe.release()
        return None
    for _ in range(600):  # that process may still be starting
        if note := note_of_holder(places, probe.path):
            return note
        time.sleep(0.1)
        if probe.try_to_take():
            probe.release()
            return None
    raise Trouble(f"{holder(probe.path)} holds {places.data}, but its services do not answer.")


def note_of_holder(places: Places, lock: Path) -> dict | None:
    """services.json, unless it was left by an earlier holder."""
    try:
        note = json.loads(places.services.read_text())
        return note if str(note["pid"]) == lock.read_text() else None
    except (FileNotFoundError, json.JSONDecodeError):
        return None


@contextmanager
def borrowed(places: Places, once_started: Callable[[Places, "Services"], None]):
    """The addresses of the services: those that run, else our own for as long as the block lasts.

    Whoever borrows holds a shared lock, and whoever lent waits for it before the services stop, so that two
    commands at once do not pull the database from under each other.
    """
    with (places.run / "borrowers").open("a") as borrowers:
        fcntl.flock(borrowers, fcntl.LOCK_SH)
        lock = HouseLock(places)
        if note := running(places):
            yield note["addresses"]
            return
        lock.take()
        services = Services(places)
        try:
            services.start()
            once_started(places, services)
            yield services.addresses
        finally:
            fcntl.flock(borrowers, fcntl.LOCK_EX)
            services.stop()
            lock.release()


def run_until_told(places: Places) -> None:
    """Postgres and Valkey alone, until SIGTERM or SIGINT; one that dies is started again."""
    told = []
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: told.append(True))
    lock = HouseLock(places)
    lock.take()
    services = Services(places)
    try:
        services.start()
        while not told:
            time.sleep(0.5)
            for service in (services.postgres, services.valkey):
                if service and not service.child.is_alive and not told:
                    start_again(service)
    finally:
        services.stop()
        lock.release()
