"""One cast everywhere: dana (clinician on the team), omar (clinician who is not), sol (supervisor), fay (front desk),
ines (intake), nell (prescriber), pat (peer), pia (privacy officer), abe (administrator); mia works in mental health only.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.hashers import make_password

from clinic.people.models import Kind, Program, ProgramRole, Role, Site, Staff
from clinic.people.queries import anybody

PASSWORD = "a long password for tests"
LONG_AGO = dt.date(2020, 1, 1)


@dataclass
class Cast:
    main: Site
    sud: Program
    mh: Program
    both: Program
    people: dict[str, int]

    def __getattr__(self, name: str) -> Staff:
        people: dict[str, int] = self.__dict__["people"]
        if name not in people:
            raise AttributeError(name)
        found = anybody(people[name])
        assert found is not None
        return found

    def register(self, program: Program | None = None, *, team: str | None = "dana", **fields: Any) -> Any:
        """Someone new in a program (SUD if none is named), with dana on the team; returns the client's public id."""
        from intake.actions import register

        given = {"given_name": "June", "family_name": "Okafor", "birth_date": dt.date(1988, 4, 2), **fields}
        clinician = getattr(self, team) if team else None
        return register(self.ines, program=program or self.sud, clinician=clinician, **given).public_id


def make_person(name: str, site: Site, *held: tuple[Program, str], family_name: str = "Tester") -> int:
    """Someone who holds these roles; returns their key."""
    return make_people(site, {name: held}, family_name=family_name)[name]


def make_people(
    site: Site, held: dict[str, tuple[tuple[Program, str], ...]], *, family_name: str = "Tester"
) -> dict[str, int]:
    """People by name who hold these roles; returns their keys."""
    password = make_password(PASSWORD)
    people = Staff.objects.bulk_create(
        Staff(
            email=f"{name}@clinic.example",
            given_name=name.title(),
            family_name=family_name,
            site=site,
            credential="LCSW",
            password=password,
        )
        for name in held
    )
    ProgramRole.objects.bulk_create(
        ProgramRole(staff=staff, program=program, role=role, starts_on=LONG_AGO)
        for staff, roles in zip(people, held.values(), strict=True)
        for program, role in roles
    )
    return {name: staff.pk for name, staff in zip(held, people, strict=True)}


def make_cast() -> Cast:
    main = Site.objects.create(name="Main Street", neutral_name="Main Street Office", zone="America/New_York")
    other = Site.objects.create(name="Harbor", neutral_name="Harbor Office", zone="America/Chicago")
    sud = Program.objects.create(name="Recovery Program", kind=Kind.SUD, part2=True, site=main)
    mh = Program.objects.create(name="Counseling Program", kind=Kind.MENTAL_HEALTH, part2=False, site=main)
    both = Program.objects.create(name="Integrated Program", kind=Kind.INTEGRATED, part2=True, site=other)
    roles = {
        "dana": Role.CLINICIAN,
        "omar": Role.CLINICIAN,
        "mia": Role.CLINICIAN,
        "sol": Role.SUPERVISOR,
        "fay": Role.FRONT_DESK,
        "ines": Role.INTAKE,
        "nell": Role.PRESCRIBER,
        "pat": Role.PEER,
        "pia": Role.PRIVACY,
        "abe": Role.ADMINISTRATOR,
    }
    every = (sud, mh, both)
    places = {name: (mh,) if name == "mia" else every for name in roles}
    people = make_people(main, {name: tuple((p, roles[name]) for p in places[name]) for name in roles})
    return Cast(main, sud, mh, both, people)
