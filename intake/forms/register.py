"""What the desk types of a person who is new."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clinic.kit import clock
from clinic.people.models import Program, Staff
from clinic.record.models import Channel, Language
from intake.actions import CARE_ROLES
from intake.forms.fields import ALIKE, PERMISSIONS, PhoneField, text_field, tick_field
from intake.queries import program_colleagues
from intake.rules import BadDate, born_about, read_birth_date

BIRTH_DATE = {
    "unreadable": _("Write the birth date as 4/2/1988 or 2 Apr 1988, with the year in four digits."),
    "no_such_day": _("There is no such day in the calendar."),
    "future": _("The birth date is in the future."),
    "too_long_ago": _("The birth date is more than 130 years ago."),
}


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

    def begin_at(self, *names: str) -> None:
        """The cursor stands in the first of these fields that is still empty."""
        empty = next((name for name in names if not self[name].value()), None)
        if empty:
            self.fields[empty].widget.attrs["autofocus"] = True

    def place(self) -> dict[str, Any]:
        """Clinician and first appointment, as `register_client` and `admit_client` take them, of a valid form."""
        told = self.cleaned_data
        moment = self._visit_moment(told["visit_on"], told["visit_at"]) if told["visit_on"] else None
        return {"clinician": told["clinician"], "appointment_at": moment}


class RegisterForm(PlaceForm):
    """Someone new. A name or an approximate age is enough; the rest can follow."""

    given_name = text_field(_("Given name"), 120, **ALIKE)
    family_name = text_field(_("Family name"), 120, **ALIKE)
    chosen_name = text_field(_("Preferred name or alias"), 120, **ALIKE)
    name_unknown = tick_field(_("Name not known yet"))
    birth = text_field(_("Birth date"), 40, placeholder="4/2/1988", **ALIKE)
    about_age = forms.IntegerField(
        label=_("Or about how old"),
        min_value=0,
        max_value=120,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": 0, "max": 120}),
    )
    pronouns = text_field(_("Pronouns"), 40)
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices, initial=Language.ENGLISH)
    interpreter = tick_field(_("Interpreter needed"))
    phone = PhoneField(label=_("Phone"), max_length=40, required=False)
    may_call = tick_field(_("May call"))
    may_text = tick_field(_("May text"))
    may_voicemail = tick_field(_("May leave voicemail"))
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=160,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    may_email = tick_field(_("May e-mail"))
    ask_for = text_field(_("Ask for"), 80)
    hours = text_field(_("Safe times"), 80)

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
