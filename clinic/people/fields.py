"""Small pieces of forms that several rooms ask with."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.people.models import Program


def day_field(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}), **more)


def words_field(label: Any, longest: int, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, widget=forms.Textarea(attrs={"rows": 2}), **more)


def program_field(label: Any) -> forms.ModelChoiceField:
    """A program by its public id; `of_programs` says which ones may be chosen."""
    return forms.ModelChoiceField(
        label=label,
        queryset=Program.objects.none(),
        to_field_name="public_id",
        empty_label=_("Choose a program"),
    )


def of_programs(field: Any, programs: list[int]) -> None:
    field.queryset = Program.objects.filter(pk__in=programs).select_related("site").order_by("name")


class DayForm(forms.Form):
    """A form with a day `on` that is neither before `earliest` nor after `today`."""

    def __init__(self, *args: Any, earliest: dt.date, today: dt.date, **kwargs: Any) -> None:
        kwargs["initial"] = {"on": today, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.earliest, self.today = earliest, today

    def clean_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["on"]
        if day > self.today:
            raise forms.ValidationError(_("Choose today or an earlier day."))
        if day < self.earliest:
            raise forms.ValidationError(
                _("Choose %(day)s or a later day: that is when it began.")
                % {"day": f"{self.earliest:%d-%b-%Y}"}
            )
        return day
