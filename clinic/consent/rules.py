"""What 42 CFR Part 2 asks of a consent, what a consent covers, and which words must not leave. Pure.

Sources: 42 CFR 2.31 (consent), 2.32 (notice), 2.14 and 2.15 (who signs), as amended by 89 FR 12472.
"""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any


def gettext_noop(message: str) -> str:
    """Marks a text for the translators; the pages translate it."""
    return message


NOTICE_VERSION = "42 CFR 2.32(a), 89 FR 12472"

# 42 CFR 2.32(a)(1), verbatim.
STATEMENT_1 = (
    "This record which has been disclosed to you is protected by Federal confidentiality rules (42 CFR part 2). "
    "These rules prohibit you from using or disclosing this record, or testimony that describes the information "
    "contained in this record, in any civil, criminal, administrative, or legislative proceedings by any Federal, "
    "State, or local authority, against the patient, unless authorized by the consent of the patient, except as "
    "provided at 42 CFR 2.12(c)(5) or as authorized by a court in accordance with 42 CFR 2.64 or 2.65. In addition, "
    "the Federal rules prohibit you from making any other use or disclosure of this record unless at least one of "
    "the following applies: (i) Further use or disclosure is expressly permitted by the written consent of the "
    "individual whose information is being disclosed in this record or as otherwise permitted by 42 CFR part 2. "
    "(ii) You are a covered entity or business associate and have received the record for treatment, payment, or "
    "health care operations, or (iii) You have received the record from a covered entity or business associate as "
    "permitted by 45 CFR part 164, subparts A and E. A general authorization for the release of medical or other "
    "information is NOT sufficient to meet the required elements of written consent to further use or redisclose "
    "the record (see 42 CFR 2.31)."
)
# 42 CFR 2.32(a)(2), verbatim.
STATEMENT_2 = "42 CFR part 2 prohibits unauthorized use or disclosure of these records."

GENERAL, TPO = "general", "tpo"
TPO_PURPOSES = ("treatment", "payment", "operations")
ON_DATE, END_OF_TREATMENT, NEVER = "date", "end_of_treatment", "none"

# Each element of 2.31(a), and what is said when it is missing.
MISSING = {
    "patient_name": gettext_noop("Enter the name of the client"),
    "programs": gettext_noop("Choose which programs may share"),
    "categories": gettext_noop("Choose what may be shared"),
    "description": gettext_noop("Describe in plain words what may be shared"),
    "recipient": gettext_noop("Choose who may receive it"),
    "redisclosure_told": gettext_noop(
        "Confirm that the client was told who may share it further, and who may not"
    ),
    "purposes": gettext_noop("Choose what it may be used for"),
    "revocation_told": gettext_noop("Confirm that the client was told how to take the consent back"),
    "expires": gettext_noop("Choose when the consent ends"),
    "expires_on": gettext_noop("Enter the date on which the consent ends"),
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


def missing_elements(consent: dict[str, Any], today: dt.date) -> list[tuple[str, str]]:
    """(field, what to do) for each element of 2.31(a) that is missing or cannot be: with one, nothing is signed.

    Keys as in MISSING, plus `kind`; `recipient` is any recipient, one by name or a class.
    """
    needed = ["patient_name", "programs", "categories", "description", "recipient"]
    needed += ["purposes", "revocation_told", "expires", "signer_name", "signature", "signed_on"]
    if consent.get("kind") == TPO:  # 2.31(a)(4)(iii) and (a)(10)
        needed += ["redisclosure_told", "consequences_told"]
    if consent.get("expires") == ON_DATE:
        needed.append("expires_on")
    if consent.get("by_representative"):
        needed.append("authority")
    found = [(name, MISSING[name]) for name in MISSING if name in needed and not _given(consent.get(name))]
    expires_on, signed_on = consent.get("expires_on"), consent.get("signed_on")
    if consent.get("expires") == ON_DATE and expires_on and expires_on < today:
        found.append(("expires_on", PAST))
    if consent.get("expires") == NEVER and consent.get("kind") != TPO:
        found.append(("expires", NEVER_IS_TPO_ONLY))
    if signed_on and signed_on > today:
        found.append(("signed_on", SIGNED_LATER))
    return found


def _given(value: Any) -> bool:
    return bool(value.strip()) if isinstance(value, str) else bool(value)


@dataclass(frozen=True)
class Terms:
    """What a signed consent allows, as facts: who, what for, what, from which programs, until when."""

    kind: str
    recipient_id: int | None
    purposes: tuple[str, ...]
    categories: tuple[str, ...]
    programs: tuple[int, ...]
    signed_on: dt.date
    expires: str
    expires_on: dt.date | None = None
    treatment_ended_on: dt.date | None = None
    revoked: bool = False


@dataclass(frozen=True)
class Party:
    """A recipient, as the rules see it."""

    id: int
    covered_entity: bool


@dataclass(frozen=True)
class Item:
    """One thing that somebody wants to send: where it comes from, what kind of content it is, and its text.

    `lines` are plain sentences or (label, value) pairs, printed in the packet.
    """

    kind: str
    id: str
    label: str
    category: str
    part2: bool
    program: int
    lines: tuple[Any, ...] = field(default=(), compare=False)

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.id}"


LIVE, EXPIRED, REVOKED, NOT_YET = "live", "expired", "revoked", "not_yet"

NO_CONSENT = gettext_noop("No consent names this recipient")
WHY_NOT = {
    REVOKED: gettext_noop("The client took the consent back"),
    EXPIRED: gettext_noop("The consent has ended"),
    NOT_YET: gettext_noop("The consent is dated in the future"),
    "recipient": gettext_noop("The consent names somebody else"),
    "purpose": gettext_noop("The consent does not allow this purpose"),
    "category": gettext_noop("The consent does not include this"),
    "program": gettext_noop("The consent does not allow this program to share"),
}


def standing(terms: Terms, today: dt.date) -> str:
    """live, expired, revoked or not_yet; a consent holds until the end of its last day."""
    if terms.revoked:
        return REVOKED
    if terms.signed_on > today:
        return NOT_YET
    if terms.expires == ON_DATE and terms.expires_on is not None and today > terms.expires_on:
        return EXPIRED
    if terms.expires == END_OF_TREATMENT and terms.treatment_ended_on and terms.treatment_ended_on <= today:
        return EXPIRED
    return LIVE


def names(terms: Terms, recipient: Party) -> bool:
    """The consent names this recipient: by name, or, for TPO, as one of a class (2.31(a)(4)).

    The class is the client's treating providers, health plans, payers and those who help run this program: only a
    covered entity or business associate can be one of them.
    """
    if terms.recipient_id is not None:
        return terms.recipient_id == recipient.id
    return terms.kind == TPO and recipient.covered_entity


def why_not(terms: Terms, recipient: Party, purpose: str, item: Item, today: dt.date) -> str:
    """ "" if this consent covers the item for this recipient and purpose on that day; else what stands against it."""
    if not names(terms, recipient):
        return WHY_NOT["recipient"]
    state = standing(terms, today)
    if state != LIVE:
        return WHY_NOT[state]
    if purpose not in terms.purposes:
        return WHY_NOT["purpose"]
    if item.category not in terms.categories:
        return WHY_NOT["category"]
    if item.program not in terms.programs:
        return WHY_NOT["program"]
    return ""


def covers(terms: Terms, recipient: Party, purpose: str, item: Item, today: dt.date) -> bool:
    """Whether this consent lets the item go to the recipient for the purpose on that day (2.13(a), 2.31(c))."""
    return not why_not(terms, recipient, purpose, item, today)


def split_by_consent(
    terms: Iterable[tuple[Any, Terms]], recipient: Party, purpose: str, items: list[Item], today: dt.date
) -> tuple[Any, list[Item], list[tuple[Item, str]]]:
    """(the consent that covers most, what it covers, what is withheld and why). No live consent: (None, [], all).

    One packet rests on one consent: its scope is printed inside, and two scopes on one packet explain neither.
    """
    best: tuple[Any, list[Item], list[tuple[Item, str]]] = (None, [], [(item, NO_CONSENT) for item in items])
    nearest = 0
    for key, terms_of in terms:
        if not names(terms_of, recipient):
            continue
        reasons = [(item, why_not(terms_of, recipient, purpose, item, today)) for item in items]
        kept = [item for item, reason in reasons if not reason]
        held = [(item, reason) for item, reason in reasons if reason]
        if len(kept) > len(best[1]):
            best = (key, kept, held)
        elif not best[1] and not nearest:
            best, nearest = (None, [], held), 1
    return best


# Stems that tell a reader over the shoulder what kind of clinic this is, English and Spanish (42 CFR 2.11: to confirm
# that someone is a patient is to disclose; P20).
FORBIDDEN = (
    "substance", "drug", "alcohol", "addict", "recover", "rehab", "detox", "sober", "sobri", "relapse", "opioid",
    "methadone", "buprenorphine", "naloxone", "mental", "psych", "counsel", "therap", "treatment", "behavioral",
    "behavioural", "depress", "anxiety", "suicid", "trauma", "crisis", "diagnos", "program", "patient", "clinic",
    "medication", "prescri", "42 cfr", "part 2", "phq", "gad-7", "pcl-5", "audit", "dast",
    "sustancia", "droga", "adicci", "recuperaci", "tratamiento", "terapia", "psiqui", "psico", "consejer", "salud",
    "paciente", "programa", "clínica", "medicamento", "desintoxic",
)  # fmt: skip


def telling_words(text: str, also: Iterable[str] = ()) -> list[str]:
    """The words in `text` that would tell what kind of place this is; `also`: the clinic's own program names."""
    plain = text.lower()
    found = [stem for stem in FORBIDDEN if re.search(rf"\b{re.escape(stem)}", plain)]
    return found + [name for name in also if name.strip() and name.strip().lower() in plain]


# Minutes to wait after each refused send; after the last one a person decides.
WAITS = (1, 5, 15, 60, 240, 720, 1440)


def next_wait(attempts: int) -> int | None:
    """Minutes until the next try after that many refused ones; None: no more, it goes to the worklist."""
    return WAITS[attempts - 1] if 0 < attempts <= len(WAITS) else None
