"""Levels of care by edition, and the days somebody waited. The codes are public; every word beside them is our own."""

import datetime as dt

ASAM_3, ASAM_4, OWN = "ASAM 3rd", "ASAM 4th", "clinic"

# law.md section 5. The criteria's own text is copyrighted: these are plain descriptions.
LEVELS: dict[str, dict[str, str]] = {
    ASAM_3: {
        "0.5": "Early help before treatment",
        "1": "Outpatient, up to 9 hours a week",
        "OTP": "Opioid treatment program",
        "2.1": "Intensive outpatient, 9 hours a week or more",
        "2.5": "Day program, 20 hours a week or more",
        "3.1": "Living there, with some treatment",
        "3.3": "Living there, slower pace, for those who need it",
        "3.5": "Living there, with much treatment",
        "3.7": "Living there, with nurses day and night",
        "4": "Hospital",
        "1-WM": "Withdrawal at home, with visits",
        "2-WM": "Withdrawal at home, watched by day",
        "3.2-WM": "Withdrawal in a house with staff",
        "3.7-WM": "Withdrawal with nurses day and night",
        "4-WM": "Withdrawal in hospital",
    },
    ASAM_4: {
        "1.0": "Following recovery over the long run",
        "1.5": "Outpatient therapy",
        "1.7": "Outpatient with medical care",
        "2.1": "Intensive outpatient",
        "2.5": "Day program with much treatment",
        "2.7": "Day program with medical care",
        "3.1": "Living there, with some treatment",
        "3.5": "Living there, with much treatment",
        "3.7": "Living there, with medical care",
        "4": "Hospital",
    },
    OWN: {
        "outreach": "Outreach",
        "outpatient": "Outpatient",
        "intensive": "Intensive outpatient",
        "day": "Day program",
        "residential": "Residential",
        "inpatient": "Inpatient",
    },
}


def is_level(edition: str, level: str) -> bool:
    """Whether that edition has that level."""
    return level in LEVELS.get(edition, {})


def level_words(edition: str, level: str) -> str:
    """The level as we say it; the code alone where the edition is not known here."""
    return LEVELS.get(edition, {}).get(level, level)


def days_waited(asked_on: dt.date, until: dt.date) -> int:
    """Whole days from asking to `until`; never below 0."""
    return max(0, (until - asked_on).days)


def day_wait(days: int) -> int:
    """TEDS DAYWAIT of the public file: 0 none, 1: 1 to 7, 2: 8 to 14, 3: 15 to 30, 4: 31 and more (law.md section 4)."""
    return next(code for code, most in ((0, 0), (1, 7), (2, 14), (3, 30), (4, days)) if days <= most)
