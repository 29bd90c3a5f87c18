"""The one way out (house.md, law 3). It knows three kinds; anything that leaves is one of them."""

from typing import Any

from clinic.access.chart import Open
from clinic.consent.actions import MayNotLeave, NotCovered, disclose, message_client, message_staff
from clinic.consent.models import MessageKind, Outbound, Packet
from clinic.consent.rules import Item

__all__ = ["Item", "MayNotLeave", "MessageKind", "NotCovered", "release"]

VERBS: dict[str, Any] = {
    MessageKind.TO_CLIENT: message_client,
    MessageKind.TO_STAFF: message_staff,
    MessageKind.DISCLOSURE: disclose,
}


def release(chart: Open, *, kind: str, **what: Any) -> Outbound | Packet:
    """Something leaves, or the reason why it may not is raised as MayNotLeave (NotCovered names it item by item).

    `to_client`: episode, subject, body, way ("email", "sms" or whichever is safe), due_key. `to_staff`: episode, to, due_key. Both: neutral words and nothing
    clinical; to a client only where they said it is safe. `disclosure`: recipient, purpose, items, method; it keeps
    what the live consent covers, and puts the notice of 42 CFR 2.32 into the packet. Each is an act of its own, with
    its own policy line and ledger row.
    """
    result: Outbound | Packet = VERBS[kind](chart, **what)
    return result
