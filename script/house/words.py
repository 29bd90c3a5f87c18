"""The words of other languages, made ready before anything of Entwine runs."""

import runpy

from house.places import REPOSITORY


def make_ready() -> None:
    """Every app's .mo is as new as its .po. The file is run by its path: importing the clinic would start more."""
    runpy.run_path(str(REPOSITORY / "clinic" / "kit" / "catalogs.py"))["compile_catalogs"]()
