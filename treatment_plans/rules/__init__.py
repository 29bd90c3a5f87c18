"""What a plan may be made of, and what is asked of it. Pure: no Django, clock or database."""

from treatment_plans.rules.catalogue import CATALOGUE, INTERVENTIONS, Offered, offered_for
from treatment_plans.rules.drawing import draw
from treatment_plans.rules.integration import RULES, Facts, Finding, findings, names_opioids
from treatment_plans.rules.layout import GRID, PHONE, UPRIGHT, WIDE, Arrow, Box, Drawing
from treatment_plans.rules.links import Common, common_links
from treatment_plans.rules.marks import gettext_noop
from treatment_plans.rules.progress import PROGRESS_RULES, Progress, progress
from treatment_plans.rules.reviews import (
    LEVELS,
    SCHEDULES,
    Schedule,
    is_late_entry,
    is_soon,
    plan_days,
    review_days,
    review_on,
)
from treatment_plans.rules.topics import HOLDING, LINK_VERBS, TOPICS, Topic, is_answered, takes_up

__all__ = [
    "CATALOGUE",
    "GRID",
    "HOLDING",
    "INTERVENTIONS",
    "LEVELS",
    "LINK_VERBS",
    "PHONE",
    "PROGRESS_RULES",
    "RULES",
    "SCHEDULES",
    "TOPICS",
    "UPRIGHT",
    "WIDE",
    "Arrow",
    "Box",
    "Common",
    "Drawing",
    "Facts",
    "Finding",
    "Offered",
    "Progress",
    "Schedule",
    "Topic",
    "common_links",
    "draw",
    "findings",
    "gettext_noop",
    "is_answered",
    "is_late_entry",
    "is_soon",
    "names_opioids",
    "offered_for",
    "plan_days",
    "progress",
    "review_days",
    "review_on",
    "takes_up",
]
