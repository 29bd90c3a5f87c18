"""The readers of the plan."""

from treatment_plans.queries.changes import Change, changed_since
from treatment_plans.queries.checks import Missing, homes, missing, own_supervisor, responsible, supervisors
from treatment_plans.queries.due import due, plan_marks
from treatment_plans.queries.formulation import (
    Map,
    drawn,
    link_named,
    map_of,
    map_of_plan,
    map_row,
    maps_of,
    piece_row,
)
from treatment_plans.queries.held import held
from treatment_plans.queries.integration import Asked, Check, check
from treatment_plans.queries.parts import next_review, shown_row, version_before
from treatment_plans.queries.plain import PlainCopy, plain_copy
from treatment_plans.queries.plain_safety import AFTER, PageCopy, page_copy
from treatment_plans.queries.problems import problem_history, problem_list, problem_row, problems_in_error
from treatment_plans.queries.progress import Standing, standings
from treatment_plans.queries.reading import current_plan, signed_days, tree
from treatment_plans.queries.review import changed_since_signing, compare, review_day
from treatment_plans.queries.safety import (
    SafetyAsk,
    asking_flag,
    given_row,
    given_rows,
    is_page,
    page_home,
    page_row,
    page_versions,
    safety_ask,
)
from treatment_plans.queries.suggestions import (
    Hint,
    Offer,
    Suggestion,
    first_measure,
    hints,
    offers,
    suggestions,
)
from treatment_plans.queries.summary import plan_summary, summary_of
from treatment_plans.queries.tree import PlanTree
from treatment_plans.queries.versions import Version, versions
from treatment_plans.queries.whole import whole_copy

__all__ = [
    "AFTER",
    "Asked",
    "Change",
    "Check",
    "Hint",
    "Map",
    "Missing",
    "Offer",
    "PageCopy",
    "PlainCopy",
    "PlanTree",
    "SafetyAsk",
    "Standing",
    "Suggestion",
    "Version",
    "asking_flag",
    "changed_since",
    "changed_since_signing",
    "check",
    "compare",
    "current_plan",
    "drawn",
    "due",
    "first_measure",
    "given_row",
    "given_rows",
    "held",
    "hints",
    "homes",
    "is_page",
    "link_named",
    "map_of",
    "map_of_plan",
    "map_row",
    "maps_of",
    "missing",
    "next_review",
    "offers",
    "own_supervisor",
    "page_copy",
    "page_home",
    "page_row",
    "page_versions",
    "piece_row",
    "plain_copy",
    "plan_marks",
    "plan_summary",
    "problem_history",
    "problem_list",
    "problem_row",
    "problems_in_error",
    "responsible",
    "review_day",
    "safety_ask",
    "shown_row",
    "signed_days",
    "standings",
    "suggestions",
    "summary_of",
    "supervisors",
    "tree",
    "version_before",
    "versions",
    "whole_copy",
]
