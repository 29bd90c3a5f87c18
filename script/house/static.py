"""Collecting the static files: seconds of hashing and compressing, skipped while nothing has changed."""

import hashlib
import subprocess
from collections.abc import Mapping

from house import commands
from house.places import REPOSITORY, Places

COMMAND = ["collectstatic", "--no-input", "--clear"]


def start_collecting(places: Places, variables: Mapping[str, str]) -> subprocess.Popen | None:
    """The running command, or None where the collected files are those of the sources."""
    stamp = places.run / "static-stamp"
    if stamp.exists() and stamp.read_text() == fingerprint():
        return None
    stamp.unlink(missing_ok=True)
    return commands.start_quietly(places, COMMAND, variables)


def finish_collecting(places: Places, collecting: subprocess.Popen | None) -> None:
    if collecting:
        commands.finish_quietly(places, COMMAND, collecting)
        (places.run / "static-stamp").write_text(fingerprint())


def fingerprint() -> str:
    """Changes with any static file of ours, and with the installed libraries, which bring their own."""
    facts = [(REPOSITORY / ".venv" / "synced").read_text()]
    for folder in [REPOSITORY / "static", *REPOSITORY.glob("*/static"), *REPOSITORY.glob("clinic/*/static")]:
        for path in sorted(folder.rglob("*")):
            facts.append(f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}")
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()
