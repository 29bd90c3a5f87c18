"""Forms of both one-page plans: one field a step, one line an entry; giving them; why not today."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.record.models import Language
from treatment_plans.forms.plan import VersionForm, day, words
from treatment_plans.models import GivenHow, Naloxone


class SafetyForm(VersionForm):
    """The six steps of Stanley and Brown, in our own words."""

    NEEDED = ("signs", "coping", "places", "helpers", "services", "making_safe")

    signs = words(
        _("Warning signs"),
        help_text=_("What they think, feel or do when a crisis may be starting. One line for each."),
    )
    coping = words(
        _("What they can do on their own"),
        help_text=_("Without calling anyone. What has worked before? What could get in the way?"),
    )
    places = words(
        _("People and places that take their mind off it"),
        help_text=_("Not to talk about the crisis: company, a place with people, something to do."),
    )
    helpers = words(
        _("Whom they can ask for help"),
        help_text=_("Name and number. Does each of them know that they are on this page?"),
    )
    services = words(
        _("Professionals and agencies"),
        help_text=_("Name, number, when they answer. 988, 911 and this clinic's number are printed anyway."),
    )
    making_safe = words(
        _("Making the place safe"),
        help_text=_("Which means are there, and what is done with each: who keeps them, where, since when."),
    )


class RelapseForm(VersionForm):
    """What sets it off, what helps, naloxone, an overdose."""

    NEEDED = ("triggers", "early_signs", "helps", "not_alone")

    triggers = words(
        _("What sets it off"),
        help_text=_("People, places, days, feelings, pain. One line for each."),
    )
    early_signs = words(
        _("Early signs"), help_text=_("What they or people near them notice before anything was used.")
    )
    helps = words(_("What helps"), help_text=_("What they do, whom they call, what has worked before."))
    naloxone = forms.ChoiceField(
        label=_("Naloxone"), required=False, widget=forms.RadioSelect, choices=Naloxone.choices
    )
    naloxone_place = forms.CharField(label=_("Where it is kept"), max_length=300, required=False)
    naloxone_others = words(
        _("Who else knows where it is, and who has the key"),
        rows=2,
        help_text=_("Someone who can get in. Has each of them been shown how to use it?"),
    )
    not_alone = words(
        _("Not using alone"),
        rows=2,
        help_text=_("Who stays near or on the phone; a small dose first; the door left unlocked."),
    )
    overdose = words(
        _("Anything else in an overdose"),
        rows=2,
        help_text=_("The six steps to take are printed anyway. Other medication, allergies, whom to call."),
    )


PAGE_FORMS: dict[str, type[VersionForm]] = {"safety": SafetyForm, "relapse": RelapseForm}


def page_form(which: str, row: Any, posted: Any = None) -> VersionForm:
    """The form of this draft: what stands in it, or what was posted."""
    form = PAGE_FORMS[which]
    told = {name: getattr(row, name) for name in form.base_fields}
    return form(posted, initial=told, auto_id=f"{which}-%s")


class GiveForm(forms.Form):
    use_required_attribute = False

    how = forms.ChoiceField(
        label=_("How"), widget=forms.RadioSelect, choices=GivenHow.choices,
        error_messages={"required": _("Say how the client got it.")},
    )  # fmt: skip
    language = forms.ChoiceField(label=_("In"), choices=Language.choices)


class NotTodayForm(forms.Form):
    use_required_attribute = False

    why = forms.CharField(
        label=_("Not today, because"), max_length=300, error_messages={"required": _("Say why not today.")}
    )
    again_on = day(
        _("Ask again on"),
        help_text=_("Empty: this answer does not ask for a safety plan any more. A new one does."),
    )
