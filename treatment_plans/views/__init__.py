"""The pages of the plan."""

from treatment_plans.views.afterwards import ask_cosign, cosign, note
from treatment_plans.views.client import client_say, client_sign, client_start
from treatment_plans.views.clocks import clocks
from treatment_plans.views.formulation import (
    begin_formulation,
    formulation,
    formulation_map,
    formulation_pdf,
    formulation_words,
    move_node,
    suggest_node,
    tidy_map,
)
from treatment_plans.views.formulation_pieces import (
    add_evidence,
    add_piece,
    change_piece,
    put_back,
    remove_piece,
)
from treatment_plans.views.keeping import keep
from treatment_plans.views.pages import (
    discard,
    edit,
    home,
    keep_words,
    new_version,
    print_pdf,
    show,
    start,
    tasks,
)
from treatment_plans.views.participation import plain, said
from treatment_plans.views.parts import (
    add_fragment,
    add_page,
    card,
    change_fragment,
    change_page,
    remove,
    suggest,
)
from treatment_plans.views.problems import diagnoses, list_problem, problem, problems, revise_problem
from treatment_plans.views.reviews import compare, review, review_pdf, summary, summary_pdf
from treatment_plans.views.safety import (
    asked,
    client_safety,
    given,
    page,
    page_discard,
    page_edit,
    page_give,
    page_home,
    page_print,
    page_start,
)
from treatment_plans.views.screens import take_up
from treatment_plans.views.signing import client_signature, shown, sign
from treatment_plans.views.standing import answer, count

__all__ = [
    "add_evidence",
    "add_fragment",
    "add_page",
    "add_piece",
    "answer",
    "ask_cosign",
    "asked",
    "begin_formulation",
    "card",
    "change_fragment",
    "change_page",
    "change_piece",
    "client_safety",
    "client_say",
    "client_sign",
    "client_signature",
    "client_start",
    "clocks",
    "compare",
    "cosign",
    "count",
    "diagnoses",
    "discard",
    "edit",
    "formulation",
    "formulation_map",
    "formulation_pdf",
    "formulation_words",
    "given",
    "home",
    "keep",
    "keep_words",
    "list_problem",
    "move_node",
    "new_version",
    "note",
    "page",
    "page_discard",
    "page_edit",
    "page_give",
    "page_home",
    "page_print",
    "page_start",
    "plain",
    "print_pdf",
    "problem",
    "problems",
    "put_back",
    "remove",
    "remove_piece",
    "review",
    "review_pdf",
    "revise_problem",
    "said",
    "show",
    "shown",
    "sign",
    "start",
    "suggest",
    "suggest_node",
    "summary",
    "summary_pdf",
    "take_up",
    "tasks",
    "tidy_map",
]
