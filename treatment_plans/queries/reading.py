"""A whole plan in one query: the row, and every part of it as JSON from its own subquery, put together here."""

import datetime as dt
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone

from clinic.access.chart import ChartNotFound, Open
from clinic.kit import clock
from clinic.kit.words import gettext
from clinic.kit.written import kept
from clinic.people.queries import current_period
from clinic.record.models import Domain, LevelOfCare, Medication, Signature, SignerRole
from treatment_plans import rules
from treatment_plans.models import (
    Answer,
    ClientWord,
    Cosigning,
    Count,
    FormulationLink,
    Goal,
    Intervention,
    Link,
    NodeKind,
    NoteKind,
    Objective,
    Plan,
    PlanNote,
    PlanProblem,
    PlanReview,
    RelapsePlan,
    ReviewOutcome,
    Shown,
    Voice,
)
from treatment_plans.queries.tree import (
    SIGNED_KIND,
    Aim,
    Answered,
    Cosigner,
    Drawn,
    Noted,
    PlanTree,
    Reviewed,
    Said,
    Signed,
    Step,
    Tie,
    Trouble,
    Wish,
)


def wrong() -> QuerySet[PlanNote]:
    """For a query on plans: that this one was entered in error."""
    return PlanNote.objects.filter(plan=OuterRef("pk"), kind=NoteKind.IN_ERROR)


def signed_days() -> ArraySubquery:
    """When an episode's plans were signed, without those entered in error: for the room that reads the episodes."""
    rows = Plan.objects.filter(~Exists(wrong()), episode=OuterRef("pk"), frozen_at__isnull=False)
    return ArraySubquery(rows.order_by("frozen_at").values("frozen_at"))


def standing() -> Q:
    """For a query on plans: no later signed version in the same episode, but for one entered in error, took this one's place.

    Asked of each row by itself: as a join Postgres would compare every plan with every other one that is open.
    """
    newest = Plan.objects.filter(~Exists(wrong()), episode=OuterRef("episode"), frozen_at__isnull=False)
    number = Subquery(newest.order_by("-version_no").values("version_no")[:1])
    return Q(version_no__gte=Coalesce(number, F("version_no")))


def superseded() -> ExpressionWrapper:
    """The contrary, as a column."""
    return ExpressionWrapper(~standing(), output_field=BooleanField())


def not_taken(plan: Any, episode: Any) -> QuerySet[FormulationLink]:
    """Links between problems on the map of that episode that the plan has not taken."""
    taken = Link.objects.filter(plan=plan, formulation_link=OuterRef("pk"))
    return FormulationLink.objects.filter(
        ~Exists(taken), formulation__episode=episode, removed_at__isnull=True, from_node__kind=NodeKind.PROBLEM,
        to_node__kind=NodeKind.PROBLEM,
    ).order_by("pk")  # fmt: skip


def _parts(model: Any, **columns: str) -> ArraySubquery:
    named = {name: F(column) for name, column in columns.items()}
    rows = model.objects.filter(plan=OuterRef("pk")).order_by("pk")
    return ArraySubquery(
        rows.values(
            json=JSONObject(
                id=F("pk"),
                public_id=F("public_id"),
                version=F("version"),
                came_from=F("came_from_id"),
                **named,
            )
        )
    )


def with_parts(plans: QuerySet[Plan]) -> QuerySet[Plan]:
    """Plans, each with all of its parts, signatures and whether a signed version supersedes it, in one query."""
    signatures = Signature.objects.filter(object_kind=SIGNED_KIND, object_id=OuterRef("public_id")).order_by(
        "pk"
    )
    shown = Shown.objects.filter(signature=OuterRef("pk")).values("public_id")[:1]
    # Row-level security narrows it to the open episodes.
    taken = Medication.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=clock.today()), client=OuterRef("client")
    )
    levels = LevelOfCare.objects.filter(current_period(), episode=OuterRef("episode"))
    hard_days = RelapsePlan.objects.filter(client=OuterRef("client"), frozen_at__isnull=False)
    return plans.select_related("author").annotate(
        is_superseded=superseded(),
        problem_rows=_parts(
            PlanProblem, problem="problem_id", text="text", domain="domain", code="code", instrument="instrument",
            source="source", put_off="put_off",
        ),
        drawn_rows=ArraySubquery(
            not_taken(OuterRef(OuterRef("pk")), OuterRef("episode")).values(
                json=JSONObject(
                    public_id=F("public_id"), verb=F("verb"), how=F("how"),
                    tail=Coalesce("from_node__problem__text", "from_node__text"),
                    head=Coalesce("to_node__problem__text", "to_node__text"),
                )
            )
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
            credential="staff__credential", active="staff__is_active", step_down="step_down", source="source",
        ),
        said_rows=ArraySubquery(
            ClientWord.objects.filter(plan=OuterRef("pk")).order_by("pk").values(
                json=JSONObject(
                    kind=F("kind"), section=F("section"), heading=F("heading"), words=F("words"), at=F("said_at"),
                    given=F("taken_by__given_name"), family=F("taken_by__family_name"), credential=F("taken_by__credential"),
                )
            )
        ),
        review_rows=ArraySubquery(
            PlanReview.objects.filter(plan=OuterRef("pk"))
            .order_by("pk")
            .values(
                json=JSONObject(
                    outcome=F("outcome"), words=F("words"), shown=F("shown"), next_on=F("next_on"), by=F("signed_as"),
                    at=F("reviewed_at"),
                )
            )
        ),
        note_rows=ArraySubquery(
            PlanNote.objects.filter(plan=OuterRef("pk")).order_by("pk").values(
                json=JSONObject(
                    kind=F("kind"), words=F("words"), on=F("happened_on"), late=F("late"), by=F("signed_as"), at=F("written_at")
                )
            )
        ),
        cosigning_rows=ArraySubquery(
            Cosigning.objects.filter(plan=OuterRef("pk")).order_by("pk").values(
                json=JSONObject(
                    public_id=F("public_id"), staff=F("supervisor_id"), active=F("supervisor__is_active"), due=F("due_on"),
                    at=F("answered_at"), returned=F("returned"), given=F("supervisor__given_name"),
                    family=F("supervisor__family_name"), credential=F("supervisor__credential"),
                )
            )
        ),
        taken=ArraySubquery(taken.order_by("pk").values("name")),
        naloxone=Subquery(hard_days.order_by("-frozen_at", "-pk").values("naloxone")[:1]),
        level_rows=ArraySubquery(levels.values(json=JSONObject(level=F("level"), since=F("starts_on")))),
        earlier_rows=ArraySubquery(
            Objective.objects.filter(episode=OuterRef("episode")).values(
                json=JSONObject(id=F("pk"), came_from=F("came_from_id"), signed=F("plan__frozen_at"))
            )
        ),
        count_rows=ArraySubquery(
            Count.objects.filter(episode=OuterRef("episode")).order_by("on", "pk").values(
                json=JSONObject(objective=F("objective_id"), on=F("on"), value=F("value"))
            )
        ),
        answer_rows=ArraySubquery(
            Answer.objects.filter(plan=OuterRef("pk")).order_by("pk").values(
                json=JSONObject(
                    rule=F("rule"), about=F("about"), asked=F("asked"), words=F("words"), at=F("answered_at"),
                    given=F("staff__given_name"), family=F("staff__family_name"), credential=F("staff__credential"),
                )
            )
        ),
        signature_rows=ArraySubquery(
            signatures.values(
                json=JSONObject(
                    role=F("role"), name=F("name"), declined_reason=F("declined_reason"), drawn=F("drawn"),
                    text_hash=F("text_hash"), at=F("signed_at"), shown=Subquery(shown),
                )
            )
        ),
    )  # fmt: skip


def grow(row: Any) -> PlanTree:
    """The tree of a plan that `with_parts` read; no query."""
    steps = [_step(r) for r in row.intervention_rows]
    aims = [_aim(r, [s for to, _l, s in steps if to == r["id"]]) for r in row.objective_rows]
    _give_courses(row, [aim for _goal, aim in aims])
    wishes = [
        (r["problem"], Wish(r["id"], r["public_id"], r["version"], "goal", r["words"], [a for g, a in aims if g == r["id"]], came_from=r["came_from"]))
        for r in row.goal_rows
    ]  # fmt: skip
    troubles = [_trouble(r, [w for p, w in wishes if p == r["id"]]) for r in row.problem_rows]
    named = {t.id: t.text for t in troubles}
    ties = [_tie(r, named, [s for _o, to, s in steps if to == r["id"]]) for r in row.link_rows]
    signatures = [_signed(r) for r in row.signature_rows]
    answers = [
        Answered(
            r["rule"],
            r["about"],
            r["asked"],
            r["words"],
            _signing_name(r),
            dt.datetime.fromisoformat(r["at"]),
        )
        for r in row.answer_rows
    ]
    return PlanTree(
        row, row.author.signing_name, troubles, ties, signatures, row.is_superseded, answers, _said(row), _noted(row),
        _cosigning(row), _reviewed(row), _drawn(row), row.taken, _level(row),
        row.naloxone or "",
    )  # fmt: skip


def _level(row: Any) -> tuple[str, dt.date] | None:
    return next(((r["level"], dt.date.fromisoformat(r["since"])) for r in row.level_rows), None)


def _drawn(row: Any) -> list[Drawn]:
    return [
        Drawn(r["public_id"], r["tail"], gettext(rules.LINK_VERBS[r["verb"]]), r["head"], r["how"])
        for r in row.drawn_rows
    ]


def _said(row: Any) -> list[Said]:
    return [
        Said(
            r["kind"], str(Voice(r["kind"]).label), r["section"], r["heading"], r["words"], _signing_name(r),
            dt.datetime.fromisoformat(r["at"]),
        )
        for r in row.said_rows
    ]  # fmt: skip


def _noted(row: Any) -> list[Noted]:
    return [
        Noted(
            r["kind"], note_label(r["kind"], r["late"]), r["words"], dt.date.fromisoformat(r["on"]), r["by"],
            dt.datetime.fromisoformat(r["at"]),
        )
        for r in row.note_rows
    ]  # fmt: skip


def note_label(kind: str, late: bool) -> str:
    """Addendum, or Late entry: addendum."""
    label = str(NoteKind(kind).label)
    return gettext("Late entry: %(kind)s") % {"kind": label.lower()} if late else label


def _reviewed(row: Any) -> list[Reviewed]:
    return [
        Reviewed(
            r["outcome"], str(ReviewOutcome(r["outcome"]).label), r["words"], r["shown"],
            dt.date.fromisoformat(r["next_on"]) if r["next_on"] else None, r["by"], dt.datetime.fromisoformat(r["at"]),
        )
        for r in row.review_rows
    ]  # fmt: skip


def _cosigning(row: Any) -> list[Cosigner]:
    return [
        Cosigner(
            r["public_id"], r["staff"], _signing_name(r), bool(r["active"]), dt.date.fromisoformat(r["due"]),
            dt.datetime.fromisoformat(r["at"]) if r["at"] else None, r["returned"],
        )
        for r in row.cosigning_rows
    ]  # fmt: skip


def _signing_name(row: dict[str, Any]) -> str:
    name = " ".join(part for part in (row["given"], row["family"]) if part)
    return ", ".join(part for part in (name, row["credential"]) if part)


def _give_courses(row: Any, aims: list[Aim]) -> None:
    """Each objective's first signing and what was counted for it, in this version and those it came from."""
    known = {r["id"]: r for r in row.earlier_rows}
    for aim in aims:
        line, at = {aim.id}, known.get(aim.id)
        begins = at and at["signed"]
        while at and at["came_from"] in known:
            at = known[at["came_from"]]
            line.add(at["id"])
            begins = at["signed"] or begins
        aim.begins = timezone.localdate(dt.datetime.fromisoformat(begins)) if begins else None
        days = {
            dt.date.fromisoformat(r["on"]): float(r["value"])
            for r in row.count_rows
            if r["objective"] in line
        }
        aim.counts = sorted(days.items())


def _step(row: dict[str, Any]) -> tuple[int | None, int | None, Step]:
    step = Step(
        row["id"], row["public_id"], row["version"], "intervention", came_from=row["came_from"],
        type=row["type"], type_text=gettext(rules.INTERVENTIONS[row["type"]]), text=row["text"],
        frequency=row["frequency"], duration=row["duration"], staff=row["staff"],
        staff_name=_signing_name(row), staff_active=bool(row["active"]), step_down=row["step_down"],
        source=row["source"],
    )  # fmt: skip
    return row["objective"], row["link"], step


def _aim(row: dict[str, Any], steps: list[Step]) -> tuple[int, Aim]:
    by = dt.date.fromisoformat(row["target_on"]) if row["target_on"] else None
    aim = Aim(
        row["id"], row["public_id"], row["version"], "objective", row["text"], row["instrument"], row["counted"],
        row["baseline"], row["target"], by, steps, came_from=row["came_from"],
    )  # fmt: skip
    return row["goal"], aim


def _trouble(row: dict[str, Any], wishes: list[Wish]) -> Trouble:
    return Trouble(
        row["id"], row["public_id"], row["version"], "problem", came_from=row["came_from"], problem=row["problem"], text=row["text"],
        domain=row["domain"], domain_text=str(Domain(row["domain"]).label), code=row["code"],
        instrument=row["instrument"], source=row["source"], put_off=row["put_off"], wishes=wishes,
    )  # fmt: skip


def _tie(row: dict[str, Any], named: dict[int, str], steps: list[Step]) -> Tie:
    return Tie(
        row["id"], row["public_id"], row["version"], "link", came_from=row["came_from"], from_text=named[row["a"]], to_text=named[row["b"]],
        verb=row["verb"], verb_text=gettext(rules.LINK_VERBS[row["verb"]]), how=row["how"],
        ends=(row["a"], row["b"]), steps=steps,
    )  # fmt: skip


def _signed(row: dict[str, Any]) -> Signed:
    return Signed(
        row["role"], str(SignerRole(row["role"]).label), row["name"], row["declined_reason"], row["drawn"],
        row["text_hash"], dt.datetime.fromisoformat(row["at"]), row["shown"] or "",
    )  # fmt: skip


def tree(chart: Open, plan: Any) -> PlanTree:
    """The plan of that public id or row with everything in it, in one query; ChartNotFound where it is not open."""
    key = plan.public_id if isinstance(plan, Plan) else Plan._meta.get_field("public_id").to_python(plan)
    for row in _one(chart, key=key):
        return grow(row)
    raise ChartNotFound


@kept
def _one(opened: Open, *, key: Any) -> QuerySet[Plan]:
    return with_parts(Plan.objects.filter(episode__in=opened.episode_ids, public_id=key))


def current_plan(chart: Open) -> PlanTree | None:
    """The signed plan that holds now, with everything in it, in one query; None where none was signed yet."""
    return next(map(grow, _newest(chart)), None)


@kept
def _newest(opened: Open) -> QuerySet[Plan]:
    held = Plan.objects.filter(
        standing(), ~Exists(wrong()), episode__in=opened.episode_ids, frozen_at__isnull=False
    )
    return with_parts(held).order_by("-frozen_at")[:1]
