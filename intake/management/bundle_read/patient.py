"""A Patient: who somebody is, how they are known again, how they may be reached, and what was once asked of them."""

import datetime as dt
import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from clinic.record.models import Channel, Sex
from intake.management.bundle_read.pieces import BadResource, at, day, status_of, text_of
from intake.rules import read_phone

SYNTHEA = "https://github.com/synthetichealth/synthea"
US_CORE = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-"
# Numbers that a clinic does not need from elsewhere: social security, driving licence, passport.
PRIVATE_TYPES = {"SS", "DL", "PPN"}
UUID_TEXT = re.compile(r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")


@dataclass
class Person:
    """A Patient. `numbers`: (system, value), the one that names them first; `given`: what `register_client` takes."""

    numbers: list[tuple[str, str]]
    given: dict[str, Any]
    notes: list[tuple[str, str]] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)  # topic of the catalogue -> code


def person(resource: dict[str, Any], full_url: str, today: dt.date) -> Person:
    """The Patient. Raises BadResource where there is neither a name nor a birth date, or no way to know them again."""
    found = Person(_numbers(resource, full_url), {})
    given = found.given
    _take_names(resource, found)
    given["birth_date"] = day(resource, "birthDate", today)
    given["birth_estimated"] = given["birth_date"] is not None and len(str(resource["birthDate"])) < 10
    if not (given["given_name"] or given["family_name"] or given["birth_date"]):
        raise BadResource("name", "There is neither a name nor a birth date.")
    _take_sex(resource, found)
    _take_death(resource, found, today)
    _take_contacts(resource, found)
    _take_language(resource, found)
    _take_home(resource, found)
    _take_facts(resource, found)
    return found


def _numbers(resource: dict[str, Any], full_url: str) -> list[tuple[str, str]]:
    """The numbers by which this person is known again, (system, value): never one that another person may have too.

    A number without a system, and an id that is no UUID ("1", "example"), mean somebody else in the next file: where
    there is nothing better, the id counts together with the name and the birth date.
    """
    found: list[tuple[str, str]] = []
    for number in resource.get("identifier") or []:
        system, value = str(at(number, "system") or ""), at(number, "value")
        if not isinstance(value, str) or not value or status_of(at(number, "type")) in PRIVATE_TYPES:
            continue
        if system and not system.endswith("us-ssn") and len(value) <= 60:
            found.append((system[:60], value))
    found.sort(key=lambda pair: pair[0] != SYNTHEA)
    own = str(resource.get("id") or "") or full_url.removeprefix("urn:uuid:")
    if UUID_TEXT.match(own):
        found.append(("fhir", own))
    elif not found and own:
        told = json.dumps([own, resource.get("name"), resource.get("birthDate")], sort_keys=True)
        found.append(("fhir", hashlib.sha256(told.encode()).hexdigest()[:40]))
    if not found:
        raise BadResource("identifier", "There is no number by which this person could be known again.")
    return list(dict.fromkeys(found))[:6]


def _take_names(resource: dict[str, Any], found: Person) -> None:
    names = [name for name in resource.get("name") or [] if isinstance(name, dict)]
    order = {"official": 0, "usual": 1, "": 2, "temp": 3, "anonymous": 4}
    own = sorted(
        (n for n in names if n.get("use") not in ("old", "maiden", "nickname")),
        key=lambda n: order.get(str(n.get("use") or ""), 5),
    )
    first = own[0] if own else {}
    given, family = " ".join(_strings(first.get("given"))), str(first.get("family") or "")
    if not given and not family and isinstance(first.get("text"), str):
        given, _space, family = first["text"].strip().rpartition(" ")
    other = [
        " ".join([*_strings(n.get("given")), str(n.get("family") or "")]).strip()
        for n in names
        if n is not first
    ]
    nick = next((" ".join(_strings(n.get("given"))) for n in names if n.get("use") == "nickname"), "")
    _fit(found, "given_name", given, 120)
    _fit(found, "family_name", family, 120)
    _fit(found, "chosen_name", nick, 120)
    _fit(found, "other_names", ", ".join(dict.fromkeys(name for name in other if name and name != nick)), 240)


def _fit(found: Person, name: str, text: str, longest: int) -> None:
    if len(text) > longest:
        found.notes.append((name, f"It is longer than {longest} characters and was cut."))
    found.given[name] = text.replace("\x00", "")[:longest]


def _strings(values: Any) -> list[str]:
    return [value for value in values or [] if isinstance(value, str)]


def _take_sex(resource: dict[str, Any], found: Person) -> None:
    birth = str(
        _extension(resource, "birthsex", "valueCode") or _extension(resource, "sex", "valueCode") or ""
    )
    gender = str(resource.get("gender") or "")
    known = {"F": Sex.FEMALE, "M": Sex.MALE, "248152002": Sex.FEMALE, "248153007": Sex.MALE}
    found.given["sex"] = known.get(birth) or {"female": Sex.FEMALE, "male": Sex.MALE}.get(gender, "")
    if gender == "other" or (known.get(birth) and gender in ("female", "male") and known[birth] != gender):
        found.given["gender"] = gender.capitalize()
    elif gender not in ("female", "male", "other", "unknown", ""):
        found.notes.append(("gender", f"It is none of FHIR's: {gender[:20]}"))


def _extension(resource: dict[str, Any], name: str, value: str) -> Any:
    for one in resource.get("extension") or []:
        if at(one, "url") == US_CORE + name:
            return at(one, value)
    return None


def _omb(resource: dict[str, Any], name: str) -> str:
    """The OMB category of a US Core race or ethnicity extension, in words; its text where there is no category."""
    for one in resource.get("extension") or []:
        if at(one, "url") != US_CORE + name:
            continue
        parts = at(one, "extension") or []
        said = [at(part, "valueCoding", "display") for part in parts if at(part, "url") == "ombCategory"]
        said += [at(part, "valueString") for part in parts if at(part, "url") == "text"]
        return next((text for text in said if isinstance(text, str)), "")
    return ""


OMB = {
    "race": {
        "american indian or alaska native": "american_indian", "asian": "asian", "black or african american": "black",
        "native hawaiian or other pacific islander": "pacific", "white": "white",
    },
    "ethnicity": {"hispanic or latino": "unspecified", "not hispanic or latino": "none"},
}  # fmt: skip


MARRIED = {
    "S": "never_married",
    "M": "married",
    "T": "married",
    "L": "separated",
    "D": "divorced",
    "W": "widowed",
}
SPOKEN = {"en", "es", "zh", "vi", "ar", "ht", "pt"}


def _take_facts(resource: dict[str, Any], found: Person) -> None:
    if said := text_of(resource.get("maritalStatus")):
        code = MARRIED.get(status_of(resource.get("maritalStatus")))
        if code:
            found.facts["marital_status"] = code
        else:
            found.notes.append(("maritalStatus", f"We have no answer that says: {said[:60]}"))
    for topic, codes in OMB.items():
        said = _omb(resource, topic)
        if code := codes.get(said.lower()):
            found.facts[topic] = code
        elif said:
            found.notes.append((f"extension({topic})", f"We have no answer that says: {said[:60]}"))


def _take_death(resource: dict[str, Any], found: Person, today: dt.date) -> None:
    if resource.get("deceasedDateTime") is not None:
        found.given["deceased_on"] = day(resource, "deceasedDateTime", today)
    elif resource.get("deceasedBoolean") is True:
        found.notes.append(("deceasedBoolean", "They died, and no day is given: write it down in the chart."))


def _take_contacts(resource: dict[str, Any], found: Person) -> None:
    """Phones and e-mail addresses. Nobody has said that they are safe: nothing is allowed until someone asks."""
    contacts: list[dict[str, Any]] = []
    for number, point in enumerate(resource.get("telecom") or []):
        path, system, value = f"telecom[{number}]", at(point, "system"), at(point, "value")
        if not isinstance(value, str) or not value or at(point, "use") == "old":
            continue
        try:
            if system in ("phone", "sms"):
                contacts.append({"channel": Channel.PHONE, "value": read_phone(value)})
            elif system == "email":
                validate_email(value)
                contacts.append({"channel": Channel.EMAIL, "value": value[:160]})
            else:
                found.notes.append((path, f"We keep phones and e-mail addresses, not: {str(system)[:20]}"))
        except (ValueError, ValidationError):
            found.notes.append((f"{path}.value", "It is no phone number or e-mail address."))
    found.given["contacts"] = list({(c["channel"], c["value"]): c for c in contacts}.values())


def _take_language(resource: dict[str, Any], found: Person) -> None:
    told = resource.get("communication") or []
    wanted = next((one for one in told if at(one, "preferred") is True), told[0] if told else None)
    code = str(at(wanted, "language", "coding", 0, "code") or "").lower()
    if not code:
        return
    if code[:2] in SPOKEN:
        found.facts["language_spoken"] = code[:2]
    if code[:2] in ("en", "es"):
        found.given["language"] = code[:2]
    else:
        found.given["interpreter"] = True
        found.notes.append(
            ("communication", f"Their language, {code[:12]}, is written down as: interpreter needed.")
        )


def _take_home(resource: dict[str, Any], found: Person) -> None:
    homes = [
        one for one in resource.get("address") or [] if isinstance(one, dict) and one.get("use") != "old"
    ]
    if not homes:
        return
    home = homes[0]
    said = {"street": ", ".join(_strings(home.get("line"))), "suburb": home.get("city"), "state": home.get("state"),
            "postcode": home.get("postalCode")}  # fmt: skip
    longest = {"street": 160, "suburb": 80, "state": 20, "postcode": 12}
    found.given["address"] = {name: str(said[name] or "")[: longest[name]] for name in said}
    if len(homes) > 1:
        found.notes.append(("address", "There are more addresses; the first is kept."))
