"""Debian packages without root: downloaded with apt, unpacked into .boot/, used through the environment.

What is already installed is left out, so on most machines little or nothing is fetched.
"""

import ctypes
import os
import re
import shutil
import subprocess
from pathlib import Path

from house.places import REPOSITORY

HOME = REPOSITORY / ".boot" / "debian"


class NoApt(Exception):
    """The packages cannot be had here."""


def unpack(name: str, packages: list[str]) -> Path:
    """The packages and what they need that the system lacks, unpacked below the returned folder."""
    folder = HOME / name
    if (folder / "complete").exists():
        return folder
    if not shutil.which("apt-get") or not shutil.which("dpkg"):
        raise NoApt("there is no apt-get here")
    archives = folder / "archives"
    shutil.rmtree(folder, ignore_errors=True)
    archives.mkdir(parents=True)
    for lists in ([], own_lists(folder)):
        if lists:
            apt(lists, archives, "update")
        missing = what_is_missing(lists, archives, packages)
        if missing and apt(lists, archives, "download", *missing):
            break
    else:
        raise NoApt("apt-get could not fetch " + " ".join(packages))
    for archive in sorted(archives.glob("*.deb")):
        subprocess.run(["dpkg", "-x", archive, folder / "root"], check=True, capture_output=True)
    shutil.rmtree(archives)
    shutil.rmtree(folder / "apt", ignore_errors=True)
    (folder / "complete").touch()
    return folder


def own_lists(folder: Path) -> list[str]:
    """Options that let apt-get keep its package lists in a folder of our own, where it needs no root."""
    state, cache = folder / "apt" / "state", folder / "apt" / "cache"
    (state / "lists" / "partial").mkdir(parents=True)
    (cache / "archives" / "partial").mkdir(parents=True)
    return [
        *("-o", f"Dir::State={state}"),
        *("-o", "Dir::State::status=/var/lib/dpkg/status"),
        *("-o", f"Dir::Cache={cache}"),
        *("-o", "APT::Sandbox::User="),
    ]


def what_is_missing(lists: list[str], folder: Path, packages: list[str]) -> list[str]:
    command = ["apt-get", *lists, "-s", "-y", "--no-install-recommends", "install", *packages]
    planned = subprocess.run(command, capture_output=True, text=True, cwd=folder, env=plain()).stdout
    return re.findall(r"^Inst (\S+)", planned, re.MULTILINE)


def apt(lists: list[str], folder: Path, *words: str) -> bool:
    command = ["apt-get", *lists, "-q", "-o", "APT::Sandbox::User=", *words]
    return subprocess.run(command, capture_output=True, cwd=folder, env=plain()).returncode == 0


def plain() -> dict[str, str]:
    return {**os.environ, "LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"}


def libraries(folder: Path) -> list[str]:
    """The folders for LD_LIBRARY_PATH."""
    root = folder / "root"
    return sorted({str(path.parent) for top in ("usr/lib", "lib") for path in (root / top).rglob("lib*.so*")})


def library_path() -> dict[str, str]:
    """LD_LIBRARY_PATH with what was unpacked for our own processes; the browser's launcher sets its own."""
    folders = [HOME / "pango", HOME / "node"]
    paths = [path for folder in folders if (folder / "complete").exists() for path in libraries(folder)]
    if not paths:
        return {}
    return {
        "LD_LIBRARY_PATH": ":".join(paths + [path for path in [os.environ.get("LD_LIBRARY_PATH")] if path])
    }


def has_library(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True
