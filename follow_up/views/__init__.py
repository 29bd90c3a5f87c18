"""The pages of follow-up."""

from follow_up.views.referrals import client_referrals, contents, new, referral, referrals, send, step
from follow_up.views.schedule import book, day, mark

__all__ = [
    "book",
    "client_referrals",
    "contents",
    "day",
    "mark",
    "new",
    "referral",
    "referrals",
    "send",
    "step",
]
