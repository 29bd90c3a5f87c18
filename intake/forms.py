"""What the desk types: a person who is new, a way to reach them."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clinic.kit import clock
from clinic.people.models import Program, Staff
from clinic.record.models import Channel, Contact, Language
from intake.actions import CARE_ROLES
from intake.queries import program_colleagues
from intake.rules import BadDate, born_about, read_birth_date, read_phone

BIRTH_DATE = {
    "unreadable": _("Write the birth date as 4/2/1988 or 2 Apr 1988, with the year in four digits."),
    "no_such_day": _("There is no such day in the calendar."),
    "future": _("The birth date is in the future."),
    "too_long_ago": _("The birth date is more than 130 years ago."),
}
PERMISSIONS = ("may_call", "may_text", "may_voicemail", "may_email")


# Typing in one of these asks who may be the same person.
ALIKE = {"class": "alike-field", "spellcheck": "false"}


def _text(label: Any, longest: int, **attributes: str) -> forms.CharField:
    told = {"autocomplete": "off", **attributes}
    return forms.CharField(
        label=label, max_length=longest, required=False, widget=forms.TextInput(attrs=told)
    )


def _tick(label: Any) -> forms.BooleanField:
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


class PlaceForm(forms.Form):
    """Where someone begins, with whom, and when they come first."""

    program = forms.ModelChoiceField(
        label=_("Program"),
        queryset=Program.objects.none(),
        to_field_name="public_id",
        empty_label=_("Choose a program"),
    )
    clinician = forms.ModelChoiceField(
        label=_("Clinician"),
        queryset=Staff.objects.none(),
        to_field_name="public_id",
        required=False,
        empty_label=_("Not assigned yet"),
    )
    visit_on = forms.DateField(
        label=_("First appointment on"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    visit_at = forms.TimeField(
        label=_("Time"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    def __init__(self, *args: Any, programs: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if not isinstance(field, forms.BooleanField):
                field.template_name = "intake/field.html"  # type: ignore[attr-defined]  # the page says once that the rest is optional
        mine = Program.objects.filter(pk__in=programs).select_related("site").order_by("name")
        choice: Any = self.fields["program"]
        choice.queryset = mine
        choice.widget.attrs = {
            "hx-get": reverse("intake:program_fields"), "hx-target": "#program-fields", "hx-trigger": "change"
        }  # fmt: skip
        if len(programs) == 1:
            choice.empty_label = None
            choice.initial = mine.get().public_id
        self._choose_clinician()

    def _choose_clinician(self) -> None:
        field: Any = self.fields["clinician"]
        field.label_from_instance = lambda person: person.signing_name
        named = self["program"].value()
        try:
            program = self.fields["program"].clean(named) if named else None
        except ValidationError:
            program = None
        self.zone = program.site.zone if program else ""
        self.site = program.site.name if program else ""
        self.city = self.zone.rpartition("/")[2].replace("_", " ")
        if program:
            field.queryset = program_colleagues(program.pk, *CARE_ROLES)

    def clean_visit_on(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["visit_on"]
        if day and day < clock.today(self.zone or None):
            raise ValidationError(_("The first appointment is in the past."))
        if day and day > clock.today(self.zone or None) + dt.timedelta(days=731):
            raise ValidationError(_("The first appointment is more than two years away."))
        return day

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        self._check_visit(told)
        return told

    def _check_visit(self, told: dict[str, Any]) -> None:
        on, at = told.get("visit_on"), told.get("visit_at")
        if at and not on and "visit_on" not in self.errors:
            self.add_error("visit_on", _("Give the day of the first appointment."))
        if on and not at and "visit_at" not in self.errors:
            self.add_error("visit_at", _("Give the time of the first appointment."))
        if (on or at) and not told.get("clinician") and "clinician" not in self.errors:
            self.add_error("clinician", _("Choose who the first appointment is with."))
        if on and at and self.zone and self._visit_moment(on, at) is None:
            self.add_error("visit_at", _("There is no such time on that day: the clocks change."))

    def _visit_moment(self, on: dt.date, at: dt.time) -> dt.datetime | None:
        zone = ZoneInfo(self.zone)
        local = dt.datetime.combine(on, at, zone)
        there_and_back = local.astimezone(dt.UTC).astimezone(zone)
        return local if there_and_back.replace(tzinfo=None) == local.replace(tzinfo=None) else None

    def place(self) -> dict[str, Any]:
        """Clinician and first appointment, as `register_client` and `admit_client` take them, of a valid form."""
        told = self.cleaned_data
        moment = self._visit_moment(told["visit_on"], told["visit_at"]) if told["visit_on"] else None
        return {"clinician": told["clinician"], "appointment_at": moment}


class RegisterForm(PlaceForm):
    """Someone new. A name or an approximate age is enough; the rest can follow."""

    given_name = _text(_("Given name"), 120, **ALIKE)
    family_name = _text(_("Family name"), 120, **ALIKE)
    chosen_name = _text(_("Preferred name or alias"), 120, **ALIKE)
    name_unknown = _tick(_("Name not known yet"))
    birth = _text(_("Birth date"), 40, placeholder="4/2/1988", **ALIKE)
    about_age = forms.IntegerField(
        label=_("Or about how old"),
        min_value=0,
        max_value=120,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": 0, "max": 120}),
    )
    pronouns = _text(_("Pronouns"), 40)
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices, initial=Language.ENGLISH)
    interpreter = _tick(_("Interpreter needed"))
    phone = PhoneField(label=_("Phone"), max_length=40, required=False)
    may_call = _tick(_("May call"))
    may_text = _tick(_("May text"))
    may_voicemail = _tick(_("May leave voicemail"))
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=160,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    may_email = _tick(_("May e-mail"))
    ask_for = _text(_("Ask for"), 80)
    hours = _text(_("Safe times"), 80)

    def begin_at(self, *names: str) -> None:
        """The cursor stands in the first of these fields that is still empty."""
        empty = next((name for name in names if not self[name].value()), None)
        if empty:
            self.fields[empty].widget.attrs["autofocus"] = True

    def clean_birth(self) -> dt.date | None:
        text = self.cleaned_data["birth"]
        try:
            return read_birth_date(text, clock.today(self.zone or None)) if text else None
        except BadDate as wrong:
            raise ValidationError(BIRTH_DATE[wrong.code]) from None

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        named = any(told.get(name) for name in ("given_name", "family_name", "chosen_name"))
        if not named and not told.get("name_unknown"):
            self.add_error("given_name", _("Give a name or an alias, or tick “Name not known yet”."))
        aged = (
            told.get("birth")
            or told.get("about_age") is not None
            or {"birth", "about_age"} & set(self.errors)
        )
        if not named and told.get("name_unknown") and not aged:
            self.add_error("about_age", _("Without a name, say about how old the person is."))
        self._check_channels(told)
        return told

    def _check_channels(self, told: dict[str, Any]) -> None:
        if (
            not told.get("phone")
            and "phone" not in self.errors
            and any(told.get(name) for name in PERMISSIONS[:3])
        ):
            self.add_error("phone", _("Give the phone number that may be used."))
        if not told.get("email") and "email" not in self.errors and told.get("may_email"):
            self.add_error("email", _("Give the e-mail address that may be used."))

    def given(self) -> dict[str, Any]:
        """What `register_client` takes, of a valid form."""
        told = self.cleaned_data
        plain = (
            "given_name",
            "family_name",
            "chosen_name",
            "pronouns",
            "language",
            "interpreter",
            "clinician",
        )
        given = {name: told[name] for name in plain} | self.place()
        given["birth_date"] = told["birth"]
        if told["birth"] is None and told["about_age"] is not None:
            given["birth_date"] = born_about(told["about_age"], clock.today(self.zone))
            given["birth_estimated"] = True
        given["contacts"] = self._contacts()
        return given

    def _contacts(self) -> list[dict[str, Any]]:
        told = self.cleaned_data
        about = {"ask_for": told["ask_for"], "hours": told["hours"]}
        contacts: list[dict[str, Any]] = []
        if told["phone"]:
            safe = {name: told[name] for name in PERMISSIONS[:3]}
            contacts.append({"channel": Channel.PHONE, "value": told["phone"], **safe, **about})
        if told["email"]:
            contacts.append(
                {"channel": Channel.EMAIL, "value": told["email"], "may_email": told["may_email"], **about}
            )
        return contacts


class ContactForm(forms.Form):
    """One way to reach a client, and what is safe about it."""

    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices, widget=forms.RadioSelect)
    value = _text(_("Number or address"), 160)
    may_call = _tick(_("May call"))
    may_text = _tick(_("May text"))
    may_voicemail = _tick(_("May leave voicemail"))
    may_email = _tick(_("May e-mail"))
    ask_for = _text(_("Ask for"), 80)
    hours = _text(_("Safe times"), 80)
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
