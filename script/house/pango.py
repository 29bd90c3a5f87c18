"""Pango for the PDF writer, where the system has none: Debian's own packages, unpacked into the data folder."""

from house.places import Places


def environment(places: Places) -> dict[str, str]:
    return {}
