"""The only readers of intake."""

from intake.queries.contact import (
    Visit,
    WayToReach,
    current_address,
    current_contacts,
    home_and_team,
    next_appointments,
    ways_to_reach,
)
from intake.queries.desk import Found, known_numbers, lookalikes, one_entry, program_colleagues, search
from intake.queries.duplicates import find_matches

__all__ = [
    "Found",
    "Visit",
    "WayToReach",
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
    "ways_to_reach",
]
