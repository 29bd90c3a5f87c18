"""The consent as a form: every element of 42 CFR 2.31 asked for, each missing one named by the same rules."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinic.access.chart import Chart
from clinic.access.policy import Do
from clinic.consent import rules
from clinic.consent.models import Category, ConsentKind, Expires, Purpose, Recipient
from clinic.consent.queries import recipients, today_of

DRAWN = re.compile(r"[ML0-9 .]{0,20000}")


class Ticks(forms.CheckboxSelectMultiple):
    """Check boxes whose first one is where the error summary's link leads."""

    def id_for_label(self, id_: str, index: Any = None) -> str:
        return super().id_for_label(id_, "0" if index is None else index)


class Dots(forms.RadioSelect):
    """Radio buttons whose first one is where the error summary's link leads."""

    def id_for_label(self, id_: str, index: Any = None) -> str:
        return super().id_for_label(id_, "0" if index is None else index)


class ConsentForm(forms.Form):
    """General: one recipient by name. TPO: a class, or one by name; its own two statements are read to the client."""

    kind = forms.ChoiceField(choices=ConsentKind.choices, widget=forms.HiddenInput)
    patient_name = forms.CharField(label=_("Name of the client"), max_length=240, required=False)
    programs = forms.TypedMultipleChoiceField(
        label=_("Who may share"), coerce=int, required=False, widget=Ticks
    )
    recipient = forms.ModelChoiceField(
        label=_("Who may receive it"),
        queryset=Recipient.objects.none(),
        required=False,
        to_field_name="public_id",
    )
    categories = forms.MultipleChoiceField(
        label=_("What may be shared"),
        choices=Category.choices,
        required=False,
        widget=Ticks,
    )
    description = forms.CharField(
        label=_("The same in the client's own plain words"), required=False, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    purposes = forms.MultipleChoiceField(
        label=_("What it may be used for"), choices=Purpose.choices, required=False,
        widget=Ticks,
    )  # fmt: skip
    revocation_told = forms.BooleanField(
        label=_("The client was told this, and how to take the consent back"), required=False
    )
    redisclosure_told = forms.BooleanField(
        label=_("The client was told who may share it further, and who may not"), required=False
    )
    consequences_told = forms.BooleanField(
        label=_("The client was told the risk, and what happens if they refuse"), required=False
    )
    expires = forms.ChoiceField(label=_("When it ends"), choices=Expires.choices, required=False, widget=Dots)
    expires_on = forms.DateField(
        label=_("Last day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    by_representative = forms.BooleanField(label=_("A representative signs for the client"), required=False)
    authority = forms.CharField(
        label=_("What gives them the right to sign"), max_length=160, required=False,
        help_text=_("For example: parent, guardian, health care proxy. Only if a representative signs."),
    )  # fmt: skip
    signer_name = forms.CharField(label=_("Name of the person who signs"), max_length=160, required=False)
    signature = forms.CharField(
        label=_("Signature: type the name again"), max_length=160, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    drawn = forms.CharField(required=False, widget=forms.HiddenInput)
    signed_on = forms.DateField(
        label=_("Date signed"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, chart: Chart, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.chosen_kind, self.today = kind, today_of(chart)
        mine = {e.program_id: e.program for e in chart.episodes if chart.permits(Do.CONSENT, e.id)}
        self.fields["programs"].choices = list(mine.items())  # type: ignore[attr-defined]
        receiver: Any = self.fields["recipient"]
        receiver.queryset, receiver.label_from_instance = recipients(), lambda one: one.title
        ends = [choice for choice in Expires.choices if kind == ConsentKind.TPO or choice[0] != Expires.NEVER]
        self.fields["expires"].choices = ends  # type: ignore[attr-defined]
        if kind == ConsentKind.TPO:
            del self.fields["purposes"]
            receiver.empty_label = _("My treating providers, health plans and payers (as a class)")
        else:
            del self.fields["redisclosure_told"], self.fields["consequences_told"]
            receiver.empty_label = _("Choose")
        for name in self.fields.keys() & rules.MISSING.keys() - {"authority", "expires_on"}:
            if name != "recipient" or kind != ConsentKind.TPO:
                self.fields[name].required = True
                self.fields[name].error_messages["required"] = gettext(rules.MISSING[name])

    def clean_drawn(self) -> str:
        drawn = self.cleaned_data["drawn"].strip()
        return drawn if DRAWN.fullmatch(drawn) and drawn.count("L") >= 5 else ""

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("drawn"):
            self.errors.pop("signature", None)
        typed, signer = given.get("signature", "").strip(), given.get("signer_name", "").strip()
        if typed and signer and typed.casefold() != signer.casefold():
            self.add_error("signature", _("Type the name exactly as above, or draw the signature"))
        tpo = self.chosen_kind == ConsentKind.TPO
        facts = {
            **given, "kind": self.chosen_kind, "recipient": given.get("recipient") or ("class" if tpo else ""),
            "signature": typed or given.get("drawn"), "purposes": rules.TPO_PURPOSES if tpo else given.get("purposes"),
        }  # fmt: skip
        for name, words in rules.missing_elements(facts, self.today):
            if name not in self.errors:
                self.add_error(name, gettext(words))
        return {**given, "kind": self.chosen_kind}

    def as_draft(self) -> dict[str, Any]:
        """What was typed, as it was typed; the drawn signature and the keys of the form are left out."""
        typed: Any = self.data
        many = ("programs", "categories", "purposes")
        return {
            name: typed.getlist(name) if name in many else typed.get(name, "")
            for name in self.fields
            if name not in ("drawn", "signature")
        }


class RecipientForm(forms.Form):
    """Somebody outside, with how they are reached."""

    name = forms.CharField(label=_("Name"), max_length=120)
    organisation = forms.CharField(label=_("Organization"), max_length=160, required=False)
    address = forms.CharField(label=_("Address"), max_length=240, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    covered_entity = forms.BooleanField(
        label=_("Covered entity or business associate under HIPAA"), required=False,
        help_text=_("A health care provider who bills electronically, a health plan, or someone who works for one."),
    )  # fmt: skip
    checked = forms.BooleanField(label=_("I checked the address and e-mail with them today"), required=False)


class RevokeForm(forms.Form):
    """The client's own writing, by which a consent is taken back (2.31(a)(6))."""

    text = forms.CharField(
        label=_("What the client wrote"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Copy it word for word, and keep the paper."),
        error_messages={"required": _("Enter what the client wrote: a consent is taken back in writing")},
    )  # fmt: skip
