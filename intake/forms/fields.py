"""Fields that several forms of the door share."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from intake.rules import read_phone

PERMISSIONS = ("may_call", "may_text", "may_voicemail", "may_email")

# Typing in one of these asks who may be the same person.
ALIKE = {"class": "alike-field", "spellcheck": "false"}


def text_field(label: Any, longest: int, **attributes: str) -> forms.CharField:
    told = {"autocomplete": "off", **attributes}
    return forms.CharField(
        label=label, max_length=longest, required=False, widget=forms.TextInput(attrs=told)
    )


def tick_field(label: Any) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False)


class PhoneField(forms.CharField):
    """A phone number, kept as it is dialled from anywhere, extension included."""

    widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off", **ALIKE})

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        try:
            return read_phone(text) if text else ""
        except ValueError:
            raise ValidationError(
                _("This is not a phone number: give ten digits, or + and the country.")
            ) from None
