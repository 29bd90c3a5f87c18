"""What was done about positive screens and critical answers: some open, some put off, some overdue, one flag waiting."""

import datetime as dt
from typing import Any

from caseload.management.demo.courses import Course
from clinic.access.chart import Chart
from clinic.access.door import open_office
from clinic.access.policy import Do
from clinic.kit import clock
from clinic.office.actions import set_on_call
from clinic.people.models import Program, Staff
from clinic.record.models import Flag
from screening import actions as screening
from screening.models import ScreenResponse
from screening.queries import unsettled


def set_up_on_call(staff: dict[str, Staff], programs: list[Program]) -> None:
    """Nell is on call for every program."""
    for program in programs:
        with open_office(staff["sol"], to=Do.SET_ON_CALL, route="demo") as office:
            set_on_call(office, program=program, staff=staff["nell"])


def take_flags(chart: Chart, course: Course, today: dt.date) -> None:
    """Whoever leads has taken the flags of this chart. One, of this morning, waits for somebody to say "I have this"."""
    for flag in Flag.objects.filter(client=chart.client_id, closed_at__isnull=True):
        screening.acknowledge_flag(chart, flag=flag)
    if course.number == 1:
        answers = {**{f"phq9_{n}": 1 for n in range(1, 10)}, "phq9_10": 1}
        screening.record_screen(
            chart, instrument="phq-9", answers=answers, taken_on=today, episode=chart.episodes[0]
        )


def respond(chart: Chart, course: Course, today: dt.date) -> None:
    """The oldest positive screen of some: put off, put off until a day that has come, or not confirmed."""
    first = next(iter(unsettled(chart)), None)
    if first is None:
        return
    row = ScreenResponse.objects.get(public_id=first.public_id)
    if course.number % 5 == 2:
        screening.defer_response(
            chart,
            response=row,
            until=today + dt.timedelta(days=9),
            reason="Sleep first; we talk about it then",
        )
    elif course.number % 5 == 3:
        past = clock.now() - dt.timedelta(days=20)
        with clock.backdated(past):
            late: Any = today - dt.timedelta(days=2)
            screening.defer_response(chart, response=row, until=late, reason="After the move to the new flat")
    elif course.number % 5 == 4:
        screening.leave_unconfirmed(
            chart,
            response=row,
            reason="By interview: grief after a death in the family, no change in drinking",
        )


def say_not_today(chart: Chart, course: Course, today: dt.date) -> None:
    """Some said how many they agree to at one visit, and one of them "not today"."""
    if course.number % 6 == 1:
        screening.agree_most(chart, most=2)
    if course.number % 12 == 1:
        screening.note_not_today(chart, until=today + dt.timedelta(days=6), instruments=["pcl-5"])
