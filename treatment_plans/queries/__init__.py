"""The readers of the plan."""

from treatment_plans.queries.checks import Missing, homes, missing, responsible
from treatment_plans.queries.due import due, plan_marks
from treatment_plans.queries.suggestions import Hint, Suggestion, hints, suggestions
from treatment_plans.queries.summary import plan_summary, summary_of
from treatment_plans.queries.tree import PlanTree, Version, current_plan, tree, versions

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
    "missing",
    "plan_marks",
    "plan_summary",
    "responsible",
    "suggestions",
    "summary_of",
    "tree",
    "versions",
]
