"""Answers that several stories share. PHQ-9 with a total of 14; item 9 is 0 unless a story says otherwise."""

import uuid

PHQ9 = {**{f"phq9_{n}": 2 for n in range(1, 7)}, "phq9_7": 1, "phq9_8": 1, "phq9_9": 0, "phq9_10": 1}
GAD7 = {f"gad7_{n}": 1 for n in range(1, 9)}
PCL5 = {f"pcl5_{n}": 1 for n in range(1, 21)}
AUDIT_NONE = {"audit_1": 0, "audit_9": 0, "audit_10": 0}
DAST10 = {**{f"dast10_{n}": 0 for n in range(1, 11)}, "dast10_3": 1}
ALL = {"phq-9": PHQ9, "gad-7": GAD7, "pcl-5": PCL5, "audit": AUDIT_NONE, "dast-10": DAST10}


def phq9(item_9=0, **more):
    return {**PHQ9, "phq9_9": item_9, **more}


def page(answers, *, day="2026-11-20", seen=0, tab=None, screen_id=None, **more):
    """What the form posts."""
    marks = {
        "screen_id": screen_id or uuid.uuid4(),
        "tab": tab or uuid.uuid4(),
        "seen": seen,
        "taken_on": day,
    }
    return {**{k: str(v) for k, v in marks.items()}, "mode": "staff", "language": "en",
            **{k: str(v) for k, v in answers.items()}, **more}  # fmt: skip
