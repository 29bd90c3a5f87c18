"""One cast everywhere: dana (clinician on the team), omar (clinician who is not), sol (supervisor), fay (front desk),
ines (intake), nell (prescriber), pat (peer), pia (privacy officer), abe (administrator); mia works in mental health only.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

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
    staff = Staff(
        email=f"{name}@clinic.example",
        given_name=name.title(),
        family_name=family_name,
        site=site,
        credential="LCSW",
    )
    staff.set_password(PASSWORD)
    staff.save()
    for program, role in held:
        ProgramRole.objects.create(staff=staff, program=program, role=role, starts_on=LONG_AGO)
    return staff.pk


def make_cast() -> Cast:
    main = Site.objects.create(name="Main Street", neutral_name="Main Street Office", zone="America/New_York")
    other = Site.objects.create(name="Harbor", neutral_name="Harbor Office", zone="America/Chicago")
    sud = Program.objects.create(name="Recovery Program", kind=Kind.SUD, part2=True, site=main)
    mh = Program.objects.create(name="Counseling Program", kind=Kind.MENTAL_HEALTH, part2=False, site=main)
    both = Program.objects.create(name="Integrated Program", kind=Kind.INTEGRATED, part2=True, site=other)
    every = (sud, mh, both)
    people = {
        "dana": make_person("dana", main, *((p, Role.CLINICIAN) for p in every)),
        "omar": make_person("omar", main, *((p, Role.CLINICIAN) for p in every)),
        "mia": make_person("mia", main, (mh, Role.CLINICIAN)),
        "sol": make_person("sol", main, *((p, Role.SUPERVISOR) for p in every)),
        "fay": make_person("fay", main, *((p, Role.FRONT_DESK) for p in every)),
        "ines": make_person("ines", main, *((p, Role.INTAKE) for p in every)),
        "nell": make_person("nell", main, *((p, Role.PRESCRIBER) for p in every)),
        "pat": make_person("pat", main, *((p, Role.PEER) for p in every)),
        "pia": make_person("pia", main, *((p, Role.PRIVACY) for p in every)),
        "abe": make_person("abe", main, *((p, Role.ADMINISTRATOR) for p in every)),
    }
    return Cast(main, sud, mh, both, people)
