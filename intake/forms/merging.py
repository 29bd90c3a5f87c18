from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.access.models import Reviewed, WhyBroken


def _words(label: Any, longest: int = 400, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, widget=forms.Textarea(attrs={"rows": 2}), **more)


class MergeForm(forms.Form):
    """Why two records are one person."""

    reason = _words(
        _("Why are they the same person?"),
        help_text=_(
            "For example: same birth date and phone; she says she was here in 2019 under her maiden name."
        ),
    )


class UnmergeForm(forms.Form):
    """Why they are two after all."""

    words = _words(_("Why are they two people?"))


class HoldForm(forms.Form):
    """Why a record may be neither merged nor purged."""

    reason = _words(_("Why is it held?"), 300)


class GlassForm(forms.Form):
    """Why a chart that is shut must be opened now, and the proof of who asks: a password, or the app's code."""

    why = forms.ChoiceField(label=_("Reason"), choices=WhyBroken.choices, widget=forms.RadioSelect)
    words = _words(_("What is happening?"), help_text=_("The privacy officer reads this today."))
    password = forms.CharField(
        label=_("Your password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    code = forms.CharField(
        label=_("Or the code of your authenticator app"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, has_app: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_app:
            del self.fields["code"]
            self.fields["password"].required = True


class ReviewForm(forms.Form):
    """What a privacy officer found about one emergency opening."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=Reviewed.choices, widget=forms.RadioSelect)
    words = _words(_("What was found"))
