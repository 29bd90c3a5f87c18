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
from intake.queries.interviews import (
    Held,
    asked,
    conflict,
    held,
    interview,
    interviews,
    next_open,
    one_asked,
    over,
    part_of,
    parts,
    sheet,
    typed,
)
from intake.queries.notices import due, is_offered, notice, notices, one_notice
from intake.queries.summary import confirmations, summary

__all__ = [
    "Found",
    "Held",
    "Visit",
    "WayToReach",
    "asked",
    "confirmations",
    "conflict",
    "current_address",
    "current_contacts",
    "due",
    "find_matches",
    "held",
    "home_and_team",
    "interview",
    "interviews",
    "is_offered",
    "known_numbers",
    "lookalikes",
    "next_appointments",
    "next_open",
    "notice",
    "notices",
    "one_asked",
    "one_entry",
    "one_notice",
    "over",
    "part_of",
    "parts",
    "program_colleagues",
    "search",
    "sheet",
    "summary",
    "typed",
    "ways_to_reach",
]
