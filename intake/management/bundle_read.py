"""What a FHIR R4 resource says, read thinly: as much as we keep, and why the rest was not taken.

A library was tried for this (fhir.resources parses R4B only, in the way of all-or-nothing): one odd element would have
cost the whole resource. The standard's own search and profile rules are the server's business, not an import's.
"""

import datetime as dt
import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from clinic.record.models import Channel, Sex
from intake.rules import read_phone
from intake.rules.problems import domain_of

SYNTHEA = "https://github.com/synthetichealth/synthea"
US_CORE = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-"
# Numbers that a clinic does not need from elsewhere: social security, driving licence, passport.
PRIVATE_TYPES = {"SS", "DL", "PPN"}
UUID_TEXT = re.compile(r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")
NO_ALLERGY = {"716186003", "409137002", "429625007", "428607008"}


class BadResource(ValueError):
    """It cannot be taken: where in the resource, and why."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(reason)
        self.path, self.reason = path, reason


class KeptOut(ValueError):
    """It can be read and does not belong in a chart: entered in error, planned, refuted."""


@dataclass
class Person:
    """A Patient. `numbers`: (system, value), the one that names them first; `given`: what `register_client` takes."""

    numbers: list[tuple[str, str]]
    given: dict[str, Any]
    notes: list[tuple[str, str]] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)  # topic of the catalogue -> code


@dataclass
class Row:
    """A row to be: what it is for, and its columns. `medication`: a reference still to be followed."""

    kind: str
    columns: dict[str, Any]
    medication: str = ""
    notes: list[tuple[str, str]] = field(default_factory=list)


def at(resource: Any, *path: str | int) -> Any:
    """What stands there, or None: FHIR leaves out whatever is not known, at every step."""
    for step in path:
        if isinstance(step, int):
            resource = resource[step] if isinstance(resource, list) and len(resource) > step else None
        else:
            resource = resource.get(step) if isinstance(resource, dict) else None
    return resource


def text_of(concept: Any) -> str:
    """A CodeableConcept in words: as it was written, else its first coding's display, else the code."""
    coding = at(concept, "coding", 0)
    for found in (at(concept, "text"), at(coding, "display"), at(coding, "code")):
        if isinstance(found, str) and found.strip():
            return found.strip()
    return ""


def code_of(concept: Any) -> tuple[str, str]:
    """(system, code) of the first coding that has a code short enough to be one."""
    for coding in at(concept, "coding") or []:
        code, system = at(coding, "code"), at(coding, "system")
        if isinstance(code, str) and 0 < len(code) <= 20:
            return str(system or "")[:120], code
    return "", ""


def status_of(concept: Any) -> str:
    return str(at(concept, "coding", 0, "code") or "")


def day(resource: dict[str, Any], name: str, today: dt.date, *, future: bool = False) -> dt.date | None:
    """The date of an element `date` or `dateTime`: the local day as it was written. Partial ones begin the year or month."""
    said = resource.get(name)
    if said is None:
        return None
    found = re.match(r"^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T.*)?)?)?$", said) if isinstance(said, str) else None
    if not found:
        raise BadResource(name, f"This is no FHIR date: {str(said)[:40]}")
    try:
        read = dt.date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError:
        raise BadResource(name, f"There is no such day: {said[:40]}") from None
    if read > today and not future:
        raise BadResource(name, f"The day is still to come: {said[:40]}")
    return read


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


def _take_facts(resource: dict[str, Any], found: Person) -> None:
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


def condition(resource: dict[str, Any], today: dt.date) -> Row:
    """A Condition as a problem. Raises KeptOut for one that is refuted or entered in error."""
    _demand_true(resource, ("refuted", "entered-in-error"))
    concept = resource.get("code")
    words = text_of(concept)
    if not words:
        raise BadResource("code", "It does not say what it is.")
    system, code = code_of(concept)
    began = day(resource, "onsetDateTime", today) or _period(resource, "onsetPeriod", "start", today)
    recorded = day(resource, "recordedDate", today)
    over = day(resource, "abatementDateTime", today) or _period(resource, "abatementPeriod", "end", today)
    if over is None and status_of(resource.get("clinicalStatus")) in ("inactive", "remission", "resolved"):
        over = recorded or began or today
    columns = {
        "text": words[:240], "code": code, "code_system": "" if "icd-10" in system else system,
        "domain": domain_of(words, system, code), "onset_on": began or recorded, "resolved_on": over,
        "said_by": str(at(resource, "recorder", "display") or at(resource, "asserter", "display") or "")[:80],
    }  # fmt: skip
    return Row("problem", columns)


def medication_request(resource: dict[str, Any], today: dt.date) -> Row:
    """A MedicationRequest as a medication. Raises KeptOut for drafts, plans, cancelled ones and errors."""
    status, intent = str(resource.get("status") or ""), str(resource.get("intent") or "order")
    if status in ("entered-in-error", "draft", "cancelled") or intent in ("proposal", "plan", "option"):
        raise KeptOut(f"Its status is {status or 'missing'}, its intent {intent}.")
    concept = resource.get("medicationCodeableConcept")
    reference = str(at(resource, "medicationReference", "reference") or "")
    if reference.startswith("#"):
        concept = _contained(resource, reference[1:]) or concept
        reference = ""
    words = text_of(concept) or str(at(resource, "medicationReference", "display") or "")
    if not words and not reference:
        raise BadResource("medication[x]", "It does not say which medication.")
    begun = day(resource, "authoredOn", today) or _period(
        resource, "dispenseRequest", "start", today, "validityPeriod"
    )
    if begun is None:
        raise BadResource("authoredOn", "It does not say when it was prescribed.")
    over = _period(resource, "dispenseRequest", "end", today + dt.timedelta(days=3660), "validityPeriod")
    row = Row("medication", {}, medication="" if words else reference)
    if status in ("stopped", "completed") and (over is None or over > today):
        over = begun
        row.notes.append(
            ("status", f"It is {status} and no end is given: kept as ended on the day it was prescribed.")
        )
    elif status not in ("stopped", "completed"):
        over = over if over and over <= today else None
    system, code = code_of(concept)
    row.columns = {
        "name": words[:240], "code": code, "code_system": system, "dose": _dose(resource)[:240], "starts_on": begun,
        "ends_on": over if over is None else max(over, begun), "outside": str(at(resource, "requester", "display") or "")[:240],
    }  # fmt: skip
    return row


def _contained(resource: dict[str, Any], key: str) -> Any:
    for one in resource.get("contained") or []:
        if at(one, "id") == key:
            return at(one, "code")
    return None


def _dose(resource: dict[str, Any]) -> str:
    said = at(resource, "dosageInstruction", 0)
    if isinstance(at(said, "text"), str):
        return str(said["text"])
    amount, unit = (
        at(said, "doseAndRate", 0, "doseQuantity", "value"),
        at(said, "doseAndRate", 0, "doseQuantity", "unit"),
    )
    repeat = at(said, "timing", "repeat") or {}
    parts = [f"{amount:g} {unit or ''}".strip() if isinstance(amount, int | float) else ""]
    if repeat.get("frequency") and repeat.get("period"):
        parts.append(
            f"{repeat['frequency']} × every {repeat['period']} {repeat.get('periodUnit', '')}".strip()
        )
    if at(said, "asNeededBoolean"):
        parts.append("as needed")
    return ", ".join(filter(None, parts))


def allergy(resource: dict[str, Any], today: dt.date) -> Row:
    """An AllergyIntolerance; one that says there are none is kept as that."""
    _demand_true(resource, ("refuted", "entered-in-error"))
    concept = resource.get("code")
    recorded = day(resource, "onsetDateTime", today) or day(resource, "recordedDate", today)
    system, code = code_of(concept)
    if code in NO_ALLERGY:
        return Row("no_allergy", {"on": recorded or today})
    words = text_of(concept)
    if not words:
        raise BadResource("code", "It does not say to what.")
    reactions = []
    for one in resource.get("reaction") or []:
        told = ", ".join(filter(None, (text_of(m) for m in at(one, "manifestation") or [])))
        reactions.append(f"{told} ({one['severity']})" if at(one, "severity") and told else told)
    ended = status_of(resource.get("clinicalStatus")) in ("inactive", "resolved")
    columns = {
        "substance": words[:160], "code": code, "code_system": system, "starts_on": recorded,
        "reaction": "; ".join(filter(None, reactions))[:160],
        "ends_on": (day(resource, "lastOccurrence", today) or recorded or today) if ended else None,
    }  # fmt: skip
    return Row("allergy", columns)


def encounter(resource: dict[str, Any], today: dt.date) -> Row:
    """An Encounter that took place. Raises KeptOut for one that is planned, cancelled or an error."""
    status = str(resource.get("status") or "")
    if status not in ("finished", "in-progress", "arrived", "triaged", "onleave", "unknown"):
        raise KeptOut(f"Its status is {status or 'missing'}.")
    on = _period(resource, "period", "start", today)
    if on is None:
        raise BadResource("period.start", "It does not say when.")
    service = text_of(at(resource, "type", 0)) or str(
        at(resource, "class", "display") or at(resource, "class", "code") or ""
    )
    who = [str(at(one, "individual", "display") or "") for one in resource.get("participant") or []]
    where = str(
        at(resource, "serviceProvider", "display") or at(resource, "location", 0, "location", "display") or ""
    )
    reason = text_of(at(resource, "reasonCode", 0))
    columns = {
        "on": on, "service": (service or "Visit")[:160],
        "outside": "; ".join(filter(None, [*who[:2], where, reason]))[:240],
    }  # fmt: skip
    return Row("encounter", columns)


def _period(
    resource: dict[str, Any], name: str, side: str, today: dt.date, inner: str = ""
) -> dt.date | None:
    found = at(resource, name, inner) if inner else at(resource, name)
    if not isinstance(found, dict):
        return None
    try:
        return day(found, side, today)
    except BadResource as bad:
        raise BadResource(".".join(filter(None, (name, inner, bad.path))), bad.reason) from None


def _demand_true(resource: dict[str, Any], untrue: tuple[str, ...]) -> None:
    said = status_of(resource.get("verificationStatus"))
    if said in untrue:
        raise KeptOut(f"Its verification status is {said}.")
