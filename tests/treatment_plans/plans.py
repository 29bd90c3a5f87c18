"""A plan for June that lacks nothing, built by the room's own verbs."""

import datetime as dt
from typing import Any

from clinic.kit import clock
from treatment_plans import actions
from treatment_plans.models import Plan, PlanProblem


def in_days(days: int) -> dt.date:
    return clock.today() + dt.timedelta(days=days)


def fill_words(chart: Any, plan: Plan) -> None:
    plan = Plan.objects.get(pk=plan.pk)
    actions.change_plan(
        chart, plan=plan, version=plan.version, strengths="I always show up for my kids.", step_down="Two months without drinking.",
        participation="took_part", participation_words="June chose the goals and their order.", review_on=in_days(90),
    )  # fmt: skip


def add_whole_problem(chart: Any, plan: Plan, *, text: str, domain: str, instrument: str = "") -> PlanProblem:
    problem = actions.add_problem(chart, plan=plan, text=text, domain=domain, instrument=instrument)
    goal = actions.add_goal(chart, problem=problem, words=f"I want less of it: {text}")
    objective = actions.add_objective(
        chart, goal=goal, text="Half as much as now", counted="bad days in a month", baseline=20, target=10, target_on=in_days(60)
    )  # fmt: skip
    actions.add_intervention(
        chart, objective=objective, kind="individual", text="Plan for evenings", frequency="weekly", duration="12 weeks",
        staff=chart.who,
    )  # fmt: skip
    return problem


def whole_draft(chart: Any) -> Plan:
    plan = actions.start_plan(chart)
    fill_words(chart, plan)
    alcohol = add_whole_problem(chart, plan, text="Alcohol use", domain="substance_use")
    panic = add_whole_problem(chart, plan, text="Panic", domain="mental_health")
    actions.link_problems(
        chart,
        plan=plan,
        from_problem=alcohol,
        to_problem=panic,
        verb="sets_off",
        how="withdrawal brings panic",
    )
    return plan
