"""One row of a plan by its public id, for the verbs' pages."""

import datetime as dt
from typing import Any, TypeVar

from django.db.models import Exists, QuerySet

from clinic.access.chart import Chart, ChartNotFound, Open, OpenEpisode
from clinic.kit import clock
from clinic.kit.written import kept
from clinic.people.queries import current_period
from clinic.record.models import Draft, LevelOfCare
from treatment_plans.models import Plan, PlanPart, PlanSummary, Shown
from treatment_plans.queries.checks import homes
from treatment_plans.queries.reading import grow, with_parts, wrong
from treatment_plans.queries.review import review_days_of
from treatment_plans.queries.tree import PlanTree

P = TypeVar("P", bound=PlanPart)
KEPT = "plan_part"  # the kind of a Draft that holds an unsaved form of the plan


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


def level_of(episode: int) -> str:
    """The level of care given in that episode today, "" where none was set; one query."""
    rows = LevelOfCare.objects.filter(current_period(), episode=episode).values_list("level", flat=True)
    return rows.first() or ""


def next_review(chart: Chart, plan: Plan) -> dt.date:
    """The day of the review after one today, by the level of care and the rule the clinic has chosen."""
    place = chart.episode(plan.episode_id)
    return clock.today(place.zone) + dt.timedelta(days=review_days_of(level_of(place.id)))


def summary_row(chart: Chart, public_id: Any, plan: Any) -> PlanSummary:
    """The summary of that public id; ChartNotFound where it is not open."""
    found = PlanSummary.objects.filter(
        episode__in=chart.episode_ids, public_id=public_id, plan__public_id=plan
    )
    row = found.select_related("plan").first()
    if row is None:
        raise ChartNotFound
    return row


def shown_row(chart: Chart, public_id: Any, plan: Any) -> Shown:
    """What somebody was shown when they signed that plan or declined, with their signature; ChartNotFound where it is
    not open."""
    found = Shown.objects.filter(episode__in=chart.episode_ids, public_id=public_id, plan__public_id=plan)
    row = found.select_related("plan", "signature").first()
    if row is None:
        raise ChartNotFound
    return row


def version_before(chart: Chart, plan: Plan) -> PlanTree | None:
    """The signed version before this one that was not entered in error, with everything in it; one query."""
    return next(map(grow, _before(chart, episode=plan.episode_id, number=plan.version_no)), None)


@kept
def _before(_opened: Open, *, episode: Any, number: Any) -> QuerySet[Plan]:
    rows = Plan.objects.filter(
        ~Exists(wrong()), episode=episode, version_no__lt=number, frozen_at__isnull=False
    )
    return with_parts(rows).order_by("-version_no")[:1]


def kept_parts(chart: Chart) -> dict[str, Draft]:
    """What this person has typed into forms of the plan and not saved, by the form's key; one query."""
    rows = Draft.objects.filter(client__in=chart.clients, staff=chart.who, kind=KEPT).order_by("saved_at")
    return {row.key: row for row in rows}
