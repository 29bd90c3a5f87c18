"""Django commands run by the house: migrate as the owner, everything else as the app."""

import ctypes
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence

from house.places import PYTHON, REPOSITORY, Places, Trouble
from house.processes import PR_SET_PDEATHSIG, open_log

OWNERS = ("migrate",)
_libc = ctypes.CDLL(None)


class Told(BaseException):
    """SIGTERM, SIGINT or SIGHUP came: unwinds to the place where children are stopped."""


def listen() -> None:
    """From now on a signal to end raises Told in the main thread, once."""

    def tell(*_) -> None:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        raise Told

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, tell)


def command_line(words: Sequence[str], environment: Mapping[str, str]) -> tuple[list[str], dict[str, str]]:
    """The command and its environment; the owner's login is given to nothing but migrate."""
    chosen = dict(environment)
    owner = chosen.get("ENTWINE_OWNER_DATABASE_URL")
    if words and words[0] in OWNERS:
        if not owner:
            raise Trouble(
                "To migrate, ENTWINE_OWNER_DATABASE_URL has to name the login that owns the tables."
            )
        chosen["DATABASE_URL"] = owner
    return [str(PYTHON), str(REPOSITORY / "manage.py"), *words], chosen


def start(words: Sequence[str], environment: Mapping[str, str], **options) -> subprocess.Popen:
    """The command runs, and dies with its starter."""
    command, chosen = command_line(words, environment)
    supervisor = os.getpid()

    def promise_to_follow() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM))
        if os.getppid() != supervisor:
            os._exit(1)

    return subprocess.Popen(command, env=chosen, preexec_fn=promise_to_follow, **options)


def run_quietly(places: Places, words: Sequence[str], environment: Mapping[str, str]) -> None:
    """The command succeeded, its output in the log; otherwise Trouble with the end of it."""
    finish_quietly(places, words, start_quietly(places, words, environment))


def start_quietly(places: Places, words: Sequence[str], environment: Mapping[str, str]) -> subprocess.Popen:
    with open_log(places.log / f"{words[0]}.log") as log:
        return start(
            words, environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )


def finish_quietly(places: Places, words: Sequence[str], process: subprocess.Popen) -> None:
    try:
        failed = process.wait()
    except BaseException:
        process.kill()
        raise
    if failed:
        log = places.log / f"{words[0]}.log"
        end = "\n".join(log.read_text(errors="replace").splitlines()[-20:])
        raise Trouble(f"`manage.py {' '.join(words)}` failed. The end of {log}:\n{end}")


def output_of(words: Sequence[str], environment: Mapping[str, str]) -> str:
    command, chosen = command_line(words, environment)
    done = subprocess.run(command, env=chosen, capture_output=True, text=True)
    if done.returncode:
        raise Trouble(f"`manage.py {' '.join(words)}` failed:\n{done.stderr[-2000:]}")
    return done.stdout
