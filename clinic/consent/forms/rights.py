"""The notice, restrictions, what is told without a consent, complaints: as forms."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinic.access.chart import Chart
from clinic.consent import rules
from clinic.consent.forms.widgets import Dots, Ticks
from clinic.consent.models import Category, Ground, NoticeAnswer, NoticeWay, Recipient
from clinic.consent.queries import recipients


class NoticeForm(forms.Form):
    """How the notice was given, and what the client said; "not able now" comes back."""

    answer = forms.ChoiceField(label=_("What the client said"), choices=NoticeAnswer.choices, widget=Dots)
    way = forms.ChoiceField(
        label=_("How it was given"), required=False, widget=Dots,
        choices=[choice for choice in NoticeWay.choices if choice[0] != NoticeWay.WHEN_ABLE],
    )  # fmt: skip
    why = forms.CharField(
        label=_("Why not now"),
        max_length=200,
        required=False,
        help_text=_("Only if the client is not able now."),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("answer") == NoticeAnswer.NOT_ABLE:
            if not given.get("why", "").strip():
                self.add_error("why", _("Say in a few words why not now; it comes back to you"))
            given["way"] = NoticeWay.WHEN_ABLE
        elif given.get("answer") and not given.get("way"):
            self.add_error("way", _("Choose how the notice was given"))
        return given


class RestrictForm(forms.Form):
    """What the client asks us not to share, and what we answer."""

    words_ = forms.CharField(
        label=_("What the client asks"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Enter what the client asks us not to share")},
    )  # fmt: skip
    categories = forms.MultipleChoiceField(
        label=_("What is held back"), choices=Category.choices, widget=Ticks,
        error_messages={"required": _("Choose what is held back")},
    )  # fmt: skip
    recipient = forms.ModelChoiceField(
        label=_("From whom"), queryset=Recipient.objects.none(), required=False, to_field_name="public_id",
        empty_label=_("Everybody outside"),
    )  # fmt: skip
    health_plans = forms.BooleanField(label=_("From health plans and payers only"), required=False)
    paid_in_full = forms.BooleanField(
        label=_("The service was paid in full, by the client or somebody for them"), required=False
    )
    agreed = forms.TypedChoiceField(
        label=_("Our answer"), choices=[("yes", _("Agreed")), ("no", _("Not agreed"))], initial="yes", widget=Dots,
        error_messages={"required": _("Choose our answer")},
        coerce=lambda value: value == "yes",
    )  # fmt: skip
    reason = forms.CharField(label=_("Why not"), max_length=300, required=False)

    def __init__(self, *args: Any, chart: Chart, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        receiver: Any = self.fields["recipient"]
        receiver.queryset, receiver.label_from_instance = recipients(chart), lambda one: one.title


class TellForm(forms.Form):
    """What is told without a consent: all that its ground asks to be written down, before the form closes."""

    ground = forms.ChoiceField(label=_("On which ground"), choices=Ground.choices, widget=Dots)
    recipient_name = forms.CharField(label=_("Who was told"), max_length=200, required=False)
    facility = forms.CharField(label=_("Hospital or service they belong to"), max_length=200, required=False)
    discloser = forms.CharField(label=_("Who told it"), max_length=160, required=False)
    nature = forms.CharField(label=_("Nature of the emergency"), max_length=300, required=False)
    what = forms.CharField(
        label=_("What was told"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    agreement = forms.CharField(label=_("Date or number of the agreement"), max_length=120, required=False)
    unobtainable = forms.BooleanField(label=_("Consent could not be had before"), required=False)
    medical_personnel = forms.BooleanField(
        label=_("Medical personnel were told, nobody else"), required=False
    )
    on_premises = forms.BooleanField(
        label=_("The crime or threat was on the premises or against staff"), required=False
    )
    first_report = forms.BooleanField(
        label=_("This is the first report that state law asks for; no record went with it"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("recipient_name", "discloser", "what"):  # whatever the ground
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = gettext(rules.NEEDED[name])
        self.fields["ground"].error_messages["required"] = gettext(rules.NEEDED["basis"])
        for name in ("facility", "nature", "unobtainable", "medical_personnel"):
            self.fields[name].help_text = _("For an emergency.")
        self.fields["agreement"].help_text = _("For a service organization.")
        self.fields["on_premises"].help_text = _("For a crime here.")
        self.fields["first_report"].help_text = _("For child abuse or neglect.")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        for name, told in rules.missing_for(given.get("ground", ""), given):
            if name in self.fields and name not in self.errors:
                self.add_error(name, gettext(told))
        return given


class ComplaintForm(forms.Form):
    """Somebody says that privacy was not kept."""

    from_whom = forms.CharField(
        label=_("Who says so"), max_length=160, error_messages={"required": _("Enter who complains")}
    )
    words_ = forms.CharField(
        label=_("What happened, in their words"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Enter what happened, in their words")},
    )  # fmt: skip


class OutcomeForm(forms.Form):
    """What became of a complaint."""

    outcome = forms.CharField(
        label=_("What was found, and what was done"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Say what was found and what was done")},
    )  # fmt: skip


class WhyForm(forms.Form):
    """One reason in words."""

    why = forms.CharField(
        label=_("How the client agreed or asked"), max_length=300,
        error_messages={"required": _("Say how the client agreed or asked")},
    )  # fmt: skip
