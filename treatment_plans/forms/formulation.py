"""Forms of the formulation; what may stand on the map is decided by the verbs."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinic.record.models import Domain
from treatment_plans import rules
from treatment_plans.forms.plan import VersionForm, day, words
from treatment_plans.models import EvidenceKind, InsightKind, NodeKind
from treatment_plans.queries import Map
from treatment_plans.queries.formulation import Node

OWN = [(kind.value, kind.label) for kind in (NodeKind.STRESS, NodeKind.SUPPORT, NodeKind.STRENGTH)]


def listed_problems() -> list[tuple[str, str]]:
    return [
        (domain.value, gettext("Problem: %(side)s") % {"side": str(domain.label).lower()})
        for domain in Domain
    ]


class NodeForm(VersionForm):
    """What happened, a support, a strength; or a new problem, which is then on the list as well."""

    text = forms.CharField(
        label=_("In a few words"), max_length=240, help_text=_("For example: the accident in May; my sister; I never give up.")
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("What it is"))

    def __init__(self, *args: Any, problems: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [*OWN, *(listed_problems() if problems else [])]  # type: ignore[attr-defined]


class MapLinkForm(VersionForm):
    """From one to another: which, how, and how it is for this person."""

    from_node = forms.ChoiceField(label=_("This"))
    verb = forms.ChoiceField(label=_("does what"))
    to_node = forms.ChoiceField(label=_("to this"))
    how = forms.CharField(
        label=_("How it is for this client"), max_length=300,
        help_text=_("For example: drinks to sleep; withdrawal brings panic."),
    )  # fmt: skip

    def __init__(self, *args: Any, nodes: list[Node] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["verb"].choices = [(key, gettext(text)) for key, text in rules.LINK_VERBS.items()]  # type: ignore[attr-defined]
        if nodes is None:  # the ends of a link stay what they are
            del self.fields["from_node"], self.fields["to_node"]
            return
        ends = [("", _("Choose")), *((one.public_id, one.text) for one in nodes)]
        for name in ("from_node", "to_node"):
            self.fields[name].choices = ends  # type: ignore[attr-defined]
            self.fields[name].error_messages["invalid_choice"] = gettext(
                "Choose something that is on the map."
            )


class EvidenceForm(VersionForm):
    """What a link rests on. A questionnaire is offered only where one was answered."""

    kind = forms.ChoiceField(label=_("What it is"), choices=EvidenceKind.choices, widget=forms.RadioSelect)
    screen = forms.ChoiceField(label=_("Which questionnaire"), required=False)
    words = forms.CharField(
        label=_("In words"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The client's words as they said them, or what was seen. With a questionnaire this may stay empty."),
    )  # fmt: skip
    on = day(_("On"), help_text=_("If the day is known."))

    def __init__(self, *args: Any, screens: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if screens:
            self.fields["screen"].choices = [("", _("None")), *screens]  # type: ignore[attr-defined]
            return
        del self.fields["screen"]
        kinds = [kind for kind in EvidenceKind.choices if kind[0] != EvidenceKind.SCREEN]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        self.fields["words"].help_text = gettext("The client's words as they said them, or what was seen.")


class InsightForm(VersionForm):
    """An early sign, a trigger, what helps, who helps."""

    kind = forms.ChoiceField(label=_("What it is"), choices=InsightKind.choices)
    words = forms.CharField(label=_("In the client's words"), max_length=300)


class MapWordsForm(VersionForm):
    """What the client says about the whole, and when client and clinician last went through it."""

    words = words(_("How it hangs together"), rows=3, help_text=_("In the client's words."))
    drawn_on = day(_("Last gone through with the client on"))

    @classmethod
    def of(cls, found: Map) -> dict[str, Any]:
        return {name: getattr(found.row, name) for name in cls.base_fields}
