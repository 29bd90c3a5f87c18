"""`script/services start|stop|env|run [--data DIR]`: Postgres and Valkey alone, for developers."""

import argparse
import os
import select
import shlex
import signal
import subprocess
import sys
import time

from house import environment, services
from house.places import Places, Trouble
from house.processes import open_log


def main(arguments: list[str]) -> int:
    options = parse(arguments)
    places = Places.at(options.data)
    places.make()
    return {"start": start, "stop": stop, "env": show, "run": run}[options.action](places)


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/services", description=__doc__)
    parser.add_argument("action", choices=["start", "stop", "env", "run"])
    parser.add_argument("--data", help="the data folder (ENTWINE_DATA, else var/ in the repository)")
    return parser.parse_args(arguments)


def start(places: Places) -> int:
    """The services run in the background; their environment is printed."""
    if services.running(places) is None:
        command = [sys.executable, "-m", "house", "services", "run", "--data", places.data]
        with open_log(places.log / "services.log") as log:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        deadline = time.monotonic() + 90
        while services.running(places) is None:
            if process.poll() is not None or time.monotonic() > deadline:
                raise Trouble(f"The services did not start; see {places.log}/services.log.")
            time.sleep(0.05)
    return show(places)


def stop(places: Places) -> int:
    note = services.running(places)
    if note is None:
        return 0
    holder = os.pidfd_open(note["pid"])
    signal.pidfd_send_signal(holder, signal.SIGTERM)
    if not select.select([holder], [], [], 30)[0]:  # readable once the process has ended, its last step too
        raise Trouble(f"Process {note['pid']} does not end.")
    return 0


def show(places: Places) -> int:
    """The lines that a shell evaluates to reach the services."""
    note = services.running(places)
    if note is None:
        raise Trouble(f"No services run on {places.data}: script/services start --data {places.data}")
    caller = os.environ
    for name, value in environment.for_children(places, note["addresses"]).items():
        if caller.get(name) != value:
            print(f"export {name}={shlex.quote(value)}")
    return 0


def run(places: Places) -> int:
    services.run_until_told(places)
    return 0
