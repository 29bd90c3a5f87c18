"""`script/manage [--data DIR] COMMAND ARGS`: a management command against this data folder's services.

They are started for the command's duration when they do not run. A new data folder is migrated first, and in
demo mode gets its demo clinic.
"""

import subprocess
import sys

from house import commands, environment, pango
from house.places import Places
from house.services import Services, borrowed


def main(arguments: list[str]) -> int:
    folder, words = split(arguments)
    places = Places.at(folder)
    places.make()
    commands.listen()
    try:
        with borrowed(places, once_started=prepare) as addresses:
            return run(words, environment.for_children(places, addresses))
    except commands.Told:
        return 143


def split(arguments: list[str]) -> tuple[str | None, list[str]]:
    """The data folder, where it is given before the command, and the command."""
    if arguments and arguments[0].startswith("--data="):
        return arguments[0].removeprefix("--data="), arguments[1:]
    if len(arguments) > 1 and arguments[0] == "--data":
        return arguments[1], arguments[2:]
    return None, arguments


def run(words: list[str], variables: dict[str, str]) -> int:
    process = commands.start(words, variables)
    try:
        return process.wait()
    except commands.Told:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
        raise


def prepare(places: Places, services: Services) -> None:
    """A database without tables gets them, so that a first command works as well as a later one."""
    if services.postgres is None or services.postgres.has_tables():
        return
    print(f"Preparing a new data folder, {places.data} ...", file=sys.stderr)
    if sentence := pango.provide():
        print(sentence, file=sys.stderr)
    variables = environment.for_children(places, services.addresses)
    commands.run_quietly(places, ["migrate", "--no-input"], variables)
    if variables["ENTWINE_DEMO"] == "1":
        commands.run_quietly(places, ["make_demo"], variables)
