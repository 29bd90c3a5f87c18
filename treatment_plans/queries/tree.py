"""A plan with everything in it, as pages and papers read it; `reading` puts it together."""

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from clinic.kit.words import gettext
from clinic.record.models import Domain, SignerRole
from treatment_plans import rules
from treatment_plans.models import (
    Participation,
    Plan,
)
from treatment_plans.queries.lines import measure_line, step_line

SIGNED_KIND = Plan.signed_kind
LATE_HOURS = 48
SIDES = (Domain.SUBSTANCE_USE, Domain.MENTAL_HEALTH)


@dataclass
class Part:
    id: int
    public_id: str
    version: int
    kind: str = ""
    came_from: int | None = field(default=None, kw_only=True)  # the same part in the version before


@dataclass
class Step(Part):
    """An intervention: what is done, by whom."""

    type: str = ""
    type_text: str = ""
    text: str = ""
    frequency: str = ""
    duration: str = ""
    staff: int | None = None
    staff_name: str = ""
    staff_active: bool = False
    step_down: str = ""
    source: str = ""

    @property
    def plain(self) -> str:
        """For the client: what, how often, with whom."""
        return step_line(gettext(rules.INTERVENTIONS[self.type]), self.text, self.frequency, self.staff_name)

    @property
    def line(self) -> str:
        less = gettext("less when: %(when)s") % {"when": self.step_down} if self.step_down else ""
        return step_line(self.type_text, self.text, self.frequency, self.duration, self.staff_name, less)


@dataclass
class Aim(Part):
    """An objective and what is done for it."""

    text: str = ""
    instrument: str = ""
    counted: str = ""
    baseline: float | None = None
    target: float | None = None
    target_on: dt.date | None = None
    steps: list[Step] = field(default_factory=list)
    begins: dt.date | None = None  # when it was first signed, in whichever version
    counts: list[tuple[dt.date, float]] = field(default_factory=list)  # one a day, oldest first

    @property
    def measure(self) -> str:
        return measure_line(
            [self.instrument.upper(), self.counted], self.baseline, self.target, self.target_on
        )

    @property
    def line(self) -> str:
        return f"{self.text.rstrip('.')}. {self.measure}".strip()


@dataclass
class Wish(Part):
    """A goal and its objectives."""

    words: str = ""
    aims: list[Aim] = field(default_factory=list)


@dataclass
class Trouble(Part):
    """A problem of the plan and its goals."""

    problem: int = 0
    text: str = ""
    domain: str = ""
    domain_text: str = ""
    code: str = ""
    instrument: str = ""
    source: str = ""
    put_off: str = ""
    wishes: list[Wish] = field(default_factory=list)


@dataclass
class Tie(Part):
    """A link between two problems, with what is done for it."""

    from_text: str = ""
    to_text: str = ""
    verb: str = ""
    verb_text: str = ""
    how: str = ""
    ends: tuple[int, int] = (0, 0)
    steps: list[Step] = field(default_factory=list)

    @property
    def sentence(self) -> str:
        return f"{self.from_text} {gettext(rules.LINK_VERBS[self.verb])} {self.to_text}"


@dataclass
class Signed:
    """One signature, or the client's word that they will not sign."""

    role: str
    role_text: str
    name: str
    declined_reason: str
    drawn: str
    text_hash: str
    at: dt.datetime
    shown: str = ""  # the public id of what they were shown


@dataclass
class Answered:
    """What the integration check asked, the answer, and who gave it when."""

    rule: str
    about: str
    asked: str
    words: str
    by: str
    at: dt.datetime


@dataclass
class Said:
    """What the client said about a part of the plan, verbatim. `taken_by` is empty where they wrote it themselves."""

    kind: str
    kind_text: str
    section: str
    heading: str
    words: str
    taken_by: str
    at: dt.datetime


@dataclass
class Noted:
    """An addendum, a correction, or that this was entered in error: labelled, signed, dated."""

    kind: str
    label: str
    words: str
    happened_on: dt.date
    signed_as: str
    at: dt.datetime


@dataclass
class Reviewed:
    """A review of this version: what came of it, what was found, what had changed as it was shown."""

    outcome: str
    outcome_text: str
    words: str
    shown: str
    next_on: dt.date | None
    signed_as: str
    at: dt.datetime


@dataclass
class Cosigner:
    """The supervisor who was asked to cosign, and what became of it."""

    public_id: str
    staff: int
    name: str
    works_here: bool
    due_on: dt.date
    answered_at: dt.datetime | None
    returned: str


@dataclass(frozen=True)
class Drawn:
    """A link of the formulation that the plan may take."""

    public_id: str
    from_text: str
    verb_text: str
    to_text: str
    how: str


@dataclass
class PlanTree:
    """A plan with everything in it, read-only."""

    plan: Plan
    author: str
    troubles: list[Trouble]
    ties: list[Tie]
    signatures: list[Signed]
    superseded: bool
    answers: list[Answered] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    notes: list[Noted] = field(default_factory=list)
    cosigning: list[Cosigner] = field(default_factory=list)
    reviews: list[Reviewed] = field(default_factory=list)
    drawn: list[Drawn] = field(
        default_factory=list
    )  # on the map of the formulation, and not taken into the plan
    medications: list[str] = field(default_factory=list)  # what is taken today, in the open episodes
    level: tuple[str, dt.date] | None = None  # the level of care given today, and since when
    naloxone: str = ""  # what the relapse and overdose plan that holds says of it

    @property
    def is_signed(self) -> bool:
        return self.plan.is_signed

    @property
    def status(self) -> str:
        if not self.is_signed:
            return gettext("Draft")
        if self.in_error:
            return gettext("Entered in error")
        return gettext("Superseded") if self.superseded else gettext("Active")

    @property
    def in_error(self) -> Noted | None:
        """Who said that this was entered in error, and why; it is then out of the care view."""
        return next((note for note in self.notes if note.kind == "in_error"), None)

    @property
    def asked_cosigner(self) -> Cosigner | None:
        """Whose cosignature is waited for, or was given or refused last."""
        return self.cosigning[-1] if self.cosigning else None

    @property
    def is_late_entry(self) -> bool:
        """Signed more than 48 hours after the day it was agreed with the client (law.md, section 7, R2)."""
        plan = self.plan
        return bool(
            plan.agreed_on
            and plan.frozen_at
            and rules.is_late_entry(plan.agreed_on, plan.frozen_at, LATE_HOURS)
        )

    def said_about(self, section: str) -> list[Said]:
        return [one for one in self.said if one.section == section]

    @property
    def sides(self) -> list[tuple[str, str, list[Trouble]]]:
        """(key, name, problems): substance use and mental health side by side, then the rest."""
        rest = [t for t in self.troubles if t.domain not in SIDES]
        sides = [(str(s), str(s.label), [t for t in self.troubles if t.domain == s]) for s in SIDES]
        return [*sides, ("other", gettext("Other"), rest)]

    @property
    def has_both_sides(self) -> bool:
        return {str(s) for s in SIDES} <= {t.domain for t in self.troubles}

    @property
    def taken_up(self) -> list[Trouble]:
        return [t for t in self.troubles if not t.put_off]

    @property
    def parts(self) -> list[Part]:
        """Every part of the plan, in no particular order."""
        wishes = [wish for trouble in self.troubles for wish in trouble.wishes]
        return [*self.troubles, *wishes, *self.aims, *self.ties, *self.steps]

    @property
    def steps(self) -> list[Step]:
        """Everything that is done, for objectives and for links."""
        return [*(s for aim in self.aims for s in aim.steps), *(s for tie in self.ties for s in tie.steps)]

    @property
    def aims(self) -> list[Aim]:
        return [aim for trouble in self.troubles for wish in trouble.wishes for aim in wish.aims]

    @property
    def client_signature(self) -> Signed | None:
        """The client's, or their representative's, signature or refusal to sign."""
        theirs = [s for s in self.signatures if s.role in (SignerRole.CLIENT, SignerRole.REPRESENTATIVE)]
        return theirs[-1] if theirs else None

    def has_signed(self, role: str, name: str) -> bool:
        """Whether the author, the client, or the representative or supervisor of that name has signed. To decline is not to."""
        named = role in (SignerRole.REPRESENTATIVE, SignerRole.COSIGNER)
        theirs = [s for s in self.signatures if s.role == role and not s.declined_reason]
        return any(s.name == name or not named for s in theirs)

    @property
    def author_signature(self) -> Signed | None:
        return next((s for s in self.signatures if s.role == SignerRole.AUTHOR), None)

    @property
    def participation_text(self) -> str:
        return str(Participation(self.plan.participation).label) if self.plan.participation else ""

    @property
    def text_hash(self) -> str:
        """SHA-256 of all that is signed: every word of the plan and its parts, in a fixed order."""
        return hashlib.sha256(json.dumps(_signed_words(self), ensure_ascii=False).encode()).hexdigest()


def _signed_words(tree: PlanTree) -> list[Any]:
    plan = tree.plan
    return [
        str(plan.public_id),
        plan.version_no,
        [plan.strengths, plan.words, plan.step_down, str(plan.review_on), plan.participation],
        *([str(plan.agreed_on)] if plan.agreed_on else []),
        plan.participation_words,
        [
            [t.text, t.domain, t.code, t.put_off, [[w.words, _signed_aims(w)] for w in t.wishes]]
            for t in tree.troubles
        ],
        [[t.from_text, t.verb, t.to_text, t.how, _signed_steps(t.steps)] for t in tree.ties],
    ]


def _signed_aims(wish: Wish) -> list[Any]:
    return [
        [a.text, a.instrument, a.counted, a.baseline, a.target, str(a.target_on), _signed_steps(a.steps)]
        for a in wish.aims
    ]


def _signed_steps(steps: Sequence[Step]) -> list[Any]:
    return [
        [s.type, s.text, s.frequency, s.duration, s.staff, *([s.step_down] if s.step_down else [])]
        for s in steps
    ]
