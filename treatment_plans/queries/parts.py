"""One row of a plan by its public id, for the verbs' pages."""

from typing import Any, TypeVar

from clinic.access.chart import Chart, ChartNotFound, OpenEpisode
from treatment_plans.models import Plan, PlanPart
from treatment_plans.queries.checks import homes

P = TypeVar("P", bound=PlanPart)


def plan_row(chart: Chart, public_id: Any, *, lock: bool = False) -> Plan:
    """The plan of that public id; ChartNotFound where it is not open. `lock`: nobody else changes it meanwhile."""
    found = Plan.objects.filter(episode__in=chart.episode_ids, public_id=public_id)
    plan = (found.select_for_update() if lock else found).first()
    if plan is None:
        raise ChartNotFound
    return plan


def part_row(chart: Chart, model: type[P], public_id: Any, plan: Any) -> P:
    """The part of that public id in that plan, the plan with it; ChartNotFound where it is not open."""
    found = model._default_manager.filter(
        episode__in=chart.episode_ids, public_id=public_id, plan__public_id=plan
    )
    part = found.select_related("plan").first()
    if part is None:
        raise ChartNotFound
    return part


def home_of(chart: Chart, public_id: str) -> OpenEpisode | None:
    """The episode someone chose to keep a new plan in, None for the best one; ChartNotFound for one that is not theirs."""
    if not public_id:
        return None
    for place in homes(chart):
        if str(place.public_id) == public_id:
            return place
    raise ChartNotFound
