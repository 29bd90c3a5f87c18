"""`python -m house NAME ARGS`: the scripts, run by the installed Python."""

import importlib
import sys

from house import words
from house.places import Trouble

SCRIPTS = ("server", "manage", "services", "test", "screenshots")


def main() -> None:
    name, arguments = sys.argv[1], sys.argv[2:]
    if name not in SCRIPTS:
        sys.exit(f"There is no script called {name}.")
    try:
        words.make_ready()
        sys.exit(importlib.import_module(f"house.run_{name}").main(arguments))
    except Trouble as trouble:
        sys.exit(str(trouble))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
