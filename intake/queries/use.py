"""Use that was told of in the interview, by day: what screening's scores are read beside."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q
from django.db.models.functions import JSONObject
from django.utils.translation import get_language

from clinic.kit.dates import date_format
from intake import rules
from intake.models import InterviewAnswer, State

# How many days ago the last use was at least, by what was answered: the answers tell one stretch of time from the next.
AT_LEAST = {"today": 0, "days_3": 1, "week": 4, "month": 8}
# Smoking shows in no score of mood or trauma.
LEFT_OUT = "substances.last@nicotine"
ASKED = ("withdrawal.last_alcohol", "withdrawal.last_opioid", "withdrawal.last_benzo")


def last_use() -> ArraySubquery:
    """What an episode's interviews say about the last use, as JSON: for the room that reads the episodes."""
    rows = InterviewAnswer.objects.filter(
        Q(question__startswith="substances.last@") | Q(question__in=ASKED),
        ~Q(question=LEFT_OUT),
        episode=OuterRef("pk"),
        state=State.TOLD,
        value__in=list(AT_LEAST),
    )
    told = JSONObject(question=F("question"), value=F("value"), at=F("at"))
    return ArraySubquery(rows.order_by("at", "pk").values(json=told))


def used_by(rows: list[dict[str, Any]], zone: str) -> list[tuple[dt.date, str]]:
    """(latest day on which that use can have been, how it is known) of each such answer."""
    language = "es" if (get_language() or "").startswith("es") else "en"
    form = rules.interview()
    found = []
    for row in rows:
        told_on = dt.datetime.fromisoformat(row["at"]).astimezone(ZoneInfo(zone)).date()
        part, _dot, name = row["question"].partition(".")
        step = next((s for s in rules.every_step(form.part(part)).values() if s.name == name), None)
        if step is not None:
            said = f"{step.label(language)}: {step.said(row['value'], language)}"
            words = f"{said} ({date_format(told_on, 'j M Y')})"
            found.append((told_on - dt.timedelta(days=AT_LEAST[row["value"]]), words))
    return found
