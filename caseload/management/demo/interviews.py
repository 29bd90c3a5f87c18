"""The demo's interviews: some confirmed by both, some under way, one that leads to CIWA-Ar now. Nobody in them is real."""

import datetime as dt
from typing import Any

from caseload.management.demo.courses import Course
from clinic.access.chart import Chart
from clinic.kit import clock
from intake import actions, queries
from intake.actions import Told
from intake.models import Interview, NoteChoice, State, Way

SAID: dict[str, Any] = {
    "hopes.reason": "My sister drove me. She said: now or never.",
    "hopes.hope": "To wake up and not count the drinks.",
    "hopes.first": "A night of sleep.",
    "strengths.good_at": "I cook for the whole house, and people come back.",
    "strengths.people": "My sister. My neighbor Lou.",
    "comfort.helps": ["walk", "music"],
    "comfort.touch": "ask",
    "comfort.door": "near",
    "substances.used": ["alcohol", "cannabis"],
    "substances.first_age@alcohol": 14,
    "substances.days@alcohol": "daily",
    "substances.last@alcohol": "days_3",
    "substances.first_age@cannabis": 16,
    "substances.days@cannabis": "few",
    "substances.tried": ["group", "counseling"],
    "substances.overdose": "never",
    "substances.naloxone": "yes",
    "withdrawal.last_alcohol": "longer",
    "withdrawal.seizure": "no",
    "mind.care": ["talk"],
    "mind.together": "Low days end in drinking; the morning after is lower still.",
    "health.medicines": "Something for blood pressure, one a day",
    "safety.home_safe": "yes",
    "safety.death": "no",
    "past.lived_through": "yes",
    "past.wants_help": "later",
    "past.ace_total": 4,
    "life.supports": "My sister",
}
SOME = ("hopes.reason", "hopes.hope", "strengths.people", "comfort.touch", "comfort.door")
RISK = {
    "withdrawal.last_alcohol": "today",
    "withdrawal.now": ["shaking", "sweats"],
    "withdrawal.seizure": "yes",
}


def interview(chart: Chart, course: Course, today: dt.date) -> None:
    """Every fourth client has one; who came last week and drank today has shaking hands."""
    if course.arc == "new" and course.number % 2:
        row = actions.start_interview(chart, language=course.language)
        _tell(chart, row, {key: SAID[key] for key in SOME} | RISK, Way.TABLET)
    elif course.number % 4 == 0:
        began = min(course.began + dt.timedelta(days=1), today)
        with clock.backdated(dt.datetime.combine(began, dt.time(16), dt.UTC)):
            row = actions.start_interview(chart, language=course.language)
            if course.number % 8:
                _under_way(chart, row, today)
            else:
                _confirmed(chart, row, course)


def _tell(chart: Chart, row: Interview, values: dict[str, Any], way: str = Way.STAFF) -> None:
    actions.tell(
        chart, interview=row, told=[Told(key, State.TOLD, said) for key, said in values.items()], way=way
    )


def _under_way(chart: Chart, row: Interview, today: dt.date) -> None:
    _tell(chart, row, {key: SAID[key] for key in SOME})
    declined = [Told("hopes.worry", State.NOT_TODAY), Told("hopes.first", State.RATHER_NOT)]
    actions.tell(chart, interview=row, told=declined, way=Way.TABLET)
    actions.choose_note(chart, interview=row, part="safety", choice=NoteChoice.SKIP, way=Way.TABLET)
    until = today + dt.timedelta(days=40)
    actions.set_quiet(chart, interview=row, topic="past", until=until, words="After the hearing, please.")


def _confirmed(chart: Chart, row: Interview, course: Course) -> None:
    for part in ("safety", "past"):
        actions.choose_note(chart, interview=row, part=part, choice=NoteChoice.CONTINUE, way=Way.STAFF)
    _tell(chart, row, SAID)
    told = [Told("hopes.worry", State.RATHER_NOT), Told("life.household", State.NOT_TODAY)]
    actions.tell(chart, interview=row, told=told, way=Way.STAFF)
    words = "I said most days, not each day. Put that down, please."
    actions.disagree(chart, interview=row, question="substances.days@alcohol", words=words, way=Way.STAFF)
    read = queries.summary(queries.held(chart, row)).text_hash
    name = f"{course.given} {course.family}"
    actions.confirm(chart, interview=row, text_hash=read, client_name=name)
