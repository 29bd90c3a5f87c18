"""The consent as a form: every element of 42 CFR 2.31 asked for, each missing one named by the same rules."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinic.access.chart import Chart
from clinic.access.policy import Do
from clinic.consent import rules
from clinic.consent.forms.widgets import Dots, Ticks
from clinic.consent.models import (
    Authority,
    Category,
    ConsentKind,
    EndedAs,
    Expires,
    Purpose,
    Recipient,
)
from clinic.consent.queries import about_signer, other_programs, recipients, today_of
from clinic.consent.writing import ALL_BUT_NOTES

SIGNER = {"signer_name", "signature", "signed_on"}
OPTIONAL = {"authority", "expires_on", "expires_event", "members"}
DRAWN = re.compile(r"[ML0-9 .]{0,20000}")


MANY = ("programs", "categories", "purposes")
# What each kind of form asks beside what all ask; what is not named here is not on the form at all.
ASKED = {
    ConsentKind.GENERAL: {"recipient", "members", "categories", "purposes", "no_fundraising"},
    ConsentKind.TPO: {"recipient", "categories", "no_fundraising", "redisclosure_told", "consequences_told"},
    ConsentKind.NOTES: {"recipient", "members", "purposes"},
    ConsentKind.LEGAL: {"recipient", "categories", "proceeding"},
    ConsentKind.INSIDE: {"to_program"},
}
BY_KIND = {
    "recipient", "members", "categories", "purposes", "no_fundraising", "redisclosure_told", "consequences_told",
    "proceeding", "to_program",
}  # fmt: skip


class SignerFields(forms.Form):
    """Who signs, and with what right; typed or drawn."""

    words = rules.WHO  # who signs, as it is said to the reader

    by_representative = forms.BooleanField(label=_("A representative signs for the client"), required=False)
    authority_kind = forms.ChoiceField(
        label=_("Their right to sign"), choices=[("", _("Choose")), *Authority.choices], required=False,
        help_text=_("Only if a representative signs."),
    )  # fmt: skip
    authority = forms.CharField(
        label=_("What gives them the right to sign"), max_length=160, required=False,
        help_text=_("In words, for example: mother, guardian by order of the county court."),
    )  # fmt: skip
    authority_document = forms.CharField(
        label=_("Paper you have seen"), max_length=160, required=False,
        help_text=_("For example: court order of 3 May, health care proxy."),
    )  # fmt: skip
    authority_until = forms.DateField(
        label=_("Their right ends on"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    signer_name = forms.CharField(label=_("Name of the person who signs"), max_length=160, required=False)
    signature = forms.CharField(
        label=_("Signature: type the name again"), max_length=160, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    parent_name = forms.CharField(
        label=_("Parent or guardian who signs as well"), max_length=160, required=False,
        help_text=_("Only for a young person who, under state law, cannot sign alone."),
    )  # fmt: skip
    parent_signature = forms.CharField(
        label=_("Their signature: type the name again"), max_length=160, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    drawn = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, chart: Chart, programs: list[int] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.chart, self.today, self.about = chart, today_of(chart), about_signer(chart, programs)
        if self.about["whose"] != rules.BOTH:
            del self.fields["parent_name"], self.fields["parent_signature"]

    @property
    def minor(self) -> list[tuple[str, str]]:
        """(program, who signs, in words) where the law of the state has a say in it; "" for every program alike."""
        found = {whose for _program, whose in self.about["signers"]}
        if found <= {rules.CLIENT}:
            return []
        if len(found) == 1:
            return [("", gettext(self.words[self.about["whose"]]))]
        return [(program, gettext(self.words[whose])) for program, whose in self.about["signers"]]

    def clean_drawn(self) -> str:
        drawn = self.cleaned_data["drawn"].strip()
        return drawn if DRAWN.fullmatch(drawn) and drawn.count("L") >= 5 else ""

    def _signed(self, given: dict[str, Any]) -> dict[str, Any]:
        """What the rules ask of the signature; a typed one must be the name."""
        if given.get("drawn"):
            self.errors.pop("signature", None)
        for sign, name in (("signature", "signer_name"), ("parent_signature", "parent_name")):
            typed, whose = (given.get(sign) or "").strip(), (given.get(name) or "").strip()
            if typed and whose and typed.casefold() != whose.casefold():
                self.add_error(sign, _("Type the name exactly as above, or draw the signature"))
        about = about_signer(self.chart, given.get("programs")) if given.get("programs") else self.about
        return {"signature": (given.get("signature") or "").strip() or given.get("drawn"), **about}

    def _name(self, found: list[tuple[str, str]]) -> None:
        """Each thing that is missing at its field; what this form does not ask stands at the top."""
        for name, told in found:
            place = name if name in self.fields else None
            if place is None or place not in self.errors:
                self.add_error(place, gettext(told))


class ConsentForm(SignerFields):
    """One form for each kind, asking what that kind asks: general, TPO, counseling notes, a proceeding, in-house."""

    kind = forms.ChoiceField(choices=ConsentKind.choices, required=False, widget=forms.HiddenInput)
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
    members = forms.CharField(
        label=_("Whom they may pass it on to"), max_length=400, required=False,
        help_text=_("Only for an intermediary: its members by name, or “those of its members who treat me”."),
    )  # fmt: skip
    to_program = forms.TypedChoiceField(
        label=_("Which program here may read it"), coerce=int, required=False, empty_value=None
    )
    categories = forms.MultipleChoiceField(label=_("What may be shared"), required=False, widget=Ticks)
    description = forms.CharField(
        label=_("The same in the client's own plain words"), required=False, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    purposes = forms.MultipleChoiceField(
        label=_("What it may be used for"), required=False, widget=Ticks,
        choices=[choice for choice in Purpose.choices if choice[0] != Purpose.PROCEEDING],
    )  # fmt: skip
    proceeding = forms.CharField(
        label=_("Which case or proceeding"), max_length=240, required=False,
        help_text=_("For example: custody case, Union County, number 12-345."),
    )  # fmt: skip
    no_fundraising = forms.BooleanField(
        label=_("The client does not want to be asked for gifts"), required=False, initial=True
    )
    revocation_told = forms.BooleanField(
        label=_("The client was told this, and how to take the consent back"), required=False
    )
    redisclosure_told = forms.BooleanField(
        label=_("The client was told who may share it further, and who may not"), required=False
    )
    consequences_told = forms.BooleanField(
        label=_("The client was told the risk, and what happens if they refuse"), required=False
    )
    expires = forms.ChoiceField(label=_("When it ends"), required=False, widget=Dots)
    expires_on = forms.DateField(
        label=_("Last day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    expires_event = forms.CharField(
        label=_("The event"), max_length=160, required=False,
        help_text=_("For example: the day my case is closed. Staff write down when it has happened."),
    )  # fmt: skip
    signed_on = forms.DateField(
        label=_("Date signed"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, chart: Chart, kind: str, prepare: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, chart=chart, **kwargs)
        self.chosen_kind, self.prepare = kind, prepare
        for name in BY_KIND - ASKED[ConsentKind(kind)]:
            del self.fields[name]
        mine = {e.program_id: e.program for e in chart.episodes if chart.permits(Do.CONSENT, e.id)}
        self._choices("programs", list(mine.items()))
        self._choices("categories", [one for one in Category.choices if one[0] != rules.COUNSELLING_NOTES])
        self._choices(
            "expires", [one for one in Expires.choices if kind == ConsentKind.TPO or one[0] != Expires.NEVER]
        )
        if "to_program" in self.fields:
            there = [(program.pk, program.name) for program in other_programs(chart)]
            self._choices("to_program", [("", _("Choose")), *there])
        if "recipient" in self.fields:
            receiver: Any = self.fields["recipient"]
            receiver.queryset, receiver.label_from_instance = recipients(chart), lambda one: one.title
            receiver.empty_label = _("Choose")
            if kind == ConsentKind.TPO:
                receiver.empty_label = _("My treating providers, health plans and payers (as a class)")
        for name in self.fields.keys() & rules.MISSING.keys() - OPTIONAL:
            if (name != "recipient" or kind != ConsentKind.TPO) and not (prepare and name in SIGNER):
                self.fields[name].required = True
                self.fields[name].error_messages["required"] = gettext(rules.MISSING[name])

    def _choices(self, name: str, choices: list[Any]) -> None:
        if name in self.fields:
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        facts = {
            **self._fixed(),
            **given,
            "kind": self.chosen_kind,
            **self._receives(given),
            **self._signed(given),
        }
        self._name(rules.missing_elements(facts, self.today, signed=not self.prepare))
        return {**given, **self._fixed(), "kind": self.chosen_kind}

    def _fixed(self) -> dict[str, Any]:
        """What this kind of consent is for and holds, whatever anyone chooses."""
        fixed: dict[ConsentKind, dict[str, Any]] = {
            ConsentKind.TPO: {"purposes": list(rules.TPO_PURPOSES)},
            ConsentKind.NOTES: {"categories": [rules.COUNSELLING_NOTES]},
            ConsentKind.LEGAL: {"purposes": [rules.PROCEEDING]},
            ConsentKind.INSIDE: {"purposes": [Purpose.TREATMENT], "categories": ALL_BUT_NOTES},
        }
        return fixed.get(ConsentKind(self.chosen_kind), {})

    def _receives(self, given: dict[str, Any]) -> dict[str, Any]:
        to: Any = given.get("recipient")
        anyone = "class" if self.chosen_kind == ConsentKind.TPO else ""
        return {"recipient": to or anyone, "via_intermediary": bool(to and to.intermediary)}

    def as_draft(self) -> dict[str, Any]:
        """What was typed, as it was typed; the drawn signature and the keys of the form are left out."""
        typed: Any = self.data
        return {
            name: typed.getlist(name) if name in MANY else typed.get(name, "")
            for name in self.fields
            if name not in ("drawn", "signature", "parent_signature")
        }


class SignForm(SignerFields):
    """A prepared consent is signed: by whom, and that this text and no other was read."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("signer_name", "signature"):
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = gettext(rules.MISSING[name])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        facts = {**given, "signed_on": self.today, **self._signed(given)}
        found = [(name, rules.MISSING[name]) for name in ("signer_name", "signature") if not facts.get(name)]
        if given.get("by_representative") and not given.get("authority"):
            found.append(("authority", rules.MISSING["authority"]))
        self._name(found + rules.signer_problems(facts, self.today))
        return given


class ClientSignForm(SignForm):
    """The same in the client's own hands: their name, and a parent's where state law asks for one."""

    words = rules.WHO_TO_CLIENT

    def __init__(self, *args: Any, chart: Chart, **kwargs: Any) -> None:
        super().__init__(*args, chart=chart, **kwargs)
        for name in (
            "by_representative",
            "authority_kind",
            "authority",
            "authority_document",
            "authority_until",
        ):
            del self.fields[name]
        self.fields["signer_name"].label = _("Your name")
        self.fields["signature"].label = _("Type your name again to sign")


class EndForm(forms.Form):
    """The consent holds no more: its event has happened, or it was none."""

    how = forms.ChoiceField(label=_("What happened"), choices=EndedAs.choices, widget=Dots)
    on = forms.DateField(label=_("On which day"), widget=forms.DateInput(attrs={"type": "date"}))
    words_ = forms.CharField(label=_("In your words"), max_length=300)

    def __init__(self, *args: Any, names_event: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not names_event:
            self.fields["how"].choices = [  # type: ignore[attr-defined]
                choice for choice in EndedAs.choices if choice[0] != EndedAs.HAPPENED
            ]


class RecipientForm(forms.Form):
    """Somebody outside, with how they are reached."""

    name = forms.CharField(label=_("Name"), max_length=120)
    organisation = forms.CharField(
        label=_("Organization"), max_length=160, required=False,
        help_text=_("Empty for a private person: then only you, and whoever sees a consent that names them, finds them."),
    )  # fmt: skip
    address = forms.CharField(label=_("Address"), max_length=240, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    covered_entity = forms.BooleanField(
        label=_("Covered entity or business associate under HIPAA"), required=False,
        help_text=_("A health care provider who bills electronically, a health plan, or someone who works for one."),
    )  # fmt: skip
    health_plan = forms.BooleanField(label=_("Health plan or payer"), required=False)
    intermediary = forms.BooleanField(
        label=_("Intermediary that passes records on to its members"), required=False,
        help_text=_("For example a health information exchange. Not a provider or plan itself."),
    )  # fmt: skip
    checked = forms.BooleanField(label=_("I checked the address and e-mail with them today"), required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("intermediary") and given.get("covered_entity"):
            self.add_error(
                "intermediary", _("A covered entity or business associate is not an intermediary: choose one")
            )
        return given


class RevokeForm(forms.Form):
    """The client's own writing, by which a consent is taken back (2.31(a)(6))."""

    text = forms.CharField(
        label=_("What the client wrote"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Copy it word for word, and keep the paper."),
        error_messages={"required": _("Enter what the client wrote: a consent is taken back in writing")},
    )  # fmt: skip
    scan = forms.CharField(
        label=_("Where the paper or scan is kept"), max_length=160, required=False,
        help_text=_("For example: paper file, folder 3."),
    )  # fmt: skip
