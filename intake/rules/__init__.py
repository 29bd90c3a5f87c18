"""What the door knows without a database: names and dates as typed, and the catalogue of questions. Pure."""

from intake.rules.typed import (
    BadDate,
    Typed,
    born_about,
    dialled_digits,
    read_birth_date,
    read_phone,
    read_typed,
    split_name,
)

__all__ = [
    "BadDate",
    "Typed",
    "born_about",
    "dialled_digits",
    "read_birth_date",
    "read_phone",
    "read_typed",
    "split_name",
]
