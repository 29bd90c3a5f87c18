"""The rows of the door."""

from intake.models.arrivals import Arrival, Pickup
from intake.models.interview import (
    Disagreement,
    Interview,
    InterviewAnswer,
    InterviewNotice,
    InterviewPart,
    NoteChoice,
    QuietUntil,
    State,
    Way,
)

__all__ = [
    "Arrival",
    "Disagreement",
    "Interview",
    "InterviewAnswer",
    "InterviewNotice",
    "InterviewPart",
    "NoteChoice",
    "Pickup",
    "QuietUntil",
    "State",
    "Way",
]
