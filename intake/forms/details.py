"""What the registration's pages take: answers of one section, names, addresses, people, payers."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from clinic.access.chart import Chart
from clinic.kit import clock
from clinic.record.models import Client, FactSource, MayTell, NameUse, PayerKind, SupportKind
from clinic.record.queries import Told
from intake.forms.fields import PhoneField, text_field, tick_field
from intake.forms.register import BIRTH_DATE
from intake.queries import Asked
from intake.rules import BadAnswer, BadDate, Said, born_about, read_answer, read_birth_date

WRONG = {
    "no_such_option": _("Choose one of the answers that are there."),
    "only_one": _("Choose one answer: these do not go together."),
    "not_a_number": _("Write a number."),
    "out_of_range": _("This number cannot be: look at it again."),
    "not_a_date": _("Write a date that is in the calendar."),
    "too_long": _("This is too long: say it in fewer words."),
}
SOURCES = [choice for choice in FactSource.choices if choice[0] != FactSource.CLIENT_HERSELF]


class Answers:
    """The answers of one section as a form sent them: `said` by topic, `wrong` by topic, `typed` as it came."""

    def __init__(self, asked: list[Asked], sent: Any) -> None:
        self.said: dict[str, Said] = {}
        self.wrong: dict[str, Any] = {}
        self.source = sent.get("source", "")
        if self.source not in dict(SOURCES):
            self.source = FactSource.CLIENT
        names = [f"{one.question.topic}{end}" for one in asked for end in ("", "_text")]
        self.typed = {name: sent.getlist(name) for name in names if name in sent}
        self.seen = {one.question.topic: sent.get(f"{one.question.topic}_seen", "") for one in asked}
        confirmed = sent.get("confirm", "")
        for one in asked:
            self._read(one, confirmed)

    def _read(self, one: Asked, confirmed: str) -> None:
        topic = one.question.topic
        try:
            text = "".join(self.typed.get(f"{topic}_text", [])[:1])
            said = read_answer(one.question, codes=self.typed.get(topic, []), text=text)
        except BadAnswer as wrong:
            self.wrong[topic] = WRONG[wrong.code]
            return
        before = as_said(one.told)
        if confirmed == topic and before is not None:
            self.said[topic] = before
        elif said is not None and said != before:
            self.said[topic] = said

    def conflicts(self, asked: list[Asked]) -> list[Asked]:
        """Questions that somebody else answered since the page was read, with another answer than this one."""
        return [
            one
            for one in asked
            if one.question.topic in self.said
            and one.told is not None
            and one.told.seen != self.seen[one.question.topic]
            and self.said[one.question.topic] != as_said(one.told)
        ]


def as_said(told: Told | None) -> Said | None:
    """A stored answer in the shape of one that was just given."""
    return None if told is None else Said(told.answer, told.codes, told.text, told.number, told.day)


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}))


class NamesForm(forms.Form):
    """What the person is called and when they were born, exactly or about."""

    given_name = text_field(_("Given name"), 120)
    family_name = text_field(_("Family name"), 120)
    chosen_name = text_field(_("Preferred name or alias"), 120)
    birth = text_field(_("Birth date"), 40, placeholder="4/2/1988")
    about_age = forms.IntegerField(
        label=_("Or about how old"), min_value=0, max_value=120, required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": 0, "max": 120}),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput)

    FIELDS = ("given_name", "family_name", "chosen_name", "birth", "about_age")

    def __init__(self, *args: Any, chart: Chart, **kwargs: Any) -> None:
        self.chart, self.zone = chart, chart.episodes[0].zone
        kwargs["initial"] = self.told_of(chart.client)
        super().__init__(*args, **kwargs)

    def told_of(self, client: Client) -> dict[str, Any]:
        """What stands in the record, as the fields show it."""
        exact = client.birth_date if client.birth_date and not client.birth_estimated else None
        return {
            "given_name": client.given_name, "family_name": client.family_name, "chosen_name": client.chosen_name,
            "birth": exact.isoformat() if exact else "", "version": client.version,
            "about_age": client.age(clock.today(self.zone)) if client.birth_estimated else None,
        }  # fmt: skip

    def clean_birth(self) -> dt.date | None:
        text = self.cleaned_data["birth"]
        try:
            return read_birth_date(text, clock.today(self.zone)) if text else None
        except BadDate as wrong:
            raise ValidationError(BIRTH_DATE[wrong.code]) from None

    def given(self) -> dict[str, Any]:
        """What `change_names` takes, of a valid form. The same guess of an age keeps the year that was guessed."""
        told, client = self.cleaned_data, self.chart.client
        given = {name: told[name] for name in ("given_name", "family_name", "chosen_name")}
        given |= {"birth_date": told["birth"], "birth_estimated": False, "version": told["version"]}
        if told["birth"] is None and told["about_age"] is not None:
            today = clock.today(self.zone)
            same = client.birth_estimated and client.age(today) == told["about_age"]
            given["birth_date"] = client.birth_date if same else born_about(told["about_age"], today)
            given["birth_estimated"] = True
        return given


class OtherNameForm(forms.Form):
    """One more name: an alias, a previous name, a name in another record."""

    use = forms.ChoiceField(label=_("Use"), choices=NameUse.choices)
    given_name = text_field(_("Given name"), 120)
    family_name = text_field(_("Family name"), 120)
    starts_on = _day(_("From"))
    ends_on = _day(_("Until"))

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if not told.get("given_name") and not told.get("family_name"):
            self.add_error("given_name", _("Write the other name."))
        starts, ends = told.get("starts_on"), told.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("It ends before it begins."))
        return told


class AddressForm(forms.Form):
    """Where the client lives, since when."""

    street = text_field(_("Street"), 160)
    suburb = text_field(_("Town"), 80)
    state = text_field(_("State"), 20)
    postcode = text_field(_("ZIP code"), 12)
    since = _day(_("Since"))

    def clean_since(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["since"]
        if day and day > clock.today() + dt.timedelta(days=1):
            raise ValidationError(_("This is in the future."))
        return day

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if not any(told.get(name) for name in ("street", "suburb", "state", "postcode")):
            self.add_error("suburb", _("Write at least the town."))
        return told


class SupportForm(forms.Form):
    """Someone in the client's life, and what they may be told."""

    name = forms.CharField(
        label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    relation = text_field(_("Who they are to the client"), 60)
    standing = forms.ChoiceField(label=_("As"), choices=SupportKind.choices, widget=forms.RadioSelect)
    phone = PhoneField(label=_("Phone"), max_length=40, required=False)
    may_tell = forms.MultipleChoiceField(
        label=_("What they may be told"), choices=MayTell.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    note = text_field(_("Note"), 240)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("standing") == SupportKind.NEVER and told.get("may_tell"):
            self.add_error(
                "may_tell", _("Someone who must never be told can be told nothing: leave these open.")
            )
        return told


class CoverageForm(forms.Form):
    """Who pays. Nothing of it is needed before care."""

    kind = forms.ChoiceField(label=_("Payer"), choices=PayerKind.choices, widget=forms.RadioSelect)
    payer = text_field(_("Plan or company"), 120)
    member_id = text_field(_("Member ID"), 60)
    holder = text_field(_("Policy holder"), 120)


class SelfPayForm(forms.Form):
    """What the client pays in full and wants kept from the health plan."""

    episode = forms.ChoiceField(label=_("Program"))
    service = text_field(_("This service only"), 60)
    since = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    asked = tick_field(_("The client pays in full and asked that the plan is not told"))

    def __init__(self, *args: Any, chart: Chart, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["episode"]
        choice.choices = [(str(one.public_id), one.program) for one in chart.episodes]
        self.fields["since"].initial = clock.today(chart.episodes[0].zone)

    def clean_asked(self) -> bool:
        if not self.cleaned_data["asked"]:
            raise ValidationError(_("Tick this when the client asked for it."))
        return True
