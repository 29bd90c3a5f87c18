"""What the clinician of the caseload of sixty did for each: visits, the notice, one plan, answers to positive screens.

Some of it is left undone, as in any caseload: what is due there is what a working clinic has to do, not all that there is.
"""

import datetime as dt
from typing import Any

from caseload.management.demo import answers, build, rights
from caseload.management.demo.courses import Course, Visit
from caseload.management.demo.people import BOTH, MH, SUD
from caseload.management.population.courses import Person
from clinic.people.models import Program, Staff
from screening import actions as screening
from screening.models import ScreenResponse
from screening.queries import unsettled

LEFT_OPEN = 5  # of so many positive screens one is still to be answered


def live(client: Any, person: Person, number: int, lead: Staff, program: Program, today: dt.date) -> None:
    """One person's months with their clinician are in the chart that `client` names, day by day."""
    zone = program.site.zone
    course = _course(person, number, today)
    with build.chart_of(lead, client) as chart:
        rights.give_notice(chart, course, build.at(course.began, zone, 9))
        for visit in course.visits:
            build.come(chart, visit, zone)
        if course.has_plan:
            build.draw_plan(chart, course, (SUD, MH, BOTH)[course.program], zone, today)
        _answer(chart, number)
        answers.take_flags(chart, course, today)
        build.book_next(chart, course, zone, today)


def _course(person: Person, number: int, today: dt.date) -> Course:
    told = person.registered
    days = sorted({today - dt.timedelta(days=taken.days_ago) for taken in person.taken})
    return Course(
        number=number + 2,  # the first of the demo's has a flag of this morning
        given=told["given_name"], family=told["family_name"], chosen="", pronouns="", sex=told["sex"],
        born=told["birth_date"], language="en", street="", phone="", email="", arc=person.arc, program=number % 3,
        began=today - dt.timedelta(days=person.days_here), visits=[Visit(day, kept=True) for day in days],
        has_plan=person.arc != "new", has_referral=False, answered=True,
    )  # fmt: skip


def _answer(chart: Any, number: int) -> None:
    for place, one in enumerate(unsettled(chart)):
        if (number + place) % LEFT_OPEN:
            row = ScreenResponse.objects.get(public_id=one.public_id)
            screening.leave_unconfirmed(chart, response=row, reason="Asked again by interview: not so today")
