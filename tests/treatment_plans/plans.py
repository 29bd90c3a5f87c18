"""A plan for June that lacks nothing, built by the room's own verbs."""

import datetime as dt
from typing import Any

from django.db import connection

from clinic.access.door import open_chart
from clinic.access.policy import Do
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


def second_episode(cast: Any, june: Any, program: Any, *staff: Any) -> int:
    """A second episode of June's in `program`, with these people on its team."""
    with open_chart(cast.dana, june, to=Do.OPEN_CHART) as chart:
        client, first = chart.client_id, chart.episodes[0].id
    with connection.cursor() as cursor:
        cursor.execute("select nextval('record_episode_id_seq')")
        second = cursor.fetchone()[0]
        cursor.execute(
            "select set_config('entwine.clients', %s, true), set_config('entwine.episodes', %s, true)",
            [f"{{{client}}}", f"{{{first},{second}}}"],
        )
        cursor.execute(
            "insert into record_episode (id, client_id, public_id, version, created_at, program_id, part2, starts_on,"
            " reason_ended) values (%s, %s, gen_random_uuid(), 1, now(), %s, %s, %s, '')",
            [second, client, program.pk, program.part2, dt.date(2026, 2, 1)],
        )
        for person in staff:
            cursor.execute(
                "insert into record_careteam (client_id, episode_id, public_id, version, created_at, part2, staff_id,"
                " role, lead, starts_on) values (%s, %s, gen_random_uuid(), 1, now(), false, %s, 'clinician', true, '2026-02-01')",
                [client, second, person.pk],
            )
        cursor.execute(
            "select set_config('entwine.clients', '', true), set_config('entwine.episodes', '', true)"
        )
    return int(second)
