"""The patient notice of 42 CFR 2.22 as versioned data: `clinic/consent/notices/VERSION.LANGUAGE.toml`. Pure."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "notices"
LANGUAGES = ("en", "es")


@dataclass(frozen=True)
class Notice:
    """One version in one language: the prescribed header, line by line, and the sections in our own words."""

    version: str
    language: str
    effective: str
    header: tuple[str, ...]
    sections: tuple[tuple[str, tuple[str, ...]], ...]

    def filled(self, **names: str) -> "Notice":
        """The notice of one program: {program}, {contact} and {reach} are put in."""

        def put(text: str) -> str:
            return text.format(**names)

        sections = tuple((put(head), tuple(put(line) for line in lines)) for head, lines in self.sections)
        header = tuple(put(line) for line in self.header)
        return Notice(self.version, self.language, self.effective, header, sections)

    @property
    def text(self) -> str:
        """The whole notice as text; its hash says which words were given."""
        parts = ["\n".join(self.header), *(f"{head}\n" + "\n".join(lines) for head, lines in self.sections)]
        return "\n\n".join([*parts, self.effective])


@cache
def notice(version: str, language: str) -> Notice:
    """That version of the notice; FileNotFoundError when there is none."""
    data = tomllib.loads((FOLDER / f"{version}.{language}.toml").read_text(encoding="utf-8"))
    sections = tuple((part["title"], tuple(part["lines"])) for part in data["sections"])
    return Notice(version, language, data["effective"], tuple(data["header"]), sections)


def newest() -> str:
    """The version that is given out now: versions sort by their date."""
    return max(path.name.split(".")[0] for path in FOLDER.glob("*.en.toml"))
