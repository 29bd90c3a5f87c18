"""Instruments as data, and what their answers come to. Pure: no Django, no clock, no database.

An answer is an option's position, a number where the form asks for one, or several positions where it allows them; or
"declined", or "skipped" (by the form's own rule). What is absent or None was not reached. Four different states, none
of them zero.
"""

from screening.rules.cadence import FIRST, Cadence, days_between, due_on
from screening.rules.care import Spell, Use, Withdrawal, spells
from screening.rules.changes import Change, change, reliable_choices
from screening.rules.checking import Problem, check, check_all
from screening.rules.instruments import (
    Band,
    BandSet,
    Context,
    Instrument,
    Item,
    Option,
    conditions,
    load,
    load_all,
    offered,
)
from screening.rules.owning import is_on_duty, next_person, wait_minutes
from screening.rules.paper import paper_code, same_code
from screening.rules.positive import POSITIVE, WORSE, follows, is_positive, is_worse
from screening.rules.scoring import (
    DECLINED,
    SKIPPED,
    Answers,
    Score,
    critical,
    critical_items,
    next_steps,
    not_answers,
    score,
    skipped_by_rule,
    steps_up_to,
    unasked,
    with_skipped,
)
from screening.rules.withdrawal import PROTOCOLS, VITALS, Protocol, are_steps, protocol

__all__ = [
    "DECLINED",
    "FIRST",
    "POSITIVE",
    "PROTOCOLS",
    "SKIPPED",
    "VITALS",
    "WORSE",
    "Answers",
    "Band",
    "BandSet",
    "Cadence",
    "Change",
    "Context",
    "Instrument",
    "Item",
    "Option",
    "Problem",
    "Protocol",
    "Score",
    "Spell",
    "Use",
    "Withdrawal",
    "are_steps",
    "change",
    "check",
    "check_all",
    "conditions",
    "critical",
    "critical_items",
    "days_between",
    "due_on",
    "follows",
    "is_on_duty",
    "is_positive",
    "is_worse",
    "load",
    "load_all",
    "next_person",
    "next_steps",
    "not_answers",
    "offered",
    "paper_code",
    "protocol",
    "reliable_choices",
    "same_code",
    "score",
    "skipped_by_rule",
    "spells",
    "steps_up_to",
    "unasked",
    "wait_minutes",
    "with_skipped",
]
