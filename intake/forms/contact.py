"""What is told of one way to reach a client."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from clinic.record.models import Channel, Contact
from intake.forms.fields import PERMISSIONS, PhoneField, text_field, tick_field


class ContactForm(forms.Form):
    """One way to reach a client, and what is safe about it."""

    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices, widget=forms.RadioSelect)
    value = text_field(_("Number or address"), 160)
    may_call = tick_field(_("May call"))
    may_text = tick_field(_("May text"))
    may_voicemail = tick_field(_("May leave voicemail"))
    may_email = tick_field(_("May e-mail"))
    ask_for = text_field(_("Ask for"), 80)
    hours = text_field(_("Safe times"), 80)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    FIELDS = ("channel", "value", *PERMISSIONS, "ask_for", "hours")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"].template_name = "intake/field.html"  # type: ignore[attr-defined]

    @classmethod
    def of(cls, contact: Contact) -> "ContactForm":
        """The form of a contact as it stands."""
        return cls(initial={name: getattr(contact, name) for name in (*cls.FIELDS, "version")})

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        phone = told.get("channel") == Channel.PHONE
        told["value"] = self._value(told.get("value", ""), phone=phone)
        # What cannot be done by this channel is not allowed by it either.
        for name in PERMISSIONS:
            told[name] = bool(told.get(name)) and phone == (name != "may_email")
        return told

    def _value(self, value: str, *, phone: bool) -> str:
        field = PhoneField(required=False) if phone else forms.EmailField(required=False)
        try:
            clean: str = field.clean(value)
        except ValidationError as wrong:
            self.add_error("value", wrong)
            return value
        if not clean:
            self.add_error("value", _("Give the phone number.") if phone else _("Give the e-mail address."))
        return clean

    def told(self) -> dict[str, Any]:
        """Contact's columns, of a valid form."""
        return {name: self.cleaned_data[name] for name in self.FIELDS}
