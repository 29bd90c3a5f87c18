"""What a FHIR R4 resource says, read thinly: as much as we keep, and why the rest was not taken.

A library was tried for this (fhir.resources parses R4B only, in the way of all-or-nothing): one odd element would have
cost the whole resource. The standard's own search and profile rules are the server's business, not an import's.
"""

from intake.management.bundle_read.chart import allergy, condition, encounter, medication_request
from intake.management.bundle_read.patient import Person, person
from intake.management.bundle_read.pieces import BadResource, KeptOut, Row, at, code_of, day, text_of

__all__ = [
    "BadResource",
    "KeptOut",
    "Person",
    "Row",
    "allergy",
    "at",
    "code_of",
    "condition",
    "day",
    "encounter",
    "medication_request",
    "person",
    "text_of",
]
