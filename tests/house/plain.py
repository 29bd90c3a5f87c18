"""What clients read, collected by rule, and how hard it is to read. docs/decisions/0009-plain-words.md says how it is measured.

A text is a client's if it stands in a template that extends client/base.html, lies in templates/client or is named
client_*, *_client, plain_* or *_plain; in Python of a file so named, or named client, plain or handed; and wherever a TOML
of the door gives a text a Spanish twin. exempt.toml lists what is so named and for staff, and the statutory words.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import textstat
from babel.messages.pofile import read_po

from tests.house.laws import HOUSE, ROOT

GRADE = 6.0  # Flesch-Kincaid in English, Crawford in Spanish: at most
ENOUGH = 12  # words: a shorter text is measured together with its neighbours, as a reader meets it
EXEMPT = Path(__file__).parent / "exempt.toml"

TRANSLATE = re.compile(r"\{%-?\s*translate\s+(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')")
IN_FILTER = re.compile(r"_\((\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')\)")
BLOCK = re.compile(r"\{%-?\s*blocktranslate\b([^%]*)%\}(.*?)\{%-?\s*endblocktranslate\s*%\}", re.S)
PLURAL = re.compile(r"\{%-?\s*plural\s*%\}")
GETTEXT = re.compile(r"\b(?:_|gettext|gettext_lazy)\(\s*((?:\"(?:[^\"\\]|\\.)*\"\s*)+)", re.S)
STIGMA = {
    "en": (
        "addict", "addicts", "addicted", "alcoholic", "alcoholics", "abuse", "abuser", "abused", "abusing", "junkie",
        "clean", "dirty", "habit", "relapse", "relapsed", "failed", "failure", "invalid", "non-compliant", "noncompliant",
        "compliance", "refused", "suffers", "suffering", "victim", "mentally", "crazy", "commit", "committed", "denies",
        "manipulative",
    ),
    "es": (
        "adicto", "adicta", "adictos", "drogadicto", "drogadicta", "alcohólico", "alcohólica", "abuso", "abusar", "limpio",
        "limpia", "sucio", "sucia", "recaída", "fracaso", "fracasó", "inválido", "inválida", "incumplimiento", "víctima",
        "loco", "loca", "padece", "sufre",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Text:
    """One text that a client reads: where it stands, in which language, what it says."""

    where: str
    language: str
    words: str

    @property
    def plain(self) -> str:
        """Without markup and placeholders, ended like a sentence."""
        text = re.sub(r"<[^>]+>", "", self.words)
        text = re.sub(r"%\(\w+\)[sd]|\{\w*\}", "3", text)
        text = re.sub(r"[“”\"()]", " ", text).replace(":", ".").replace("·", " ")
        text = " ".join(text.split())
        return text if text.endswith((".", "?", "!")) else f"{text}."


NAMED = re.compile(r"^(client|plain|take_away)(_|$)|_(client|plain|take_away)$")


def client_templates() -> list[Path]:
    """The templates that a client reads, on a screen or on paper."""
    return [
        path
        for path in sorted((ROOT / "templates").rglob("*.html"))
        if not _apart(path)
        and (
            path.parent.name == "client"
            or NAMED.search(path.stem.removesuffix("_pdf"))
            or '{% extends "client/' in path.read_text()
        )
    ]


def client_python() -> list[Path]:
    """The Python that words a client's pages."""
    found = [
        path for app in HOUSE for path in sorted((ROOT / app).rglob("*.py")) if "management" not in path.parts
    ]
    return [path for path in found if (NAMED.search(path.stem) or path.stem == "handed") and not _apart(path)]


def _apart(path: Path) -> bool:
    return str(path.relative_to(ROOT)) in exempt()["for_staff"]


@cache
def exempt() -> dict[str, dict[str, str]]:
    """What is not measured, each with the reason."""
    told: dict[str, dict[str, str]] = tomllib.loads(EXEMPT.read_text())
    return told


def of_template(text: str) -> Iterator[str]:
    """The English of a template's own texts."""
    for found in (*TRANSLATE.findall(text), *IN_FILTER.findall(text)):
        yield _literal(found)
    for marks, inside in BLOCK.findall(text):
        for part in PLURAL.split(inside):
            named = re.sub(r"\{\{\s*(\w+)\s*\}\}", r"%(\1)s", part)
            yield (
                " ".join(line.strip() for line in named.strip().splitlines()) if "trimmed" in marks else named
            )


def of_python(text: str) -> Iterator[str]:
    """The English of what a Python file hands to gettext."""
    for found in GETTEXT.findall(text):
        yield "".join(_literal(one) for one in re.findall(r"\"(?:[^\"\\]|\\.)*\"", found))


def _literal(quoted: str) -> str:
    return quoted[1:-1].replace('\\"', '"').replace("\\'", "'").replace("\\n", "\n")


@cache
def spanish() -> dict[str, list[str]]:
    """English -> the Spanish of every catalogue of ours (both forms of a plural)."""
    found: dict[str, list[str]] = {}
    for path in sorted(
        {*ROOT.glob("*/locale/es/LC_MESSAGES/*.po"), *ROOT.glob("clinic/*/locale/es/LC_MESSAGES/*.po")}
    ):
        with path.open("rb") as file:
            for message in read_po(file, locale="es"):
                if not message.id:
                    continue
                both = message.id if isinstance(message.id, tuple) else (message.id,)
                said = message.string if isinstance(message.string, tuple) else (message.string,)
                for one in both:
                    found[one] = [text for text in said if text]
    return found


def texts() -> list[Text]:
    """Every text of our own that a client reads, in both languages."""
    return [*_written(), *_asked(), *_signed()]


def _written() -> Iterator[Text]:
    for paths, read in ((client_templates(), of_template), (client_python(), of_python)):
        for path in paths:
            where = str(path.relative_to(ROOT))
            for words in dict.fromkeys(read(path.read_text())):
                if words in exempt()["statutory"]:
                    continue
                yield Text(where, "en", words)
                for said in spanish().get(words, []):
                    yield Text(where, "es", said)


def _signed() -> Iterator[Text]:
    """The words of a consent. What has no Spanish there is for whoever receives a packet."""
    path = ROOT / "clinic" / "consent" / "words.py"
    for words in dict.fromkeys(of_python(path.read_text())):
        if words not in exempt()["statutory"] and words in spanish():
            where = str(path.relative_to(ROOT))
            yield Text(where, "en", words)
            for said in spanish()[words]:
                yield Text(where, "es", said)


def untranslated() -> list[Text]:
    """Texts of client pages that no Spanish catalogue of ours has."""
    return [
        text
        for text in _written()
        if text.language == "en" and re.search("[A-Za-z]{2}", text.plain) and not spanish().get(text.words)
    ]


def _asked() -> Iterator[Text]:
    for path in sorted(
        [*(ROOT / "intake" / "interview").glob("*/*.toml"), *(ROOT / "intake" / "questions").glob("*.toml")]
    ):
        told = tomllib.loads(path.read_text())
        told.pop("leads", None)  # for staff
        yield from _bilingual(str(path.relative_to(ROOT)), told)
    newest = max((ROOT / "clinic" / "consent" / "notices").glob("*.en.toml"))
    for path in (newest, newest.with_suffix("").with_suffix(".es.toml")):
        told = tomllib.loads(path.read_text())  # its header is prescribed, 42 CFR 2.22(b)(1)(i): exempt
        for part in told["sections"]:
            for words in (part["title"], *part["lines"]):
                yield Text(str(path.relative_to(ROOT)), path.suffixes[0][1:], words)


def _bilingual(where: str, told: object) -> Iterator[Text]:
    """Every text with a Spanish twin, wherever it stands in a file."""
    if isinstance(told, list):
        for one in told:
            yield from _bilingual(where, one)
    elif isinstance(told, dict):
        for name, value in told.items():
            if f"{name}_es" in told:
                yield Text(where, "en", value)
                yield Text(where, "es", told[f"{name}_es"])
            elif not name.endswith("_es"):
                yield from _bilingual(where, value)


def grade(text: str, language: str) -> float:
    """The school grade of a text: Flesch-Kincaid in English, Crawford in Spanish."""
    textstat.set_lang("es" if language == "es" else "en_US")
    measure = textstat.crawford if language == "es" else textstat.flesch_kincaid_grade
    return float(measure(text))


def too_hard(found: list[Text], most: float = GRADE) -> list[str]:
    """Texts of ENOUGH words that are harder than `most`, and passages (all of one file) that are, with their hardest."""
    wrong = []
    for where, language in sorted({(text.where, text.language) for text in found}):
        mine = [text for text in found if (text.where, text.language) == (where, language)]
        long = [(grade(text.plain, language), text) for text in mine if len(text.plain.split()) >= ENOUGH]
        wrong += [
            f"{where} ({language}): grade {level:.1f}: {text.words}" for level, text in long if level > most
        ]
        whole = " ".join(text.plain for text in mine)
        if len(whole.split()) >= ENOUGH and (level := grade(whole, language)) > most:
            hardest = max(mine, key=lambda text: grade(text.plain, language))
            wrong.append(f"{where} ({language}) as a whole: grade {level:.1f}; hardest: {hardest.words}")
    return wrong


def stigma(found: list[Text]) -> list[str]:
    """Words that blame or shame, with the text they stand in (experience.md T9)."""
    wrong = []
    for text in found:
        said = set(re.findall(r"[\w'-]+", text.plain.lower()))
        wrong += [
            f"{text.where} ({text.language}): “{word}” in: {text.words}"
            for word in STIGMA[text.language]
            if word in said
        ]
    return wrong
