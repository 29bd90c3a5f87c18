"""A column of a flowsheet, rated by whoever has the chart open."""

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

from clinic.kit import clock
from screening import actions

COWS = {f"cows_{n}": 0 for n in range(1, 12)}
CIWA = {f"ciwa_{n}": 0 for n in range(1, 11)}


def rate(chart, answers, *, instrument="cows", hours_ago=0, **vitals):
    at = clock.now() - dt.timedelta(hours=hours_ago)
    page = actions.AnswerPage(
        instrument=instrument, screen_id=uuid.uuid4(), tab=str(uuid.uuid4()), seen=0,
        taken_on=at.astimezone(ZoneInfo(chart.episodes[0].zone)).date(),
    )  # fmt: skip
    kept = actions.keep_answers(chart, page=page, answers=answers)
    return actions.rate_withdrawal(chart, answering=kept, at=at, vitals=vitals)
