import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.kit import clock
from clinic.people.fields import DayForm, day_field, of_programs, program_field, words_field
from clinic.people.models import Program
from clinic.record.models import Priority, Reached, Standing


class WaitForm(DayForm):
    """For which program somebody waits, since when, and how urgent it is."""

    program = program_field(_("Program"))
    on = day_field(_("Asked on"))
    priority = forms.ChoiceField(
        label=_("Priority"), choices=Priority.choices, initial=Priority.STANDARD, widget=forms.RadioSelect
    )
    words = words_field(_("What matters"), 300, required=False)

    def __init__(self, *args: Any, programs: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        of_programs(self.fields["program"], programs)

    def clean_on(self) -> dt.date:
        """The last day to choose is today at the program's own site."""
        program: Program | None = self.cleaned_data.get("program")
        if program:
            self.today = clock.today(program.site.zone)
        return super().clean_on()


class PriorityForm(forms.Form):
    """How urgent it is, and what matters."""

    priority = forms.ChoiceField(label=_("Priority"), choices=Priority.choices)
    words = words_field(_("What matters"), 300, required=False)


class KeepForm(forms.Form):
    """What they said to the place they did not take."""

    words = words_field(_("What they said"), 300, required=False)


class OfferForm(forms.Form):
    """From when a place is free."""

    offered_for = day_field(_("A place from"))


class AdmitForm(DayForm):
    """When they began."""

    on = day_field(_("Admitted on"))


class LeaveListForm(forms.Form):
    """Why somebody is off the list."""

    standing = forms.ChoiceField(
        label=_("Why"),
        choices=[(s.value, s.label) for s in (Standing.DECLINED, Standing.WITHDRAWN, Standing.LOST)],
    )
    words = words_field(_("In words"), 300, required=False)


class InterimForm(DayForm):
    """What was done for somebody while they wait."""

    on = day_field(_("On"))
    how = forms.ChoiceField(label=_("How"), choices=Reached.choices)
    words = words_field(_("What was done"), 300)
