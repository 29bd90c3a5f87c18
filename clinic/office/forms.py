from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from clinic.people.models import Program, Role, Site, Staff


class StaffForm(forms.Form):
    """A new colleague: who they are, and the first role they hold."""

    given_name = forms.CharField(label=_("Given name"), max_length=80)
    family_name = forms.CharField(label=_("Family name"), max_length=80)
    credential = forms.CharField(label=_("Credential"), max_length=40, required=False)
    email = forms.EmailField(label=_("E-mail"), help_text=_("They sign in with it."))
    site = forms.ModelChoiceField(label=_("Site"), queryset=Site.objects.order_by("name"))
    program = forms.ModelChoiceField(label=_("Program"), queryset=Program.objects.order_by("name"))
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    password = forms.CharField(
        label=_("First password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters. Hand it over in person; they can change it after signing in."),
    )

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if Staff.objects.filter(email__iexact=email).exists():
            raise forms.ValidationError(_("Someone here already signs in with this e-mail. Use another one."))
        return email

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password


class SettingsForm(forms.Form):
    """What a clinic decides for itself. Each change is a new row on the record, with who and when."""

    in_house_need = forms.BooleanField(
        label=_("Clinicians of one program may read the other programs' episodes of their own clients"),
        help_text=_("42 CFR 2.12(c)(3): only where duties of diagnosis or treatment need it."),
        required=False,
    )
    idle_lock_minutes = forms.IntegerField(
        label=_("Minutes without use until sign-out"), min_value=2, max_value=120
    )
    not_seen_days = forms.IntegerField(
        label=_("Days without a visit until a client is listed"), min_value=7, max_value=180
    )
    referral_open_days = forms.IntegerField(
        label=_("Days until an open referral is listed"), min_value=1, max_value=180
    )
    plan_due_days = forms.IntegerField(
        label=_("Days from admission until a plan is due"), min_value=1, max_value=120
    )
    reminder_hours = forms.IntegerField(label=_("Hours before a visit to remind"), min_value=2, max_value=168)

    def changes(self, now: dict[str, Any]) -> dict[str, Any]:
        """The settings whose value differs from the one that holds now."""
        return {name: value for name, value in self.cleaned_data.items() if value != now[name]}
