"""First steps on a bare machine: the two environments, then the script that was asked for.

Runs under any Python from 3.11 with the standard library alone, and hands over to the installed one.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from house.places import PYTHON, REPOSITORY, Trouble

BOOT = REPOSITORY / ".boot"
VENV = REPOSITORY / ".venv"
STAMP = VENV / "synced"
SETS = ("runtime", "test")


def main() -> None:
    script, arguments = sys.argv[1], sys.argv[2:]
    try:
        prepare(with_tests=script in ("test", "screenshots"))
    except Trouble as trouble:
        sys.exit(f"{trouble}")
    os.environ["PYTHONPATH"] = str(REPOSITORY / "script")
    os.execv(PYTHON, [PYTHON, "-m", "house", script, *arguments])


def prepare(*, with_tests: bool) -> None:
    """The environment holds what is wanted. Nothing is done when it already does; test tools are never taken away."""
    wanted = "test" if with_tests or tests_installed() else "runtime"
    if is_synced(wanted):
        return
    with lock_path().open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_synced(wanted):
            install(wanted)


def install(wanted: str) -> None:
    say("Installing Entwine's libraries (once) ...")
    boot_python, uv = BOOT / "bin" / "python", BOOT / "bin" / "uv"
    if not boot_python.exists():
        make_environment(BOOT)
    if not PYTHON.exists():
        make_environment(VENV, "--without-pip")
    pip = [boot_python, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    uv_settings = {**os.environ, **pip_settings(), "UV_PYTHON_DOWNLOADS": "never"}
    sync = [uv, "pip", "sync", "--quiet", "--python", PYTHON, "--require-hashes", requirements(wanted)]
    if not ((uv.exists() or ran(*pip, "install", "uv")) and ran(*sync, environment=uv_settings)):
        say("uv could not do it; pip does the same more slowly ...")
        if not ran(*pip, "--python", PYTHON, "install", "--require-hashes", "-r", requirements(wanted)):
            raise Trouble("The libraries could not be installed, see above.")
    STAMP.write_text(stamp(wanted))


def make_environment(folder: Path, *options: str) -> None:
    done = subprocess.run([sys.executable, "-m", "venv", *options, folder], capture_output=True, text=True)
    if done.returncode:
        raise Trouble(
            "Python cannot make a virtual environment here. On Debian and Ubuntu, this helps once:\n"
            "    apt-get install -y python3-venv\n" + (done.stdout + done.stderr).strip()
        )


def pip_settings() -> dict[str, str]:
    """uv reads no pip configuration: an index, wheel folder or certificate set there is handed on by name.

    As with pip, any of the indexes may then hold a file: its hash says whether it is the right one.
    """
    names = {
        "index-url": "UV_DEFAULT_INDEX",
        "extra-index-url": "UV_INDEX",
        "find-links": "UV_FIND_LINKS",
        "cert": "SSL_CERT_FILE",
    }
    pip = [BOOT / "bin" / "python", "-m", "pip", "config", "list"]
    listed = subprocess.run(pip, capture_output=True, text=True).stdout
    settings = {"UV_INDEX_STRATEGY": "unsafe-best-match"}
    for line in listed.splitlines():
        name, _, value = line.partition("=")
        theirs = names.get(name.split(".")[-1])
        if theirs and theirs not in os.environ:
            settings[theirs] = value.strip().strip("'\"")
    return settings


def is_synced(wanted: str) -> bool:
    try:
        return PYTHON.exists() and STAMP.read_text() == stamp(wanted)
    except OSError:
        return False


def tests_installed() -> bool:
    return bool(list(VENV.glob("lib/python3*/site-packages/pytest")))


def stamp(wanted: str) -> str:
    return f"{wanted} {hashlib.sha256(requirements(wanted).read_bytes()).hexdigest()}"


def requirements(wanted: str) -> Path:
    return REPOSITORY / "requirements" / f"{wanted}.txt"


def lock_path() -> Path:
    try:
        BOOT.mkdir(exist_ok=True)
        (BOOT / "lock").touch()
    except OSError as error:
        raise Trouble(f"{REPOSITORY} has to be writable: Entwine installs its libraries there.") from error
    return BOOT / "lock"


def ran(*command, environment=None) -> bool:
    """Whether the command succeeded; its complaints go to the screen."""
    return subprocess.run([os.fspath(word) for word in command], env=environment).returncode == 0


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
