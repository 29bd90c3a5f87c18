"""What is told of one way to reach a client."""

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from clinic.consent.queries import told_by
from clinic.record.models import Channel, Contact
from intake.forms.fields import PERMISSIONS, PhoneField, text_field, tick_field

# What can be allowed of each way; anything else ticked is not kept.
ALLOWS: dict[str, tuple[str, ...]] = {
    Channel.PHONE: ("may_call", "may_text", "may_voicemail"),
    Channel.EMAIL: ("may_email",),
    Channel.MAIL: ("may_mail",),
}
ZONES = (
    "America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles",
    "America/Anchorage", "Pacific/Honolulu", "America/Puerto_Rico", "Pacific/Guam",
)  # fmt: skip


def _time(label: Any) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, required=False, widget=widget)


class ContactForm(forms.Form):
    """One way to reach a client, and what is safe about it."""

    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices, widget=forms.RadioSelect)
    value = text_field(_("Number or address"), 160)
    may_call = tick_field(_("May call"))
    may_text = tick_field(_("The client agrees to text messages"))
    may_voicemail = tick_field(_("May leave voicemail"))
    may_email = tick_field(_("May e-mail"))
    may_mail = tick_field(_("May send letters"))
    ask_for = text_field(_("Ask for"), 80)
    show_as = text_field(_("Sender to show"), 60)
    safe_days = forms.TypedMultipleChoiceField(
        label=_("Safe days"), choices=list(WEEKDAYS.items()), coerce=int, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    safe_from = _time(_("Safe from"))
    safe_until = _time(_("Safe until"))
    zone = forms.ChoiceField(label=_("The client's time zone"), required=False)
    hours = text_field(_("About the times, in their words"), 80)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    FIELDS = (
        "channel", "value", *PERMISSIONS, "may_mail", "ask_for", "show_as", "safe_days", "safe_from", "safe_until",
        "zone", "hours",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"].template_name = "intake/field.html"  # type: ignore[attr-defined]
        self.fields["show_as"].help_text = _("Without one, the site's neutral name is shown.")
        self.fields["safe_days"].help_text = _("None ticked: every day.")
        zone: Any = self.fields["zone"]
        zone.choices = [("", _("As at the site")), *((name, _city(name)) for name in ZONES)]

    @classmethod
    def of(cls, contact: Contact) -> "ContactForm":
        """The form of a contact as it stands."""
        return cls(initial={name: getattr(contact, name) for name in (*cls.FIELDS, "version")})

    def clean_show_as(self) -> str:
        shown: str = self.cleaned_data["show_as"]
        if words := told_by(shown):
            raise ValidationError(
                _("This tells what kind of place it is: %(words)s.") % {"words": ", ".join(words)}
            )
        return shown

    def clean_zone(self) -> str:
        return str(ZoneInfo(self.cleaned_data["zone"])) if self.cleaned_data["zone"] else ""

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        channel = told.get("channel")
        told["value"] = self._value(told.get("value", ""), channel)
        # What cannot be done by this channel is not allowed by it either.
        for name in (*PERMISSIONS, "may_mail"):
            told[name] = bool(told.get(name)) and name in ALLOWS.get(channel or "", ())
        if told.get("may_text") and "x" in told["value"]:
            self.add_error("may_text", _("A number with an extension cannot be texted."))
        if told.get("safe_from") and told.get("safe_from") == told.get("safe_until"):
            self.add_error("safe_until", _("The safe times begin and end at the same moment."))
        return told

    def _value(self, value: str, channel: Any) -> str:
        field: Any = {
            Channel.PHONE: PhoneField(required=False), Channel.EMAIL: forms.EmailField(required=False),
        }.get(channel, forms.CharField(required=False, max_length=160))  # fmt: skip
        try:
            clean: str = field.clean(value)
        except ValidationError as wrong:
            self.add_error("value", wrong)
            return value
        if not clean:
            missing = {
                Channel.PHONE: _("Give the phone number."), Channel.EMAIL: _("Give the e-mail address."),
            }  # fmt: skip
            self.add_error("value", missing.get(channel, _("Give the address to write on the envelope.")))
        return clean

    def told(self) -> dict[str, Any]:
        """Contact's columns, of a valid form."""
        return {name: self.cleaned_data[name] for name in self.FIELDS}


def _city(zone: str) -> str:
    return zone.rpartition("/")[2].replace("_", " ")
