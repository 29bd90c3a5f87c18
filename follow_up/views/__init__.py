"""The pages of follow-up."""

from follow_up.views.preview import client_preview, preview
from follow_up.views.referrals import client_referrals, contents, new, referral, referrals, send, step
from follow_up.views.schedule import book, day, mark

__all__ = [
    "book",
    "client_preview",
    "client_referrals",
    "contents",
    "day",
    "mark",
    "new",
    "preview",
    "referral",
    "referrals",
    "send",
    "step",
]
