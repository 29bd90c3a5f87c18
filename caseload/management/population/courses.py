"""Courses that look like treatment, many and cheap: an arc, visits that thin out, answers from a small stock. Pure.

Answers come from a stock that is made once a process: a few ways to come near each total. So a score is computed once for
many screens, and a hundred thousand people cost seconds, not hours, before anything is written.
"""

import datetime as dt
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from caseload.management.demo.courses import FAMILY, GIVEN, answers_near
from caseload.management.demo.use import bam_r
from screening import rules

# How often each course is met, and how many visits with questionnaires follow the first.
ARCS = {
    "improving": (30, (2, 5)),
    "staircase": (15, (2, 5)),
    "relapsing": (20, (2, 5)),
    "stuck": (15, (2, 5)),
    "lost": (12, (0, 2)),
    "new": (8, (0, 0)),
}
FIRST = ("phq-9", "gad-7", "pcl-5", "audit", "dast-10", "bam-r")
STEPS = {"phq-9": 1, "gad-7": 1, "pcl-5": 4, "audit": 2, "dast-10": 1}
WAYS = 3
SYLLABLES = ("ba", "co", "der", "fen", "gil", "hor", "kin", "lam", "mor", "nes", "pol", "rit")


@dataclass(frozen=True)
class Taken:
    """One questionnaire: how many days before today, which, and what was answered."""

    days_ago: int
    instrument: str
    answers: dict[str, Any]


@dataclass(frozen=True)
class Person:
    """Someone of the population: what is registered, and every questionnaire of their course, oldest first."""

    registered: dict[str, Any]
    days_here: int
    arc: str
    taken: tuple[Taken, ...]


@cache
def stock(name: str) -> tuple[tuple[dict[str, Any], ...], ...]:
    """For each step of the total, a few ways to answer so that it comes near."""
    random, form = Random(f"stock {name}"), rules.load(name)  # noqa: S311
    return tuple(
        tuple(answers_near(random, name, total) for _way in range(WAYS))
        for total in range(0, form.high + 1, STEPS[name])
    )


@cache
def use_stock(drinks: int, uses: int, craving: int) -> dict[str, Any]:
    """BAM-R of so many days, made once."""
    return bam_r(drinks, uses, craving / 4)


def people(seed: int, chunk: int, count: int) -> list[Person]:
    """The people of one chunk: the same for the same seed and chunk, whatever was made before."""
    random = Random(f"{seed}:{chunk}")  # noqa: S311
    return [_person(random) for _n in range(count)]


def registered(seed: int, chunk: int, place: int, sex: str) -> dict[str, Any]:
    """Who somebody is whose course is another's; a score may rest on the sex, so that is the other's too."""
    return {**_registered(Random(f"{seed}:{chunk}:{place}")), "sex": sex}  # noqa: S311


def _registered(random: Random) -> dict[str, Any]:
    return {
        "given_name": random.choice(GIVEN),
        "family_name": random.choice(FAMILY)[:4] + "".join(random.choices(SYLLABLES, k=2)),
        "birth_date": dt.date(random.randint(1940, 2008), random.randint(1, 12), random.randint(1, 28)),
        "sex": random.choice(("female", "male")),
        "address": {
            "street": f"{random.randint(1, 999)} {random.choice(SYLLABLES)} road",
            "postcode": "07081",
        },
    }


def _person(random: Random) -> Person:
    arc = random.choices(list(ARCS), [weight for weight, _visits in ARCS.values()])[0]
    visits = 1 + random.randint(*ARCS[arc][1])
    away = random.randint(40, 200) if arc == "lost" else random.randint(0, 20)
    days = [away]
    for _visit in range(visits - 1):
        days.append(days[-1] + random.choice((14, 21, 28, 28, 42)))
    days.reverse()
    return Person(_registered(random), days[0] + random.randint(0, 6), arc, tuple(_taken(random, arc, days)))


def _taken(random: Random, arc: str, days: list[int]) -> list[Taken]:
    start = {"phq-9": random.randint(8, 24), "gad-7": random.randint(6, 19), "pcl-5": random.randint(12, 62),
             "audit": random.randint(0, 32), "dast-10": random.randint(0, 9)}  # fmt: skip
    drinks, uses = random.randint(0, 26), random.randint(0, 20)
    found = []
    for visit, ago in enumerate(days):
        left = _left(arc, visit / max(1, len(days) - 1))
        names = FIRST if visit == 0 else ("phq-9", *random.choices(("gad-7", "bam-r", "pcl-5"), (5, 4, 1)))
        for name in names:
            if name == "bam-r":
                told = use_stock(round(drinks * left), round(uses * left), round(4 * min(1.0, left)))
            else:
                told = random.choice(
                    _near(name, start[name] * left + random.gauss(0, 1 + start[name] * 0.07))
                )
            found.append(Taken(ago, name, told))
    return found


def _near(name: str, total: float) -> tuple[dict[str, Any], ...]:
    ways = stock(name)
    return ways[min(len(ways) - 1, max(0, round(total / STEPS[name])))]


def _left(arc: str, share: float) -> float:
    """How much of what they came with is left at this share of the course: 1 at its start."""
    if arc == "improving":
        return 1 - 0.75 * share
    if arc == "staircase":  # three steps down, level between them
        return 1 - 0.25 * int(3 * share)
    if arc == "relapsing":
        return 1 - 1.3 * share if share < 0.6 else 0.3 + 1.5 * (share - 0.6)
    return 1 - (0.1 if arc == "stuck" else 0.2) * share
