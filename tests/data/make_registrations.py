"""Writes registrations_small.csv: made-up people met at the door more than once, in the ways that doors meet them.

`person` is the truth, for measuring only. Run it again to get the very same file: the seed is fixed.
"""

import csv
import datetime as dt
import random
import sys
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


def write(path: Path, count: int, *, seed: int) -> None:
    rows = list(people(count, seed=seed))
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
    )
