"""The only writers of the way out."""

from clinic.consent.actions.consents import (
    Deficient,
    discard_draft,
    end_consent,
    revoke_consent,
    save_draft,
    sign_consent,
)
from clinic.consent.actions.delivery import (
    Letter,
    begin_send,
    claim_due,
    conclude_send,
    settle_delivery,
    withdraw_messages,
)
from clinic.consent.actions.messages import hold_back, message_client, message_staff
from clinic.consent.actions.offers import (
    Changed,
    NotOpen,
    answer_offer,
    prepare_consent,
    sign_offer,
    withdraw_offer,
)
from clinic.consent.actions.packets import MayNotLeave, NotCovered, disclose, print_packet
from clinic.consent.actions.recipients import add_recipient, end_recipient, verify_recipient
from clinic.consent.actions.rights import (
    MustAgree,
    Unwritten,
    answer_complaint,
    end_restriction,
    give_notice,
    record_complaint,
    restrict,
    tell_without_consent,
)

__all__ = [
    "Changed",
    "Deficient",
    "Letter",
    "MayNotLeave",
    "MustAgree",
    "NotCovered",
    "NotOpen",
    "Unwritten",
    "add_recipient",
    "answer_complaint",
    "answer_offer",
    "begin_send",
    "claim_due",
    "conclude_send",
    "discard_draft",
    "disclose",
    "end_consent",
    "end_recipient",
    "end_restriction",
    "give_notice",
    "hold_back",
    "message_client",
    "message_staff",
    "prepare_consent",
    "print_packet",
    "record_complaint",
    "restrict",
    "revoke_consent",
    "save_draft",
    "settle_delivery",
    "sign_consent",
    "sign_offer",
    "tell_without_consent",
    "verify_recipient",
    "withdraw_messages",
    "withdraw_offer",
]
