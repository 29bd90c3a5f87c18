"""The elements of 42 CFR 2.31 by name, for each kind of consent, and which kinds can never be one."""

import datetime as dt
from typing import Any

from clinic.consent.rules.marks import gettext_noop
from clinic.consent.rules.signers import signer_problems

GENERAL, TPO, NOTES, LEGAL, INSIDE = "general", "tpo", "notes", "legal", "inside"
TPO_PURPOSES = ("treatment", "payment", "operations")
ON_DATE, ON_EVENT, END_OF_TREATMENT, NEVER = "date", "event", "end_of_treatment", "none"
COUNSELLING_NOTES, PROCEEDING = "counselling_notes", "proceeding"

# Each element of 2.31(a), and what is said when it is missing.
MISSING = {
    "patient_name": gettext_noop("Enter the name of the client"),
    "programs": gettext_noop("Choose which programs may share"),
    "categories": gettext_noop("Choose what may be shared"),
    "description": gettext_noop("Describe in plain words what may be shared"),
    "recipient": gettext_noop("Choose who may receive it"),
    "members": gettext_noop(
        "Name the members who may receive it, or limit them to those who treat the client"
    ),
    "to_program": gettext_noop("Choose the program here that may read it"),
    "proceeding": gettext_noop("Name the case or proceeding"),
    "redisclosure_told": gettext_noop(
        "Confirm that the client was told who may share it further, and who may not"
    ),
    "purposes": gettext_noop("Choose what it may be used for"),
    "revocation_told": gettext_noop("Confirm that the client was told how to take the consent back"),
    "expires": gettext_noop("Choose when the consent ends"),
    "expires_on": gettext_noop("Enter the date on which the consent ends"),
    "expires_event": gettext_noop("Name the event with which the consent ends"),
    "consequences_told": gettext_noop(
        "Confirm that the client was told the risk of sharing further, and what happens if they refuse"
    ),
    "signer_name": gettext_noop("Enter the name of the person who signs"),
    "signature": gettext_noop("The consent is not signed: type the name again, or draw the signature"),
    "authority": gettext_noop("Say what gives the representative the right to sign"),
    "signed_on": gettext_noop("Enter the date on which it was signed"),
}
PAST = gettext_noop("The consent would have ended already: enter a date from today on")
NEVER_IS_TPO_ONLY = gettext_noop(
    "A consent without an end is possible only for treatment, payment and operations"
)
SIGNED_LATER = gettext_noop("The signing date is in the future")
ONE_PROGRAM = gettext_noop("Choose one program: each that another may read needs a consent of its own")
NO_EVENT = gettext_noop("This consent names no event")
RECIPIENT_ENDED = gettext_noop("This recipient no longer exists: choose another")
# 2.31(b)(2), (d): what a consent of its own must be for, and what no other consent may hold.
NOTES_ALONE = gettext_noop("Counseling notes need a consent of their own, with nothing else in it")
PROCEEDING_ALONE = gettext_noop("Legal proceedings need a consent of their own, for no other purpose")

SIGNING = ("signer_name", "signature", "signed_on", "authority")


def missing_elements(
    consent: dict[str, Any], today: dt.date, *, signed: bool = True
) -> list[tuple[str, str]]:
    """(field, what to do) for each element of 2.31 that is missing or cannot be: with one, nothing is signed.

    Keys as in MISSING, plus `kind`; `recipient` is any recipient, one by name or a class. `signed=False`: the text as
    it is prepared, before anyone signs it. `whose`: who signs for a minor (2.14), as `who_signs` said.
    """
    needed = _needed(consent)
    if not signed:
        needed = [name for name in needed if name not in SIGNING]
    found = [(name, MISSING[name]) for name in MISSING if name in needed and not _given(consent.get(name))]
    found += _impossible(consent, today)
    signed_on = consent.get("signed_on")
    if signed and signed_on and signed_on > today:
        found.append(("signed_on", SIGNED_LATER))
    if signed:
        found += signer_problems(consent, today)
    return found + [pair for pair in merged(consent) if pair[0] not in {name for name, _words in found}]


def _needed(consent: dict[str, Any]) -> list[str]:
    kind = consent.get("kind")
    needed = ["patient_name", "programs", "categories", "description"]
    needed += ["purposes", "revocation_told", "expires", "signer_name", "signature", "signed_on"]
    needed.append("to_program" if kind == INSIDE else "recipient")
    if kind == TPO:  # 2.31(a)(4)(iii) and (a)(10)
        needed += ["redisclosure_told", "consequences_told"]
    if kind == LEGAL:
        needed.append("proceeding")
    if consent.get("via_intermediary"):  # 2.31(a)(4)(ii)
        needed.append("members")
    if consent.get("expires") == ON_DATE:
        needed.append("expires_on")
    if consent.get("expires") == ON_EVENT:
        needed.append("expires_event")
    if consent.get("by_representative"):
        needed.append("authority")
    return needed


def _impossible(consent: dict[str, Any], today: dt.date) -> list[tuple[str, str]]:
    found = []
    expires_on = consent.get("expires_on")
    if consent.get("expires") == ON_DATE and expires_on and expires_on < today:
        found.append(("expires_on", PAST))
    if consent.get("expires") == NEVER and consent.get("kind") != TPO:
        found.append(("expires", NEVER_IS_TPO_ONLY))
    if consent.get("kind") == INSIDE and len(consent.get("programs") or []) > 1:
        found.append(("programs", ONE_PROGRAM))
    if consent.get("recipient_ended"):
        found.append(("recipient", RECIPIENT_ENDED))
    return found


def merged(consent: dict[str, Any]) -> list[tuple[str, str]]:
    """What this consent tries to combine that may not be combined, by name (2.31(b)(2), (d))."""
    kind, categories = consent.get("kind"), list(consent.get("categories") or [])
    purposes, found = list(consent.get("purposes") or []), []
    if (kind == NOTES and categories != [COUNSELLING_NOTES]) or (
        kind != NOTES and COUNSELLING_NOTES in categories
    ):
        found.append(("categories", NOTES_ALONE))
    if (kind == LEGAL and purposes != [PROCEEDING]) or (kind != LEGAL and PROCEEDING in purposes):
        found.append(("purposes", PROCEEDING_ALONE))
    return found


def _given(value: Any) -> bool:
    return bool(value.strip()) if isinstance(value, str) else bool(value)
