"""What someone is typing into a part of the plan and has not saved yet. It is theirs alone, and has no row history."""

from clinic.access.acts import act
from clinic.access.chart import Chart
from clinic.access.policy import Do
from clinic.record.models import Draft
from treatment_plans.models import Plan
from treatment_plans.queries.checks import demand_draft
from treatment_plans.queries.parts import KEPT


@act(Do.PLAN)
def keep_part(chart: Chart, *, plan: Plan, key: str, body: dict[str, str]) -> Draft:
    """What is typed so far into this form is kept for this person. Nothing in the plan changes.

    Who may: clinicians and prescribers on the team. Recorded: one row. Raises ValidationError for a signed plan.
    """
    demand_draft(chart, plan)
    kept, _made = Draft.objects.update_or_create(
        client_id=chart.client_id, staff=chart.who, kind=KEPT, key=key[:80], defaults={"body": body}
    )
    return kept


@act(Do.PLAN)
def let_part_go(chart: Chart, *, plan: Plan, key: str) -> None:
    """What was kept of this form is gone: it was saved, or its writer does not want it. Recorded: one row."""
    Draft.objects.filter(client__in=chart.clients, staff=chart.who, kind=KEPT, key=key[:80]).delete()
