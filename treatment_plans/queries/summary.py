"""The plan in a few lines, for a referral packet and other places that quote it."""

from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from clinic.access.chart import Open
from treatment_plans.queries.tree import Aim, PlanTree, Step, current_plan


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
    interventions = [step_line(step) for step in steps]
    objectives = [aim_line(aim) for aim in tree.aims]
    lines = [
        *(_("Problem: %(text)s") % {"text": text} for text in problems),
        *(_("Link: %(text)s") % {"text": text} for text in links),
        *(_("Goal: %(text)s") % {"text": text} for text in goals),
        *(_("Objective: %(text)s") % {"text": text} for text in objectives),
        *(_("Planned: %(text)s") % {"text": text} for text in interventions),
    ]
    signed_on = tree.plan.frozen_at.date() if tree.plan.frozen_at else None
    title = _("Treatment plan, version %(number)s") % {"number": tree.plan.version_no}
    return {
        "id": str(tree.plan.public_id), "kind": "plan", "part2": tree.plan.part2, "episode_id": tree.plan.episode_id,
        "version_no": tree.plan.version_no, "signed_on": signed_on, "title": title, "lines": lines,
        "problems": problems, "links": links, "goals": goals, "interventions": interventions,
    }  # fmt: skip


def aim_line(aim: Aim) -> str:
    """The objective with its measure and day in one line."""
    return " ".join(part for part in (aim.text.rstrip(".") + ".", measure_line(aim)) if part)


def measure_line(aim: Aim) -> str:
    """PHQ-9 from 14 to 9 by 3 Mar 2027."""
    what = " / ".join(part for part in (aim.instrument.upper(), aim.counted) if part)
    words = {"what": what, "from": _number(aim.baseline), "to": _number(aim.target)}
    if aim.baseline is not None and aim.target is not None:
        line = _("%(what)s from %(from)s to %(to)s") % words
    elif aim.target is not None:
        line = _("%(what)s: target %(to)s") % words
    else:
        line = what
    if aim.target_on:
        line = _("%(line)s by %(day)s") % {"line": line, "day": date_format(aim.target_on, "j M Y")}
    return line.strip()


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return number_format(value, 0 if value == int(value) else 1)


def step_line(step: Step) -> str:
    """Individual counseling: urge surfing; weekly; 12 weeks; Dana Tester, LCSW."""
    what = f"{step.type_text}: {step.text}" if step.text else step.type_text
    return "; ".join(part for part in (what, step.frequency, step.duration, step.staff_name) if part)
