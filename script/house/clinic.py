"""The clinic's own processes: web, worker, beat, and in the demo the mail sink."""

import os
import signal
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

from house.places import PYTHON, REPOSITORY, Places
from house.processes import Child

SHARED_MEMORY = "/dev/shm"


def web(places: Places, variables: Mapping[str, str], port: int) -> Child:
    """gunicorn on loopback. It is loaded once and forked, which saves memory and a second of the start."""
    memory = ["--worker-tmp-dir", SHARED_MEMORY] if os.access(SHARED_MEMORY, os.W_OK) else []
    command = [
        *(PYTHON, "-m", "gunicorn", "clinic.wsgi:application"),
        *("--bind", f"127.0.0.1:{port}"),
        *("--worker-class", "gthread", "--workers", "2", "--threads", "4"),
        *("--preload", "--timeout", "60", "--graceful-timeout", "5", "--keep-alive", "5"),
        *memory,
    ]
    return child("web", places, command, variables, last_wish=signal.SIGQUIT)


def worker(places: Places, variables: Mapping[str, str]) -> Child:
    # Prefork needs semaphores in shared memory.
    pool = "prefork" if os.access(SHARED_MEMORY, os.W_OK) else "threads"
    command = [
        *(PYTHON, "-m", "celery", "--app", "clinic.celery", "worker"),
        *("--concurrency", "2", "--pool", pool, "--loglevel", "info"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
    ]
    # Its pool asks the kernel to end it with the worker, whatever ends the worker.
    return child("worker", places, command, variables, last_wish=signal.SIGKILL)


def beat(places: Places, variables: Mapping[str, str]) -> Child:
    """Apart from the worker: `worker -B` leaves its beat behind when the worker fails to start."""
    command = [
        *(PYTHON, "-m", "celery", "--app", "clinic.celery", "beat"),
        *("--schedule", places.run / "beat", "--pidfile", "", "--loglevel", "info"),
    ]
    return child("beat", places, command, variables, last_wish=signal.SIGKILL)


def mail_address(variables: Mapping[str, str], port: int, text_port: int) -> dict[str, str]:
    """The mail server and the text gateway that the environment names; in the demo otherwise the sink."""
    given = {name: variables[name] for name in ("ENTWINE_SMTP_URL", "ENTWINE_SMS_URL") if variables.get(name)}
    if variables["ENTWINE_DEMO"] != "1":
        return given
    sink = {
        "ENTWINE_SMTP_URL": f"smtp://127.0.0.1:{port}",
        "ENTWINE_SMS_URL": f"http://127.0.0.1:{text_port}/",
    }
    return sink | given


def mail_sink(places: Places, variables: Mapping[str, str], port: int, text_port: int) -> Child | None:
    mine = mail_address({"ENTWINE_DEMO": "1"}, port, text_port)
    if not any(variables.get(name) == address for name, address in mine.items()):
        return None
    command = [sys.executable, "-m", "house.sink", str(port), str(text_port), places.mail]
    home = dict(variables) | {"PYTHONPATH": str(REPOSITORY / "script")}
    return child("mail", places, command, home, last_wish=signal.SIGKILL)


def free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return line.getsockname()[1]


def child(name: str, places: Places, command: list, variables: Mapping[str, str], *, last_wish) -> Child:
    return Child(
        name=name,
        command=command,
        log=places.log / f"{name}.log",
        environment=variables,
        folder=Path(REPOSITORY),
        last_wish=last_wish,
    )
