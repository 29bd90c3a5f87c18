"""The pages of the plan."""

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
from treatment_plans.views.parts import (
    add_fragment,
    add_page,
    card,
    change_fragment,
    change_page,
    remove,
    suggest,
)
from treatment_plans.views.screens import take_up
from treatment_plans.views.signing import client_signature, sign
from treatment_plans.views.standing import answer, count

__all__ = [
    "add_fragment",
    "add_page",
    "answer",
    "card",
    "change_fragment",
    "change_page",
    "client_signature",
    "count",
    "discard",
    "edit",
    "home",
    "keep_words",
    "new_version",
    "print_pdf",
    "remove",
    "show",
    "sign",
    "start",
    "suggest",
    "take_up",
    "tasks",
]
