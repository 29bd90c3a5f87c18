"""The words of other languages: each app's .po is committed, its .mo is made from it wherever Entwine starts.

`python -m clinic.kit.catalogs` makes them (the image does at its build); so do script/server, script/manage and the tests.
"""

import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
WHERE = ("*/locale/*/LC_MESSAGES/*.po", "clinic/*/locale/*/LC_MESSAGES/*.po")


def sources(root: Path = ROOT) -> list[Path]:
    """Every .po of our apps."""
    return sorted(path for pattern in WHERE for path in root.glob(pattern))


def compile_catalogs(root: Path = ROOT) -> list[Path]:
    """Each .mo stands beside its .po and is as new; returns those that were made now. A fuzzy entry is left out."""
    made = []
    for source in sources(root):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        with source.open("rb") as file:
            catalog = read_po(file, locale=source.parents[1].name, abort_invalid=True)
        unfinished = target.with_suffix(f".{os.getpid()}")
        with unfinished.open("wb") as file:
            write_mo(file, catalog)
        unfinished.replace(target)  # whole or not at all: two may start at once
        made.append(target)
    return made


if __name__ == "__main__":
    for path in compile_catalogs():
        print(path.relative_to(ROOT))
