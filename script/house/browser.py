"""Chromium for the browser tests: the system's, else installed by root, else unpacked without root."""

import os
import shutil
import subprocess
from pathlib import Path

from house import debian, pango

# The shell draws the same pages with half the work: it has no window, menus or pages of its own.
NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
INSTALL = ["apt-get", "install", "-q", "-y", "--no-install-recommends"]
PACKAGES = ["chromium-headless-shell", "fonts-dejavu-core"]
# Playwright's own driver is a Node that needs this library.
DRIVER, DRIVERS_PACKAGE = "libatomic.so.1", "libatomic1"


def find_or_provide() -> str | None:
    """The path of a browser that Playwright can drive, or None where none can be had."""
    found = os.environ.get("ENTWINE_CHROMIUM") or installed()
    if found and debian.has_library(DRIVER):
        return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        install()
        return installed()
    try:
        if not debian.has_library(DRIVER):
            debian.unpack("node", [DRIVERS_PACKAGE])
        return found or unpacked()
    except (debian.NoApt, OSError):
        return None


def installed() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def install() -> None:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = [*INSTALL, *PACKAGES, DRIVERS_PACKAGE]
    if subprocess.run(command, capture_output=True, env=quiet).returncode:
        subprocess.run(["apt-get", "update", "-q"], capture_output=True)
        subprocess.run(command, capture_output=True, env=quiet)


def unpacked() -> str:
    """A launcher that finds the unpacked browser's libraries and fonts."""
    folder = debian.unpack("chromium", PACKAGES)
    (folder / "fonts.conf").write_text(pango.FONTS.format(folder=folder))
    launcher = folder / "chromium"
    launcher.write_text(
        "#!/bin/sh\n"
        f"export LD_LIBRARY_PATH='{':'.join(debian.libraries(folder))}'\n"
        f"export FONTCONFIG_FILE='{folder / 'fonts.conf'}'\n"
        f"exec '{Path(folder, 'root/usr/lib/chromium/chromium-headless-shell')}' \"$@\"\n"
    )
    launcher.chmod(0o755)
    return str(launcher)
