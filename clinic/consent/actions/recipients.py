"""Who is outside: added while somebody is served, and checked before anything is mailed to them."""

from clinic.access.acts import act
from clinic.access.chart import Open
from clinic.access.policy import Do
from clinic.consent.models import Recipient
from clinic.consent.queries import today_of


@act(Do.CONSENT)
def add_recipient(
    chart: Open,
    *,
    name: str,
    organisation: str = "",
    address: str = "",
    phone: str = "",
    email: str = "",
    covered_entity: bool = False,
    health_plan: bool = False,
    intermediary: bool = False,
    checked: bool = False,
) -> Recipient:
    """A recipient is in the directory of outside recipients; with `checked`, its address counts as verified today.

    Who may: whoever takes consents. Recorded: one row.
    """
    return Recipient.objects.create(
        name=name, organisation=organisation, address=address, phone=phone, email=email, covered_entity=covered_entity,
        health_plan=health_plan, intermediary=intermediary,
        added_by=chart.who, verified_on=today_of(chart) if checked else None, verified_by=chart.who if checked else None,
    )  # fmt: skip


@act(Do.CONSENT)
def verify_recipient(chart: Open, *, recipient: Recipient) -> Recipient:
    """Somebody has checked today, with the recipient, that the address and e-mail are right. Recorded: one row."""
    recipient.verified_on, recipient.verified_by = today_of(chart), chart.who
    recipient.save(update_fields=["verified_on", "verified_by"])
    return recipient


@act(Do.CONSENT)
def end_recipient(chart: Open, *, recipient: Recipient) -> Recipient:
    """This recipient no longer exists: no new consent names it, and nothing leaves for it any more. Recorded."""
    if recipient.ended_on is None:
        recipient.ended_on, recipient.ended_by = today_of(chart), chart.who
        recipient.save(update_fields=["ended_on", "ended_by"])
    return recipient
