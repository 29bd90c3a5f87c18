"""The intake interview as data: its parts and questions, what is asked next, what answers lead to. Pure.

An edition is a folder of intake/interview; its files are own wording in English and Spanish. Question keys are
"part.question", or "part.question@choice" for a question that is asked for each choice of another one.
"""

import datetime as dt
import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "interview"
KINDS = ("words", "choice", "several", "number", "about")
TOLD, NOT_TODAY, RATHER_NOT = "told", "not_today", "rather_not"
NOTES = ("continue", "skip", "talk")
LONGEST = 4000


class NotTold(ValueError):
    """What was sent is no answer to this question. `code`: choice, number, words."""

    def __init__(self, key: str, code: str) -> None:
        super().__init__(f"no answer to {key}: {code}")
        self.key, self.code = key, code


def _words(row: Any, name: str, language: str) -> str:
    return str(getattr(row, f"{name}_es") if language == "es" else getattr(row, name))


@dataclass(frozen=True)
class Choice:
    id: str
    text: str
    text_es: str
    teds: str = ""  # the code that it is counted as in the Treatment Episode Data Set
    code: str = ""  # the registration's own code for it, where the question is the same fact

    def words(self, language: str) -> str:
        return _words(self, "text", language)


@dataclass(frozen=True)
class Ask:
    """One question. `each`: asked for each choice of that question; `fact`: the topic of the registration it is about."""

    id: str
    kind: str
    text: str
    text_es: str
    line: str
    line_es: str
    options: tuple[Choice, ...] = ()
    each: str = ""
    when: Mapping[str, Any] | None = None
    fact: str = ""
    grid: bool = False
    low: int = 0
    high: int = 0

    def words(self, language: str) -> str:
        return _words(self, "text", language)

    def label(self, language: str) -> str:
        return _words(self, "line", language)


@dataclass(frozen=True)
class Lead:
    """What some answers lead to, at once or soon. Each of `all` must hold, and one of `any` where there is one."""

    part: str
    id: str
    instrument: str
    now: bool
    words: str
    all: tuple[Mapping[str, Any], ...] = ()
    any: tuple[Mapping[str, Any], ...] = ()

    @property
    def key(self) -> str:
        return f"{self.part}.{self.id}"

    def rests_on(self, values: Mapping[str, Any]) -> list[str]:
        """The keys of the answers that make it hold; empty where it does not."""
        must = [(one["question"], _held(self.part, one, values)) for one in self.all]
        may = [one["question"] for one in self.any if _held(self.part, one, values)]
        if not all(held for _name, held in must) or (self.any and not may):
            return []
        return [f"{self.part}.{name}" for name in (*(name for name, _held in must), *may)]


@dataclass(frozen=True)
class Part:
    id: str
    title: str
    title_es: str
    why: str
    why_es: str
    minutes: int
    who: str
    who_es: str
    asks: tuple[Ask, ...]
    leads: tuple[Lead, ...] = ()
    note: str = ""
    note_es: str = ""
    sensitive: bool = False

    def words(self, name: str, language: str) -> str:
        """title, why, who or note in this language."""
        return _words(self, name, language)


@dataclass(frozen=True)
class Step:
    """One question as it is put: for one choice of another, where it is asked for each."""

    part: Part
    ask: Ask
    of: Choice | None = None

    @property
    def name(self) -> str:
        """Which question of its part it is."""
        return f"{self.ask.id}@{self.of.id}" if self.of else self.ask.id

    @property
    def key(self) -> str:
        return f"{self.part.id}.{self.name}"

    def label(self, language: str) -> str:
        """How the summary calls it."""
        label = self.ask.label(language)
        return f"{self.of.words(language)}: {label}" if self.of else label

    def said(self, value: Any, language: str) -> str:
        """The answer in words."""
        known: dict[Any, str] = {choice.id: choice.words(language) for choice in self.ask.options}
        if isinstance(value, list):
            return ", ".join(known.get(one, str(one)) for one in value)
        return known.get(value, str(value)) if self.ask.kind == "choice" else str(value)


@dataclass(frozen=True)
class Interview:
    edition: str
    parts: tuple[Part, ...]
    hash: str
    by_id: Mapping[str, Part] = field(default_factory=dict)

    def part(self, name: str) -> Part:
        """KeyError where there is none."""
        return self.by_id[name]


def _held(part: str, test: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    value = values.get(f"{part}.{test['question']}")
    given = value if isinstance(value, list) else [value]
    return any(one in test["any"] for one in given)


def editions() -> list[str]:
    """Every edition there is a folder for, oldest first."""
    return sorted((path.name for path in FOLDER.iterdir() if path.is_dir()), key=int)


@cache
def interview(edition: str | None = None) -> Interview:
    """That edition, or the newest; KeyError where there is none."""
    name = edition or editions()[-1]
    if name not in editions():
        raise KeyError(name)
    files = {path.stem: tomllib.loads(path.read_text()) for path in sorted((FOLDER / name).glob("*.toml"))}
    shared = files.pop("choices")
    parts = tuple(_part(data, shared) for data in files.values())
    text = json.dumps([shared, *files.values()], sort_keys=True, ensure_ascii=False)
    return Interview(
        name, parts, hashlib.sha256(text.encode()).hexdigest(), {part.id: part for part in parts}
    )


def _part(data: Mapping[str, Any], shared: Mapping[str, Any]) -> Part:
    plain = {key: value for key, value in data.items() if key not in ("questions", "leads", "who")}
    who = shared["who"][data["who"]]
    leads = tuple(
        Lead(part=data["id"], **{**row, "all": tuple(row.get("all", ())), "any": tuple(row.get("any", ()))})
        for row in data.get("leads", ())
    )
    asks = tuple(_ask(row, shared["options"]) for row in data["questions"])
    return Part(**plain, who=who["text"], who_es=who["text_es"], asks=asks, leads=leads)


def _ask(row: Mapping[str, Any], shared: Mapping[str, Any]) -> Ask:
    given = row.get("options", ())
    rows = shared[given] if isinstance(given, str) else given
    return Ask(**{**row, "options": tuple(Choice(**one) for one in rows)})


def walk(part: Part, values: Mapping[str, Any]) -> list[Step]:
    """The questions of this part that are to be put, given these answers (key -> value of what was told), in order.

    What is asked for each choice of a question stands right after that question, one choice after the other.
    """
    found: list[Step] = []
    for ask in part.asks:
        if ask.each or (ask.when and not _held(part.id, ask.when, values)):
            continue
        found.append(Step(part, ask))
        chosen = values.get(found[-1].key) or []
        hanging = [one for one in part.asks if one.each == ask.id]
        found += [Step(part, one, of) for of in ask.options if of.id in chosen for one in hanging]
    return found


def every_step(part: Part) -> dict[str, Step]:
    """Each question that this part could put, by its key."""
    found = {}
    for ask in part.asks:
        chosen = next((one for one in part.asks if one.id == ask.each), None)
        for of in chosen.options if chosen else (None,):
            step = Step(part, ask, of)
            found[step.key] = step
    return found


def read_value(step: Step, given: list[str]) -> Any:
    """The answer as it is kept, or None for a blank. Raises NotTold for what cannot be one."""
    texts = [text.replace("\0", "").strip() for text in given]
    texts = [text for text in texts if text]
    if not texts:
        return None
    known = {choice.id for choice in step.ask.options}
    if step.ask.kind in ("choice", "several"):
        if not set(texts) <= known:
            raise NotTold(step.key, "choice")
        ordered = [choice.id for choice in step.ask.options if choice.id in texts]
        return ordered if step.ask.kind == "several" else ordered[0]
    if step.ask.kind == "number":
        return _number(step, texts[0])
    if len(texts[0]) > LONGEST:
        raise NotTold(step.key, "words")
    return texts[0]


def _number(step: Step, text: str) -> int:
    if not (text.isascii() and text.isdigit()) or not step.ask.low <= int(text[:6]) <= step.ask.high:
        raise NotTold(step.key, "number")
    return int(text)


def codes_of(ask: Ask, value: Any) -> tuple[str, ...]:
    """An answer in the registration's codes; empty where they have no word for it."""
    chosen = value if isinstance(value, list) else [value]
    codes = [one.code for one in ask.options if one.id in chosen]
    return tuple(dict.fromkeys(codes)) if codes and all(codes) else ()


def from_codes(ask: Ask, codes: tuple[str, ...], words: str) -> Any:
    """What the registration holds, as an answer to this question; its words where we have no choice for it."""
    if ask.kind not in ("choice", "several"):
        return words
    found = [next((one.id for one in ask.options if one.code == code), "") for code in codes]
    known = [one for one in found if one] if all(found) and found else [words]
    return known if ask.kind == "several" else known[0]


def mark(state: str, value: Any) -> str:
    """What a page remembers of an answer as it showed it, so that a later change by someone else is noticed."""
    if not state:
        return ""
    return hashlib.sha256(json.dumps([state, value], ensure_ascii=False).encode()).hexdigest()[:16]


def is_open(state: str, told_on: dt.date | None, today: dt.date) -> bool:
    """Whether the question is still to be asked: never answered, or put off on an earlier day."""
    return not state or (state == NOT_TODAY and told_on is not None and told_on < today)
