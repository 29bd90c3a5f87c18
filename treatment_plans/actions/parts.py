"""What a draft is made of: problems, goals, objectives, interventions; the links between problems are in links.py."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clinic.access.acts import act
from clinic.access.chart import Chart
from clinic.access.policy import Do
from clinic.kit import clock
from clinic.people.models import Staff
from clinic.record.models import Domain, Problem
from screening.queries import measuring
from treatment_plans import rules
from treatment_plans.actions.problems import _copied
from treatment_plans.actions.screens import _answer_screens, _let_go
from treatment_plans.models import Goal, Intervention, Link, Objective, Plan, PlanProblem
from treatment_plans.queries.checks import (
    demand_code,
    demand_draft,
    demand_not_past,
    demand_responsible,
    demand_room,
    demand_words,
)


def _stamp(chart: Chart, plan: Plan) -> dict[str, Any]:
    return {**chart.stamp(chart.episode(plan.episode_id), part2=plan.part2), "plan": plan}


def _known(field: str, value: str, choices: Any, *, empty: bool = False) -> None:
    if value not in choices and not (empty and not value):
        raise ValidationError({field: _("Choose one of the list.")})


@act(Do.PLAN)
def add_problem(
    chart: Chart,
    *,
    plan: Plan,
    text: str,
    domain: str,
    code: str = "",
    instrument: str = "",
    source: str = "",
    put_off: str = "",
    said_by: str = "",
    onset_on: dt.date | None = None,
    source_part2: bool = False,
) -> PlanProblem:
    """A new problem is on the client's problem list, and in this draft.

    `instrument` and `source`: the positive screen that suggested it, and in words; `source_part2` if that screen is.
    Positive screens that it takes up are answered by it, each with a row of its own. Who may: clinicians and
    prescribers on the team. Recorded: one row. Raises ValidationError naming the field.
    """
    demand_draft(chart, plan)
    demand_words("text", text, _("Say what the problem is."))
    _known("domain", domain, Domain.values)
    problem = Problem(
        **chart.stamp(chart.episode(plan.episode_id), part2=source_part2), text=text.strip(), code=demand_code(code),
        domain=domain, said_by=said_by, onset_on=onset_on, recorded_by_id=chart.who.actor_id,
    )  # fmt: skip
    if source_part2:
        demand_room(chart, plan, problem)
    problem.save(force_insert=True)
    made = PlanProblem.objects.create(
        **_stamp(chart, plan), problem=problem, text=problem.text, domain=domain, code=problem.code,
        instrument=instrument, source=source[:160], put_off=put_off.strip(),
    )  # fmt: skip
    _answer_screens(chart, made)
    return made


@act(Do.PLAN)
def take_problem(chart: Chart, *, plan: Plan, problem: Problem) -> PlanProblem:
    """A problem of the client's list is in this draft, in the words it has today.

    Who may: clinicians and prescribers on the team, in both episodes. Recorded: one row. Raises ValidationError where
    it is there already, or comes from a Part 2 episode and the plan is not kept in one.
    """
    demand_draft(chart, plan)
    demand_room(chart, plan, problem)
    if problem.client_id != plan.client_id:
        problem = _copied(chart, plan, problem)
    if PlanProblem.objects.filter(plan=plan, problem=problem).exists():
        raise ValidationError(_("This problem is in the plan already."))
    made = PlanProblem.objects.create(
        **_stamp(chart, plan), problem=problem, text=problem.text, domain=problem.domain, code=problem.code,
        source=_("From the problem list"),
    )  # fmt: skip
    _answer_screens(chart, made)
    return made


@act(Do.PLAN)
def change_problem(
    chart: Chart,
    *,
    problem: PlanProblem,
    version: int,
    text: str,
    domain: str,
    code: str = "",
    put_off: str = "",
) -> PlanProblem:
    """The problem in this draft has these words, and so has the client's list where it belongs to the same episode.

    Who may: clinicians and prescribers on the team. Recorded: one row. Raises StaleEdit, ValidationError.
    """
    demand_draft(chart, problem.plan)
    demand_words("text", text, _("Say what the problem is."))
    _known("domain", domain, Domain.values)
    problem.text, problem.domain, problem.code, problem.put_off = (
        text.strip(),
        domain,
        code.strip() if code.strip() == problem.code else demand_code(code),
        put_off.strip(),
    )
    problem.save_over(version, "text", "domain", "code", "put_off")
    listed = Problem.objects.filter(pk=problem.problem_id, episode=problem.episode_id).first()
    if listed is not None:
        listed.text, listed.domain, listed.code = problem.text, problem.domain, problem.code
        listed.save_over(listed.version, "text", "domain", "code")
    return problem


@act(Do.PLAN)
def remove_problem(chart: Chart, *, problem: PlanProblem) -> None:
    """The problem, its goals, what is done for them and its links are out of this draft; the problem list keeps it.

    Who may: clinicians and prescribers on the team. Recorded: one row. Raises ValidationError for a signed plan.
    """
    demand_draft(chart, problem.plan)
    links = Link.objects.filter(from_problem=problem) | Link.objects.filter(to_problem=problem)
    Intervention.objects.filter(link__in=links).delete()
    links.delete()
    Intervention.objects.filter(objective__goal__problem=problem).delete()
    Objective.objects.filter(goal__problem=problem).delete()
    Goal.objects.filter(problem=problem).delete()
    PlanProblem.objects.filter(pk=problem.pk).delete()
    _let_go(chart, [problem.problem_id])
    chart.note(removed=str(problem.public_id))


@act(Do.PLAN)
def add_goal(chart: Chart, *, problem: PlanProblem, words: str) -> Goal:
    """The problem has this goal, in the client's words.

    Who may: clinicians and prescribers on the team. Recorded: one row. Raises ValidationError naming the field.
    """
    demand_draft(chart, problem.plan)
    demand_words("words", words, _("Write the goal down, in the client's words."))
    return Goal.objects.create(**_stamp(chart, problem.plan), problem=problem, words=words.strip())


@act(Do.PLAN)
def change_goal(chart: Chart, *, goal: Goal, version: int, words: str) -> Goal:
    """The goal has these words. Raises StaleEdit, ValidationError."""
    demand_draft(chart, goal.plan)
    demand_words("words", words, _("Write the goal down, in the client's words."))
    goal.words = words.strip()
    goal.save_over(version, "words")
    return goal


@act(Do.PLAN)
def remove_goal(chart: Chart, *, goal: Goal) -> None:
    """The goal, its objectives and what was planned for them are out of this draft. Raises ValidationError if signed."""
    demand_draft(chart, goal.plan)
    Intervention.objects.filter(objective__goal=goal).delete()
    Objective.objects.filter(goal=goal).delete()
    Goal.objects.filter(pk=goal.pk).delete()
    chart.note(removed=str(goal.public_id))


OBJECTIVE = ("text", "instrument", "counted", "baseline", "target", "target_on")


def _demand_objective(
    chart: Chart, plan: Plan, *, text: str, instrument: str, target_on: dt.date | None
) -> None:
    demand_words("text", text, _("Say what will be different."))
    _known("instrument", instrument, {form.id for form in measuring()}, empty=True)
    demand_not_past("target_on", target_on, clock.today(chart.episode(plan.episode_id).zone))


@act(Do.PLAN)
def add_objective(
    chart: Chart,
    *,
    goal: Goal,
    text: str,
    instrument: str = "",
    counted: str = "",
    baseline: Decimal | float | None = None,
    target: Decimal | float | None = None,
    target_on: dt.date | None = None,
) -> Objective:
    """The goal has this step: measured by an instrument's total or by what is `counted`, from, to, by when.

    Who may: clinicians and prescribers on the team. Recorded: one row. Raises ValidationError naming the field: the
    day must not have passed. What is left open is named when the plan is signed.
    """
    demand_draft(chart, goal.plan)
    _demand_objective(chart, goal.plan, text=text, instrument=instrument, target_on=target_on)
    made = Objective.objects.create(
        **_stamp(chart, goal.plan), goal=goal, text=text.strip(), instrument=instrument, counted=counted.strip(),
        baseline=baseline, target=target, target_on=target_on,
    )  # fmt: skip
    if instrument:
        _answer_screens(chart, goal.problem, instrument)
    return made


@act(Do.PLAN)
def change_objective(
    chart: Chart,
    *,
    objective: Objective,
    version: int,
    text: str,
    instrument: str = "",
    counted: str = "",
    baseline: Decimal | float | None = None,
    target: Decimal | float | None = None,
    target_on: dt.date | None = None,
) -> Objective:
    """The objective is this. Who may and what is recorded: as for `add_objective`. Raises StaleEdit, ValidationError."""
    demand_draft(chart, objective.plan)
    _demand_objective(chart, objective.plan, text=text, instrument=instrument, target_on=target_on)
    objective.text, objective.instrument, objective.counted = text.strip(), instrument, counted.strip()
    objective.baseline, objective.target = baseline, target  # type: ignore[assignment]
    objective.target_on = target_on
    objective.save_over(version, *OBJECTIVE)
    return objective


@act(Do.PLAN)
def remove_objective(chart: Chart, *, objective: Objective) -> None:
    """The objective and what was planned for it are out of this draft. Raises ValidationError for a signed plan."""
    demand_draft(chart, objective.plan)
    Intervention.objects.filter(objective=objective).delete()
    Objective.objects.filter(pk=objective.pk).delete()
    chart.note(removed=str(objective.public_id))


@act(Do.PLAN)
def add_intervention(
    chart: Chart,
    *,
    kind: str,
    objective: Objective | None = None,
    link: Link | None = None,
    text: str = "",
    frequency: str = "",
    duration: str = "",
    staff: Staff | None = None,
    step_down: str = "",
    source: str = "",
) -> Intervention:
    """This is done for an objective, or for the link between two problems: what, how often, for how long, by whom.

    Who may: clinicians and prescribers on the team. Recorded: one row. Raises ValidationError naming the field: the
    person must work in the plan's program today. What is left open is named when the plan is signed.
    """
    plan = objective.plan if objective else link.plan if link else None
    if plan is None or (objective and link):
        raise ValidationError(_("Choose what this is for: one objective, or one link."))
    demand_draft(chart, plan)
    _known("kind", kind, rules.INTERVENTIONS)
    demand_responsible(chart, plan, staff)
    return Intervention.objects.create(
        **_stamp(chart, plan), objective=objective, link=link, kind=kind, text=text.strip(),
        frequency=frequency.strip(), duration=duration.strip(), staff=staff, step_down=step_down.strip(), source=source,
    )  # fmt: skip


@act(Do.PLAN)
def change_intervention(
    chart: Chart,
    *,
    intervention: Intervention,
    version: int,
    kind: str,
    text: str = "",
    frequency: str = "",
    duration: str = "",
    staff: Staff | None = None,
    step_down: str = "",
    source: str = "",
) -> Intervention:
    """The intervention is this. As for `add_intervention`; raises StaleEdit too."""
    demand_draft(chart, intervention.plan)
    _known("kind", kind, rules.INTERVENTIONS)
    demand_responsible(chart, intervention.plan, staff)
    intervention.kind, intervention.text, intervention.staff = kind, text.strip(), staff
    intervention.frequency, intervention.duration = frequency.strip(), duration.strip()
    intervention.step_down, intervention.source = step_down.strip(), source
    intervention.save_over(version, "kind", "text", "frequency", "duration", "staff", "step_down", "source")
    return intervention


@act(Do.PLAN)
def remove_intervention(chart: Chart, *, intervention: Intervention) -> None:
    """The intervention is out of this draft. Raises ValidationError for a signed plan."""
    demand_draft(chart, intervention.plan)
    Intervention.objects.filter(pk=intervention.pk).delete()
    chart.note(removed=str(intervention.public_id))
