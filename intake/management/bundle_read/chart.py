"""What the resources of a chart become here: problems, medications, allergies, visits."""

import datetime as dt
from typing import Any

from intake.management.bundle_read.pieces import (
    BadResource,
    KeptOut,
    Row,
    at,
    code_of,
    day,
    demand_true,
    period,
    status_of,
    text_of,
)
from intake.rules.problems import domain_of

NO_ALLERGY = {"716186003", "409137002", "429625007", "428607008"}


def condition(resource: dict[str, Any], today: dt.date) -> Row:
    """A Condition as a problem. Raises KeptOut for one that is refuted or entered in error."""
    demand_true(resource, ("refuted", "entered-in-error"))
    concept = resource.get("code")
    words = text_of(concept)
    if not words:
        raise BadResource("code", "It does not say what it is.")
    system, code = code_of(concept)
    began = day(resource, "onsetDateTime", today) or period(resource, "onsetPeriod", "start", today)
    recorded = day(resource, "recordedDate", today)
    over = day(resource, "abatementDateTime", today) or period(resource, "abatementPeriod", "end", today)
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
    begun = day(resource, "authoredOn", today) or period(
        resource, "dispenseRequest", "start", today, "validityPeriod"
    )
    if begun is None:
        raise BadResource("authoredOn", "It does not say when it was prescribed.")
    over = period(resource, "dispenseRequest", "end", today + dt.timedelta(days=3660), "validityPeriod")
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
    demand_true(resource, ("refuted", "entered-in-error"))
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
    on = period(resource, "period", "start", today)
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
