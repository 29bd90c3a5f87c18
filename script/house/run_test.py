"""`script/test [PYTEST ARGS]`: every check that a change must pass; with arguments, pytest alone with those.

It brings its own PostgreSQL and Valkey in a data folder that it throws away.
"""

import os
import subprocess
import tempfile
import time

from house import browser, commands, environment, pango
from house.places import PYTHON, REPOSITORY, Places, Trouble
from house.services import Services

TOOLS = PYTHON.parent


def main(arguments: list[str]) -> int:
    commands.listen()
    started = time.monotonic()
    pytest = [PYTHON, "-m", "pytest", *(arguments or shared())]
    try:
        extras = prepare()
        with tempfile.TemporaryDirectory(prefix="entwine-test-") as folder:
            run_with_services(Places.at(folder), pytest, extras, everything=not arguments)
    except commands.Told:
        print("Stopped.")
        return 143
    print(f"All passed in {time.monotonic() - started:.0f} s.")
    return 0


def shared() -> list[str]:
    """Two processes do it in little more than half the time (tests/conftest.py says which files go together)."""
    if (os.cpu_count() or 1) < 2:
        return []
    return ["-n", "2", "--no-loadscope-reorder"]


def prepare() -> dict[str, str]:
    """What tests of PDFs and pages need from the system, and the variables that say where it is."""
    began = time.monotonic()
    if sentence := pango.provide():
        raise Trouble(sentence)
    found = browser.find_or_provide()
    if found is None and os.environ.get("CI") == "true":
        raise Trouble("No Chromium here, and with CI=true the browser tests are never left out.")
    if found is None:
        print("No Chromium can be had here: the browser tests are left out.")
    report("prepare", began)
    return {"ENTWINE_CHROMIUM": found} if found else {}


def checks() -> list[tuple[str, list]]:
    """What is checked before any test runs, quickest first."""
    packages = sorted(
        path.parent.name for path in REPOSITORY.glob("*/__init__.py") if path.parent.name != "tests"
    )
    return [
        ("ruff format", [TOOLS / "ruff", "format", "--check", "--quiet", "."]),
        ("ruff check", [TOOLS / "ruff", "check", "--quiet", "."]),
        ("djlint", [TOOLS / "djlint", "templates", "--lint", "--quiet"]),
        ("lint-imports", [TOOLS / "lint-imports"]),
        ("migrations", [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"]),
        ("mypy", [TOOLS / "mypy", "--no-error-summary", *packages]),
    ]


def run_with_services(places: Places, pytest: list, extras: dict[str, str], *, everything: bool) -> None:
    places.make()
    # A configured clinic's servers are never used for tests.
    for name in ("DATABASE_URL", "REDIS_URL", "CACHE_URL", "ENTWINE_OWNER_DATABASE_URL"):
        os.environ.pop(name, None)
    services = Services(places, lasting=False)
    try:
        services.start()
        variables = environment.for_children(places, services.addresses) | extras | {"TEST": "1"}
        if everything:
            for name, command in checks():
                step(name, command, variables)
        step("pytest", pytest, variables, loud=True)
    finally:
        services.stop()


def step(name: str, command: list, variables: dict[str, str], *, loud: bool = False) -> None:
    """The check passed; otherwise its output is shown and Trouble raised."""
    began = time.monotonic()
    sink = None if loud else subprocess.PIPE
    process = subprocess.Popen(
        [os.fspath(word) for word in command],
        cwd=REPOSITORY, env=variables, stdout=sink, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        output, _ = process.communicate()
    except commands.Told:
        process.terminate()
        process.wait()
        raise
    if process.returncode:
        print(output or "", end="")
        raise Trouble(f"{name} failed after {time.monotonic() - began:.1f} s.")
    report(name, began)


def report(name: str, began: float) -> None:
    print(f"{name:<14} {time.monotonic() - began:6.1f} s", flush=True)
