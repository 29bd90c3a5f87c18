"""The client of the whole day: who she is, where she goes, the words that are hers."""

import datetime as dt
from zoneinfo import ZoneInfo

GIVEN, FAMILY = "Junia", "Ashgrove"
EMAIL = "junia@people.example"
SUD, MH, BOTH = "Harbor Recovery", "Maple Counseling", "Bridge Program"
ZONE = ZoneInfo("America/New_York")
NIGHTS = "Nightmares most nights"
HOW = "Two glasses to fall asleep, awake and shaking at three"
GOALS = ("I want to sleep without drinking first.", "I want nights that are quiet.")
WHY = "Blood work, and somebody to look after her sleep"
RIVERBEND, RECORDS = "Riverbend Family Medicine", "records@riverbend.example"
ASK = "Please call her before the visit tomorrow."
# What is pressed for each questionnaire: the printed score, Y or N; the last of PHQ-9 and GAD-7 is about function.
KEYS = {
    "phq-9": "2221221112",
    "gad-7": "22121211",
    "pcl-5": "22222122222212222223",
    "audit": "4232131224",
    "dast-10": "YYNYYNYNNN",
}


def in_days(days: int) -> str:
    """That day at her site, as a form wants it."""
    return f"{dt.datetime.now(ZONE).date() + dt.timedelta(days=days):%Y-%m-%d}"


def tomorrow() -> dict[str, str]:
    """A first appointment within the day that the clinic reminds ahead."""
    starts = dt.datetime.now(ZONE) + dt.timedelta(hours=23)
    return {"visit_on": f"{starts:%Y-%m-%d}", "visit_at": f"{starts:%H:%M}"}
