"""A version of the plan: begun, its own words changed, superseded, discarded, printed."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists
from django.utils.translation import gettext as _

from clinic.access.acts import act
from clinic.access.chart import Chart, Open, OpenEpisode, Refused
from clinic.access.passing import pass_rows
from clinic.access.policy import Do
from clinic.kit import clock
from clinic.people.models import Staff
from treatment_plans.actions.screens import _let_go
from treatment_plans.models import (
    Answer,
    ClientWord,
    Goal,
    Intervention,
    Link,
    NoteKind,
    Objective,
    Plan,
    PlanNote,
    PlanProblem,
)
from treatment_plans.queries.checks import demand_draft, demand_not_past, homes
from treatment_plans.queries.held import held
from treatment_plans.queries.parts import level_of
from treatment_plans.queries.reading import wrong
from treatment_plans.queries.review import review_days_of

WORDS = ("strengths", "words", "step_down", "review_on", "agreed_on", "participation", "participation_words")
PARTS: tuple[Any, ...] = (Intervention, Objective, Goal, Link, PlanProblem)  # what points at others first


@act(Do.PLAN)
def start_plan(chart: Chart, *, episode: OpenEpisode | None = None) -> Plan:
    """An empty draft is begun in `episode`, by default the best home for a plan of both sides; its review day is set.

    Who may: clinicians and prescribers on the team. Recorded: one row. Raises ValidationError where a draft or a
    signed plan is there already (change it, or make a new version), Refused where no episode allows it.
    """
    place = episode or next(iter(homes(chart)), None)
    if place is None or not chart.permits(Do.PLAN, place.id):
        raise Refused(Do.PLAN)
    if Plan.objects.filter(~Exists(wrong()), episode=place.id).exists():
        raise ValidationError(_("There is a plan already. Open it, or start a new version of it."))
    before = Plan.objects.filter(episode=place.id).order_by("version_no").last()  # entered in error
    return Plan.objects.create(
        **chart.stamp(place), author_id=chart.who.actor_id, review_on=_next_review(place), supersedes=before,
        version_no=before.version_no + 1 if before else 1,
    )  # fmt: skip


def _next_review(place: OpenEpisode) -> dt.date:
    return clock.today(place.zone) + dt.timedelta(days=review_days_of(level_of(place.id)))


@act(Do.PLAN)
def change_plan(chart: Chart, *, plan: Plan, version: int, **words: Any) -> Plan:
    """The plan's own words (strengths, step-down, review day, participation) are these.

    Who may: clinicians and prescribers on the team. Recorded: one row with the names of the fields. Raises StaleEdit
    where someone else saved first, ValidationError naming the field where the review day has passed or it is signed.
    """
    demand_draft(chart, plan)
    changed = {name: value for name, value in words.items() if getattr(plan, name) != value}
    if "review_on" in changed:
        demand_not_past("review_on", changed["review_on"], clock.today(chart.episode(plan.episode_id).zone))
    for name, value in changed.items():
        setattr(plan, name, value)
    plan.save_over(version, *changed)
    chart.note(fields=sorted(changed))
    return plan


@act(Do.PLAN)
def new_version(chart: Chart, *, plan: Plan) -> Plan:
    """A draft that will supersede this signed plan holds a copy of everything in it, each part with where it came from.

    Who may: clinicians and prescribers on the team. Recorded: one row with the old plan's id. Raises ValidationError
    where the plan is a draft or has a newer version.
    """
    if not plan.is_signed:
        raise ValidationError(_("This plan is still a draft. Change it as it is."))
    if PlanNote.objects.filter(plan=plan, kind=NoteKind.IN_ERROR).exists():
        raise ValidationError(_("This plan was entered in error. Start from the one before it."))
    newer = Plan.objects.filter(~Exists(wrong()), episode=plan.episode_id, version_no__gt=plan.version_no)
    if newer.exists():
        raise ValidationError(_("A newer version of this plan has been started. Open that one."))
    last = Plan.objects.filter(episode=plan.episode_id).order_by("version_no").last() or plan
    place = chart.episode(plan.episode_id)
    kept = {name: getattr(plan, name) for name in ("strengths", "words", "step_down")}
    draft = Plan.objects.create(
        **chart.stamp(place, part2=plan.part2), **kept, author_id=chart.who.actor_id, supersedes=last,
        version_no=last.version_no + 1, review_on=_next_review(place),
    )  # fmt: skip
    copied = _copy_parts(plan, draft)
    chart.note(supersedes=str(plan.public_id), parts=copied)
    return draft


def _copy_parts(old: Plan, draft: Plan) -> int:
    """Every part again, in the new draft, pointing at the new twins of what it pointed at."""
    twins: dict[tuple[type, int], Any] = {}
    for model in reversed(PARTS):
        for part in model.objects.filter(plan=old).order_by("pk"):
            given = {
                field.attname: _twin(twins, field, getattr(part, field.attname))
                for field in model._meta.concrete_fields
                if field.name
                not in ("id", "public_id", "version", "created_at", "frozen_at", "plan", "came_from")
            }
            twins[model, part.pk] = model.objects.create(**given, plan=draft, came_from=part).pk
    return len(twins)


def _twin(twins: dict[tuple[type, int], Any], field: Any, value: Any) -> Any:
    return twins.get((field.related_model, value), value) if field.is_relation else value


@act(Do.PLAN)
def discard_draft(chart: Chart, *, plan: Plan) -> None:
    """The draft and its parts are gone from the chart; row history keeps them. Signed versions are untouched.

    Who may: clinicians and prescribers on the team. Recorded: one row with the draft's id. Raises ValidationError
    for a signed plan.
    """
    demand_draft(chart, plan)
    if any(model.objects.filter(plan=plan).exists() for model in (ClientWord, Answer)):
        raise ValidationError(
            _(
                "The client or a colleague has said something about this draft. Change it instead: their words stay."
            )
        )
    problems = list(PlanProblem.objects.filter(plan=plan).values_list("problem", flat=True))
    for model in PARTS:
        model.objects.filter(plan=plan).delete()
    Plan.objects.filter(pk=plan.pk).delete()
    _let_go(chart, problems)
    chart.note(discarded=str(plan.public_id))


@act(Do.SEE_PLAN)
def print_plan(chart: Chart, *, plan: Plan) -> Plan:
    """That this plan was printed, by whom, is on the ledger. Nothing else changes: paper inside the house is no disclosure.

    Who may: whoever may see the plan.
    """
    chart.note(version_no=plan.version_no, draft=not plan.is_signed)
    return plan


@act(Do.PASS_ON)
def pass_on_plans(opened: Open, *, leaver: Staff, heirs: dict[int, Staff]) -> int:
    """The leaver's drafts, steps in drafts and asked-for cosignatures are the heir's of each program; how many.

    Who may: the job that hands over when someone's access ends. Recorded: one row with the number.
    """
    return pass_rows(opened, held(opened, leaver.pk), heirs)
