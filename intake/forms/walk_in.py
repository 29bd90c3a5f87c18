"""The one screen for someone who walks in: a name or none, about how old; everything else is there already."""

import datetime as dt
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from clinic.kit import clock
from intake.forms.fields import ALIKE, text_field, tick_field
from intake.forms.register import PlaceForm
from intake.rules import born_about, read_typed


class WalkInForm(PlaceForm):
    """Required: a name, an alias or "not known", and about how old. A birth date in the name's box will do for the age."""

    name = text_field(_("Name or alias"), 200, **ALIKE)
    name_unknown = tick_field(_("Name not known"))
    about_age = forms.IntegerField(
        label=_("About how old"), min_value=0, max_value=120, required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": 0, "max": 120}),
    )  # fmt: skip
    temporary_id = forms.CharField(
        widget=forms.HiddenInput, validators=[RegexValidator(r"^T-\d{6}$")], max_length=20
    )

    field_order = ("name", "name_unknown", "about_age", "program", "clinician")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("visit_on", "visit_at"):
            del self.fields[name]
        clinician: Any = self.fields["clinician"]
        clinician.label, clinician.empty_label = _("Who starts the safety check"), _("Whoever is free")
        self.fields["about_age"].help_text = _("A guess will do.")
        self.fields["name"].help_text = _("One word is enough. A birth date may stand behind it.")

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        typed = read_typed(told.get("name", ""))
        self.born: dt.date | None = typed.birth
        if not typed.name and not typed.number and not told.get("name_unknown"):
            self.add_error("name", _("Write a name or an alias, or tick “Name not known”."))
        if self.born and self.born > clock.today(self.zone or None):
            self.add_error("name", _("The birth date is in the future."))
        if told.get("about_age") is None and not self.born and "about_age" not in self.errors:
            self.add_error("about_age", _("Say about how old the person is: a guess will do."))
        return told

    def given(self) -> dict[str, Any]:
        """What `register_walk_in` takes, of a valid form. One word alone is what the person is called."""
        told, typed = self.cleaned_data, read_typed(self.cleaned_data["name"])
        alone = typed.number or ("" if typed.family else typed.given)
        given: dict[str, Any] = {
            "chosen_name": alone, "given_name": "" if alone else typed.given, "family_name": typed.family,
            "birth_date": self.born, "clinician": told["clinician"], "temporary_id": told["temporary_id"],
        }  # fmt: skip
        if self.born is None:
            given["birth_date"] = born_about(told["about_age"], clock.today(self.zone or None))
            given["birth_estimated"] = True
        return given
