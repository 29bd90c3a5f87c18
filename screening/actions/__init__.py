"""The only writers of the screening room: answers, finished screens, the flags they raise, and what was done about them."""

from screening.actions.flags import file_safety_step
from screening.actions.screens import (
    AnswerPage,
    complete_screen,
    correct_screen,
    keep_answers,
    mark_in_error,
    record_screen,
    record_screens,
)
from screening.actions.sittings import SafetyStepWaits, close_sitting, start_sitting
from screening.actions.writing import OPENS_WITHIN, FutureDate, NewScreen, NotAnAnswer

__all__ = [
    "OPENS_WITHIN",
    "AnswerPage",
    "FutureDate",
    "NewScreen",
    "NotAnAnswer",
    "SafetyStepWaits",
    "close_sitting",
    "complete_screen",
    "correct_screen",
    "file_safety_step",
    "keep_answers",
    "mark_in_error",
    "record_screen",
    "record_screens",
    "start_sitting",
]
