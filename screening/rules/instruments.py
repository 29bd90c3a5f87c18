"""Reading an instrument's file into frozen values. A published version never changes; a change is a new version."""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "instruments"
SECTIONS = ("gates", "subscales", "flags", "change", "next", "levels", "steps_up")
Context = Mapping[
    str, Any
]  # "sex": male, female or anything else; "bands": the set that the clinic has chosen


@dataclass(frozen=True)
class Option:
    """One printed answer. `score`: its printed weight; None where the form gives none."""

    text: str
    score: int | None = None
    text_es: str = ""
    loinc: str = ""

    def words(self, language: str) -> str:
        return self.text_es if language == "es" and self.text_es else self.text


@dataclass(frozen=True)
class Item:
    """One question. `kind`: choice (one option), number (`min` to `max`), many (any of the options).

    `carries`: an unscored item's position stands in its score; without it, nothing does. `sex`: asked of that sex only.
    """

    id: str
    number: int
    text: str
    options: tuple[Option, ...] = ()
    text_es: str = ""
    scored: bool = True
    keys: str = "digit"  # digit: the printed score is the key; yes_no: Y and N, never a digit
    loinc: str = ""
    ask_when_any_positive: bool = False
    kind: str = "choice"
    min: int = 0
    max: int = 0
    unit: str = ""
    sex: str = ""
    carries: bool = True
    help: str = ""
    mark: str = ""  # as printed, where it is not the item's place ("6b", "7A")

    @property
    def label(self) -> str:
        """The number as the form prints it."""
        return self.mark or str(self.number)

    def words(self, language: str) -> str:
        return self.text_es if language == "es" and self.text_es else self.text

    def position(self, points: int) -> int | None:
        """The option that scores these points, by its position."""
        return next((place for place, option in enumerate(self.options) if option.score == points), None)

    def takes(self, value: Any) -> bool:
        """Whether this is an answer of the printed form: a position, a number in range, or several positions."""
        if self.kind == "many":
            known = isinstance(value, list) and value and all(_whole(one) for one in value)
            return (
                bool(known) and len(set(value)) == len(value) and set(value) <= set(range(len(self.options)))
            )
        if not _whole(value):
            return False
        return bool(
            self.min <= value <= self.max if self.kind == "number" else 0 <= value < len(self.options)
        )

    def points(self, value: Any) -> int | None:
        """What this answer counts; None for what is no answer or counts nothing."""
        if self.kind == "many" or not self.takes(value) or not (self.scored or self.carries):
            return None
        if self.kind == "number":
            return int(value)
        return self.options[value].score if self.scored else int(value)

    @property
    def most(self) -> int:
        """The most points it can give."""
        return self.max if self.kind == "number" else max((o.score or 0 for o in self.options), default=0)


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


@dataclass(frozen=True)
class Band:
    """A published band of the total. `severity` is 0 (least) to 4."""

    min: int
    max: int
    label: str
    severity: int
    action: str = ""
    set: str = ""


@dataclass(frozen=True)
class BandSet:
    """One of several published ways to read a total: by sex, or by the clinic's choice. The first is the default."""

    name: str
    label: str
    source: str
    cutoff: int | None = None
    sex: str = ""
    report: str = ""


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
    interval_days: int  # 0: asked once, never due again
    languages: tuple[str, ...]
    licence: str
    attribution: str
    cutoff: int | None
    loinc_panel: str
    loinc_total: str
    items: tuple[Item, ...]
    rule: str  # sum, subscales, triage, none
    total_items: tuple[str, ...]
    needed: tuple[str, ...]
    low: int
    high: int
    factor: int
    prorate_up_to: int
    total_entry: str
    better: str  # lower or higher
    answered_by: str  # client or staff: a scale that is rated by who observes is never handed to a client
    use: str  # measure, short, safety, history, withdrawal
    bands: tuple[Band, ...]  # of the default set
    band_sets: tuple[BandSet, ...]
    all_bands: tuple[Band, ...]
    rules: dict[str, Any] = field(default_factory=dict)  # SECTIONS, as the file has them
    sources: tuple[str, ...] = ()
    hash: str = ""

    @property
    def has_total(self) -> bool:
        """Whether there is a published total at all."""
        return self.rule == "sum"

    @property
    def by_sex(self) -> bool:
        """Whether a cut-off or a question depends on the client's sex."""
        return any(item.sex for item in self.items) or any(one.sex for one in self.band_sets)

    @property
    def readings(self) -> tuple[BandSet, ...]:
        """The published ways to read the total among which a clinic chooses; empty where there is one."""
        return () if self.by_sex or len(self.band_sets) < 2 else self.band_sets

    def item(self, item_id: str) -> Item:
        """The item of that id; KeyError when there is none."""
        return self.by_id[item_id]

    @cached_property
    def by_id(self) -> dict[str, Item]:
        """The items by their ids."""
        return {item.id: item for item in self.items}

    def band_set(self, context: Context | None = None) -> BandSet:
        """The way to read a total that holds here: the clinic's choice, else the client's sex, else the first."""
        told = context or {}
        sex = known_sex(told)
        named = [one for one in self.band_sets if one.name == told.get("bands")]
        by_sex = [one for one in self.band_sets if one.sex and one.sex == sex]
        return (named or by_sex or [*self.band_sets])[0]

    def band(self, total: int | None, context: Context | None = None) -> Band | None:
        """The published band that holds this total, or None."""
        if total is None:
            return None
        name = self.band_set(context).name
        return next((b for b in self.all_bands if b.set in ("", name) and b.min <= total <= b.max), None)

    def words(self, language: str) -> str:
        """The stem in this language, where the file has it."""
        return self.stem_es if language == "es" and self.stem_es else self.stem

    def __hash__(self) -> int:
        return hash((self.id, self.version, self.hash))


def known_sex(context: Context) -> str:
    """male or female as told; "" for anything else, and then the more sensitive rule holds."""
    told = str(context.get("sex") or "").strip().lower()
    return {"m": "male", "f": "female"}.get(told, told if told in ("male", "female") else "")


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


@cache
def load_all() -> tuple[Instrument, ...]:
    """The newest version of every instrument, in the clinic's order."""
    names = {name for name, _version in versions()}
    return tuple(sorted((load(name) for name in names), key=lambda form: form.order))


def offered() -> list[Instrument]:
    """Those that pages may offer, in the clinic's order."""
    return [form for form in load_all() if form.offered]


@cache
def conditions() -> dict[str, str]:
    """What the owners of some texts ask of a clinic, by instrument: such a form can be switched off."""
    told: dict[str, str] = tomllib.loads((FOLDER / "conditions.toml").read_text())
    return told


def content_hash(data: dict[str, Any]) -> str:
    """SHA-256 over the file's content; layout and comments do not count."""
    canonical = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def parse(data: dict[str, Any]) -> Instrument:
    """A file's content as an Instrument; KeyError or TypeError where something is missing (see `check`)."""
    options = {name: tuple(Option(**o) for o in rows) for name, rows in data.get("options", {}).items()}
    items = tuple(
        Item(number=number, **{**item, "options": options[item["options"]] if "options" in item else ()})
        for number, item in enumerate(data["items"], start=1)
    )
    scoring = data["scoring"]
    low, high = scoring.get("range", (0, 0))
    sets = tuple(BandSet(**one) for one in data.get("band_sets", []))
    sets = sets or (BandSet("", "", "", cutoff=data.get("cutoff")),)
    bands = tuple(Band(**band) for band in data.get("bands", []))
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
        cutoff=sets[0].cutoff,
        loinc_panel=data["loinc"]["panel"],
        loinc_total=data["loinc"]["total"],
        items=items,
        rule=scoring["rule"],
        total_items=tuple(scoring["items"]),
        needed=tuple(scoring.get("needed", scoring["items"])),
        low=low,
        high=high,
        factor=scoring.get("times", 1),
        prorate_up_to=scoring.get("prorate_up_to", 0),
        total_entry=scoring.get("total_entry", ""),
        better=data.get("better", "lower"),
        answered_by=data.get("answered_by", "client"),
        use=data.get("use", "measure"),
        bands=tuple(band for band in bands if band.set in ("", sets[0].name)),
        band_sets=sets,
        all_bands=bands,
        rules={key: data.get(key, {} if key == "change" else []) for key in SECTIONS},
        sources=tuple(data.get("sources", ())),
        hash=content_hash(data),
    )
