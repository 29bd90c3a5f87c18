"""ICD-10-CM for the problem list: found by a few words or by the beginning of a code, in memory, in milliseconds.

`codes.tsv.gz` is written by script/icd10cm and committed; it is read once, at the first search. What is kept is one text
and its twin in lower case (5 MB), not 34,000 objects. Pure: no Django, clock or database.
Why no table: docs/decisions/0013-diagnoses-in-memory.md.
"""

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "codes.tsv.gz"
CODE = re.compile(r"[a-z]\d[\da-z](\.[\da-z]{0,4})?", re.IGNORECASE)
BEGINNING = re.compile(r"[a-z]\d[\da-z.]*", re.IGNORECASE)
WORD = re.compile(r"[^\W_]+")
ENOUGH = 400  # lines read of a search before the best are chosen
SHORTEST = 2
# What is written in notes and stands in no name of the list.
SHORT = {
    "ptsd": "post traumatic stress disorder", "aud": "alcohol use disorder", "oud": "opioid use disorder",
    "gad": "generalized anxiety", "mdd": "major depressive", "ocd": "obsessive compulsive",
    "adhd": "attention deficit hyperactivity", "tbi": "traumatic brain injury", "bpd": "borderline personality",
}  # fmt: skip


@dataclass(frozen=True)
class Diagnosis:
    """One code; `also` holds the other names that ICD-10-CM gives it."""

    code: str
    name: str
    also: str = ""

    @property
    def domain(self) -> str:
        """Which part of the problem list it belongs to, by its chapter."""
        if self.code.startswith("F1"):
            return "substance_use"
        if self.code.startswith("F") or self.code.startswith("R45"):
            return "mental_health"
        if self.code.startswith(("Z65.0", "Z65.1", "Z65.2", "Z65.3")):
            return "legal"
        return "social" if "Z55" <= self.code[:3] <= "Z65" else "medical"


@cache
def _text() -> tuple[str, str]:
    """The list, and its twin to search in: lower case, every word after a blank."""
    text = "\n" + gzip.decompress(FILE.read_bytes()).decode() + "\n"
    lower = text.lower()
    return text, lower.translate({ord(one): " " for one in set(lower) if not one.isalnum() and one != "\n"})


def _line(text: str, at: int) -> Diagnosis:
    return Diagnosis(*text[text.rfind("\n", 0, at) + 1 : text.index("\n", at)].split("\t"))


def tidy(code: str) -> str:
    """A code as it is written: f1020 becomes F10.20."""
    bare = code.strip().upper().replace(".", "").replace(" ", "")
    return f"{bare[:3]}.{bare[3:]}" if len(bare) > 3 else bare


def named(code: str) -> Diagnosis | None:
    """The diagnosis of that very code; None where there is none, or it cannot stand for a problem."""
    text, _lower = _text()
    at = text.find(f"\n{tidy(code)}\t") if CODE.fullmatch(tidy(code)) else -1
    return None if at < 0 else _line(text, at + 1)


def find(words: str, limit: int = 12) -> list[Diagnosis]:
    """What is called so, or coded so: every word must begin a word of the name, of another name, or the code.

    The best first: names that begin with what was typed, then those in which it stands word for word; within each,
    this work's chapters first.
    """
    typed = words.strip().lower()
    if len(typed) < SHORTEST:
        return []
    found = list(_coded(typed) if BEGINNING.fullmatch(typed) else _called(typed))
    if not BEGINNING.fullmatch(typed):
        order = {one.code: place for place, one in enumerate(found)}
        found.sort(key=lambda one: (_far(one, typed), order[one.code]))
    return found[:limit]


def _coded(beginning: str) -> Iterator[Diagnosis]:
    text, _lower = _text()
    start = "\n" + tidy(beginning)
    at = text.find(start)
    while at >= 0:
        yield _line(text, at + 1)
        at = text.find(start, at + 1)


def _called(typed: str) -> Iterator[Diagnosis]:
    text, lower = _text()
    wanted = [f" {word}" for said in WORD.findall(typed) for word in SHORT.get(said, said).split()]
    rarest = max(wanted, key=len, default="")
    at, read = lower.find(rarest) if rarest else -1, 0
    while at >= 0 and read < ENOUGH:
        end = lower.index("\n", at)
        line = lower[lower.rfind("\n", 0, at) + 1 : end]
        if all(word in line for word in wanted):
            read += 1
            yield _line(text, at)
        at = lower.find(rarest, end)


def _far(one: Diagnosis, typed: str) -> int:
    """0 where its name begins with what was typed, 1 where another name does or it stands in one word for word."""
    if one.name.lower().startswith(typed):
        return 0
    names = f"{one.name}; {one.also}".lower()
    return 1 if f"; {typed}" in names or re.search(rf"\b{re.escape(typed)}\b", names) else 2
