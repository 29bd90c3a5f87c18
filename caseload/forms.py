import datetime as dt
from collections import Counter
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.kit import clock
from clinic.people.fields import DayForm, day_field, of_programs, program_field, words_field
from clinic.people.models import Program, Staff
from clinic.people.queries import heirs, staff_with_duties
from clinic.record.models import Ending
from intake import queries as intake
from screening import queries as screening


class AskForm(forms.Form):
    """Ask a colleague to act on a client, by a day."""

    to = forms.ModelChoiceField(
        label=_("Who"), queryset=Staff.objects.none(), empty_label=_("Choose a colleague")
    )
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

    staff = forms.ModelChoiceField(
        label=_("Who"), queryset=Staff.objects.none(), empty_label=_("Choose a colleague")
    )
    starts_on = day_field(_("From"), required=False)
    ends_on = day_field(_("Until, if that is known"), required=False)
    lead = forms.BooleanField(label=_("Leads the care"), required=False)

    def __init__(self, *args: Any, colleagues: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["staff"]
        field.queryset = staff_with_duties().filter(pk__in=colleagues, is_active=True)  # type: ignore[attr-defined]
        field.label_from_instance = lambda person: person.signing_name  # type: ignore[attr-defined]


class DischargeForm(DayForm):
    """When and why an episode ends."""

    on = day_field(_("Ended on"))
    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[(e.value, e.label) for e in Ending if e != Ending.NOT_ADMITTED],
        widget=forms.RadioSelect,
    )
    words = words_field(_("In words"), 400, required=False)


def _level_choices() -> list[tuple[Any, Any]]:
    return [
        (title, [(f"{edition}|{code}", f"{code}: {words}") for code, words in levels.items()])
        for edition, title, levels in intake.levels_of_care()
    ]


class LevelForm(DayForm):
    """The level of care given; the one recommended, and why it differs."""

    level = forms.ChoiceField(label=_("Level of care"))
    recommended = forms.ChoiceField(label=_("Recommended, if another"), required=False)
    reason = words_field(_("Why it differs, or why it changes"), 200, required=False)
    on = day_field(_("From"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = [("", _("Choose a level")), *_level_choices()]  # type: ignore[attr-defined]
        self.fields["recommended"].choices = [("", _("The same")), *_level_choices()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        level, recommended = told.get("level", ""), told.get("recommended", "")
        if recommended and recommended.split("|")[0] != level.split("|")[0]:
            self.add_error("recommended", _("Choose a level of the same edition."))
        elif recommended and recommended != level and not told.get("reason"):
            self.add_error(
                "reason", _("Say in a few words why another level is given than the one recommended.")
            )
        return told

    def given(self) -> dict[str, Any]:
        """What `set_level` takes."""
        edition, _bar, level = self.cleaned_data["level"].partition("|")
        return {
            "edition": edition, "level": level, "recommended": self.cleaned_data["recommended"].partition("|")[2],
            "reason": self.cleaned_data["reason"], "on": self.cleaned_data["on"],
        }  # fmt: skip


class TransferForm(DayForm):
    """Into which program somebody goes on, and when."""

    program = program_field(_("To"))
    on = day_field(_("From"))
    words = words_field(_("In words"), 400, required=False)

    def __init__(self, *args: Any, programs: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        of_programs(self.fields["program"], programs)


class LeaveForm(forms.Form):
    """To whom what someone holds goes, program by program: their supervisor, unless another colleague is chosen."""

    def __init__(self, *args: Any, leaver: Staff, work: Counter[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.work = work
        wanted = {program for program, _label in work} | {int(str(duty["program"])) for duty in leaver.duties}
        self.programs = list(Program.objects.filter(pk__in=wanted).order_by("name"))
        self.people: dict[str, Staff] = {}
        everyone = heirs(leaver, wanted)
        for program in self.programs:
            found = everyone.get(program.pk, [])
            self.people |= {str(one.public_id): one for one in found}
            self.fields[f"to_{program.pk}"] = forms.ChoiceField(
                label=_("To whom"), choices=[(str(one.public_id), one.signing_name) for one in found],
                error_messages={"required": _("Choose who takes over.")},
            )  # fmt: skip

    def rows(self) -> list[dict[str, Any]]:
        """Each program with what is held in it and the field that says to whom it goes."""
        return [
            {
                "program": program, "field": self[f"to_{program.pk}"],
                "held": [(label, n) for (key, label), n in self.work.items() if key == program.pk],
            }
            for program in self.programs
        ]  # fmt: skip

    def heirs(self) -> dict[int, Staff]:
        """By program, who takes over."""
        return {one.pk: self.people[self.cleaned_data[f"to_{one.pk}"]] for one in self.programs}


class CadenceForm(forms.Form):
    """Days from one asking to the next, for one program and level of care. 0: not due here; blank: the form's own."""

    program = forms.ModelChoiceField(
        label=_("Program"), queryset=Program.objects.order_by("name"), empty_label=None
    )
    level = forms.CharField(
        label=_("Level of care"),
        max_length=20,
        required=False,
        help_text=_("As in the chart, for example 2.1. Blank: any."),
    )

    def __init__(self, *args: Any, now: dict[str, Any], chosen: Any, **kwargs: Any) -> None:
        given = args[0] if args and args[0] else chosen
        first = given.get("program") or str(
            Program.objects.order_by("name").values_list("pk", flat=True).first() or ""
        )
        level = given.get("level", "")
        held = now.get(first, {}).get(level, {})
        super().__init__(*args, **{**kwargs, "initial": {"program": first, "level": level}})
        self.forms = screening.measuring()
        for form in self.forms:
            self.fields[f"days-{form.id}"] = forms.IntegerField(
                label=form.short_title, required=False, min_value=0, max_value=730, initial=held.get(form.id),
                help_text=_("Its own: every %(n)s days") % {"n": form.interval_days},
            )  # fmt: skip

    def rows(self) -> list[Any]:
        return [self[f"days-{form.id}"] for form in self.forms]

    def changed(self, now: dict[str, Any]) -> dict[str, Any]:
        """The whole setting with this program and level as they are here."""
        told, key = self.cleaned_data, str(self.cleaned_data["program"].pk)
        days = {form.id: told[f"days-{form.id}"] for form in self.forms}
        here = {name: n for name, n in days.items() if n is not None}
        return {**now, key: {**now.get(key, {}), told["level"].strip(): here}}

    def place(self) -> str:
        return urlencode(
            {"program": self.cleaned_data["program"].pk, "level": self.cleaned_data["level"].strip()}
        )
