"""What the interview's pages take: answers, the day before which not to ask, what is not right, who confirms."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from intake import rules
from intake.actions import Told
from intake.models import State
from intake.queries.interviews import Held

STILL_TRUE = "still_true"  # what was told before holds: said again in one press
DECLINES = (State.NOT_TODAY, State.RATHER_NOT)


def read_told(
    whole: Held, steps: dict[str, rules.Step], data: Any, language: str = "en"
) -> tuple[list[Told], dict[str, str]]:
    """The answers on a page, and for what cannot be one its error by question. Only what the page showed is read.

    A page shows a question by sending its mark, `m-KEY`; `a-KEY` is the answer, `s-KEY` that it is declined.
    """
    told, wrong = [], {}
    for key, step in steps.items():
        if f"m-{key}" not in data:
            continue
        try:
            told.append(_told(whole, step, data))
        except rules.NotTold as error:
            wrong[key] = in_words(step, error)
    return told, wrong


def _told(whole: Held, step: rules.Step, data: Any) -> Told:
    key = step.key
    seen, state, given = data.get(f"m-{key}", ""), data.get(f"s-{key}", ""), data.getlist(f"a-{key}")
    chosen = next((one for one in (state, *given) if one in (*DECLINES, STILL_TRUE)), "")
    if chosen == STILL_TRUE and key in whole.before:
        return Told(key, State.TOLD, whole.before[key].value, seen)
    if chosen in DECLINES:
        return Told(key, chosen, None, seen)
    value = rules.read_value(step, [one for one in given if one not in (*DECLINES, STILL_TRUE)])
    return Told(key, State.TOLD if value is not None else "", value, seen)


def in_words(step: rules.Step, error: rules.NotTold) -> str:
    """What is wrong with an answer, and how it is put right."""
    if error.code == "number":
        return _("Write a number from %(low)s to %(high)s.") % {"low": step.ask.low, "high": step.ask.high}
    if error.code == "words":
        return _("This is more than we can keep here. Please make it shorter.")
    return _("Please pick one of the answers shown.")


class QuietForm(forms.Form):
    until = forms.DateField(
        label=gettext_lazy("Do not ask before"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": gettext_lazy("Choose a day.")},
    )
    words = forms.CharField(label=gettext_lazy("In the client's words"), max_length=300, required=False)

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_until(self) -> dt.date:
        day: dt.date = self.cleaned_data["until"]
        if day <= self.today:
            raise ValidationError(_("Choose a day that is still to come."))
        if day > self.today + dt.timedelta(days=3 * 366):
            raise ValidationError(_("Choose a day within three years."))
        return day


class DisagreeForm(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("What is not right, in the client's own words"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("Write what is not right, in the client's own words.")},
    )


class ConfirmForm(forms.Form):
    """Both have read it. The client confirms here, on the screen in their hands, or chooses not to."""

    text_hash = forms.CharField(widget=forms.HiddenInput)
    client_name = forms.CharField(label=gettext_lazy("The client's name"), max_length=160, required=False)
    declined_reason = forms.CharField(
        label=gettext_lazy("If the client chose not to confirm: why, in their words"),
        max_length=300,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("declined_reason") and not told.get("client_name"):
            raise ValidationError({"client_name": _("Write the name of the client who chose not to.")})
        return told


class ClientDisagreeForm(forms.Form):
    words = forms.CharField(
        max_length=4000,
        error_messages={"required": gettext_lazy("Tell us what is not right, in your own words.")},
    )


class ClientConfirmForm(forms.Form):
    text_hash = forms.CharField(widget=forms.HiddenInput)
    name = forms.CharField(
        max_length=160,
        error_messages={"required": gettext_lazy("Write your name, so we know you read it.")},
    )


class NoticeForm(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("What was done"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Who looked after them, what was found, what comes next"),
        error_messages={"required": gettext_lazy("Say what was done.")},
    )
