"""What stands beside the scores in the joint picture: days of use and craving as BAM-R asks them, a withdrawal watched."""

import datetime as dt
import uuid
from random import Random
from typing import Any

from caseload.management.demo.build import at
from caseload.management.demo.courses import SEED, Course
from clinic.access.chart import Chart
from clinic.kit import clock
from screening import actions as screening
from screening import rules
from screening.actions import AnswerPage
from screening.models import Flowsheet

EVERY = dt.timedelta(days=28)
# Of the days used at the start, how many are left at each third of the course.
LEFT = {
    "improving": (1.0, 0.4, 0.0),
    "stuck": (1.0, 0.9, 0.8),
    "relapsing": (1.0, 0.1, 0.7),
    "lost": (1.0, 0.8, 0.7),
    "new": (1.0, 1.0, 1.0),
}
COWS = ((28, 3), (24, 3), (20, 2), (6, 1), (2, 0))  # hours before the end, points on each of five signs


def ask_about_use(chart: Chart, course: Course, zone: str, today: dt.date) -> None:
    """BAM-R each month for some of those who are treated for use, until their last visit."""
    if course.program == 1 or course.number % 4:
        return
    random = Random(SEED + course.number)  # noqa: S311
    drinks, uses, ends = random.randint(9, 24), random.randint(0, 14), course.visits[-1].on
    day = course.began
    while day <= min(ends, today):
        third = min(2, 3 * (day - course.began).days // max(1, (ends - course.began).days))
        left = LEFT[course.arc][third]
        with clock.backdated(at(day, zone, 11)):
            screening.record_screen(
                chart, instrument="bam-r", answers=bam_r(round(drinks * left), round(uses * left), left), taken_on=day,
                episode=chart.episodes[0],
            )  # fmt: skip
        day += EVERY


def bam_r(drinks: int, uses: int, craving: float) -> dict[str, Any]:
    """Answers of someone who drank and used on so many of the past 30 days; `craving`: from 0 to 1."""
    form = rules.load("bam-r")
    told: dict[str, Any] = {item: 0 if form.item(item).kind == "number" else 1 for item in form.total_items}
    return {**told, "bamr_4": drinks, "bamr_5": drinks // 3, "bamr_6": uses, "bamr_8": round(4 * craving)}


def watch_withdrawal(chart: Chart, course: Course, zone: str) -> None:
    """One in twelve came off opioids soon after they came: five ratings over a day, and the end of the watch."""
    if course.program != 2 or course.number % 12 != 8:
        return
    over = at(course.began + dt.timedelta(days=3), zone, 16)
    for hours, points in COWS:
        moment = over - dt.timedelta(hours=hours)
        with clock.backdated(moment):
            page = AnswerPage(
                instrument="cows",
                screen_id=uuid.uuid4(),
                tab=str(uuid.uuid4()),
                seen=0,
                taken_on=moment.date(),
            )
            answers = {f"cows_{n}": points if n in (2, 3, 5, 7, 9) else 0 for n in range(1, 12)}
            kept = screening.keep_answers(chart, page=page, answers=answers)
            screening.rate_withdrawal(chart, answering=kept, at=moment, vitals={"pulse": 70 + 6 * points})
    with clock.backdated(over):
        flow = Flowsheet.objects.get(episode=chart.episodes[0].id, instrument="cows", ended_at__isnull=True)
        screening.end_flowsheet(chart, flow=flow, reason="No signs of withdrawal any more")
