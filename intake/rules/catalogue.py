"""The catalogue of questions: data in intake/questions/*.toml, read into frozen values. No Python is needed for a new one.

A file is one part of the door: `part`, the act that its answers need (`act`, a name of clinic.access.policy.Do), and
sections of questions. A topic and the codes of its options are never given another meaning: what was answered years ago
must still say the same. Texts that a client reads have a twin that ends in `_es`.
"""

import datetime as dt
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "questions"

CHOICE, CHOICES, YES_NO, TEXT, LONG_TEXT, NUMBER, DATE = (
    "choice", "choices", "yes_no", "text", "long_text", "number", "date",
)  # fmt: skip
KINDS = (CHOICE, CHOICES, YES_NO, TEXT, LONG_TEXT, NUMBER, DATE)
CODED = (CHOICE, CHOICES, YES_NO)
CLIENT, EPISODE = "client", "episode"
LONGEST_TEXT, LONGEST_LINE = 4000, 240


class BadCatalogue(ValueError):
    """A file of questions that cannot be meant: the message names file, topic and what is wrong."""


class BadAnswer(ValueError):
    """An answer that cannot be one. `code`: no_such_option, only_one, not_a_number, out_of_range, not_a_date,
    too_long, nothing_said."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Option:
    """One answer to choose. `alone`: it excludes all others ("none of these"). `says`: a text goes with it."""

    code: str
    text: str
    text_es: str = ""
    alone: bool = False
    says: bool = False

    def words(self, language: str = "en") -> str:
        return self.text_es if language == "es" and self.text_es else self.text


YES = Option("yes", "Yes", "Sí")
NO = Option("no", "No", "No")


@dataclass(frozen=True)
class Question:
    """One question. `belongs`: client (holds for the person) or episode (where it was told; carries Part 2).

    `when` is (topic, codes): asked only if that topic's answer holds one of the codes. `renew_days`: after so many days
    the answer is shown for confirmation. `fills`: a column of Client that shows this answer in the banner. `each`: the
    same question about each of these (a substance), kept apart by `about`.
    """

    topic: str
    text: str
    kind: str
    belongs: str = EPISODE
    text_es: str = ""
    label: str = ""
    hint: str = ""
    hint_es: str = ""
    why: str = ""
    why_es: str = ""
    options: tuple[Option, ...] = ()
    each: tuple[Option, ...] = ()
    when: tuple[str, tuple[str, ...]] | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    unit: str = ""
    unit_es: str = ""
    renew_days: int | None = None
    fills: str = ""
    sensitive: bool = False

    def words(self, language: str = "en") -> str:
        return self.text_es if language == "es" and self.text_es else self.text

    @property
    def title(self) -> str:
        """A few words for a list of answers: staff read it."""
        return self.label or self.text

    def option(self, code: str) -> Option | None:
        return next((option for option in self.options if option.code == code), None)


@dataclass(frozen=True)
class Section:
    """Questions that belong together: why we ask, who sees it, how long it takes, and what it touches (`note`)."""

    key: str
    title: str
    questions: tuple[Question, ...]
    part: str = ""
    act: str = ""
    title_es: str = ""
    why: str = ""
    why_es: str = ""
    sees: str = ""
    sees_es: str = ""
    note: str = ""
    note_es: str = ""
    minutes: int = 2

    def words(self, name: str, language: str = "en") -> str:
        """The text of `title`, `why`, `sees` or `note` in this language, English where there is no other."""
        return str((getattr(self, f"{name}_es") if language == "es" else "") or getattr(self, name))


@dataclass(frozen=True)
class Said:
    """What was answered, as the columns of a fact. `answer` is an AnswerState's value."""

    answer: str
    codes: tuple[str, ...] = ()
    text: str = ""
    number: Decimal | None = None
    day: dt.date | None = None


@dataclass(frozen=True)
class Catalogue:
    sections: tuple[Section, ...]

    def part(self, name: str) -> list[Section]:
        """The sections of one part, in the order of its file."""
        return [section for section in self.sections if section.part == name]

    def section(self, key: str) -> Section:
        """KeyError for a key that no file has."""
        for section in self.sections:
            if section.key == key:
                return section
        raise KeyError(key)

    def question(self, topic: str) -> Question:
        """KeyError for a topic that no file has."""
        return self._asked()[topic][1]

    def home_of(self, topic: str) -> Section:
        """The section that asks this. KeyError as above."""
        return self._asked()[topic][0]

    def _asked(self) -> dict[str, tuple[Section, Question]]:
        return {q.topic: (section, q) for section in self.sections for q in section.questions}


@cache
def catalogue() -> Catalogue:
    """Every question of the house, read once."""
    found = [
        section
        for path in sorted(FOLDER.glob("*.toml"))
        if path.stem != "teds"
        for section in _sections(path)
    ]
    whole = Catalogue(tuple(found))
    _check(whole)
    return whole


def _sections(path: Path) -> Iterator[Section]:
    told = tomllib.loads(path.read_text())
    for row in told["section"]:
        questions = tuple(_question(path, dict(asked)) for asked in row.pop("question"))
        yield _made(Section, path, {**row, "questions": questions, "part": told["part"], "act": told["act"]})


def _question(path: Path, told: dict[str, Any]) -> Question:
    told["options"] = tuple(_made(Option, path, option) for option in told.get("options", ()))
    if told.get("kind") == YES_NO:
        told["options"] = (YES, NO, *told["options"])
    told["each"] = tuple(_made(Option, path, option) for option in told.get("each", ()))
    for end in ("low", "high"):
        if end in told:
            told[end] = Decimal(str(told[end]))
    if "when" in told:
        told["when"] = (told["when"]["topic"], tuple(told["when"]["codes"]))
    question: Question = _made(Question, path, told)
    return question


def _made(kind: Any, path: Path, told: dict[str, Any]) -> Any:
    strange = set(told) - {field.name for field in fields(kind)}
    if strange:
        raise BadCatalogue(f"{path.name}: {kind.__name__} has no {sorted(strange)}")
    try:
        return kind(**told)
    except TypeError as wrong:
        raise BadCatalogue(f"{path.name}: {wrong}") from None


def _check(whole: Catalogue) -> None:
    topics = [q.topic for section in whole.sections for q in section.questions]
    keys = [section.key for section in whole.sections]
    for name in (*topics, *keys):
        if (topics if name in topics else keys).count(name) > 1:
            raise BadCatalogue(f"{name} is there twice")
    for section in whole.sections:
        for question in section.questions:
            if wrong := _wrong_with(question, topics):
                raise BadCatalogue(f"{section.key}: {question.topic}: {wrong}")


def _wrong_with(question: Question, topics: list[str]) -> str:
    codes = [option.code for option in question.options]
    if question.kind not in KINDS:
        return f"no such kind: {question.kind}"
    if question.belongs not in (CLIENT, EPISODE):
        return f"belongs to nobody: {question.belongs}"
    if (question.kind in CODED) != bool(codes) or len(set(codes)) != len(codes):
        return "its options do not go with its kind, or one is there twice"
    if question.when and question.when[0] not in topics:
        return f"asked when {question.when[0]}, which is nowhere"
    return ""


def is_asked(question: Question, answers: dict[tuple[str, str], Any], about: str = "") -> bool:
    """Whether the answers so far (topic, about) -> anything with `codes` lead to this question."""
    if question.when is None:
        return True
    topic, wanted = question.when
    told = answers.get((topic, about)) or answers.get((topic, ""))
    return told is not None and bool(set(wanted) & set(told.codes))


def read_answer(question: Question, *, codes: list[str], text: str = "") -> Said | None:
    """What a form sent for one question. None: nothing was said. Raises BadAnswer.

    `codes`: the options chosen, or one of declined, unknown, not_today alone. `text`: what was typed; for a number or
    a date it is read (a date as ISO).
    """
    said, words = [code for code in codes if code], text.strip()
    for state in ("declined", "unknown", "not_today"):
        if state in said and question.option(state) is None:
            return Said(state)
    if question.kind in CODED:
        return _chosen(question, said, words)
    return _typed(question, words) if words else None


def _chosen(question: Question, codes: list[str], words: str) -> Said | None:
    if not codes:
        return None
    options = [question.option(code) for code in dict.fromkeys(codes)]
    if None in options:
        raise BadAnswer("no_such_option")
    chosen = [option for option in options if option is not None]
    if len(chosen) > 1 and (question.kind != CHOICES or any(option.alone for option in chosen)):
        raise BadAnswer("only_one")
    if len(words) > LONGEST_LINE:
        raise BadAnswer("too_long")
    kept = words if any(option.says for option in chosen) else ""
    return Said("answered", tuple(option.code for option in chosen), kept)


def _typed(question: Question, words: str) -> Said:
    if question.kind == NUMBER:
        return Said("answered", number=_number(question, words))
    if question.kind == DATE:
        try:
            return Said("answered", day=dt.date.fromisoformat(words))
        except ValueError:
            raise BadAnswer("not_a_date") from None
    if len(words) > (LONGEST_TEXT if question.kind == LONG_TEXT else LONGEST_LINE):
        raise BadAnswer("too_long")
    return Said("answered", text=words)


def _number(question: Question, words: str) -> Decimal:
    try:
        number = Decimal(words.replace(",", ""))
    except InvalidOperation:
        raise BadAnswer("not_a_number") from None
    if not number.is_finite() or abs(number) >= 10_000_000:
        raise BadAnswer("out_of_range")
    if (question.low is not None and number < question.low) or (
        question.high is not None and number > question.high
    ):
        raise BadAnswer("out_of_range")
    return number


def answer_words(question: Question, told: Any, language: str = "en") -> str:
    """A stored answer (anything with a fact's columns) as it is read aloud; "" where it was not answered."""
    if told.answer != "answered":
        return ""
    if question.kind in CODED:
        options = [question.option(code) for code in told.codes]
        listed = ", ".join(option.words(language) for option in options if option is not None)
        return f"{listed}: {told.text}" if told.text else listed
    if told.number is not None:
        unit = question.unit_es if language == "es" and question.unit_es else question.unit
        return f"{told.number.normalize():f} {unit}".strip()
    return told.day.isoformat() if told.day else str(told.text)
