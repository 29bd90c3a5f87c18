"""Forms of the plan, its parts, its signatures and its reviews."""

import datetime as dt
import re
from collections.abc import Collection
from typing import Any
from zlib import crc32

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinic.people.models import Staff
from clinic.record.models import Domain, SignerRole
from screening.queries import measuring
from treatment_plans import rules
from treatment_plans.models import NoteKind, Participation, Plan, ReviewOutcome, SummaryKind, Voice
from treatment_plans.queries import PlanTree
from treatment_plans.queries.plain import PlainCopy

LONGEST = 20_000
DRAWN = re.compile(r"(?:[ML]\d{1,4} \d{1,4}){6,2500}")  # what static/js/signature.js writes, and nothing else


def words(label: Any, *, rows: int = 3, required: bool = False, help_text: Any = "") -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(
        label=label, max_length=LONGEST, required=required, help_text=help_text, widget=area
    )


def day(label: Any, *, required: bool = False, help_text: Any = "") -> forms.DateField:
    date = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, help_text=help_text, widget=date)


class VersionForm(forms.Form):
    """Carries the version that was on the page, so that a stale edit is told."""

    NEEDED: tuple[str, ...] = ()  # may wait, but not for ever: the page does not call them optional
    use_required_attribute = False
    kept_as = ""  # the key of what was typed into it and not saved
    kept_at: dt.datetime | None = None

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def full_clean(self) -> None:
        self._mark(False)
        super().full_clean()
        self._mark(True)

    def _mark(self, shown: bool) -> None:
        for name in self.NEEDED:
            self.fields[name].required = shown

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._mark(True)

    def given(self) -> dict[str, Any]:
        """What the verb takes, without the version."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class WordsForm(VersionForm):
    """A section of the plan's own words. Its version is of the section's words alone: two people who write in
    different sections do not meet."""

    @classmethod
    def stands_on(cls, plan: Plan) -> int:
        return crc32(
            "\n".join(f"{getattr(plan, name)}" for name in cls.base_fields if name != "version").encode()
        )

    @classmethod
    def of(cls, plan: Plan, place: str) -> "WordsForm":
        words = {name: getattr(plan, name) for name in cls.base_fields if name != "version"}
        return cls(initial={**words, "version": cls.stands_on(plan)}, auto_id=f"{place}-%s")

    def changes(self, plan: Plan) -> dict[str, Any]:
        """The fields whose words are not those of the plan."""
        return {name: value for name, value in self.given().items() if value != getattr(plan, name)}


class StrengthsForm(WordsForm):
    NEEDED = ("strengths",)

    strengths = words(
        _("Strengths"), help_text=_("In the client's words: what they are good at, what and who helps them.")
    )
    words = words(_("What matters most"), help_text=_("In the client's words. What should be different?"))


class FrameForm(WordsForm):
    NEEDED = ("step_down", "review_on", "participation", "participation_words")

    step_down = words(
        _("When less care will be enough"),
        rows=2,
        help_text=_("How client and team will know that it is time."),
    )
    review_on = day(_("Review on"), help_text=_("Suggested from the clinic's settings."))
    agreed_on = day(
        _("Agreed with the client on"),
        help_text=_("The day of the talk, if it was not today: both days are kept."),
    )
    participation = forms.ChoiceField(
        label=_("How the client took part"),
        required=False,
        widget=forms.RadioSelect,
        choices=Participation.choices,
    )
    participation_words = words(
        _("In words"),
        rows=2,
        help_text=_("What the client chose, changed or disagreed with; or why they took no part."),
    )


class LinkForm(VersionForm):
    from_problem = forms.ChoiceField(label=_("This problem"))
    verb = forms.ChoiceField(label=_("does what"))
    to_problem = forms.ChoiceField(label=_("to this one"))
    how = forms.CharField(
        label=_("How it is for this client"), max_length=300,
        help_text=_("For example: drinks to sleep; withdrawal brings panic."),
    )  # fmt: skip

    def __init__(self, *args: Any, tree: PlanTree, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ends = [("", _("Choose")), *((t.public_id, t.text) for t in tree.troubles)]
        self.fields["from_problem"].choices = self.fields["to_problem"].choices = ends  # type: ignore[attr-defined]
        self.fields["verb"].choices = [(key, gettext(text)) for key, text in rules.LINK_VERBS.items()]  # type: ignore[attr-defined]


class GoalForm(VersionForm):
    words = words(_("Goal"), rows=2, required=True, help_text=_("In the client's words."))


class ObjectiveForm(VersionForm):
    NEEDED = ("target", "target_on")

    text = words(_("Objective"), rows=2, required=True, help_text=_("One step towards the goal."))
    instrument = forms.ChoiceField(label=_("Measured by"), required=False)
    counted = forms.CharField(
        label=_("or by counting"), max_length=160, required=False, help_text=_("For example: days without drinking in a month.")
    )  # fmt: skip
    baseline = forms.DecimalField(label=_("Now"), max_digits=7, decimal_places=1, required=False)
    target = forms.DecimalField(label=_("Target"), max_digits=7, decimal_places=1, required=False)
    target_on = day(_("By"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tests = [("", _("No questionnaire")), *((form.id, form.short_title) for form in measuring())]
        self.fields["instrument"].choices = tests  # type: ignore[attr-defined]
        if said := self.initial.get("said"):
            self.fields["baseline"].help_text = said


def kinds() -> list[tuple[str, list[tuple[str, str]]]]:
    """The catalogue by the sides it serves: both first, because one thing that serves both is what joins them."""
    names = {str(domain): str(domain.label) for domain in Domain}
    both = {str(Domain.SUBSTANCE_USE), str(Domain.MENTAL_HEALTH)}
    groups: dict[str, list[tuple[str, str]]] = {}
    for key, kind in rules.CATALOGUE.items():
        name = gettext("Both sides") if both <= set(kind.sides) else names[kind.sides[0]]
        groups.setdefault(name, []).append((key, gettext(kind.name)))
    return list(groups.items())


class InterventionForm(VersionForm):
    NEEDED = ("frequency", "duration", "staff")

    kind = forms.ChoiceField(label=_("Type"))
    text = forms.CharField(label=_("What"), max_length=300, required=False)
    frequency = forms.CharField(
        label=_("How often"), max_length=80, required=False, help_text=_("For example: once a week.")
    )
    duration = forms.CharField(
        label=_("For how long"), max_length=80, required=False, help_text=_("For example: 12 weeks.")
    )
    staff = forms.ChoiceField(label=_("Responsible"), required=False)
    step_down = forms.CharField(
        label=_("Less of it, when"), max_length=300, required=False, help_text=_("For example: four weeks without panic.")
    )  # fmt: skip
    source = forms.CharField(max_length=160, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, people: list[Staff], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.public_id): person for person in people}
        names = [("", _("Choose")), *((key, person.signing_name) for key, person in self.people.items())]
        self.fields["kind"].choices = kinds()  # type: ignore[attr-defined]
        self.fields["staff"].choices = names  # type: ignore[attr-defined]
        self.fields["staff"].error_messages["invalid_choice"] = gettext(
            "Choose a colleague who works in this program today."
        )

    def given(self) -> dict[str, Any]:
        told = super().given()
        return {**told, "staff": self.people.get(told["staff"])}


class CountForm(forms.Form):
    """How many were counted for an objective, on which day."""

    value = forms.DecimalField(label=_("Counted"), max_digits=7, decimal_places=1, min_value=0)
    on = day(_("On"), required=True)


class AnswerForm(forms.Form):
    """An answer to what the integration check asks."""

    rule = forms.CharField(max_length=40, widget=forms.HiddenInput)
    about = forms.CharField(max_length=80, widget=forms.HiddenInput)
    words = words(_("Answer, for the record"), rows=2, required=True)

    def __init__(self, *args: Any, asked: Collection[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if (self.data.get("rule"), self.data.get("about")) not in self.asked:
            self.errors.clear()  # the field that they name is not on the page
            raise forms.ValidationError(
                _("This is not asked any more: something has changed since the page was opened.")
            )
        return found


class NoteForm(forms.Form):
    """What is added to a signed plan afterwards."""

    kind = forms.ChoiceField(label=_("What it is"), choices=NoteKind.choices, widget=forms.RadioSelect)
    words = words(
        _("Text"), required=True, help_text=_("What is added or put right, or why it was entered in error.")
    )
    happened_on = day(
        _("When it happened"), help_text=_("The day it is about. An entry made late is labelled so.")
    )


class CosignForm(forms.Form):
    """Which supervisor is asked to cosign, by when."""

    supervisor = forms.ChoiceField(label=_("Supervisor"))
    due_on = day(_("By"))

    def __init__(self, *args: Any, people: list[Staff], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.public_id): person for person in people}
        names = [("", _("Choose")), *((key, person.signing_name) for key, person in self.people.items())]
        self.fields["supervisor"].choices = names  # type: ignore[attr-defined]

    def given(self) -> dict[str, Any]:
        told = self.cleaned_data
        return {"supervisor": self.people.get(told["supervisor"]), "due_on": told["due_on"]}


class ReturnForm(forms.Form):
    """Cosigned, or returned with what should change."""

    words = forms.CharField(
        label=_("Returned, because"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only if you return it. The plan holds meanwhile."),
    )  # fmt: skip


class SaidForm(forms.Form):
    """What the client said, in their own words, about a part of the plan or all of it."""

    section = forms.ChoiceField(label=_("About"), required=False)
    kind = forms.ChoiceField(label=_("What it is"), choices=Voice.choices, widget=forms.RadioSelect)
    words = words(_("In the client's words"), required=True)

    def __init__(self, *args: Any, copy: PlainCopy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parts = [("", _("The whole plan")), *((part.key, part.heading) for part in copy.sections)]
        self.fields["section"].choices = parts  # type: ignore[attr-defined]


class ReviewForm(forms.Form):
    """What a review found, and when the next one is."""

    words = words(_("What was found, and what the client says"), required=True)
    next_on = day(_("Next review on"), help_text=_("By the level of care and the clinic's rule."))

    def given(self, posted: Any) -> dict[str, Any]:
        """What the verb takes: which of the two buttons was pressed says what comes of it."""
        changes = "change" in posted
        outcome = ReviewOutcome.CHANGES if changes else ReviewOutcome.GOES_ON
        return {**self.cleaned_data, "outcome": outcome, **({"next_on": None} if changes else {})}


class SummaryForm(forms.Form):
    """A summary at the end, or at a step down: the plan's goals and where they stand are there already."""

    kind = forms.ChoiceField(label=_("What it is"), choices=SummaryKind.choices, widget=forms.RadioSelect)
    goes_on = words(_("What goes on, and where to turn"), required=True)
    words = words(_("How it went"), required=True, help_text=_("In words that the client can read too."))


class ClientSayForm(forms.Form):
    """The client's own words about a part of the plan, at the screen."""

    KINDS = [
        (Voice.COMMENT, _("I want to say something")), (Voice.TALK, _("I want to talk about this first")),
        (Voice.DISAGREE, _("I do not agree")),
    ]  # fmt: skip

    section = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)
    kind = forms.ChoiceField(choices=KINDS, initial=Voice.COMMENT, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("Your words"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write it in your own words, or go back.")},
    )  # fmt: skip


class ClientSignForm(forms.Form):
    """The client signs what they read, or says that they would rather not."""

    name = forms.CharField(
        label=_("Your name"), max_length=160, error_messages={"required": _("Write your name, or go back.")}
    )
    declined_reason = forms.CharField(label=_("Why not?"), max_length=300, required=False)
    body_hash = forms.CharField(max_length=64, widget=forms.HiddenInput)
    drawn = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_drawn(self) -> str:
        drawn: str = self.cleaned_data["drawn"].strip()
        return drawn if DRAWN.fullmatch(drawn) else ""


class ClientSignatureForm(forms.Form):
    """The client's or representative's signature, taken beside them; or their word that they will not sign."""

    client_role = forms.ChoiceField(
        label=_("Who signs"),
        choices=[(r.value, r.label) for r in (SignerRole.CLIENT, SignerRole.REPRESENTATIVE)],
    )
    client_name = forms.CharField(
        label=_("Full name, typed by who signs"), max_length=160, required=False,
        help_text=_("By typing their name they sign this text. Leave empty to ask later: nothing waits for it."),
    )  # fmt: skip
    declined_reason = forms.CharField(
        label=_("Does not want to sign, because"), max_length=300, required=False,
        help_text=_("In the client's words. The name above is then whose refusal this is."),
    )  # fmt: skip

    drawn = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_drawn(self) -> str:
        drawn: str = self.cleaned_data["drawn"].strip()
        return drawn if DRAWN.fullmatch(drawn) else ""

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("declined_reason") and not told.get("client_name"):
            self.add_error("client_name", _("Write the name of who does not want to sign."))
        return told


class SignForm(ClientSignatureForm):
    """The author signs what they read; the client beside them signs too, or not yet; a supervisor is asked to cosign."""

    supervisor = forms.ChoiceField(
        label=_("Ask to cosign"), required=False, help_text=_("It comes on their list. Nothing waits for it.")
    )
    text_hash = forms.CharField(max_length=64, widget=forms.HiddenInput)
    read_at = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, people: list[Staff], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.public_id): person for person in people}
        names = [("", _("Nobody")), *((key, person.signing_name) for key, person in self.people.items())]
        self.fields["supervisor"].choices = names  # type: ignore[attr-defined]
        self.fields["supervisor"].error_messages["invalid_choice"] = gettext(
            "Choose a supervisor who works in this program today."
        )

    def clean_read_at(self) -> dt.datetime:
        """When the page was read; the beginning of time where that is not known: then every text counts as changed."""
        try:
            read = dt.datetime.fromisoformat(self.cleaned_data["read_at"])
        except ValueError:
            read = dt.datetime.min.replace(year=1900, tzinfo=dt.UTC)
        return read if read.tzinfo else read.replace(tzinfo=dt.UTC)

    def given(self) -> dict[str, Any]:
        """What the verb takes."""
        told = {name: value for name, value in self.cleaned_data.items() if name != "read_at"}
        return {**told, "supervisor": self.people.get(told["supervisor"])}
