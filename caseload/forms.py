import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.kit import clock
from clinic.people.models import Staff
from clinic.people.queries import staff_with_duties


class AskForm(forms.Form):
    """Ask a colleague to act on a client, by a day."""

    to = forms.ModelChoiceField(label=_("Who"), queryset=Staff.objects.none())
    words = forms.CharField(
        label=_("What should they do?"), max_length=400, widget=forms.Textarea(attrs={"rows": 2})
    )
    due_on = forms.DateField(label=_("By"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, colleagues: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Staff.objects.filter(pk__in=colleagues, is_active=True).order_by("family_name")
        field = self.fields["to"]
        field.queryset = people  # type: ignore[attr-defined]
        field.label_from_instance = lambda person: person.signing_name  # type: ignore[attr-defined]

    def clean_due_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["due_on"]
        if day < clock.today():
            raise forms.ValidationError(_("Choose today or a later day."))
        return day


class TeamForm(forms.Form):
    """Put a colleague on the care team."""

    staff = forms.ModelChoiceField(label=_("Who"), queryset=Staff.objects.none())
    lead = forms.BooleanField(label=_("Leads the care"), required=False)

    def __init__(self, *args: Any, colleagues: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["staff"]
        field.queryset = staff_with_duties().filter(pk__in=colleagues, is_active=True)  # type: ignore[attr-defined]
        field.label_from_instance = lambda person: person.signing_name  # type: ignore[attr-defined]
