"""The readers of the plan."""

from treatment_plans.queries.checks import Missing, homes, missing, responsible
from treatment_plans.queries.due import due
from treatment_plans.queries.suggestions import Hint, Suggestion, hints, suggestions
from treatment_plans.queries.summary import measure_line, plan_summary, step_line, summary_of
from treatment_plans.queries.tree import PlanTree, Version, current_plan, plan_marks, tree, versions

__all__ = [
    "Hint",
    "Missing",
    "PlanTree",
    "Suggestion",
    "Version",
    "current_plan",
    "due",
    "hints",
    "homes",
    "measure_line",
    "missing",
    "plan_marks",
    "plan_summary",
    "responsible",
    "step_line",
    "suggestions",
    "summary_of",
    "tree",
    "versions",
]
