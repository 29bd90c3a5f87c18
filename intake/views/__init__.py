"""The pages of the door."""

from intake.views.contact import contact, contact_edit, contact_end, contact_new
from intake.views.desk import admit_page, alike, desk, program_fields, register_page

__all__ = [
    "admit_page",
    "alike",
    "contact",
    "contact_edit",
    "contact_end",
    "contact_new",
    "desk",
    "program_fields",
    "register_page",
]
