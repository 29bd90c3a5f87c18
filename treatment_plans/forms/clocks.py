"""The clinic's own clocks of planning: whose rule it follows, and its own days by level of care."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from treatment_plans import rules

OWN_NAMES = {
    "OTP": _("Opioid treatment program"), "WM": _("Withdrawal management, at any level"), "outreach": _("Outreach"),
    "outpatient": _("Outpatient"), "intensive": _("Intensive outpatient"), "day": _("Day program"),
    "residential": _("Residential"), "inpatient": _("Inpatient"),
}  # fmt: skip
MOST_DAYS = 365


def days(label: Any, *, most: int = MOST_DAYS, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=1, max_value=most, help_text=help_text)


class ClocksForm(forms.Form):
    """Blank days are the rule's own."""

    plan_rule = forms.ChoiceField(
        label=_("The rule that is followed"),
        help_text=_("A starting point: check your own state's rule as it stands today."),
    )
    plan_due_days = days(
        _("Days from admission until a signed plan is due"), help_text=_("Where neither rule nor level says otherwise.")
    )  # fmt: skip
    plan_review_days = days(
        _("Days between reviews"), help_text=_("By Entwine's own rule, where no level of care is set.")
    )
    plan_cosign_days = days(_("Days in which a cosignature is asked for"), most=60)

    PLAIN = ("plan_rule", "plan_due_days", "plan_review_days", "plan_cosign_days")
    BY_LEVEL = {"plan_level_due": "due", "plan_level_days": "review"}

    def __init__(self, posted: Any = None, *, now: dict[str, Any]) -> None:
        by_level = {
            f"{way}-{level}": n for name, way in self.BY_LEVEL.items() for level, n in now[name].items()
        }
        super().__init__(posted, initial={**{name: now[name] for name in self.PLAIN}, **by_level})
        self.now = now
        self.fields["plan_rule"].choices = [  # type: ignore[attr-defined]
            (key, f"{gettext(one.name)} ({gettext(one.source)})") for key, one in rules.SCHEDULES.items()
        ]
        for level in rules.LEVELS:
            for way in self.BY_LEVEL.values():
                self.fields[f"{way}-{level}"] = self._of_level(way, level)

    def _of_level(self, way: str, level: str) -> forms.IntegerField:
        what = gettext("Plan due") if way == "due" else gettext("Review")
        field = days(f"{self._named(level)}: {what}")
        field.required = False
        field.widget.attrs["class"] = "days"
        return field

    @staticmethod
    def _named(level: str) -> str:
        return str(OWN_NAMES[level]) if level in OWN_NAMES else gettext("Level %(level)s") % {"level": level}

    def rows(self) -> list[dict[str, Any]]:
        """Each level with its two fields, and what the rule that holds now says of it."""
        rule = self.now["plan_rule"]
        return [
            {
                "name": self._named(level), "due": self[f"due-{level}"], "review": self[f"review-{level}"],
                "rule_due": rules.plan_days(rule, level), "rule_review": rules.review_days(rule, level),
            }
            for level in rules.LEVELS
        ]  # fmt: skip

    def changes(self) -> dict[str, Any]:
        """The settings whose value differs from the one that holds now."""
        told: dict[str, Any] = {name: self.cleaned_data[name] for name in self.PLAIN}
        for name, way in self.BY_LEVEL.items():
            set_here = {level: self.cleaned_data[f"{way}-{level}"] for level in rules.LEVELS}
            told[name] = {level: n for level, n in set_here.items() if n is not None}
        return {name: value for name, value in told.items() if value != self.now[name]}
