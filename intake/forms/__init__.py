"""What the door's pages take."""

from intake.forms.contact import ContactForm
from intake.forms.episodes import (
    AdmitForm,
    InterimForm,
    KeepForm,
    LeaveListForm,
    OfferForm,
    PriorityForm,
    WaitForm,
)
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
from intake.forms.merging import GlassForm, HoldForm, MergeForm, ReviewForm, UnmergeForm
from intake.forms.register import PlaceForm, RegisterForm
from intake.forms.walk_in import WalkInForm

__all__ = [
    "STILL_TRUE",
    "AdmitForm",
    "ClientConfirmForm",
    "ClientDisagreeForm",
    "ConfirmForm",
    "ContactForm",
    "DisagreeForm",
    "GlassForm",
    "HoldForm",
    "InterimForm",
    "KeepForm",
    "LeaveListForm",
    "MergeForm",
    "NoticeForm",
    "OfferForm",
    "PlaceForm",
    "PriorityForm",
    "QuietForm",
    "RegisterForm",
    "ReviewForm",
    "UnmergeForm",
    "WaitForm",
    "WalkInForm",
    "read_told",
]
