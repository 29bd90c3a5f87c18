"""PHQ-9 courses counted without Entwine's code, from the published rules alone.

Kroenke 2001: bands 0-4, 5-9, 10-14, 15-19, 20-27, positive from 10. PHQ-9 algorithm: five or more of nine symptoms (items
1-8 on more than half the days, item 9 at all), one of them item 1 or 2; two to four: other depressive syndrome. HEDIS
DRR-E: from a first total above 9, response is a fall by half or more, remission a last total below 5. NHS Talking
Therapies: 6 points are reliable. Loewe 2004: 5 points matter. `python -m tests.screening.phq9_by_hand FILE` prints the same
as `script/manage count_courses FILE`.
"""

import csv
import json
import sys
from pathlib import Path


def by_hand(rows):
    bands, flags, changes, people = {}, dict.fromkeys(FLAGS, 0), {}, {}
    for row in rows:
        nine = [row[f"phq9_{n}"] for n in range(1, 10)]
        there = [int(answer) if answer else None for answer in nine]
        symptoms = [
            answer is not None and answer >= (1 if place == 8 else 2) for place, answer in enumerate(there)
        ]
        open_ones = [place for place, answer in enumerate(there) if answer is None]
        total = sum(there) if not open_ones else None
        word = "none" if total is None else WORDS[(total > 4) + (total > 9) + (total > 14) + (total > 19)]
        bands[word] = bands.get(word, 0) + 1
        flags["positive_screen"] += total is not None and total >= 10
        flags["suicidal_ideation"] += there[8] is not None and there[8] >= 1
        least, core = sum(symptoms), symptoms[0] or symptoms[1]
        flags["major_depressive_syndrome"] += core and least >= 5
        flags["other_depressive_syndrome"] += core and least >= 2 and least + len(open_ones) <= 4
        if total is not None:
            people.setdefault(row["person"], {})[int(row["week"])] = total
    for course in people.values():
        first, last = course[min(course)], course[max(course)]
        for name in named(first, last):
            changes[name] = changes.get(name, 0) + 1
    return {"screens": len(rows), "bands": bands, "flags": flags, "people": len(people), "changes": changes}


WORDS = ["Minimal or none", "Mild", "Moderate", "Moderately severe", "Severe"]
FLAGS = ["positive_screen", "suicidal_ideation", "major_depressive_syndrome", "other_depressive_syndrome"]


def named(first, last):
    fall = first - last
    yield (
        "reliable_improvement" if fall >= 6 else "reliable_worsening" if fall <= -6 else "no_reliable_change"
    )
    if abs(fall) >= 5:
        yield "important_improvement" if fall > 0 else "important_worsening"
    if first > 9 and last <= first / 2:
        yield "response"
    if first > 9 and last < 5:
        yield "remission"


if __name__ == "__main__":
    with Path(sys.argv[1]).open(newline="") as file:
        print(json.dumps(by_hand(list(csv.DictReader(file))), indent=1, sort_keys=True))
