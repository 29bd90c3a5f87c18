"""The problem list: a problem is on it, is changed, is over. None is ever deleted."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clinic.access.acts import act
from clinic.access.chart import Chart, OpenEpisode, Refused
from clinic.access.policy import Do
from clinic.kit import clock
from clinic.record.models import Domain, Problem, ProblemStatus
from treatment_plans.models import Formulation, Plan, PlanProblem
from treatment_plans.queries.checks import demand_code, demand_not_later, demand_words, homes

FIELDS = (
    "text", "code", "code_system", "domain", "onset_on", "onset_words", "status", "severity", "remission",
    "remission_setting", "source", "said_by", "resolved_on",
)  # fmt: skip


@act(Do.PLAN)
def list_problem(
    chart: Chart, *, place: OpenEpisode | None = None, source_part2: bool = False, **told: Any
) -> Problem:
    """A problem is on the client's list, in `place`, by default where a plan of both sides would be kept.

    `told`: any of FIELDS; `text` and `domain` must be there. `source_part2`: what it was drawn from is Part 2. Who may: clinicians and prescribers on the team.
    Recorded: one row. Raises ValidationError naming the field; Refused where no episode allows it.
    """
    home = place or next(iter(homes(chart)), None)
    if home is None:
        raise Refused(Do.PLAN)
    problem = Problem(
        **chart.stamp(home, part2=source_part2), code_system="", recorded_by_id=chart.who.actor_id
    )
    _tell(problem, told, clock.today(home.zone))
    problem.save(force_insert=True)
    return problem


@act(Do.PLAN)
def revise_problem(chart: Chart, *, problem: Problem, version: int, **told: Any) -> Problem:
    """The problem is as `told` (any of FIELDS); drafts of a plan that hold it say so too, signed plans stay as they are.

    Who may: clinicians and prescribers on the team. Recorded: one row with the names of the fields; the row history keeps
    what was there. Raises StaleEdit, ValidationError naming the field.
    """
    before = {name: getattr(problem, name) for name in FIELDS}
    _tell(problem, told, clock.today(chart.episode(problem.episode_id).zone))
    changed = [name for name in FIELDS if getattr(problem, name) != before[name]]
    problem.save_over(version, *FIELDS)
    drafts = PlanProblem.objects.filter(
        problem=problem, episode__in=chart.episode_ids, plan__frozen_at__isnull=True
    )
    for part in drafts if {"text", "domain", "code"} & set(changed) else ():
        part.text, part.domain, part.code = problem.text, problem.domain, problem.code
        part.save_over(part.version, "text", "domain", "code")
    chart.note(fields=changed)
    return problem


def _tell(problem: Problem, told: dict[str, Any], today: dt.date) -> None:
    """The row says what is told, where all of it may stand; ValidationError names what may not."""
    coded = problem.code
    for name in FIELDS:
        value = told.get(name, getattr(problem, name))
        setattr(problem, name, value.strip() if isinstance(value, str) else value)
    demand_words("text", problem.text, _("Say what the problem is, in plain words or by a code."))
    if problem.domain not in Domain.values:
        raise ValidationError({"domain": _("Choose one of the list.")})
    if problem.code != coded:
        problem.code, problem.code_system = demand_code(problem.code), ""
    _demand_days(problem, today)
    if problem.remission and problem.status != ProblemStatus.REMISSION:
        said = _("This goes with the status “In remission”. Choose that, or leave this open.")
        raise ValidationError({"remission": said})
    problem.clean_fields(exclude=["client", "episode", "recorded_by"])


def _demand_days(problem: Problem, today: dt.date) -> None:
    over = problem.status == ProblemStatus.RESOLVED
    problem.resolved_on = (problem.resolved_on or today) if over else None
    demand_not_later("onset_on", problem.onset_on, today)
    demand_not_later("resolved_on", problem.resolved_on, today)
    if problem.resolved_on and problem.onset_on and problem.resolved_on < problem.onset_on:
        raise ValidationError({"resolved_on": _("It cannot be over before it began.")})


def _copied(chart: Chart, plan: Plan | Formulation, problem: Problem) -> Problem:
    """The problem of a record that was merged with this one, once in the plan's own: no key of the chart crosses
    from one record to another, so that a merge can be taken apart."""
    there = Problem.objects.filter(episode=plan.episode_id, came_from=problem.public_id).first()
    return there or Problem.objects.create(
        **chart.stamp(chart.episode(plan.episode_id), part2=problem.part2), text=problem.text, code=problem.code,
        code_system=problem.code_system, domain=problem.domain, onset_on=problem.onset_on, said_by=problem.said_by,
        recorded_by_id=problem.recorded_by_id, came_from=problem.public_id,
    )  # fmt: skip
