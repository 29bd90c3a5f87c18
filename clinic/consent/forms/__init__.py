"""Consents and the client's rights as forms."""

from clinic.consent.forms.consents import (
    ClientSignForm,
    ConsentForm,
    EndForm,
    RecipientForm,
    RevokeForm,
    SignForm,
)
from clinic.consent.forms.rights import (
    ComplaintForm,
    NoticeForm,
    OutcomeForm,
    RestrictForm,
    TellForm,
    WhyForm,
)

__all__ = [
    "ClientSignForm",
    "ComplaintForm",
    "ConsentForm",
    "EndForm",
    "NoticeForm",
    "OutcomeForm",
    "RecipientForm",
    "RestrictForm",
    "RevokeForm",
    "SignForm",
    "TellForm",
    "WhyForm",
]
