"""Writes phq9_small.csv: made-up PHQ-9 courses of twelve weeks, some that get better, some that do not, some with gaps.

Run it again to get the very same file: the seed is fixed.
"""

import csv
import random
import sys

COLUMNS = ["person", "week", *(f"phq9_{n}" for n in range(1, 11))]


def rows(people=40, weeks=12, seed=91):
    dice = random.Random(seed)
    for person in range(1, people + 1):
        level, drift = dice.uniform(0.2, 2.8), dice.choice([-0.16, -0.1, -0.04, 0, 0.08])
        for week in range(1, weeks + 1):
            wanted = min(3, max(0, level + drift * week))
            answers = [min(3, max(0, round(dice.gauss(wanted, 0.7)))) for _item in range(10)]
            if dice.random() < 0.6:
                answers[8] = 0
            blank = dice.randrange(10) if dice.random() < 0.04 else None
            yield [person, week, *("" if place == blank else answer for place, answer in enumerate(answers))]


if __name__ == "__main__":
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(COLUMNS)
    out.writerows(rows())
