"""What the stories about consent share: June's consents, a recipient, and things that somebody wants to send."""

import datetime as dt
from typing import Any

from clinic.access.door import open_chart
from clinic.access.policy import Do
from clinic.consent import actions
from clinic.consent.models import Consent, Recipient
from clinic.consent.rules import Item
from clinic.kit import clock
from clinic.people.models import Program


def recipient(**given: Any) -> Recipient:
    fields = {
        "name": "Dr. Ruth Amadi", "organisation": "Harbor Family Medicine", "address": "12 Pier Road, Boston MA 02110",
        "email": "records@harbor.example", "covered_entity": True, "verified_on": dt.date(2026, 1, 5), **given,
    }  # fmt: skip
    return Recipient.objects.create(**fields)


def terms(program: Program, **given: Any) -> dict[str, Any]:
    """Everything that 2.31 asks of a general consent; overwrite what the story needs."""
    today = clock.today()
    return {
        "kind": "general", "patient_name": "June Okafor", "programs": [program.pk],
        "categories": ["reason", "problems", "medications"],
        "description": "My problem list, my medicines, and why I am referred.", "purposes": ["treatment"],
        "revocation_told": True, "expires": "date", "expires_on": today + dt.timedelta(days=90),
        "signer_name": "June Okafor", "signature": "June Okafor", "by_representative": False, "authority": "",
        "signed_on": today, "redisclosure_told": False, "consequences_told": False, **given,
    }  # fmt: skip


def sign(
    cast: Any, client: Any, to: Recipient | None, program: Program | None = None, **given: Any
) -> Consent:
    with open_chart(cast.dana, client, to=Do.CONSENT) as chart:
        return actions.sign_consent(chart, given=terms(program or cast.sud, **given), recipient=to)


def revoke(cast: Any, client: Any, consent: Consent) -> Any:
    with open_chart(cast.dana, client, to=Do.CONSENT) as chart:
        return actions.revoke_consent(chart, consent=consent, text="I take this back. June")


def items(program: Program, part2: bool = True) -> list[Item]:
    """One thing of each of three kinds: the first two are in June's consent, the third is not."""
    return [
        Item(
            "problem",
            "1",
            "Opioid use disorder, on treatment",
            "problems",
            part2,
            program.pk,
            ("Since 2021",),
        ),
        Item("medication", "2", "Buprenorphine", "medications", part2, program.pk, ("8 mg daily",)),
        Item(
            "screen", "3", "PHQ-9 of 2 November", "mood_screens", part2, program.pk, ("Score 14, moderate",)
        ),
    ]
