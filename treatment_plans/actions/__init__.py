"""The only writers of the plan."""

from treatment_plans.actions.afterwards import add_note, ask_cosign, cosign, return_plan
from treatment_plans.actions.keeping import keep_part, let_part_go
from treatment_plans.actions.participation import say_about_plan, sign_shown_plan, take_client_word
from treatment_plans.actions.parts import (
    add_goal,
    add_intervention,
    add_objective,
    add_problem,
    change_goal,
    change_intervention,
    change_link,
    change_objective,
    change_problem,
    link_problems,
    remove_goal,
    remove_intervention,
    remove_link,
    remove_objective,
    remove_problem,
    take_problem,
)
from treatment_plans.actions.plans import (
    change_plan,
    discard_draft,
    new_version,
    pass_on_plans,
    print_plan,
    start_plan,
)
from treatment_plans.actions.problems import list_problem, revise_problem
from treatment_plans.actions.reviews import review_plan, summarize_plan
from treatment_plans.actions.safety import (
    change_page,
    discard_page,
    finish_page,
    give_page,
    print_page,
    put_off_safety_plan,
    start_relapse_plan,
    start_safety_plan,
)
from treatment_plans.actions.screens import answer_screen
from treatment_plans.actions.signing import sign_as_client, sign_plan
from treatment_plans.actions.standing import answer_check, count_objective

__all__ = [
    "add_goal",
    "add_intervention",
    "add_note",
    "add_objective",
    "add_problem",
    "answer_check",
    "answer_screen",
    "ask_cosign",
    "change_goal",
    "change_intervention",
    "change_link",
    "change_objective",
    "change_page",
    "change_plan",
    "change_problem",
    "cosign",
    "count_objective",
    "discard_draft",
    "discard_page",
    "finish_page",
    "give_page",
    "keep_part",
    "let_part_go",
    "link_problems",
    "list_problem",
    "new_version",
    "pass_on_plans",
    "print_page",
    "print_plan",
    "put_off_safety_plan",
    "remove_goal",
    "remove_intervention",
    "remove_link",
    "remove_objective",
    "remove_problem",
    "return_plan",
    "review_plan",
    "revise_problem",
    "say_about_plan",
    "sign_as_client",
    "sign_plan",
    "sign_shown_plan",
    "start_plan",
    "start_relapse_plan",
    "start_safety_plan",
    "summarize_plan",
    "take_client_word",
    "take_problem",
]
