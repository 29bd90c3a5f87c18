"""Starting child processes that never outlive their supervisor, and ending them."""

import contextlib
import ctypes
import os
import pwd
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PR_SET_PDEATHSIG = 1
LARGEST_LOG = 5_000_000

_libc = ctypes.CDLL(None, use_errno=True)


@dataclass
class Child:
    """One process of the house. `last_wish` is the signal the kernel sends it should the supervisor vanish."""

    name: str
    command: Sequence[str | os.PathLike]
    log: Path
    environment: Mapping[str, str]
    account: pwd.struct_passwd | None = None
    folder: Path = Path("/")
    stop_signal: signal.Signals = signal.SIGTERM
    last_wish: signal.Signals = signal.SIGTERM
    patience: float = 10.0
    process: subprocess.Popen | None = field(default=None, init=False)
    started: float = field(default=0.0, init=False)
    asked: bool = field(default=False, init=False)

    def start(self) -> None:
        """The process runs in a session of its own, so that Ctrl-C reaches the supervisor alone."""
        supervisor = os.getpid()
        last_wish = int(self.last_wish)

        def promise_to_follow() -> None:
            # Runs after the change of account: the kernel forgets the promise when a process changes its user.
            _libc.prctl(PR_SET_PDEATHSIG, last_wish)
            if os.getppid() != supervisor:
                os._exit(1)

        with open_log(self.log) as log:
            self.process = subprocess.Popen(
                [os.fspath(word) for word in self.command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=dict(self.environment),
                cwd=self.folder,
                start_new_session=True,
                preexec_fn=promise_to_follow,
                **as_account(self.account),
            )
        self.started = time.monotonic()
        self.asked = False

    @property
    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def ask_to_stop(self) -> None:
        if self.is_alive and not self.asked:
            self.process.send_signal(self.stop_signal)
            self.asked = True

    def stop(self) -> None:
        """The process and everything in its group has ended."""
        if self.process is None:
            return
        if self.is_alive:
            self.ask_to_stop()
            try:
                self.process.wait(self.patience)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def last_words(self, lines: int = 15) -> str:
        """The end of the log, for an error message."""
        try:
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])
        except OSError:
            return ""


def open_log(path: Path):
    """An appending log file, the old one set aside once it has grown large."""
    if path.exists() and path.stat().st_size > LARGEST_LOG:
        path.replace(path.with_suffix(".old.log"))
    return open(path, "ab", opener=lambda name, flags: os.open(name, flags, 0o600))


def as_account(account: pwd.struct_passwd | None) -> dict:
    """The arguments that make subprocess run as another account."""
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
