"""Forms of follow-up: a referral's first screen, a step of its loop, a visit."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinic.access.chart import Chart
from clinic.access.policy import Do
from clinic.consent.models import Purpose, Recipient
from clinic.consent.queries import recipients
from clinic.kit import clock
from clinic.people.models import Role, Site, Staff
from clinic.people.queries import colleagues
from follow_up import rules
from follow_up.models import Pace, Referral, Step
from screening.queries import unsettled

CARERS = (Role.CLINICIAN, Role.PRESCRIBER, Role.PEER)


def _date(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}), **more)


def _near(day: dt.date | None, today: dt.date) -> dt.date | None:
    """A day that a visit may be on: a wrong year is a slip of the hand, and the calendar's last day has no morrow."""
    if day and not today - dt.timedelta(days=366) <= day <= today + dt.timedelta(days=731):
        raise forms.ValidationError(gettext("Choose a day of the past year or within the next two years."))
    return day


def _people(field: Any, people: Any) -> None:
    field.queryset = people
    field.label_from_instance = lambda person: person.signing_name


class ReferralForm(forms.Form):
    """To whom, why, how soon, and who looks after it."""

    recipient = forms.ModelChoiceField(
        label=_("Refer to"), queryset=Recipient.objects.none(), to_field_name="public_id", empty_label=_("Choose"),
        error_messages={"required": _("Choose who the client is referred to")},
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Reason for the referral"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why the client is referred")},
    )  # fmt: skip
    purpose = forms.ChoiceField(label=_("Purpose"), choices=Purpose.choices)
    urgency = forms.ChoiceField(label=_("How soon"), choices=Pace.choices, widget=forms.RadioSelect)
    owner = forms.ModelChoiceField(
        label=_("Who looks after it"), queryset=Staff.objects.none(), empty_label=None
    )
    answers = forms.MultipleChoiceField(
        label=_("It answers"), widget=forms.CheckboxSelectMultiple, required=False,
        help_text=_("Positive screens that nobody has answered yet. They count as answered when the packet is sent."),
    )  # fmt: skip

    def __init__(self, *args: Any, chart: Chart, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        waiting = [
            (str(one.public_id), one.said)
            for one in unsettled(chart)
            if chart.permits(Do.RESPOND, one.episode_id)
        ]
        if waiting:
            self.fields["answers"].choices = waiting  # type: ignore[attr-defined]
        else:
            del self.fields["answers"]
        programs = [episode.program_id for episode in chart.episodes]
        field: Any = self.fields["recipient"]
        field.queryset = recipients(chart)
        field.label_from_instance = lambda one: one.title
        _people(self.fields["owner"], colleagues(programs, Role.CLINICIAN, Role.PRESCRIBER, Role.SUPERVISOR))


class StepForm(forms.Form):
    """What happened in the loop, when, and for a closing the reason."""

    step = forms.ChoiceField(label=_("What happened"))
    on = _date(_("When"))
    booked_for = _date(_("Visit booked for"), required=False)
    note = forms.CharField(label=_("Note"), max_length=400, required=False)
    reason = forms.CharField(
        label=_("Reason for closing"), max_length=300, required=False, help_text=_("Needed only to close it.")
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, referral: Referral, today: dt.date, **kwargs: Any) -> None:
        kwargs["initial"] = {"on": today, "version": referral.version}
        super().__init__(*args, **kwargs)
        self.today = today
        may = [step for step in Step if step != Step.SENT and rules.may_follow(referral.status, step)]
        self.fields["step"].choices = [(step.value, step.label) for step in may]  # type: ignore[attr-defined]

    def clean_on(self) -> dt.date:
        on: dt.date = self.cleaned_data["on"]
        if on > self.today:
            raise forms.ValidationError(_("Enter today or an earlier day."))
        return on

    def clean_booked_for(self) -> dt.date | None:
        return _near(self.cleaned_data["booked_for"], self.today)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("step") == Step.CLOSED and not given.get("reason", "").strip():
            self.add_error("reason", _("Say why the referral is closed"))
        return given


class BookForm(forms.Form):
    """A visit: when, with whom, where, for what."""

    program = forms.ChoiceField(label=_("Program"))
    on = _date(_("Date"))
    at = forms.TimeField(label=_("Time"), widget=forms.TimeInput(attrs={"type": "time"}))
    minutes = forms.IntegerField(label=_("Minutes"), min_value=5, max_value=480, initial=50)
    staff = forms.ModelChoiceField(label=_("With"), queryset=Staff.objects.none(), empty_label=_("Choose"))
    service = forms.CharField(label=_("What for"), max_length=60, initial=_("Visit"))

    def __init__(self, *args: Any, chart: Chart, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {
            str(e.public_id): e for e in chart.episodes if e.ends_on is None and chart.permits(Do.BOOK, e.id)
        }
        self.fields["program"].choices = [(key, e.program) for key, e in self.places.items()]  # type: ignore[attr-defined]
        programs = [episode.program_id for episode in self.places.values()]
        _people(self.fields["staff"], colleagues(programs, *CARERS))

    def clean_on(self) -> dt.date | None:
        return _near(self.cleaned_data["on"], clock.today())

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        place = self.places.get(given.get("program", ""))
        if place and given.get("on") and given.get("at"):
            given["starts_at"] = dt.datetime.combine(given["on"], given["at"], ZoneInfo(place.zone))
            given["place"] = place
        return given


class DayForm(forms.Form):
    """Which day, where, with whom."""

    on = _date(_("Day"), required=False)
    site = forms.ModelChoiceField(
        label=_("Where"), queryset=Site.objects.order_by("name"), required=False, empty_label=None
    )
    staff = forms.ModelChoiceField(
        label=_("With"), queryset=Staff.objects.none(), required=False, empty_label=_("Everyone")
    )

    def __init__(self, *args: Any, programs: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _people(self.fields["staff"], colleagues(programs, *CARERS))

    def clean_on(self) -> dt.date | None:
        on: dt.date | None = self.cleaned_data["on"]
        if on and not 1900 <= on.year <= 2200:
            raise forms.ValidationError(gettext("Choose another day."))
        return on
