"""The formulation: how this person's problems, what happened to them and what holds them act on each other.

It is live and belongs to an episode: one map, drawn by client and clinician together, never signed. A plan takes its links
from here and freezes its own copy. What is removed keeps its row, so that it can be put back.
"""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinic.kit import clock
from clinic.people.models import Staff
from clinic.record.models import ChartRow, Domain, Problem, tracked
from treatment_plans import rules


@tracked
class Formulation(ChartRow):
    """The one map of an episode."""

    words = models.TextField(_("how it hangs together, in the client's words"), blank=True)
    drawn_on = models.DateField(_("last gone through with the client on"), null=True, blank=True)
    begun_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["episode"], name="formulation_once_an_episode")]


class Piece(ChartRow):
    """A part of the map. `removed_at`: it is off the map, and what went with it carries the same moment."""

    removed_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class NodeKind(models.TextChoices):
    PROBLEM = "problem", _("Problem")
    STRESS = "stress", _("What happened, or weighs")
    SUPPORT = "support", _("Support")
    STRENGTH = "strength", _("Strength")


@tracked
class FormulationNode(Piece):
    """A problem of the list (its words are the list's), something that happened or weighs, a support or a strength."""

    formulation = models.ForeignKey(Formulation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("what it is"), max_length=10, choices=NodeKind.choices)
    problem = models.ForeignKey(Problem, null=True, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(_("in a few words"), max_length=240)
    domain = models.CharField(_("side"), max_length=20, choices=Domain.choices, blank=True)
    x = models.PositiveSmallIntegerField(null=True)
    y = models.PositiveSmallIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["formulation"], name="formulation_node_map")]
        constraints = [
            models.CheckConstraint(
                name="formulation_node_problem_or_words",
                condition=Q(kind=NodeKind.PROBLEM, problem__isnull=False)
                | (~Q(kind=NodeKind.PROBLEM) & Q(problem__isnull=True)),
            ),
            models.UniqueConstraint(
                fields=["formulation", "problem"],
                condition=Q(removed_at__isnull=True),
                name="formulation_problem_once",
            ),
        ]


@tracked
class FormulationLink(Piece):
    """How one node acts on another, for this person."""

    formulation = models.ForeignKey(Formulation, on_delete=models.PROTECT, related_name="+")
    from_node = models.ForeignKey(FormulationNode, on_delete=models.PROTECT, related_name="+")
    to_node = models.ForeignKey(FormulationNode, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(_("how it acts"), max_length=20)
    how = models.CharField(_("for this person"), max_length=300)

    class Meta:
        indexes = [models.Index(fields=["formulation"], name="formulation_link_map")]
        constraints = [
            models.CheckConstraint(name="formulation_link_joins_two", condition=~Q(from_node=F("to_node")))
        ]

    @property
    def verb_text(self) -> str:
        return gettext(rules.LINK_VERBS[self.verb])


class EvidenceKind(models.TextChoices):
    SCREEN = "screen", _("A questionnaire")
    RECORD = "record", _("What was seen or recorded")
    WORDS = "words", _("The client's words")


@tracked
class Evidence(Piece):
    """What a link rests on."""

    formulation = models.ForeignKey(Formulation, on_delete=models.PROTECT, related_name="+")
    link = models.ForeignKey(FormulationLink, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("what it is"), max_length=10, choices=EvidenceKind.choices)
    words = models.CharField(_("in words"), max_length=500)
    screen = models.UUIDField(null=True)
    on = models.DateField(_("on"), null=True, blank=True)
    recorded_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["link"], name="formulation_evidence_link")]


class InsightKind(models.TextChoices):
    SIGN = "sign", _("Early warning signs")
    TRIGGER = "trigger", _("Triggers")
    HELPS = "helps", _("What helps")
    PERSON = "person", _("People who help")


@tracked
class Insight(Piece):
    """What the client knows about themselves: an early sign, a trigger, what has helped, who helps. Kind and words."""

    formulation = models.ForeignKey(Formulation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("what it is"), max_length=10, choices=InsightKind.choices)
    words = models.CharField(_("in the client's words"), max_length=300)

    class Meta:
        indexes = [models.Index(fields=["formulation"], name="formulation_insight_map")]


PIECES: dict[str, Any] = {
    "node": FormulationNode,
    "link": FormulationLink,
    "evidence": Evidence,
    "insight": Insight,
}
