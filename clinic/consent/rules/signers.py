"""Who signs: the client, a minor alone or with a parent, somebody for a client who cannot (42 CFR 2.14, 2.15). Pure."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from clinic.consent.rules.marks import gettext_noop

CLIENT, MINOR_ALONE, BOTH, PARENT_ALONE = "client", "minor", "both", "parent_alone"
PARENT, GUARDIAN, PROXY, DIRECTOR, SURVIVOR = "parent", "guardian", "proxy", "director", "survivor"


@dataclass(frozen=True)
class StateRule:
    """What the law of one state says of minors: when they are of age, and who signs before.

    `signs`: from `age` on they sign alone (`minor`), or always with a parent (`both`): 42 CFR 2.14 knows no third way for
    substance use care. `other_signs` is for all other care, where a parent alone may sign too (45 CFR 164.502(g)(3)).
    """

    state: str
    adult: int
    age: int
    signs: str
    other_age: int
    other_signs: str


WHOSE = {
    MINOR_ALONE: gettext_noop("State law lets this young person ask for care alone: only they can sign"),
    BOTH: gettext_noop("State law asks for a parent or guardian too: both sign"),
    PARENT_ALONE: gettext_noop(
        "State law asks the parent or guardian to sign for this young person: name them as the representative"
    ),
    "not_parent": gettext_noop("For a young person, a parent or guardian signs: choose one of these"),
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

# Who signs, in words: for staff, and for the client who reads it.
WHO = {
    CLIENT: gettext_noop("The client signs."),
    MINOR_ALONE: gettext_noop("In this state this young person signs alone: a parent is not asked."),
    BOTH: gettext_noop("This client is a minor: they sign, and a parent or guardian signs too."),
    PARENT_ALONE: gettext_noop(
        "In this state a parent or guardian signs for this young person: choose “A representative signs” below."
    ),
}
WHO_TO_CLIENT = {
    CLIENT: gettext_noop("You sign this form."),
    MINOR_ALONE: gettext_noop("In this state you sign this on your own. We do not ask your parents."),
    BOTH: gettext_noop("In this state two people sign: you, and a parent or guardian."),
    PARENT_ALONE: gettext_noop(
        "In this state a parent or guardian signs this for you. Please give the tablet back. We do it with both of you."
    ),
}


def who_signs(age: int | None, law: StateRule, *, part2: bool) -> str:
    """client, minor (alone, 2.14(b)), both (2.14(c)), or parent_alone: of care that is not under Part 2 only."""
    if age is None or age >= law.adult:
        return CLIENT
    alone_from, signs = (law.age, law.signs) if part2 else (law.other_age, law.other_signs)
    if signs == MINOR_ALONE and age >= alone_from:
        return MINOR_ALONE
    return BOTH if part2 or signs == BOTH else PARENT_ALONE


def together(whose: Iterable[str]) -> str:
    """Who signs a consent of several programs: where their rules differ, the client and a parent or guardian."""
    found = set(whose)
    return found.pop() if len(found) == 1 else BOTH


def signer_problems(consent: dict[str, Any], today: dt.date) -> list[tuple[str, str]]:
    """(field, what to do) for each thing that keeps this person from signing. `whose`: what `who_signs` said."""
    whose, kind = consent.get("whose") or CLIENT, consent.get("authority_kind") or ""
    acting = bool(consent.get("by_representative"))
    found = _of_minor(consent, whose, kind, acting)
    if acting:
        found += _authority(consent, kind, today)
    if consent.get("deceased") and not (acting and kind == SURVIVOR):
        found.append(("by_representative", WHOSE["died"]))
    return found


def _of_minor(consent: dict[str, Any], whose: str, kind: str, acting: bool) -> list[tuple[str, str]]:
    found = []
    if acting and whose in (MINOR_ALONE, BOTH):  # the parent alone is not enough: 2.14(c)(1)
        found.append(("by_representative", WHOSE[whose]))
    elif whose == BOTH and not str(consent.get("parent_name") or "").strip():
        found.append(("parent_name", WHOSE[BOTH]))
    elif whose == BOTH and not consent.get("parent_signature"):
        found.append(("parent_signature", WHOSE["parent_signature"]))
    if whose == PARENT_ALONE and not acting:
        found.append(("by_representative", WHOSE[PARENT_ALONE]))
    elif whose == PARENT_ALONE and kind not in ("", PARENT, GUARDIAN):
        found.append(("authority_kind", WHOSE["not_parent"]))
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
