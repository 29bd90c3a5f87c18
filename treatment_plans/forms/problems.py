"""The form of a problem on the list: in plain words, or by a code that is searched as one types."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clinic.record.models import (
    Domain,
    Problem,
    ProblemSource,
    ProblemStatus,
    Remission,
    RemissionSetting,
    Severity,
)
from treatment_plans.forms.plan import VersionForm, day


class FindsDiagnosis(VersionForm):
    """The name of a problem is a search for its diagnosis too: a combobox (static/js/diagnoses.js)."""

    text = forms.CharField(
        label=_("Problem"), max_length=240,
        help_text=_("In plain words. Diagnoses that match are offered as you type; you need not take one."),
    )  # fmt: skip
    code = forms.CharField(
        label=_("ICD-10-CM code"), max_length=20, required=False, help_text=_("Comes with a diagnosis that is chosen.")
    )  # fmt: skip
    domain = forms.ChoiceField(label=_("Side"), choices=Domain.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = f"{self['text'].auto_id}-list"
        self.fields["text"].widget.attrs |= {
            "role": "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": listed,
            "autocomplete": "off", "data-finds": "", "hx-post": reverse("treatment_plans:diagnoses"),
            "hx-trigger": "input changed delay:150ms", "hx-target": f"#{listed}", "hx-params": "text",
            "hx-sync": "this:replace",
        }  # fmt: skip


NOT_SAID = _("Not said")


def choose(label: Any, choices: Any, *, required: bool = False, none: Any = NOT_SAID) -> forms.ChoiceField:
    listed = choices if required else [("", none), *choices]
    return forms.ChoiceField(label=label, required=required, choices=listed)


class ListedProblemForm(FindsDiagnosis):
    """A problem as the list keeps it."""

    status = choose(_("Status"), ProblemStatus.choices, required=True)
    severity = choose(_("Severity"), Severity.choices)
    remission = choose(_("Remission"), Remission.choices)
    remission_setting = choose(_("How it holds"), RemissionSetting.choices)
    onset_on = day(_("Since"), help_text=_("If the day is known."))
    onset_words = forms.CharField(
        label=_("or about"), max_length=120, required=False, help_text=_("For example: since her twenties; after the accident.")
    )  # fmt: skip
    source = choose(_("Who said so"), ProblemSource.choices)
    said_by = forms.CharField(
        label=_("Who, or which record"), max_length=80, required=False, help_text=_("For example: her sister; letter from Harbor Detox.")
    )  # fmt: skip
    resolved_on = day(_("Resolved on"), help_text=_("Only if it is resolved. Left open, it is today."))

    def __init__(self, *args: Any, homes: list[Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if homes and len(homes) > 1:
            listed = [(str(home.public_id), home.program) for home in homes]
            self.fields["episode"] = choose(_("Kept in"), listed, required=True)

    @classmethod
    def begun(cls) -> dict[str, str]:
        return {"status": ProblemStatus.ACTIVE, "source": ProblemSource.CLIENT}

    @classmethod
    def of(cls, problem: Problem) -> dict[str, Any]:
        """The row as the form shows it."""
        return {name: getattr(problem, name) for name in cls.base_fields}

    def given(self) -> dict[str, Any]:
        return {name: value for name, value in super().given().items() if name != "episode"}


class ProblemForm(FindsDiagnosis):
    """A problem as a draft of the plan takes it up."""

    put_off = forms.CharField(
        label=_("Not now, because"), max_length=300, required=False,
        help_text=_("Only if this is not worked on for the time being. It then needs no goal."),
    )  # fmt: skip
