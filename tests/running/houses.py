"""Starting the scripts as a person would, in a data folder of their own, and looking for what they leave behind."""

import json
import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SERVERS = ("DATABASE_URL", "REDIS_URL", "CACHE_URL", "PG_BIN", "TEST", "PYTHONPATH", "DJANGO_SETTINGS_MODULE")


def plain_environment() -> dict[str, str]:
    """The caller's environment without anything that leads to another clinic's services."""
    return {k: v for k, v in os.environ.items() if k not in SERVERS and not k.startswith("ENTWINE_")}


def script(name: str, *arguments: object, **options: object) -> subprocess.CompletedProcess:
    command = [ROOT / "script" / name, *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=120, env=plain_environment(), **options
    )


def start(name: str, *arguments: object) -> subprocess.Popen:
    command = [ROOT / "script" / name, *map(str, arguments)]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=plain_environment()
    )


def running_services(data: Path) -> dict[str, str]:
    return json.loads((data / "run" / "services.json").read_text())["addresses"]


def processes_of(data: Path) -> dict[int, str]:
    """Every live process that was started for this data folder, with its command line."""
    mark, found = os.fsencode(data), {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit() or int(folder.name) == os.getpid():
            continue
        try:
            words = (folder / "cmdline").read_bytes()
            if words and (mark in words or mark in (folder / "environ").read_bytes()):
                found[int(folder.name)] = words.replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
    return found


def wait_until(truth: Callable[[], object], seconds: float = 30) -> object:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := truth():
            return found
        time.sleep(0.1)
    return truth()
