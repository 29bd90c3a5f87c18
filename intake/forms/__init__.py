"""What the door's pages take."""

from intake.forms.contact import ContactForm
from intake.forms.interview import (
    STILL_TRUE,
    ClientConfirmForm,
    ClientDisagreeForm,
    ConfirmForm,
    DisagreeForm,
    NoticeForm,
    QuietForm,
    read_told,
)
from intake.forms.register import PlaceForm, RegisterForm
from intake.forms.walk_in import WalkInForm

__all__ = [
    "STILL_TRUE",
    "ClientConfirmForm",
    "ClientDisagreeForm",
    "ConfirmForm",
    "ContactForm",
    "DisagreeForm",
    "NoticeForm",
    "PlaceForm",
    "QuietForm",
    "RegisterForm",
    "WalkInForm",
    "read_told",
]
