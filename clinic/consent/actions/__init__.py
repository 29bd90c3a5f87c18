"""The only writers of the way out."""

from clinic.consent.actions.consents import Deficient, discard_draft, revoke_consent, save_draft, sign_consent
from clinic.consent.actions.delivery import (
    Letter,
    begin_send,
    claim_due,
    conclude_send,
    settle_delivery,
    withdraw_messages,
)
from clinic.consent.actions.messages import hold_back, message_client, message_staff
from clinic.consent.actions.packets import MayNotLeave, NotCovered, disclose, print_packet
from clinic.consent.actions.recipients import add_recipient, verify_recipient

__all__ = [
    "Deficient",
    "Letter",
    "MayNotLeave",
    "NotCovered",
    "add_recipient",
    "begin_send",
    "claim_due",
    "conclude_send",
    "discard_draft",
    "disclose",
    "hold_back",
    "message_client",
    "message_staff",
    "print_packet",
    "revoke_consent",
    "save_draft",
    "settle_delivery",
    "sign_consent",
    "verify_recipient",
    "withdraw_messages",
]
