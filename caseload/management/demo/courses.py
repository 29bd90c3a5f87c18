"""Believable courses: who comes, how their scores move over months, from a fixed seed. Pure: no database."""

import datetime as dt
from dataclasses import dataclass, field
from random import Random
from typing import Any

from screening import rules

SEED = 20260211
FORMS = ("phq-9", "gad-7", "pcl-5", "audit", "dast-10")

GIVEN = (
    "Amara", "Benito", "Celeste", "Dmitri", "Elena", "Farid", "Greta", "Hector", "Imani", "Jonas", "Keiko", "Lamar",
    "Marisol", "Nadia", "Otis", "Priya", "Quentin", "Rosa", "Silas", "Tamsin", "Ulises", "Vera", "Wendell", "Ximena",
    "Yusuf", "Zora", "Anselm", "Brigid", "Cormac", "Delphine",
)  # fmt: skip
MEN = {
    "Anselm", "Benito", "Cormac", "Dmitri", "Farid", "Hector", "Jonas", "Lamar", "Otis", "Quentin", "Silas", "Ulises",
    "Wendell", "Yusuf",
}  # fmt: skip
SHORT = {
    "Benito": "Ben", "Celeste": "Celia", "Dmitri": "Dima", "Elena": "Lena", "Greta": "Gigi", "Marisol": "Mari",
    "Quentin": "Quinn", "Rosa": "Rosie", "Tamsin": "Tam", "Ulises": "Uli", "Wendell": "Dell", "Ximena": "Mena",
    "Brigid": "Bridie", "Delphine": "Del",
}  # fmt: skip
FAMILY = (
    "Abellard", "Brandvold", "Calloway", "Dunmore", "Estrada", "Fairbanks", "Gutowski", "Holloway", "Ivanova",
    "Jaramillo", "Kessler", "Lindgren", "Mbeki", "Novak", "O'Rourke", "Petrossian", "Quiñones", "Rasmussen", "Sandoval",
    "Thibodeaux", "Underhill", "Vasquez", "Whitlock", "Xiong", "Yarborough", "Zielinski", "Nguyễn", "Kahale",
)  # fmt: skip
STREETS = ("Alder Lane", "Birch Road", "Cedar Street", "Dogwood Court", "Elm Avenue", "Fern Way")


@dataclass(frozen=True)
class Visit:
    """One day in the clinic: what was answered on it (instrument -> answers), and whether the client came."""

    on: dt.date
    kept: bool
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Course:
    """One person's months: arc, visits, and what was done about it."""

    number: int
    given: str
    family: str
    chosen: str
    pronouns: str
    sex: str
    born: dt.date
    language: str
    street: str
    phone: str
    email: str
    arc: str
    program: int
    began: dt.date
    visits: list[Visit]
    has_plan: bool
    has_referral: bool
    answered: bool


ARCS = ("improving",) * 20 + ("stuck",) * 14 + ("relapsing",) * 12 + ("lost",) * 8 + ("new",) * 6


def courses(today: dt.date, count: int = 60) -> list[Course]:
    """`count` courses that end around `today`; the same for the same day."""
    random = Random(SEED)  # noqa: S311
    arcs = [ARCS[n % len(ARCS)] for n in range(count)]
    random.shuffle(arcs)
    return [_course(random, number, arc, today) for number, arc in enumerate(arcs)]


def _course(random: Random, number: int, arc: str, today: dt.date) -> Course:
    given, family = GIVEN[number % len(GIVEN)], FAMILY[(number * 11) % len(FAMILY)]
    weeks = {"new": random.randint(0, 2)}.get(arc, random.randint(14, 40))
    began = today - dt.timedelta(weeks=weeks, days=random.randint(0, 4))
    program = number % 3
    visits = _visits(random, arc, began, today, program)
    usual = "male" if given in MEN else "female"
    kin = random.choice((usual, usual, usual, usual, "declined"))
    return Course(
        number=number,
        given=given,
        family=family,
        chosen=random.choice(("", "", SHORT.get(given, ""))),
        pronouns={"female": "she/her", "male": "he/him"}.get(kin, "they/them"),
        sex=kin,
        born=dt.date(random.randint(1956, 2005), random.randint(1, 12), random.randint(1, 28)),
        language="es" if number % 9 == 4 else "en",
        street=f"{random.randint(2, 980)} {random.choice(STREETS)}",
        phone=f"+1202555{100 + number:04d}",
        email=f"client{number:02d}@mail.example",
        arc=arc,
        program=program,
        began=began,
        visits=visits,
        has_plan=arc != "new" and number % 5 != 3,
        has_referral=number % 6 == 2,
        answered=number % 4 != 1,
    )


def _visits(random: Random, arc: str, began: dt.date, today: dt.date, program: int) -> list[Visit]:
    start = {"phq-9": random.randint(12, 22), "gad-7": random.randint(9, 18), "pcl-5": random.randint(22, 58),
             "audit": random.randint(6, 30), "dast-10": random.randint(2, 9)}  # fmt: skip
    if program == 1:  # mental health: drinking and drugs are the smaller part
        start["audit"], start["dast-10"] = random.randint(0, 12), random.randint(0, 3)
    length = max((today - began).days, 1)
    ends = today - dt.timedelta(days=random.randint(40, 90)) if arc == "lost" else today
    visits, day, number = [], began, 0
    while day <= ends:
        share = (day - began).days / length
        forms = FORMS if number % 8 == 0 else FORMS[:3] if number % 2 == 0 else ()
        answers = {
            name: answers_near(random, name, _target(random, arc, start[name], share)) for name in forms
        }
        kept = number == 0 or random.random() > (0.3 if arc in ("lost", "relapsing") else 0.1)
        visits.append(Visit(day, kept, answers if kept else {}))
        number += 1
        day += dt.timedelta(days=14 if arc != "new" else 7)
    return visits


def _target(random: Random, arc: str, start: int, share: float) -> int:
    level = {
        "improving": start * (1 - 0.75 * share),
        "stuck": start * (1 - 0.1 * share),
        "relapsing": start * (1 - 0.9 * share if share < 0.6 else 0.46 + (share - 0.6)),
        "lost": start * (1 - 0.2 * share),
        "new": start,
    }[arc]
    return max(0, round(level + random.gauss(0, max(1.0, start * 0.07))))


def answers_near(random: Random, name: str, target: int) -> dict[str, Any]:
    """Answers whose total comes near `target`, the way people answer: spread over the items."""
    form = rules.load(name)
    if name == "audit" and target == 0:
        skipped = {f"audit_{n}": rules.SKIPPED for n in range(2, 9)}
        return {"audit_1": 0, **skipped, "audit_9": 0, "audit_10": 0}
    answers: dict[str, Any] = {item.id: item.position(0) for item in form.items}
    if name == "audit":
        answers |= {"audit_1": 2, "audit_2": 1}  # so that the form's own skip rule does not apply
    # Thoughts of death are answered "not at all" by most; the last item to rise, and never far.
    rare = {"phq9_9": 0.12 if target >= 15 else 0.02, "pcl5_16": 0.2}
    names = [n for n in form.total_items if random.random() < rare.get(n, 1)]
    total = rules.score(form, answers).partial_sum or 0
    while total < target and names:
        item = form.item(random.choice(names))
        now = item.options[answers[item.id]].score or 0
        higher = [o.score for o in item.options if o.score is not None and o.score > now]
        if not higher:
            names.remove(item.id)
            continue
        answers[item.id] = item.position(min(higher))
        total += min(higher) - now  # every total here is a sum
    function_items = [item.id for item in form.items if not item.scored]
    for function in function_items:
        answers[function] = min(3, target // 7) if total else rules.SKIPPED
    return answers
