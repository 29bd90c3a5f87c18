import datetime as dt
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.people.models import Staff
from clinic.record.models import Language
from screening import rules
from screening.models import Mode
from screening.queries import Choices

OLDEST = dt.date(1990, 1, 1)


def read_answers(
    form: rules.Instrument, data: Any, context: rules.Context | None = None
) -> tuple[dict[str, Any], dict[str, str]]:
    """Every answer of a posted form, and what is wrong by item: what is no option of the printed form is refused.

    What the form's own rule skips, and nobody answered, is "skipped"; what is blank is not there.
    """
    answers: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for item in form.items:
        posted = [value.strip() for value in data.getlist(item.id) if value.strip()]
        answer = _read(item, posted)
        if answer is not None:
            answers[item.id] = answer
        elif posted:
            errors[item.id] = _wrong(item)
    answers = rules.with_skipped(form, answers, context)
    if form.total_entry in rules.not_answers(form, answers):
        errors[form.total_entry] = _("Give the total alone, or the answers: not both.")
    return answers, errors


def read_item(form: rules.Instrument, name: str, data: Any) -> Any:
    """What a client pressed or filled in for one question; None where it is none of the form's answers."""
    posted = [value.strip() for value in data.getlist("answer") if value.strip()]
    return _read(form.item(name), posted)


def _read(item: rules.Item, posted: list[str]) -> Any:
    """The answer in these posted values; None when there is none, or one that the printed form does not have."""
    if rules.DECLINED in posted:
        return rules.DECLINED
    numbers = [int(value) for value in posted if value.isascii() and value.isdigit() and len(value) < 5]
    if not numbers or len(numbers) < len(posted):
        return None
    answer = numbers if item.kind == "many" else numbers[-1]
    return answer if item.takes(answer) else None


def _wrong(item: rules.Item) -> str:
    told = {"n": item.label, "least": item.min, "most": item.max}
    if item.kind == "number":
        return _("Question %(n)s: give a whole number from %(least)s to %(most)s.") % told
    return _("Question %(n)s: this is not one of the form's answers.") % told


def left_blank(form: rules.Instrument, answers: dict[str, Any]) -> dict[str, str]:
    """Needed questions that were neither answered, declined nor skipped by the form's rule."""
    if form.total_entry and answers.get(form.total_entry) is not None:
        return {}
    blank = [form.item(name) for name in form.needed if answers.get(name) is None]
    return {item.id: _("Question %(n)s is not answered.") % {"n": item.label} for item in blank}


class PageForm(forms.Form):
    """Where answers come from: the page's own marks, the date, how it was asked, the language."""

    screen_id = forms.UUIDField(widget=forms.HiddenInput)
    tab = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    taken_on = forms.DateField(
        label=gettext_lazy("Date it was answered"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    mode = forms.ChoiceField(
        label=gettext_lazy("How"), choices=[(mode.value, mode.label) for mode in (Mode.STAFF, Mode.PAPER)]
    )
    language = forms.ChoiceField(choices=Language.choices, widget=forms.HiddenInput)

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_taken_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["taken_on"]
        if day > self.today:
            raise forms.ValidationError(_("This day has not come yet."))
        if day < OLDEST:
            raise forms.ValidationError(_("This is too long ago."))
        return day


def new_marks() -> dict[str, UUID | int]:
    """The marks of a page on which nothing was answered before."""
    return {"screen_id": uuid4(), "tab": uuid4(), "seen": 0}


class RatingForm(forms.Form):
    """When a withdrawal scale was rated, and the vital signs then. What was not taken is left empty."""

    at_time = forms.TimeField(
        label=gettext_lazy("Time"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": gettext_lazy("Say at what time it was rated.")},
    )
    pulse = forms.IntegerField(label=gettext_lazy("Pulse"), required=False)
    systolic = forms.IntegerField(label=gettext_lazy("BP, systolic"), required=False)
    diastolic = forms.IntegerField(label=gettext_lazy("BP, diastolic"), required=False)
    temperature = forms.DecimalField(
        label=gettext_lazy("Temperature, °F"), max_digits=4, decimal_places=1, required=False
    )
    respiration = forms.IntegerField(label=gettext_lazy("Respiration"), required=False)
    spo2 = forms.IntegerField(label=gettext_lazy("SpO2, %"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in rules.VITALS:
            self.fields[name].widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def clean(self) -> dict[str, Any]:
        told = {name: self.cleaned_data.get(name) for name in rules.VITALS}
        for name, (least, most) in rules.VITALS.items():
            value = told[name]
            if value is not None and not least <= value <= most:
                words = _("Between %(least)s and %(most)s.") % {"least": least, "most": most}
                self.add_error(name, words)
        high, low = told["systolic"], told["diastolic"]
        if (high is None) != (low is None):
            self.add_error(
                "diastolic" if low is None else "systolic", _("Blood pressure needs both numbers.")
            )
        elif high is not None and low is not None and high <= low:
            self.add_error("diastolic", _("The lower number of the blood pressure comes second."))
        return self.cleaned_data

    @property
    def vitals(self) -> dict[str, Any]:
        """What was taken."""
        return {name: self.cleaned_data[name] for name in rules.VITALS if self.cleaned_data[name] is not None}


class SafetyStepForm(forms.Form):
    """The five things that a safety step says. Each is needed; each error names what is missing."""

    told = forms.CharField(
        label=gettext_lazy("Who was told"),
        max_length=300,
        help_text=gettext_lazy("Supervisor, prescriber, crisis team, family with the client's agreement"),
        error_messages={"required": gettext_lazy("Say who was told.")},
    )
    asked = forms.CharField(
        label=gettext_lazy("What was asked"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "Thoughts, plan, means, intent, what holds the person, and what they answered"
        ),
        error_messages={"required": gettext_lazy("Say what was asked, and what the client answered.")},
    )
    done = forms.CharField(
        label=gettext_lazy("What was done"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "Safety plan, means made safe, 988 and the clinic's number given, who stays with them"
        ),
        error_messages={"required": gettext_lazy("Say what was done.")},
    )
    next_contact_on = forms.DateField(
        label=gettext_lazy("Next contact"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": gettext_lazy("Say when the next contact is.")},
    )
    owner = forms.ModelChoiceField(
        Staff.objects.none(),
        label=gettext_lazy("Who sees to it"),
        error_messages={"required": gettext_lazy("Say who sees to it.")},
    )

    def __init__(self, *args: Any, colleagues: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)
        owner.queryset = colleagues
        owner.label_from_instance = lambda person: person.signing_name  # type: ignore[method-assign, assignment]

    def clean_next_contact_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["next_contact_on"]
        if day < self.today:
            raise forms.ValidationError(_("The next contact cannot be in the past."))
        return day


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        error_messages={"required": gettext_lazy("Say why.")},
    )


class DeferForm(forms.Form):
    """Until when the answer to a positive screen is put off, and why."""

    until = forms.DateField(
        label=gettext_lazy("Until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": gettext_lazy("Say until when.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Because"),
        max_length=300,
        error_messages={"required": gettext_lazy("Say why.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class RefuteForm(forms.Form):
    """Why a positive screen does not stand."""

    reason = forms.CharField(
        label=gettext_lazy("Because"),
        max_length=300,
        help_text=gettext_lazy(
            "What you looked at: the interview, another measure, what explains the answers"
        ),
        error_messages={"required": gettext_lazy("Say why.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class PaceForm(forms.Form):
    """Ask again from that day on; at most so many at one visit. Either, or both."""

    until = forms.DateField(label=gettext_lazy("Ask again from"), required=False)
    most = forms.IntegerField(
        label=gettext_lazy("At most, per visit"), required=False, min_value=1, max_value=20
    )


class ChoicesForm(forms.Form):
    """What a clinic decides about questionnaires: offered or not, which published reading, which protocol.

    `value` is what is stored: only what differs from the start, so that a new version's start reaches the clinic.
    """

    def __init__(self, *args: Any, now: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for form in rules.load_all():
            on = forms.BooleanField(
                label=_("Offer %(title)s") % {"title": form.short_title},
                help_text=rules.conditions().get(form.id, ""),
                required=False,
                initial=form.id not in now.off,
            )
            self.fields[f"on-{form.id}"] = on
            self._readings(form, now)
            self._reliable(form, now)
        for name in rules.PROTOCOLS:
            self._protocol(name, now)

    def _readings(self, form: rules.Instrument, now: Choices) -> None:
        if form.readings:
            self.fields[f"bands-{form.id}"] = forms.ChoiceField(
                label=_("%(title)s: how a total is read") % {"title": form.short_title},
                choices=[(one.name, f"{one.label} ({one.source})") for one in form.readings],
                initial=now.bands.get(form.id, form.readings[0].name),
            )

    def _reliable(self, form: rules.Instrument, now: Choices) -> None:
        points = rules.reliable_choices(form)
        if len(points) > 1:
            self.fields[f"reliable-{form.id}"] = forms.TypedChoiceField(
                label=_("%(title)s: points of a reliable change") % {"title": form.short_title},
                help_text=form.rules["change"]["source"],
                choices=[(one, one) for one in points],
                coerce=int,
                initial=now.reliable.get(form.id, points[0]),
            )

    def _protocol(self, name: str, now: Choices) -> None:
        form = rules.load(name)
        held = rules.protocol(name, now.protocols.get(name))
        self.fields[f"steps-{name}"] = forms.CharField(
            label=_("%(title)s: minutes until the next rating, by total") % {"title": form.short_title},
            help_text=_("From a total: minutes. One step a line, the first from 0, such as “10: 120”."),
            widget=forms.Textarea(attrs={"rows": 4}),
            initial="\n".join(f"{least}: {minutes}" for least, minutes in held.steps),
        )
        self.fields[f"source-{name}"] = forms.CharField(
            label=_("%(title)s: whose protocol this is") % {"title": form.short_title},
            max_length=200,
            initial=held.source,
        )

    def clean(self) -> dict[str, Any]:
        for name in rules.PROTOCOLS:
            text = self.cleaned_data.get(f"steps-{name}")
            if text is not None and not rules.are_steps(_steps(text), rules.load(name).high):
                words = _(
                    "Each line is a total, a colon and 5 to 1440 minutes; the first is 0, and totals rise to at most %(high)s."
                )
                self.add_error(f"steps-{name}", words % {"high": rules.load(name).high})
        return self.cleaned_data

    @property
    def value(self) -> dict[str, Any]:
        """What is to be stored."""
        told, forms_ = self.cleaned_data, rules.load_all()
        bands = {f.id: told[f"bands-{f.id}"] for f in forms_ if f.readings}
        reliable = {f.id: told[f"reliable-{f.id}"] for f in forms_ if f"reliable-{f.id}" in told}
        protocols = {}
        for name, start in rules.PROTOCOLS.items():
            steps, source = _steps(told[f"steps-{name}"]), told[f"source-{name}"]
            if (tuple(steps), source) != (start.steps, start.source):
                protocols[name] = {"steps": [list(step) for step in steps], "source": source}
        return {
            "off": sorted(f.id for f in forms_ if not told[f"on-{f.id}"]),
            "bands": {k: v for k, v in bands.items() if v != rules.load(k).readings[0].name},
            "reliable": {k: v for k, v in reliable.items() if v != rules.reliable_choices(rules.load(k))[0]},
            "protocols": protocols,
        }

    @staticmethod
    def stored(now: Choices) -> dict[str, Any]:
        """What is stored now, in the same form."""
        return {
            "off": sorted(now.off),
            "bands": now.bands,
            "reliable": now.reliable,
            "protocols": now.protocols,
        }

    def sections(self) -> list[tuple[str, list[Any]]]:
        """The fields in the order of the page."""
        named = [
            (_("Which are offered"), "on-"),
            (_("How totals are read"), "bands-"),
            (_("What counts as change"), "reliable-"),
        ]
        found = [(title, [self[n] for n in self.fields if n.startswith(mark)]) for title, mark in named]
        timing = [self[n] for n in self.fields if n.startswith(("steps-", "source-"))]
        return [*found, (_("How often withdrawal is rated"), timing)]


def _steps(text: str) -> list[tuple[int, int]]:
    """The steps typed, one a line; empty when one of them is not "total: minutes"."""
    found = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        least, _colon, minutes = (part.strip() for part in line.partition(":"))
        if not (least.isascii() and least.isdigit() and minutes.isascii() and minutes.isdigit()):
            return []
        found.append((int(least[:4]), int(minutes[:5])))
    return found
