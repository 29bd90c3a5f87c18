"""The pages of the way out, in the order of a day: consents, what is prepared, the client's rights, what leaves."""

from clinic.consent.views.client import client_done, client_sign, client_start
from clinic.consent.views.consents import (
    checked,
    consent_pdf,
    draft,
    end,
    gone,
    listing,
    recipients,
    record,
    revoke,
    show,
)
from clinic.consent.views.offers import offer
from clinic.consent.views.rights import (
    accounting,
    accounting_paper,
    complain,
    complaint,
    complaints,
    notice,
    notice_paper,
    notices,
    restrict,
    restriction_end,
    tell,
)
from clinic.consent.views.sends import packet, settle, worklist

__all__ = [
    "accounting", "accounting_paper", "checked", "client_done", "client_sign", "client_start", "complain", "complaint", "complaints", "consent_pdf", "draft", "end",
    "gone", "listing", "notice", "notice_paper", "notices", "offer", "packet", "recipients", "record", "restrict",
    "restriction_end", "revoke", "settle", "show", "tell", "worklist",
]  # fmt: skip
