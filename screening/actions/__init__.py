"""The only writers of the screening room: answers, finished screens, the flags they raise, the responses they ask for."""

from screening.actions.answering import AnswerPage, answer_item
from screening.actions.flags import file_safety_step
from screening.actions.flows import end_flowsheet, rate_withdrawal
from screening.actions.links import send_link, show_link, withdraw_link
from screening.actions.owning import acknowledge_flag, escalate_flag, pass_on_flags
from screening.actions.pace import agree_most, note_not_today, say_not_today
from screening.actions.repeating import NotMadeUp, repeat_courses
from screening.actions.responses import (
    defer_response,
    leave_unconfirmed,
    refer_response,
    reopen_response,
    take_up_response,
)
from screening.actions.screens import (
    complete_screen,
    correct_screen,
    keep_answers,
    mark_in_error,
    record_screen,
    record_screens,
)
from screening.actions.sittings import (
    SafetyStepWaits,
    add_to_sitting,
    close_sitting,
    decline_step,
    start_sitting,
)
from screening.actions.writing import OPENS_WITHIN, FutureDate, NewScreen, NotAnAnswer

__all__ = [
    "OPENS_WITHIN",
    "AnswerPage",
    "FutureDate",
    "NewScreen",
    "NotAnAnswer",
    "NotMadeUp",
    "SafetyStepWaits",
    "acknowledge_flag",
    "add_to_sitting",
    "agree_most",
    "answer_item",
    "close_sitting",
    "complete_screen",
    "correct_screen",
    "decline_step",
    "defer_response",
    "end_flowsheet",
    "escalate_flag",
    "file_safety_step",
    "keep_answers",
    "leave_unconfirmed",
    "mark_in_error",
    "note_not_today",
    "pass_on_flags",
    "rate_withdrawal",
    "record_screen",
    "record_screens",
    "refer_response",
    "reopen_response",
    "repeat_courses",
    "say_not_today",
    "send_link",
    "show_link",
    "start_sitting",
    "take_up_response",
    "withdraw_link",
]
