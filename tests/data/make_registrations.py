"""Writes registrations_small.csv: made-up people met at the door more than once, in the ways that doors meet them.

`person` is the truth, for measuring only. Run it again to get the very same file: the seed is fixed.
`make_registrations.py FILE PEOPLE SEED [hard] [no-births]` writes other ones.
"""

import csv
import datetime as dt
import random
import re
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

COLUMNS = [
    "record",
    "person",
    "given_name",
    "family_name",
    "birth_date",
    "street",
    "suburb",
    "postcode",
    "state",
]
Person = dict[str, str]

GIVEN = [
    "Ada",
    "Alma",
    "Amara",
    "Andre",
    "Anthony",
    "Arlo",
    "Beatrix",
    "Benjamin",
    "Bram",
    "Callum",
    "Carmen",
    "Catherine",
    "Cedric",
    "Christopher",
    "Clara",
    "Colin",
    "Cora",
    "Daniel",
    "Darius",
    "Delia",
    "Dmitri",
    "Edith",
    "Edward",
    "Elena",
    "Elizabeth",
    "Emma",
    "Ella",
    "Ethan",
    "Esther",
    "Farah",
    "Felix",
    "Fiona",
    "Francisco",
    "Freya",
    "Gabriel",
    "Greta",
    "Guadalupe",
    "Hana",
    "Harold",
    "Hazel",
    "Hugo",
    "Ibrahim",
    "Ines",
    "Iris",
    "Isaac",
    "Ivan",
    "James",
    "Jasper",
    "Jayden",
    "Hayden",
    "Joan",
    "John",
    "Jonah",
    "Jose",
    "Joseph",
    "Judith",
    "Juno",
    "Karim",
    "Katherine",
    "Kenji",
    "Lamar",
    "Layla",
    "Leona",
    "Lewis",
    "Linh",
    "Lucia",
    "Luther",
    "Mabel",
    "Marcus",
    "Margaret",
    "Matthew",
    "Maya",
    "Michael",
    "Mila",
    "Milo",
    "Nadia",
    "Nathan",
    "Nina",
    "Noor",
    "Odette",
    "Omar",
    "Orla",
    "Oscar",
    "Otis",
    "Patricia",
    "Pavel",
    "Petra",
    "Quentin",
    "Ramona",
    "Ravi",
    "Rebecca",
    "Richard",
    "Robert",
    "Rosa",
    "Ruben",
    "Samuel",
    "Sarah",
    "Selma",
    "Simon",
    "Stephen",
    "Susan",
    "Tamar",
    "Theodore",
    "Thomas",
    "Tobias",
    "Ursula",
    "Valeria",
    "Victor",
    "Vivian",
    "Wanda",
    "William",
    "Xenia",
    "Yara",
    "Yusuf",
    "Zelda",
]
STARTS = [
    "Bar",
    "Cal",
    "Dor",
    "El",
    "Fen",
    "Gar",
    "Hal",
    "Iver",
    "Jas",
    "Kel",
    "Lor",
    "Mar",
    "Nor",
    "Os",
    "Pel",
    "Quil",
    "Ros",
    "Sal",
    "Tor",
    "Ul",
    "Ver",
    "Wal",
    "Yar",
    "Zim",
]
ENDS = [
    "ton",
    "ley",
    "ford",
    "wick",
    "son",
    "man",
    "berg",
    "ski",
    "ova",
    "etti",
    "more",
    "dale",
    "worth",
    "ins",
    "er",
    "ez",
    "ian",
    "ault",
]
COMMON = ["Smith", "Johnson", "Garcia", "Nguyen", "Brown", "Lee", "O'Neil", "Williams"]
STREETS = [
    "Alder",
    "Birch",
    "Canal",
    "Depot",
    "Easton",
    "Foundry",
    "Grove",
    "Harbor",
    "Ivy",
    "Juniper",
    "Kiln",
    "Lark",
    "Mill",
    "Nettle",
    "Orchard",
    "Pump",
    "Quarry",
]
KINDS = ["Street", "Avenue", "Road", "Lane", "Court", "Drive"]
SUBURBS = [
    "Ashby",
    "Brookfall",
    "Carrow",
    "Dunmere",
    "Eastlow",
    "Fernhill",
    "Greyport",
    "Holloway",
    "Inverleigh",
    "Juneford",
]
SHORT = {
    "Anthony": "Tony", "Benjamin": "Ben", "Catherine": "Kate", "Christopher": "Chris", "Edward": "Ted",
    "Elizabeth": "Liz", "Francisco": "Paco", "Guadalupe": "Lupe", "James": "Jim", "Jose": "Pepe", "Joseph": "Joe",
    "Margaret": "Peggy", "Matthew": "Matt", "Michael": "Mike", "Patricia": "Trish", "Rebecca": "Becky",
    "Richard": "Dick", "Robert": "Bob", "Samuel": "Sam", "Susan": "Sue", "Theodore": "Theo", "Thomas": "Tom",
    "William": "Bill",
}  # fmt: skip
HEARD = [("ph", "f"), ("c", "k"), ("th", "t"), ("ck", "k"), ("y", "i"), ("s", "z"), ("ee", "ea"), ("l", "ll")]
TWINS = [("Emma", "Ella"), ("Jayden", "Hayden"), ("Nathan", "Ethan"), ("Clara", "Cora"), ("Milo", "Otis")]


def _person(draw: random.Random) -> Person:
    family = draw.choice(COMMON) if draw.random() < 0.2 else draw.choice(STARTS) + draw.choice(ENDS)
    born = dt.date(1935, 1, 1) + dt.timedelta(days=draw.randrange(73 * 365))
    return {
        "given_name": draw.choice(GIVEN),
        "family_name": family,
        "birth_date": born.isoformat(),
        **_home(draw),
    }


def _home(draw: random.Random) -> Person:
    town = draw.randrange(len(SUBURBS))
    return {
        "street": f"{draw.randrange(1, 240)} {draw.choice(STREETS)} {draw.choice(KINDS)}",
        "suburb": SUBURBS[town],
        "postcode": f"{43100 + town * 7 + draw.randrange(3)}",
        "state": "OH" if town < 7 else "KY",
    }


def _typo(text: str, draw: random.Random) -> str:
    if len(text) < 3:
        return text
    at, letter = draw.randrange(1, len(text) - 1), draw.choice("aeiorstnl")
    return draw.choice(
        [
            text[:at] + text[at + 1 :],
            text[:at] + letter + text[at:],
            text[:at] + letter + text[at + 1 :],
            text[:at] + text[at + 1] + text[at] + text[at + 2 :],
            text[:at] + " " + text[at:],
        ]
    )


def _swap_day_month(person: Person, draw: random.Random) -> Person:
    year, month, day = person["birth_date"].split("-")
    return person | {"birth_date": f"{year}-{day}-{month}"} if int(day) <= 12 else _digit_off(person, draw)


def _digit_off(person: Person, draw: random.Random) -> Person:
    born = list(person["birth_date"])
    born[draw.choice([2, 3, 6, 9])] = str(draw.randrange(10))
    return person | {"birth_date": "".join(born)}


def _as_heard(person: Person, draw: random.Random) -> Person:
    family = person["family_name"].lower()
    fitting = [(written, heard) for written, heard in HEARD if written in family[1:]]
    if not fitting:
        return _misspelt(person, draw)
    written, heard = draw.choice(fitting)
    return person | {"family_name": family[0].upper() + family[1:].replace(written, heard, 1)}


def _misspelt(person: Person, draw: random.Random) -> Person:
    field = draw.choice(["given_name", "family_name", "street", "suburb"])
    return person | {field: _typo(person[field], draw)}


def _blank(person: Person, draw: random.Random) -> Person:
    return person | {
        draw.choice(["given_name", "family_name", "birth_date", "street", "suburb", "state"]): ""
    }


def _moved(person: Person, draw: random.Random) -> Person:
    return person | _home(draw)


def _nickname(person: Person, draw: random.Random) -> Person:
    return person | {"given_name": SHORT.get(person["given_name"], person["given_name"])}


def _swapped_names(person: Person, draw: random.Random) -> Person:
    return person | {"given_name": person["family_name"], "family_name": person["given_name"]}


AGAIN = [
    _misspelt,
    _misspelt,
    _misspelt,
    _blank,
    _moved,
    _nickname,
    _swapped_names,
    _swap_day_month,
    _digit_off,
    _as_heard,
]


def people(count: int, *, seed: int) -> Iterator[tuple[int, Person]]:
    """(truth, record) for `count` people: half come once, half two to four times; one in fifteen has a twin,
    one in fifteen a housemate of the same family name."""
    draw = random.Random(seed)
    truth = 0
    while truth < count:
        person = _person(draw)
        met = [person]
        luck = draw.random()
        if luck < 1 / 15:
            one, other = draw.choice(TWINS)
            met = [person | {"given_name": one}, person | {"given_name": other}]
        elif luck < 2 / 15:
            met.append(person | {"given_name": draw.choice(GIVEN), "birth_date": _person(draw)["birth_date"]})
        for each in met:
            truth += 1
            yield truth, each
            for _ in range(draw.choice([0, 0, 0, 1, 1, 2, 3])):
                again = draw.choice(AGAIN)(each, draw)
                yield truth, draw.choice(AGAIN)(again, draw) if draw.random() < 0.3 else again


# The harder set: names of many scripts and habits, written with and without their marks; families under one roof.
WORLD = [
    ("Kaʻiulani", "Kealoha"), ("Keʻalohi", "Kahananui"), ("Nāhoa", "Māhoe"), ("Nguyễn Thị Hạnh", "Trần"), ("Đức", "Phạm"),
    ("Thảo", "Lê"), ("Phương", "Huỳnh"), ("أحمد", "الفارسي"), ("مريم", "حداد"), ("דוד", "כהן"), ("Seán", "O’Neil"),
    ("Siobhán", "O'Brien"), ("D'Andre", "L'Heureux"), ("María José", "García Márquez"), ("Juan Carlos", "Ortiz-Reyes"),
    ("Anne-Marie", "de la Cruz"), ("Łukasz", "Wójcik"), ("Zoë", "Müller"), ("Bjørn", "Åkesson"), ("O", "Park"),
    ("J", "Yi"), ("Sunny 🌻", "Okoro"), ("Ana Lucía", "Pérez Soto"), ("Jean-Luc", "St. Pierre"), ("Nʼdiaye", "Diop"),
]  # fmt: skip
BARE = str.maketrans(
    {"ʻ": "", "’": "'", "ʼ": "'", "đ": "d", "Đ": "D", "ø": "o", "ł": "l", "Ł": "L", "أ": "ا"}
)


def _without_marks(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.translate(BARE))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def _marks_left_out(person: Person, draw: random.Random) -> Person:
    return person | {name: _without_marks(person[name]) for name in ("given_name", "family_name")}


def _apostrophe_otherwise(person: Person, draw: random.Random) -> Person:
    mark = draw.choice(["", " ", "'", "’"])
    return person | {name: re.sub("['’ʼʻ]", mark, person[name]) for name in ("given_name", "family_name")}


def _one_of_two_names(person: Person, draw: random.Random) -> Person:
    parts = re.split(r"[ -]", person["family_name"])
    return person | {"family_name": draw.choice([p for p in parts if len(p) > 3] or parts)}


def _hyphen_otherwise(person: Person, draw: random.Random) -> Person:
    return person | {
        name: person[name].replace("-", draw.choice([" ", "-", ""])) for name in ("given_name", "family_name")
    }


def _with_title(person: Person, draw: random.Random) -> Person:
    return person | {"family_name": f"{person['family_name']} {draw.choice(['Jr', 'Jr.', 'III', 'Sr'])}"}


HARD_AGAIN = [
    *AGAIN, _marks_left_out, _marks_left_out, _apostrophe_otherwise, _one_of_two_names, _hyphen_otherwise,
    _swapped_names,
]  # fmt: skip


def _born(draw: random.Random) -> str:
    return _person(draw)["birth_date"]


def _household(person: Person, draw: random.Random) -> list[Person]:
    """Two people under one roof who look alike: twins, parent and child of one name, spouses, brothers and sisters."""
    kind = draw.choice(["twins", "junior", "spouse", "sibling", "sibling"])
    if kind == "twins":
        one, other = draw.choice([*TWINS, ("Linh", "Lan"), ("Marco", "Mario"), ("Ana", "Ada")])
        return [person | {"given_name": one}, person | {"given_name": other}]
    if kind == "junior":
        child = str(int(person["birth_date"][:4]) + draw.randrange(18, 35)) + person["birth_date"][4:]
        child = child[:5] + f"{draw.randrange(1, 13):02}-{draw.randrange(1, 29):02}"
        family = person["family_name"]
        return [
            person | {"family_name": f"{family} Sr"},
            person | {"family_name": f"{family} Jr", "birth_date": child},
        ]
    if kind == "spouse":
        return [person, person | {"given_name": draw.choice(GIVEN), "birth_date": _born(draw)}]
    year = int(person["birth_date"][:4]) + draw.randrange(1, 4)
    return [person, person | {"given_name": draw.choice(GIVEN), "birth_date": f"{year}{_born(draw)[4:]}"}]


def hard_people(count: int, *, seed: int, births: bool = True) -> Iterator[tuple[int, Person]]:
    """As `people`, harder: a third bear names from WORLD, a third live with someone who looks alike; without `births`
    nobody's birth date was asked, and nobody who shares a name and a home with another is met twice."""
    draw, taken = random.Random(seed), set()
    truth = 0
    while truth < count:
        person = _person(draw)
        if draw.random() < 1 / 3:
            given, family = draw.choice(WORLD)[0], draw.choice(WORLD)[1]
            if draw.random() < 0.7 and " " not in family:
                family = f"{family} {draw.choice(STARTS)}{draw.choice(ENDS)}"
            person |= {"given_name": given, "family_name": family}
        name = (person["given_name"], person["family_name"])
        if not births and name in taken:
            continue  # two strangers of one name in one town: without a birth date nobody could tell
        taken.add(name)
        met = _household(person, draw) if draw.random() < 1 / 3 else [person]
        if not births and len({one["given_name"] for one in met}) < len(met):
            met = met[:1]  # father and son of one name: nothing else is left to tell them apart by
        for each in met:
            truth += 1
            yield truth, each if births else each | {"birth_date": ""}
            for _ in range(draw.choice([0, 0, 1, 1, 2])):
                again = draw.choice(HARD_AGAIN)(each, draw)
                again = draw.choice(HARD_AGAIN)(again, draw) if draw.random() < 0.25 else again
                yield truth, again if births else again | {"birth_date": ""}


def write(path: Path, count: int, *, seed: int, hard: bool = False, births: bool = True) -> None:
    rows = list(hard_people(count, seed=seed, births=births) if hard else people(count, seed=seed))
    random.Random(seed).shuffle(rows)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for number, (truth, row) in enumerate(rows, start=1):
            writer.writerow([f"r{number:05}", f"p{truth:05}", *(row[name] for name in COLUMNS[2:])])


if __name__ == "__main__":
    write(
        Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("registrations_small.csv"),
        int(sys.argv[2]) if len(sys.argv) > 2 else 220,
        seed=int(sys.argv[3]) if len(sys.argv) > 3 else 7,
        hard="hard" in sys.argv[4:],
        births="no-births" not in sys.argv[4:],
    )
