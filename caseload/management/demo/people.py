"""Who works at the demo clinic, and where."""

import datetime as dt
from typing import Any

from clinic.office.context import DEMO_PASSWORD as PASSWORD
from clinic.people.models import Kind, Role

SUD, MH, BOTH = "Harbor Recovery", "Maple Counseling", "Bridge Program"
MAIN, NORTH = "Maple Street", "Northside"

SITES: list[dict[str, str]] = [
    {
        "name": MAIN,
        "neutral_name": "Maple Street Office",
        "zone": "America/New_York",
        "phone": "+12025550142",
        "address": "12 Maple Street, Springfield",
    },
    {
        "name": NORTH,
        "neutral_name": "Northside Office",
        "zone": "America/Chicago",
        "phone": "+13125550187",
        "address": "400 North Avenue, Fairview",
    },
]
PROGRAMS: list[dict[str, object]] = [
    {"name": SUD, "kind": Kind.SUD, "part2": True, "site": MAIN},
    {"name": MH, "kind": Kind.MENTAL_HEALTH, "part2": False, "site": MAIN},
    {"name": BOTH, "kind": Kind.INTEGRATED, "part2": True, "site": NORTH},
]
EVERYWHERE = (SUD, MH, BOTH)


def _person(first: str, last: str, credential: str, site: str, *roles: tuple[str, str]) -> dict[str, Any]:
    return {
        "email": f"{first.lower()}@entwine.example",
        "given_name": first,
        "family_name": last,
        "credential": credential,
        "site": site,
        "password": PASSWORD,
        "roles": list(roles),
        "starts_on": dt.date(2024, 1, 1),
    }


def _all(role: str) -> list[tuple[str, str]]:
    return [(program, role) for program in EVERYWHERE]


PEOPLE: list[dict[str, Any]] = [
    _person("Fay", "Delgado", "", MAIN, *_all(Role.FRONT_DESK)),
    _person("Ines", "Moreau", "", MAIN, *_all(Role.INTAKE)),
    _person("Dana", "Whitfield", "LCSW, LCADC", MAIN, *_all(Role.CLINICIAN)),
    _person("Omar", "Haddad", "LPC", MAIN, (MH, Role.CLINICIAN)),
    _person("Nell", "Okonkwo", "PMHNP", NORTH, *_all(Role.PRESCRIBER)),
    _person("Pat", "Sorensen", "CPRS", NORTH, (SUD, Role.PEER), (BOTH, Role.PEER)),
    _person("Sol", "Abernathy", "PhD", MAIN, *_all(Role.SUPERVISOR)),
    _person("Pia", "Lindqvist", "CHPC", MAIN, *_all(Role.PRIVACY)),
    _person("Abe", "Castellanos", "", MAIN, *_all(Role.ADMINISTRATOR)),
]
