"""The pieces that every FHIR R4 resource is made of, and the two ways in which one may not be taken."""

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Any


class BadResource(ValueError):
    """It cannot be taken: where in the resource, and why."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(reason)
        self.path, self.reason = path, reason


class KeptOut(ValueError):
    """It can be read and does not belong in a chart: entered in error, planned, refuted."""


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
    """The code of a CodeableConcept that says a status or a type."""
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


def period(resource: dict[str, Any], name: str, side: str, today: dt.date, inner: str = "") -> dt.date | None:
    """The `start` or `end` of a Period, under `name` or inside it."""
    found = at(resource, name, inner) if inner else at(resource, name)
    if not isinstance(found, dict):
        return None
    try:
        return day(found, side, today)
    except BadResource as bad:
        raise BadResource(".".join(filter(None, (name, inner, bad.path))), bad.reason) from None


def demand_true(resource: dict[str, Any], untrue: tuple[str, ...]) -> None:
    """Raises KeptOut for what the sender no longer holds to be true."""
    said = status_of(resource.get("verificationStatus"))
    if said in untrue:
        raise KeptOut(f"Its verification status is {said}.")
