"""The only readers of intake."""

from intake.queries.contact import Visit, current_address, current_contacts, home_and_team, next_appointments
from intake.queries.desk import Found, known_numbers, lookalikes, one_entry, program_colleagues, search
from intake.queries.duplicates import find_matches

__all__ = [
    "Found",
    "Visit",
    "current_address",
    "current_contacts",
    "find_matches",
    "home_and_team",
    "known_numbers",
    "lookalikes",
    "next_appointments",
    "one_entry",
    "program_colleagues",
    "search",
]
