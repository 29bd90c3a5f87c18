"""The only writers of the door."""

from intake.actions.contact import add_contact, change_contact, end_contact
from intake.actions.facts import record_detail, record_history
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
    "add_contact",
    "admit",
    "admit_client",
    "change_contact",
    "end_contact",
    "record_detail",
    "record_history",
    "register",
    "register_client",
    "register_clients",
    "register_many",
]
