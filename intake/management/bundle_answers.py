"""A QuestionnaireResponse as answers of one of our instruments: known by its LOINC panel or by its questions."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from intake.management.bundle_read import BadResource, KeptOut, at, day
from screening import rules

LOINC = re.compile(r"\b(\d{1,6}-\d)\b")


@dataclass
class Answered:
    """One questionnaire, answered. `answers`: item -> an option's number, or "declined"."""

    instrument: str
    answers: dict[str, Any]
    taken_on: dt.date
    language: str


class Unknown(KeptOut):
    """None of our instruments; `str(error)` names which it is."""


def read(resource: dict[str, Any], today: dt.date) -> Answered:
    """The answers. Raises Unknown for an instrument we do not have, BadResource for an answer that it does not have."""
    status = str(resource.get("status") or "")
    if status not in ("completed", "amended"):
        raise KeptOut(f"Its status is {status or 'missing'}.")
    taken = day(resource, "authored", today)
    found = list(_items(resource.get("item"), "item"))
    form = _form(str(resource.get("questionnaire") or ""), found)
    if taken is None:
        raise BadResource("authored", "It does not say when it was answered.")
    by_code = {item.loinc: item for item in form.items if item.loinc} | {item.id: item for item in form.items}
    answers = {}
    for path, codes, item in found:
        known = next((by_code[code] for code in codes if code in by_code), None)
        if known is not None and (told := at(item, "answer", 0)) is not None:
            answers[known.id] = _answer(f"{path}.answer[0]", known, told)
    if not answers:
        raise BadResource("item", f"It answers no question of {form.short_title}.")
    language = str(resource.get("language") or "en")[:2]
    return Answered(form.id, answers, taken, language if language in form.languages else "en")


def _items(items: Any, path: str) -> Any:
    """Every item with its path and the codes it may be known by, groups opened."""
    for number, item in enumerate(items or []):
        here = f"{path}[{number}]"
        link = str(at(item, "linkId") or "")
        yield here, [*LOINC.findall(link)[-1:], link.rsplit("/", 1)[-1]], item
        yield from _items(at(item, "item"), f"{here}.item")


def _form(canonical: str, found: list[Any]) -> Any:
    forms = rules.load_all()
    named = (set(LOINC.findall(canonical)) | set(re.split(r"[/|]", canonical.lower()))) - {""}
    for form in forms:
        if form.loinc_panel in named or form.id in named:
            return form
    asked = {code for _path, codes, _item in found for code in codes}
    # A short form's questions are the long one's too: whichever answers the most of what was asked.
    best = max(forms, key=lambda form: (len(_codes(form) & asked), -len(form.items)))
    if len(_codes(best) & asked) * 2 > len(best.items):
        return best
    raise Unknown(canonical or "a questionnaire without a name")


def _codes(form: Any) -> set[str]:
    return {item.loinc or item.id for item in form.items}


def _answer(path: str, item: Any, told: dict[str, Any]) -> Any:
    if (at(told, "valueCoding", "code") or "") in ("asked-declined", "LA30122-8", "ASKU"):
        return "declined"
    for name in ("valueInteger", "valueDecimal"):
        number = told.get(name)
        if isinstance(number, int | float) and (place := item.position(int(number))) is not None:
            return place
    code = at(told, "valueCoding", "code")
    words = at(told, "valueCoding", "display") or told.get("valueString")
    if isinstance(told.get("valueBoolean"), bool):
        words = "Yes" if told["valueBoolean"] else "No"
    for place, option in enumerate(item.options):
        if code and code == option.loinc:
            return place
    for place, option in enumerate(item.options):
        if isinstance(words, str) and words.strip().lower() in (option.text.lower(), option.text_es.lower()):
            return place
    raise BadResource(path, "It is none of the question's answers.")
