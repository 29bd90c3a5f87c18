"""The only writers of the door."""

from intake.actions.contact import add_contact, change_contact, end_contact
from intake.actions.facts import record_detail, record_history
from intake.actions.interview import (
    Told,
    choose_note,
    close_notice,
    confirm,
    confirm_as_client,
    disagree,
    lift_quiet,
    open_part,
    print_interview,
    set_quiet,
    start_interview,
    tell,
)
from intake.actions.registering import (
    CARE_ROLES,
    AlreadyHere,
    NotOfThisProgram,
    admit,
    admit_client,
    register,
    register_client,
    register_clients,
    register_many,
)

__all__ = [
    "CARE_ROLES",
    "AlreadyHere",
    "NotOfThisProgram",
    "Told",
    "add_contact",
    "admit",
    "admit_client",
    "change_contact",
    "choose_note",
    "close_notice",
    "confirm",
    "confirm_as_client",
    "disagree",
    "end_contact",
    "lift_quiet",
    "open_part",
    "print_interview",
    "record_detail",
    "record_history",
    "register",
    "register_client",
    "register_clients",
    "register_many",
    "set_quiet",
    "start_interview",
    "tell",
]
