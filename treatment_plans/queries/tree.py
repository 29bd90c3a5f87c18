"""A whole plan in one query: the row, and every part of it as JSON from its own subquery, put together here."""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.utils.translation import gettext

from clinic.access.chart import ChartNotFound, Open
from clinic.record.models import Domain, Signature, SignerRole
from treatment_plans import rules
from treatment_plans.models import Goal, Intervention, Link, Objective, Participation, Plan, PlanProblem
from treatment_plans.queries.lines import measure_line, step_line

SIGNED_KIND = "plan"
SIDES = (Domain.SUBSTANCE_USE, Domain.MENTAL_HEALTH)


@dataclass
class Part:
    id: int
    public_id: str
    version: int
    kind: str = ""


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

    @property
    def line(self) -> str:
        return step_line(self.type_text, self.text, self.frequency, self.duration, self.staff_name)


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
        return f"{self.from_text} {self.verb_text} {self.to_text}"


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


@dataclass
class PlanTree:
    """A plan with everything in it, read-only."""

    plan: Plan
    author: str
    troubles: list[Trouble]
    ties: list[Tie]
    signatures: list[Signed]
    superseded: bool

    @property
    def is_signed(self) -> bool:
        return self.plan.is_signed

    @property
    def status(self) -> str:
        if not self.is_signed:
            return gettext("Draft")
        return gettext("Superseded") if self.superseded else gettext("Active")

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
    def aims(self) -> list[Aim]:
        return [aim for trouble in self.troubles for wish in trouble.wishes for aim in wish.aims]

    @property
    def client_signature(self) -> Signed | None:
        """The client's, or their representative's, signature or refusal to sign."""
        theirs = [s for s in self.signatures if s.role in (SignerRole.CLIENT, SignerRole.REPRESENTATIVE)]
        return theirs[-1] if theirs else None

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
    steps = lambda found: [[s.type, s.text, s.frequency, s.duration, s.staff] for s in found]  # noqa: E731
    aims = lambda wish: [  # noqa: E731
        [a.text, a.instrument, a.counted, a.baseline, a.target, str(a.target_on), steps(a.steps)]
        for a in wish.aims
    ]
    return [
        str(plan.public_id),
        plan.version_no,
        [plan.strengths, plan.words, plan.step_down, str(plan.review_on), plan.participation],
        plan.participation_words,
        [
            [t.text, t.domain, t.code, t.put_off, [[w.words, aims(w)] for w in t.wishes]]
            for t in tree.troubles
        ],
        [[t.from_text, t.verb, t.to_text, t.how, steps(t.steps)] for t in tree.ties],
    ]


def _parts(model: Any, **columns: str) -> ArraySubquery:
    named = {name: F(column) for name, column in columns.items()}
    rows = model.objects.filter(plan=OuterRef("pk")).order_by("pk")
    return ArraySubquery(
        rows.values(json=JSONObject(id=F("pk"), public_id=F("public_id"), version=F("version"), **named))
    )


def with_parts(plans: QuerySet[Plan]) -> QuerySet[Plan]:
    """Plans, each with all of its parts, signatures and whether a signed version supersedes it, in one query."""
    signatures = Signature.objects.filter(object_kind=SIGNED_KIND, object_id=OuterRef("public_id")).order_by(
        "pk"
    )
    newer = Plan.objects.filter(supersedes=OuterRef("pk"), frozen_at__isnull=False)
    return plans.select_related("author").annotate(
        is_superseded=Exists(newer),
        problem_rows=_parts(
            PlanProblem, problem="problem_id", text="text", domain="domain", code="code", instrument="instrument",
            source="source", put_off="put_off",
        ),
        link_rows=_parts(Link, a="from_problem_id", b="to_problem_id", verb="verb", how="how"),
        goal_rows=_parts(Goal, problem="problem_id", words="words"),
        objective_rows=_parts(
            Objective, goal="goal_id", text="text", instrument="instrument", counted="counted", baseline="baseline",
            target="target", target_on="target_on",
        ),
        intervention_rows=_parts(
            Intervention, objective="objective_id", link="link_id", type="kind", text="text", frequency="frequency",
            duration="duration", staff="staff_id", given="staff__given_name", family="staff__family_name",
            credential="staff__credential", active="staff__is_active",
        ),
        signature_rows=ArraySubquery(
            signatures.values(
                json=JSONObject(
                    role=F("role"), name=F("name"), declined_reason=F("declined_reason"), drawn=F("drawn"),
                    text_hash=F("text_hash"), at=F("signed_at"),
                )
            )
        ),
    )  # fmt: skip


def grow(row: Any) -> PlanTree:
    """The tree of a plan that `with_parts` read; no query."""
    steps = [_step(r) for r in row.intervention_rows]
    aims = [_aim(r, [s for to, _l, s in steps if to == r["id"]]) for r in row.objective_rows]
    wishes = [
        (r["problem"], Wish(r["id"], r["public_id"], r["version"], "goal", r["words"], [a for g, a in aims if g == r["id"]]))
        for r in row.goal_rows
    ]  # fmt: skip
    troubles = [_trouble(r, [w for p, w in wishes if p == r["id"]]) for r in row.problem_rows]
    named = {t.id: t.text for t in troubles}
    ties = [_tie(r, named, [s for _o, to, s in steps if to == r["id"]]) for r in row.link_rows]
    signatures = [_signed(r) for r in row.signature_rows]
    return PlanTree(row, row.author.signing_name, troubles, ties, signatures, row.is_superseded)


def _step(row: dict[str, Any]) -> tuple[int | None, int | None, Step]:
    name = " ".join(part for part in (row["given"], row["family"]) if part)
    step = Step(
        row["id"], row["public_id"], row["version"], "intervention",
        type=row["type"], type_text=gettext(rules.INTERVENTIONS[row["type"]]), text=row["text"],
        frequency=row["frequency"], duration=row["duration"], staff=row["staff"],
        staff_name=", ".join(part for part in (name, row["credential"]) if part), staff_active=bool(row["active"]),
    )  # fmt: skip
    return row["objective"], row["link"], step


def _aim(row: dict[str, Any], steps: list[Step]) -> tuple[int, Aim]:
    by = dt.date.fromisoformat(row["target_on"]) if row["target_on"] else None
    aim = Aim(
        row["id"], row["public_id"], row["version"], "objective", row["text"], row["instrument"], row["counted"],
        row["baseline"], row["target"], by, steps,
    )  # fmt: skip
    return row["goal"], aim


def _trouble(row: dict[str, Any], wishes: list[Wish]) -> Trouble:
    return Trouble(
        row["id"], row["public_id"], row["version"], "problem", problem=row["problem"], text=row["text"],
        domain=row["domain"], domain_text=str(Domain(row["domain"]).label), code=row["code"],
        instrument=row["instrument"], source=row["source"], put_off=row["put_off"], wishes=wishes,
    )  # fmt: skip


def _tie(row: dict[str, Any], named: dict[int, str], steps: list[Step]) -> Tie:
    return Tie(
        row["id"], row["public_id"], row["version"], "link", from_text=named[row["a"]], to_text=named[row["b"]],
        verb=row["verb"], verb_text=gettext(rules.LINK_VERBS[row["verb"]]), how=row["how"],
        ends=(row["a"], row["b"]), steps=steps,
    )  # fmt: skip


def _signed(row: dict[str, Any]) -> Signed:
    return Signed(
        row["role"], str(SignerRole(row["role"]).label), row["name"], row["declined_reason"], row["drawn"],
        row["text_hash"], dt.datetime.fromisoformat(row["at"]),
    )  # fmt: skip


def tree(chart: Open, plan: Any) -> PlanTree:
    """The plan of that public id or row with everything in it, in one query; ChartNotFound where it is not open."""
    key = plan.public_id if isinstance(plan, Plan) else plan
    row = with_parts(Plan.objects.filter(episode__in=chart.episode_ids, public_id=key)).first()
    if row is None:
        raise ChartNotFound
    return grow(row)


def current_plan(chart: Open) -> PlanTree | None:
    """The signed plan that holds now, with everything in it, in one query; None where none was signed yet."""
    newer = Plan.objects.filter(supersedes=OuterRef("pk"), frozen_at__isnull=False)
    held = Plan.objects.filter(~Exists(newer), episode__in=chart.episode_ids, frozen_at__isnull=False)
    row = with_parts(held).order_by("-frozen_at").first()
    return grow(row) if row else None


@dataclass(frozen=True)
class Version:
    """One version in the list of them."""

    public_id: Any
    version_no: int
    episode_id: int
    made_at: dt.datetime
    frozen_at: dt.datetime | None
    author: str
    superseded: bool

    @property
    def status(self) -> str:
        if self.frozen_at is None:
            return gettext("Draft")
        return gettext("Superseded") if self.superseded else gettext("Active")


def versions(chart: Open) -> list[Version]:
    """Every version of the chart's plans, newest first, in one query."""
    newer = Plan.objects.filter(supersedes=OuterRef("pk"), frozen_at__isnull=False)
    rows = (
        Plan.objects.filter(episode__in=chart.episode_ids)
        .select_related("author")
        .annotate(gone=Exists(newer))
    )
    return [
        Version(
            p.public_id, p.version_no, p.episode_id, p.begun_at, p.frozen_at, p.author.signing_name, p.gone
        )
        for p in rows.order_by("-pk")
    ]
