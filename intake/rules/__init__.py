"""What the door knows without a database: names and dates as typed, and the catalogue of questions. Pure."""

from intake.rules.catalogue import (
    BadAnswer,
    BadCatalogue,
    Catalogue,
    Option,
    Question,
    Said,
    Section,
    answer_words,
    catalogue,
    is_asked,
    read_answer,
)
from intake.rules.teds import teds_map, teds_values
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
    "BadAnswer",
    "BadCatalogue",
    "BadDate",
    "Catalogue",
    "Option",
    "Question",
    "Said",
    "Section",
    "Typed",
    "answer_words",
    "born_about",
    "catalogue",
    "dialled_digits",
    "is_asked",
    "read_answer",
    "read_birth_date",
    "read_phone",
    "read_typed",
    "split_name",
    "teds_map",
    "teds_values",
]
