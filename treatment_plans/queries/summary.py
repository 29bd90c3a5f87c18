"""The plan in a few lines, for a referral packet and other places that quote it."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.access.chart import Open
from treatment_plans.queries.reading import current_plan
from treatment_plans.queries.tree import PlanTree


def plan_summary(chart: Open) -> dict[str, Any] | None:
    """The signed plan that holds, in lines; None where none was signed. One query.

    {"id": public id, "kind": "plan", "part2": bool, "episode_id", "version_no", "signed_on": date, "title", "lines":
    [str], "problems": [str], "links": [str], "goals": [str], "interventions": [str]}
    """
    tree = current_plan(chart)
    return None if tree is None else summary_of(tree)


def summary_of(tree: PlanTree) -> dict[str, Any]:
    """`plan_summary` of a plan that was read already; no query."""
    problems = [f"{t.text} ({t.code})" if t.code else t.text for t in tree.taken_up]
    links = [f"{tie.sentence}: {tie.how}" for tie in tree.ties]
    goals = [wish.words for t in tree.taken_up for wish in t.wishes]
    steps = [*(s for aim in tree.aims for s in aim.steps), *(s for tie in tree.ties for s in tie.steps)]
    interventions = [step.line for step in steps]
    objectives = [aim.line for aim in tree.aims]
    lines = [
        *(_("Problem: %(text)s") % {"text": text} for text in problems),
        *(_("Link: %(text)s") % {"text": text} for text in links),
        *(_("Goal: %(text)s") % {"text": text} for text in goals),
        *(_("Objective: %(text)s") % {"text": text} for text in objectives),
        *(_("Planned: %(text)s") % {"text": text} for text in interventions),
    ]
    signed_on = timezone.localdate(tree.plan.frozen_at) if tree.plan.frozen_at else None
    title = _("Treatment plan, version %(number)s") % {"number": tree.plan.version_no}
    return {
        "id": str(tree.plan.public_id), "kind": "plan", "part2": tree.plan.part2, "episode_id": tree.plan.episode_id,
        "version_no": tree.plan.version_no, "signed_on": signed_on, "title": title, "lines": lines,
        "problems": problems, "links": links, "goals": goals, "interventions": interventions,
    }  # fmt: skip
