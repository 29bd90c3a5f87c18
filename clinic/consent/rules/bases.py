"""What may be told without a consent, on which ground, and what must be written down for each. Pure.

42 CFR 2.12(c)(4)-(6) (service organizations, crime on premises, child abuse), 2.51 (medical emergency). Research (2.52),
audits (2.53), public health (2.54) and court orders (subpart E) are not told of here: each needs more than a form.
Where no Part 2 program is involved the ground is HIPAA's: 45 CFR 164.506(c), 164.512(f)(5), 164.512(b)(1)(ii), 164.504(e).
"""

from dataclasses import dataclass
from typing import Any

from clinic.consent.rules.marks import gettext_noop

EMERGENCY, CRIME, CHILD_ABUSE, SERVICE = "emergency", "crime", "child_abuse", "service_organization"


@dataclass(frozen=True)
class Basis:
    """One ground: what it lets one tell, what it does not, and the fields without which nothing is told."""

    part2: str
    hipaa: str
    permits: str
    not_this: str
    needs: tuple[str, ...]

    def source(self, part2: bool) -> str:
        """The rule that holds: Part 2 for the record of such a program, HIPAA for any other."""
        return self.part2 if part2 else self.hipaa


BASES = {
    EMERGENCY: Basis(
        "42 CFR 2.51",
        "45 CFR 164.506(c)",
        gettext_noop("Medical personnel may be told what they need to meet an emergency in which consent "
                     "cannot be had first."),
        gettext_noop("Nobody but medical personnel; nothing that the emergency does not need."),
        ("recipient_name", "facility", "discloser", "nature", "what", "unobtainable", "medical_personnel"),
    ),
    CRIME: Basis(
        "42 CFR 2.12(c)(5)",
        "45 CFR 164.512(f)(5)",
        gettext_noop("Police may be told of a crime, or a threat of one, on the premises or against staff: what "
                     "happened, that the person is a client, their name, address, and last known whereabouts."),
        gettext_noop("Nothing of the chart: no diagnosis, no treatment, nothing said in a session."),
        ("recipient_name", "discloser", "what", "on_premises"),
    ),
    CHILD_ABUSE: Basis(
        "42 CFR 2.12(c)(6)",
        "45 CFR 164.512(b)(1)(ii)",
        gettext_noop("The first report that state law asks for may be made."),
        gettext_noop("The chart stays protected: no records follow the report, and none go into proceedings that "
                     "come of it, without consent or a court order."),
        ("recipient_name", "discloser", "what", "first_report"),
    ),
    SERVICE: Basis(
        "42 CFR 2.12(c)(4)",
        "45 CFR 164.504(e)",
        gettext_noop("A service organization with a signed agreement may be told what its service needs."),
        gettext_noop("Nothing beyond the service; they may not pass it on."),
        ("recipient_name", "discloser", "what", "agreement"),
    ),
}  # fmt: skip
NEEDED = {
    "basis": gettext_noop("Choose the ground on which it may be told"),
    "recipient_name": gettext_noop("Enter who was told, by name"),
    "facility": gettext_noop("Enter the hospital or service they belong to"),
    "discloser": gettext_noop("Enter who told it"),
    "nature": gettext_noop("Enter the nature of the emergency"),
    "what": gettext_noop("Enter what was told"),
    "unobtainable": gettext_noop("Confirm that consent could not be had before"),
    "medical_personnel": gettext_noop("Confirm that medical personnel were told, and nobody else"),
    "on_premises": gettext_noop("Confirm that the crime or threat was on the premises or against staff"),
    "first_report": gettext_noop(
        "Confirm that this is the first report that state law asks for, and no record"
    ),
    "agreement": gettext_noop("Enter the date or number of the signed agreement"),
}
# 2.26(a): what goes with a restricted record that an emergency sets free.
NO_FURTHER = gettext_noop("The client asked us to restrict this. Please do not use or share it any further.")


def missing_for(basis: str, told: dict[str, Any]) -> list[tuple[str, str]]:
    """(field, what to do) for each thing that must be written down before anything is told on this ground."""
    if basis not in BASES:
        return [("basis", NEEDED["basis"])]
    given = {name: value.strip() if isinstance(value, str) else value for name, value in told.items()}
    return [(name, NEEDED[name]) for name in BASES[basis].needs if not given.get(name)]
