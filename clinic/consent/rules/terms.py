"""What a signed consent covers, for whom, on which day, and what the clinic agreed to hold back. Pure."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from clinic.consent.rules.elements import END_OF_TREATMENT, ON_DATE, TPO, TPO_PURPOSES
from clinic.consent.rules.marks import gettext_noop

HAPPENED, FALSE, DEFICIENT = "happened", "false", "deficient"


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
    ended_as: str = ""


@dataclass(frozen=True)
class Party:
    """A recipient, as the rules see it."""

    id: int
    covered_entity: bool
    health_plan: bool = False
    ended: bool = False


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


@dataclass(frozen=True)
class Limit:
    """An agreed restriction (2.26): these kinds of content do not go to this recipient, or to any health plan.

    No categories: everything. With a program: what that program holds, because it was paid in full there.
    """

    categories: tuple[str, ...] = ()
    recipient_id: int | None = None
    health_plans: bool = False
    program: int | None = None


LIVE, EXPIRED, REVOKED, NOT_YET = "live", "expired", "revoked", "not_yet"

NO_CONSENT = gettext_noop("No consent names this recipient")
LIMITED = gettext_noop("The clinic agreed with the client not to share this")
WHY_NOT = {
    REVOKED: gettext_noop("The client took the consent back"),
    EXPIRED: gettext_noop("The consent has ended"),
    NOT_YET: gettext_noop("The consent is dated in the future"),
    FALSE: gettext_noop("The consent was found to be false"),
    DEFICIENT: gettext_noop("The consent lacks something that the law asks for"),
    "gone": gettext_noop("This recipient no longer exists"),
    "recipient": gettext_noop("The consent names somebody else"),
    "purpose": gettext_noop("The consent does not allow this purpose"),
    "category": gettext_noop("The consent does not include this"),
    "program": gettext_noop("The consent does not allow this program to share"),
}


def standing(terms: Terms, today: dt.date) -> str:
    """live, expired, revoked, not_yet, false or deficient; a consent holds until the end of its last day (2.31(c))."""
    if terms.revoked:
        return REVOKED
    if terms.ended_as in (FALSE, DEFICIENT):
        return terms.ended_as
    if terms.signed_on > today:
        return NOT_YET
    if terms.ended_as == HAPPENED:
        return EXPIRED
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
    if recipient.ended:
        return WHY_NOT["gone"]
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


def is_limited(
    limits: Iterable[Limit], recipient: Party, purpose: str, category: str, program: int | None
) -> bool:
    """Whether an agreed restriction keeps this from going: it beats a consent for treatment, payment, operations.

    `program`: where the content comes from; None, not known: then a restriction of any program holds it back.
    """
    if purpose not in TPO_PURPOSES:
        return False
    return any(
        (not limit.categories or category in limit.categories)
        and (limit.program is None or program in (None, limit.program))
        and (recipient.health_plan if limit.health_plans else limit.recipient_id in (None, recipient.id))
        for limit in limits
    )


def split_by_consent(
    terms: Iterable[tuple[Any, Terms]], recipient: Party, purpose: str, items: list[Item], today: dt.date,
    limits: Iterable[Limit] = (),
) -> tuple[Any, list[Item], list[tuple[Item, str]]]:  # fmt: skip
    """(the consent that covers most, what it covers, what is withheld and why). No live consent: (None, [], all).

    One packet rests on one consent: its scope is printed inside, and two scopes on one packet explain neither.
    """
    best: tuple[Any, list[Item], list[tuple[Item, str]]] = (None, [], [(item, NO_CONSENT) for item in items])
    limits, nearest = list(limits), 0
    for key, terms_of in terms:
        if not names(terms_of, recipient):
            continue
        reasons = [
            (
                item,
                why_not(terms_of, recipient, purpose, item, today)
                or (LIMITED if is_limited(limits, recipient, purpose, item.category, item.program) else ""),
            )
            for item in items
        ]
        kept = [item for item, reason in reasons if not reason]
        held = [(item, reason) for item, reason in reasons if reason]
        if len(kept) > len(best[1]):
            best = (key, kept, held)
        elif not best[1] and not nearest:
            best, nearest = (None, [], held), 1
    return best
