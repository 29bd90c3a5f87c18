"""Reading an instrument's file into frozen values. A published version never changes; a change is a new version."""

import hashlib
import json
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "instruments"


@dataclass(frozen=True)
class Option:
    text: str
    score: int
    text_es: str = ""
    loinc: str = ""

    def words(self, language: str) -> str:
        return self.text_es if language == "es" and self.text_es else self.text


@dataclass(frozen=True)
class Item:
    id: str
    number: int
    text: str
    options: tuple[Option, ...]
    text_es: str = ""
    scored: bool = True
    keys: str = "digit"  # digit: the printed score is the key; yes_no: Y and N, never a digit
    loinc: str = ""
    ask_when_any_positive: bool = False

    def words(self, language: str) -> str:
        return self.text_es if language == "es" and self.text_es else self.text

    def position(self, points: int) -> int | None:
        """The option that scores these points, by its position."""
        return next((place for place, option in enumerate(self.options) if option.score == points), None)


@dataclass(frozen=True)
class Band:
    """A published band of the total. `severity` is 0 (least) to 4."""

    min: int
    max: int
    label: str
    severity: int
    action: str = ""


@dataclass(frozen=True)
class Instrument:
    id: str
    version: str
    title: str
    short_title: str
    side: str
    offered: bool
    order: int
    stem: str
    stem_es: str
    instructions: str
    lookback: str
    interval_days: int
    languages: tuple[str, ...]
    licence: str
    attribution: str
    cutoff: int
    loinc_panel: str
    loinc_total: str
    items: tuple[Item, ...]
    total_items: tuple[str, ...]
    low: int
    high: int
    prorate_up_to: int
    bands: tuple[Band, ...]
    rules: dict[str, Any]  # gates, subscales, flags, change, next: as the file has them
    hash: str

    def item(self, item_id: str) -> Item:
        """The item of that id; KeyError when there is none."""
        for item in self.items:
            if item.id == item_id:
                return item
        raise KeyError(item_id)

    def band(self, total: int | None) -> Band | None:
        """The published band that holds this total, or None."""
        if total is None:
            return None
        return next((band for band in self.bands if band.min <= total <= band.max), None)

    def words(self, language: str) -> str:
        """The stem in this language, where the file has it."""
        return self.stem_es if language == "es" and self.stem_es else self.stem

    def __hash__(self) -> int:
        return hash((self.id, self.version, self.hash))


def versions(folder: Path = FOLDER) -> list[tuple[str, str]]:
    """Every (id, version) there is a file for."""
    paths = (path for path in folder.glob("*/*.toml") if not path.name.endswith(".cases.toml"))
    return sorted((path.parent.name, path.stem) for path in paths)


@cache
def load(instrument_id: str, version: str | None = None) -> Instrument:
    """The instrument in that version, or in its newest; KeyError when there is none."""
    known = [number for name, number in versions() if name == instrument_id]
    if not known or (version is not None and version not in known):
        raise KeyError(f"{instrument_id} {version or ''}".strip())
    newest = version or max(known, key=int)
    return parse(tomllib.loads((FOLDER / instrument_id / f"{newest}.toml").read_text()))


def load_all() -> list[Instrument]:
    """The newest version of every instrument, in the clinic's order."""
    return sorted(
        (load(name) for name in {name for name, _version in versions()}), key=lambda form: form.order
    )


def offered() -> list[Instrument]:
    """Those that pages offer, in the clinic's order."""
    return [form for form in load_all() if form.offered]


def content_hash(data: dict[str, Any]) -> str:
    """SHA-256 over the file's content; layout and comments do not count."""
    canonical = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def parse(data: dict[str, Any]) -> Instrument:
    """A file's content as an Instrument; KeyError or TypeError where something is missing (see `check`)."""
    options = {name: tuple(Option(**option) for option in rows) for name, rows in data["options"].items()}
    items = tuple(
        Item(number=number, **{**item, "options": options[item["options"]]})
        for number, item in enumerate(data["items"], start=1)
    )
    return Instrument(
        id=data["id"],
        version=data["version"],
        title=data["title"],
        short_title=data["short_title"],
        side=data["side"],
        offered=data["offered"],
        order=data["order"],
        stem=data["stem"],
        stem_es=data.get("stem_es", ""),
        instructions=data.get("instructions", ""),
        lookback=data["lookback"],
        interval_days=data["interval_days"],
        languages=tuple(data["languages"]),
        licence=data["licence"],
        attribution=data["attribution"],
        cutoff=data["cutoff"],
        loinc_panel=data["loinc"]["panel"],
        loinc_total=data["loinc"]["total"],
        items=items,
        total_items=tuple(data["scoring"]["items"]),
        low=data["scoring"]["range"][0],
        high=data["scoring"]["range"][1],
        prorate_up_to=data["scoring"].get("prorate_up_to", 0),
        bands=tuple(Band(**band) for band in data.get("bands", [])),
        rules={
            key: data.get(key, {} if key == "change" else [])
            for key in ("gates", "subscales", "flags", "change", "next")
        },
        hash=content_hash(data),
    )
