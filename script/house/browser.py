"""Chromium for the browser tests: the system's, else installed by root, else unpacked without root."""

import os
import shutil
import subprocess
from pathlib import Path

from house import debian, pango

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
INSTALL = ["apt-get", "install", "-q", "-y", "--no-install-recommends", "chromium", "fonts-dejavu-core"]


def find_or_provide() -> str | None:
    """The path of a browser, or None where none can be had."""
    if given := os.environ.get("ENTWINE_CHROMIUM"):
        return given
    if found := installed():
        return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        if not install():
            subprocess.run(["apt-get", "update", "-q"], capture_output=True)
            install()
        return installed()
    try:
        return unpacked()
    except (debian.NoApt, OSError):
        return None


def installed() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def install() -> bool:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(INSTALL, capture_output=True, env=quiet).returncode == 0


def unpacked() -> str:
    """A launcher that finds the unpacked browser's libraries and fonts."""
    folder = debian.unpack("chromium", ["chromium", "fonts-dejavu-core"])
    (folder / "fonts.conf").write_text(pango.FONTS.format(folder=folder))
    launcher = folder / "chromium"
    launcher.write_text(
        "#!/bin/sh\n"
        f"export LD_LIBRARY_PATH='{':'.join(debian.libraries(folder))}'\n"
        f"export FONTCONFIG_FILE='{folder / 'fonts.conf'}'\n"
        f"exec '{Path(folder, 'root/usr/lib/chromium/chromium')}' \"$@\"\n"
    )
    launcher.chmod(0o755)
    return str(launcher)
