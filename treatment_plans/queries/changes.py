"""What changed in a draft since someone read it, from the row history: said when their signature comes too late."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from clinic.people.models import Staff
from treatment_plans.models import Goal, Intervention, Link, Objective, Plan, PlanProblem
from treatment_plans.queries.checks import short

TOLD: tuple[tuple[Any, str, tuple[str, ...]], ...] = (
    (Plan, "id", ("strengths", "words", "step_down", "review_on", "participation_words")),
    (PlanProblem, "plan_id", ("text", "put_off")),
    (Link, "plan_id", ("how",)),
    (Goal, "plan_id", ("words",)),
    (Objective, "plan_id", ("text", "target", "target_on")),
    (Intervention, "plan_id", ("text", "frequency", "duration")),
)


@dataclass(frozen=True)
class Change:
    """One text of one part: as it was read, as it is now ("" where it was added or taken out), and by whom."""

    label: str
    before: str
    after: str
    by: str


def changed_since(plan: Plan, moment: dt.datetime) -> list[Change]:
    """Each text of this plan that was changed, added or taken out after `moment`. Two queries for each kind of part."""
    people = {person.pk: person.name for person in Staff.objects.filter(site__isnull=False)}
    return [
        change
        for model, column, names in TOLD
        for change in _of_model(model, {column: plan.pk}, names, moment, people)
    ]


def _of_model(
    model: Any, of: dict[str, int], names: tuple[str, ...], moment: dt.datetime, people: dict[int, str]
) -> list[Change]:
    history = next(iter(model.pgh_event_models.values()))
    rows = list(history.objects.filter(**of).select_related("pgh_context").order_by("pgh_id"))
    found = []
    for key in dict.fromkeys(row.pgh_obj_id for row in rows):
        mine = [row for row in rows if row.pgh_obj_id == key]
        read = [row for row in mine if row.pgh_created_at <= moment]
        if len(read) == len(mine):
            continue
        now = mine[-1]
        who = (now.pgh_context.metadata or {}).get("actor") if now.pgh_context else None
        for name in names:
            before = _written(getattr(read[-1], name)) if read else ""
            after = "" if now.pgh_label.startswith("delete") else _written(getattr(now, name))
            if before != after:
                label = str(model._meta.get_field(name).verbose_name)
                found.append(Change(label, before, after, people.get(who or 0, _("someone"))))
    return found


def _written(value: Any) -> str:
    return "" if value is None else short(str(value), 400)
