"""Who signs: the client, a minor alone or with a parent, somebody for a client who cannot (42 CFR 2.14, 2.15). Pure."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from clinic.consent.rules.marks import gettext_noop

ADULT = 18
CLIENT, MINOR_ALONE, BOTH = "client", "minor", "both"
PARENT, GUARDIAN, PROXY, DIRECTOR, SURVIVOR = "parent", "guardian", "proxy", "director", "survivor"


@dataclass(frozen=True)
class StateRule:
    """What state law says of minors and SUD treatment: from `age` on they apply for it alone, or never do (`both`)."""

    state: str = ""
    age: int = ADULT
    signs: str = MINOR_ALONE


WHOSE = {
    MINOR_ALONE: gettext_noop("State law lets this young person ask for care alone: only they can sign"),
    BOTH: gettext_noop("State law asks for a parent or guardian too: both sign"),
    "parent_signature": gettext_noop("The parent or guardian has not signed: type their name again"),
    "document": gettext_noop("Write down which paper you saw that gives them the right to sign"),
    "kind": gettext_noop("Choose what gives the representative the right to sign"),
    "over": gettext_noop(
        "Their right to sign has ended: enter a date from today on, or ask who may sign now"
    ),
    "director": gettext_noop(
        "For a client who cannot decide, the program director may agree to payment by a payer only"
    ),
    "died": gettext_noop("The client has died: the executor, or the spouse or nearest family, signs"),
    "alive": gettext_noop("The client is alive: an executor or survivor cannot sign for them"),
}


def who_signs(age: int | None, rule: StateRule | None) -> str:
    """client, minor (alone, 2.14(b)) or both (the minor and a parent or guardian, 2.14(c))."""
    if age is None or age >= ADULT:
        return CLIENT
    if rule is None:
        return BOTH
    return MINOR_ALONE if rule.signs == MINOR_ALONE and age >= rule.age else BOTH


def signer_problems(consent: dict[str, Any], today: dt.date, rule: StateRule | None) -> list[tuple[str, str]]:
    """(field, what to do) for each thing that keeps this person from signing."""
    found, whose = [], who_signs(consent.get("age"), rule)
    acting, kind = bool(consent.get("by_representative")), consent.get("authority_kind") or ""
    if acting and whose == MINOR_ALONE:
        found.append(("by_representative", WHOSE[MINOR_ALONE]))
    if whose == BOTH and not acting:
        if not str(consent.get("parent_name") or "").strip():
            found.append(("parent_name", WHOSE[BOTH]))
        elif not consent.get("parent_signature"):
            found.append(("parent_signature", WHOSE["parent_signature"]))
    if acting and whose == BOTH:  # the parent alone is not enough: 2.14(c)(1)
        found.append(("by_representative", WHOSE[BOTH]))
    if acting:
        found += _authority(consent, kind, today)
    if consent.get("deceased") and not (acting and kind == SURVIVOR):
        found.append(("by_representative", WHOSE["died"]))
    return found


def _authority(consent: dict[str, Any], kind: str, today: dt.date) -> list[tuple[str, str]]:
    found = []
    if not kind:
        found.append(("authority_kind", WHOSE["kind"]))
    if kind not in ("", DIRECTOR) and not str(consent.get("authority_document") or "").strip():
        found.append(("authority_document", WHOSE["document"]))
    until = consent.get("authority_until")
    if until and until < today:
        found.append(("authority_until", WHOSE["over"]))
    if kind == DIRECTOR and list(consent.get("purposes") or []) != ["payment"]:  # 2.15(a)(2)
        found.append(("purposes", WHOSE["director"]))
    if kind == SURVIVOR and not consent.get("deceased"):
        found.append(("authority_kind", WHOSE["alive"]))
    return found
