from itertools import pairwise
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from clinic.office.actions import ON_CALL
from clinic.people.models import Program, Role, Site, Staff
from clinic.people.queries import MINOR_RULE, colleagues
from clinic.record.models import Priority


class StaffForm(forms.Form):
    """A new colleague: who they are, and the first role they hold."""

    given_name = forms.CharField(label=_("Given name"), max_length=80)
    family_name = forms.CharField(label=_("Family name"), max_length=80)
    credential = forms.CharField(label=_("Credential"), max_length=40, required=False)
    email = forms.EmailField(label=_("E-mail"), help_text=_("They sign in with it."))
    site = forms.ModelChoiceField(
        label=_("Site"), queryset=Site.objects.order_by("name"), empty_label=_("Choose")
    )
    program = forms.ModelChoiceField(
        label=_("Program"), queryset=Program.objects.order_by("name"), empty_label=_("Choose")
    )
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


class MinorFields:
    """What the state of one site says of minors (42 CFR 2.14): six fields of the settings form, one value of the setting."""

    SIGNS = (
        ("both", _("The minor, and a parent or guardian")),
        ("minor", _("From an age on the minor alone")),
    )
    OTHER = (*SIGNS, ("parent_alone", _("A parent or guardian alone")))

    def __init__(self, site: Site, held: dict[str, Any]) -> None:
        self.site = site
        self.fields = self._fields(MINOR_RULE | held)

    def _fields(self, held: dict[str, Any]) -> dict[str, forms.Field]:
        """By name of the form's field, with what holds now."""
        made: dict[str, forms.Field] = {
            "state": forms.CharField(label=_("State"), max_length=20, required=False),
            "adult": forms.IntegerField(label=_("Of age from"), min_value=14, max_value=21),
            "signs": forms.ChoiceField(
                label=_("Who signs for substance use care"),
                choices=self.SIGNS,
                help_text=_("42 CFR 2.14: a parent alone is never enough for a Part 2 program."),
            ),
            "age": forms.IntegerField(label=_("Alone from the age of"), min_value=0, max_value=21),
            "other_signs": forms.ChoiceField(
                label=_("Who signs for all other care"),
                choices=self.OTHER,
                help_text=_("Where the minor signs alone from an age on, a parent alone signs before it."),
            ),
            "other_age": forms.IntegerField(
                label=_("Alone from the age of, in all other care"), min_value=0, max_value=21
            ),
        }
        for name, one in made.items():
            one.initial = held[name]
        return {f"minor_{self.site.pk}_{name}": one for name, one in made.items()}

    def told(self, given: dict[str, Any]) -> dict[str, Any]:
        """The rule as it was typed."""
        return {name: given.get(f"minor_{self.site.pk}_{name}") for name in MINOR_RULE}


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
    paper = forms.ChoiceField(label=_("Paper"), choices=[("letter", "Letter"), ("a4", "A4")])
    response_days = forms.IntegerField(
        label=_("Days within which a positive screen should be answered"), min_value=1, max_value=60
    )
    use_window_days = forms.IntegerField(
        label=_("Days after use or withdrawal in which scores of mood and trauma are read with care"),
        help_text=_("They are asked again then. A starting point: DSM-5 speaks of about a month."),
        min_value=1,
        max_value=90,
    )
    flag_minutes_clinic = forms.IntegerField(
        label=_("Minutes until the next person is asked about a critical answer given in the clinic"),
        min_value=1,
        max_value=60,
    )
    flag_minutes_remote = forms.IntegerField(
        label=_("Minutes until the next person is asked about a critical answer given from outside"),
        min_value=1,
        max_value=240,
    )
    duty_from = forms.IntegerField(
        label=_("Hour from which a lead clinician counts as on duty"),
        help_text=_(
            "From Monday to Friday, where they have signed in that day, a critical answer given from outside is first "
            "theirs. At any other hour it is the on-call person's, then the supervisors': see “On call”."
        ),
        min_value=0,
        max_value=23,
    )
    duty_until = forms.IntegerField(
        label=_("Hour until which a lead clinician counts as on duty"), min_value=1, max_value=24
    )
    break_glass_minutes = forms.IntegerField(
        label=_("Minutes that an emergency access lasts"), min_value=5, max_value=480
    )
    break_glass_most_a_day = forms.IntegerField(
        label=_("Emergency accesses that one person may open in a day"), min_value=1, max_value=20
    )
    waiting_first = forms.MultipleChoiceField(
        label=_("Who goes first on a waiting list"),
        choices=[(p.value, p.label) for p in Priority if p != Priority.STANDARD],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("In this order, before whoever has waited longest (45 CFR 96.131)."),
        required=False,
    )
    waiting_contact_days = forms.IntegerField(
        label=_("Days until somebody who waits is spoken with again"), min_value=1, max_value=90
    )
    waiting_first_contact_days = forms.IntegerField(
        label=_("The same for those who go first"), min_value=1, max_value=30
    )
    reminder_hours = forms.IntegerField(label=_("Hours before a visit to remind"), min_value=2, max_value=168)
    privacy_contact = forms.CharField(
        label=_("Whom clients ask about the privacy notice"), max_length=80, required=False,
        help_text=_("A name or title; left empty, the notice says “the privacy officer”."),
    )  # fmt: skip
    privacy_email = forms.EmailField(label=_("Their e-mail"), required=False)
    handover_idle_minutes = forms.IntegerField(
        label=_("Minutes without use until a tablet in a client's hands ends"), min_value=1, max_value=60
    )
    link_idle_minutes = forms.IntegerField(
        label=_("Minutes without use until a link asks for the birth date again"), min_value=5, max_value=120
    )
    quick_exit_url = forms.URLField(
        label=_("Where “Leave this page” leads"),
        help_text=_("A page that says nothing about this clinic, such as the weather."),
        assume_scheme="https",
    )

    def __init__(self, data: Any = None, *, sites: list[Site], initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        held = initial["minor_rule"]
        self.minors = [MinorFields(site, held.get(str(site.pk), {})) for site in sites]
        for one in self.minors:
            self.fields.update(one.fields)

    def of_the_clinic(self) -> list[forms.BoundField]:
        """The fields that hold for every site."""
        return [self[name] for name in self.base_fields]

    def of_sites(self) -> list[tuple[Site, list[forms.BoundField]]]:
        """What the state of each site says of minors."""
        return [(one.site, [self[name] for name in one.fields]) for one in self.minors]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        rules = {str(one.site.pk): one.told(told) for one in self.minors}
        was = self.initial["minor_rule"]
        told["minor_rule"] = {site: rule for site, rule in rules.items() if site in was or rule != MINOR_RULE}
        begins, ends = told.get("duty_from"), told.get("duty_until")
        if begins is not None and ends is not None and begins >= ends:
            self.add_error("duty_until", _("Choose an hour after the one from which they are on duty."))
        return told

    def changes(self, now: dict[str, Any]) -> dict[str, Any]:
        """The settings whose value differs from the one that holds now."""
        return {
            name: value for name, value in self.cleaned_data.items() if name in now and value != now[name]
        }


class PinForm(forms.Form):
    """The PIN with which a colleague takes a tablet back from a client."""

    pin = forms.CharField(
        label=_("Staff PIN"),
        max_length=12,
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("Enter your PIN.")},
    )


class NewPinForm(forms.Form):
    """A new PIN, twice, with the password of whoever sets it."""

    new_pin = forms.CharField(
        label=_("New PIN"),
        help_text=_("Six digits. Not a date, not your phone number, not 123456."),
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        max_length=12,
    )
    again = forms.CharField(
        label=_("The same PIN again"),
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        max_length=12,
    )
    password = forms.CharField(
        label=_("Your password"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    def __init__(self, *args: Any, who: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.who = who

    def clean_new_pin(self) -> str:
        pin: str = self.cleaned_data["new_pin"]
        if not (pin.isascii() and pin.isdigit() and len(pin) == 6):
            raise forms.ValidationError(_("A PIN is six digits."))
        steps = {int(after) - int(before) for before, after in pairwise(pin)}
        if len(set(pin)) < 3 or steps in ({1}, {-1}):
            raise forms.ValidationError(_("This one is guessed at once. Choose another."))
        return pin

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not self.who.check_password(password):
            raise forms.ValidationError(_("This is not your password."))
        return password

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "new_pin" in given and given.get("again") != given["new_pin"]:
            self.add_error("again", _("The two are not the same."))
        return given


class OnCallForm(forms.Form):
    """Who is on call for which program."""

    program = forms.ModelChoiceField(label=_("Program"), queryset=Program.objects.none(), empty_label=None)
    staff = forms.ModelChoiceField(label=_("On call"), queryset=Staff.objects.none(), empty_label=_("Choose"))

    def __init__(self, *args: Any, programs: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["program"].queryset = Program.objects.filter(pk__in=programs).order_by("name")  # type: ignore[attr-defined]
        people: Any = self.fields["staff"]
        people.queryset = colleagues(programs, *ON_CALL)
        people.label_from_instance = lambda person: person.signing_name

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        program, staff = given.get("program"), given.get("staff")
        if program and staff and not colleagues([program.pk], *ON_CALL).filter(pk=staff.pk).exists():
            self.add_error("staff", _("Choose a colleague who works in this program today."))
        return given
