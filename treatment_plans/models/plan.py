import hashlib

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinic.kit import clock
from clinic.people.models import Staff
from clinic.record.models import ChartRow, Domain, Freezes, Language, Problem, Signature, tracked
from treatment_plans import rules


class Participation(models.TextChoices):
    TOOK_PART = "took_part", _("The client took part")
    REFUSED = "refused", _("The client chose not to take part")


@tracked
class Plan(Freezes, ChartRow):
    """One version of the unified plan. A draft until it is frozen by signing; then a new version supersedes it.

    `signed_kind`: the database takes a signature of it only once it is frozen, in the words that its author signed, and once.
    docs/decisions/0017-signed-later.md
    """

    signed_kind = "plan"

    strengths = models.TextField(_("strengths, in the client's words"), blank=True)
    words = models.TextField(_("what matters most to the client"), blank=True)
    step_down = models.TextField(_("when less care will be enough"), blank=True)
    review_on = models.DateField(_("review on"), null=True, blank=True)
    participation = models.CharField(
        _("participation"), max_length=12, choices=Participation.choices, blank=True
    )
    participation_words = models.TextField(_("how the client took part, or why not"), blank=True)
    version_no = models.PositiveSmallIntegerField(_("version"), default=1)
    supersedes = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="superseded_by")
    author = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(default=clock.now)
    agreed_on = models.DateField(_("agreed with the client on"), null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["episode", "frozen_at"], name="plan_episode")]
        constraints = [
            models.UniqueConstraint(
                fields=["episode"], condition=Q(frozen_at__isnull=True), name="plan_one_draft_an_episode"
            ),
            models.UniqueConstraint(fields=["supersedes"], name="plan_superseded_once"),
        ]

    @property
    def is_signed(self) -> bool:
        return self.frozen_at is not None


class PlanPart(Freezes, ChartRow):
    """Part of one version of the plan; frozen with it. `came_from` is the same part in the version before."""

    frozen_with = "plan"

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


@tracked
class PlanProblem(PlanPart):
    """A problem that this version takes up, or puts off with a reason; its words are those of the day."""

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(_("problem"), max_length=240)
    domain = models.CharField(_("side"), max_length=20, choices=Domain.choices)
    code = models.CharField(_("ICD-10-CM code"), max_length=20, blank=True)
    instrument = models.CharField(max_length=30, blank=True)
    source = models.CharField(_("where it came from"), max_length=160, blank=True)
    put_off = models.CharField(_("not now, because"), max_length=300, blank=True)
    came_from = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["plan"], name="plan_problem_plan")]
        constraints = [models.UniqueConstraint(fields=["plan", "problem"], name="plan_problem_once")]


@tracked
class Link(PlanPart):
    """How one problem acts on another, in words: the heart of planning for both at once."""

    from_problem = models.ForeignKey(PlanProblem, on_delete=models.PROTECT, related_name="+")
    to_problem = models.ForeignKey(PlanProblem, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(_("how it acts"), max_length=20)
    how = models.CharField(_("for this person"), max_length=300)
    # The link of the live formulation that this one was taken from; the words here are those that are signed.
    formulation_link = models.ForeignKey(
        "treatment_plans.FormulationLink", null=True, on_delete=models.PROTECT, related_name="+"
    )
    came_from = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["plan"], name="plan_link_plan")]
        constraints = [
            models.CheckConstraint(
                name="plan_link_joins_two", condition=~Q(from_problem=models.F("to_problem"))
            )
        ]

    @property
    def verb_text(self) -> str:
        return gettext(rules.LINK_VERBS[self.verb])


@tracked
class Goal(PlanPart):
    problem = models.ForeignKey(PlanProblem, on_delete=models.PROTECT, related_name="+")
    words = models.TextField(_("goal, in the client's words"))
    came_from = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["plan"], name="plan_goal_plan")]


@tracked
class Objective(PlanPart):
    """A step with a measure: an instrument's total, or something that can be counted; from, to, by when."""

    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("objective"))
    instrument = models.CharField(_("measured by"), max_length=30, blank=True)
    counted = models.CharField(_("what is counted"), max_length=160, blank=True)
    baseline = models.DecimalField(_("now"), max_digits=7, decimal_places=1, null=True, blank=True)
    target = models.DecimalField(_("target"), max_digits=7, decimal_places=1, null=True, blank=True)
    target_on = models.DateField(_("by"), null=True, blank=True)
    came_from = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["plan"], name="plan_objective_plan")]


@tracked
class Intervention(PlanPart):
    """What is done, how often, for how long, by whom; for an objective, or for the link between two problems."""

    objective = models.ForeignKey(Objective, null=True, on_delete=models.PROTECT, related_name="+")
    link = models.ForeignKey(Link, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("type"), max_length=30)
    text = models.CharField(_("what"), max_length=300, blank=True)
    frequency = models.CharField(_("how often"), max_length=80, blank=True)
    duration = models.CharField(_("for how long"), max_length=80, blank=True)
    step_down = models.CharField(_("less of it, when"), max_length=300, blank=True)
    source = models.CharField(_("suggested by"), max_length=160, blank=True)
    staff = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    came_from = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["plan"], name="plan_intervention_plan")]
        constraints = [
            models.CheckConstraint(
                name="plan_intervention_for_one_thing",
                condition=Q(objective__isnull=True) ^ Q(link__isnull=True),
            )
        ]

    @property
    def kind_text(self) -> str:
        return gettext(rules.INTERVENTIONS[self.kind])


@tracked
class Answer(ChartRow):
    """What the integration check asked about a plan, and what was answered: kept as it was, draft or signed."""

    append_only = never_changes = True

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(max_length=40)
    about = models.CharField(max_length=80)
    asked = models.TextField(_("asked"))
    words = models.TextField(_("answer"))
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["plan"], name="plan_answer_plan")]


@tracked
class Count(ChartRow):
    """What was counted for an objective on a day. A later row of the same day takes its place; none is changed."""

    append_only = never_changes = True

    objective = models.ForeignKey(Objective, on_delete=models.PROTECT, related_name="+")
    on = models.DateField(_("on"))
    value = models.DecimalField(_("counted"), max_digits=7, decimal_places=1)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["objective", "on"], name="plan_count_objective")]


class Voice(models.TextChoices):
    COMMENT = "comment", _("A comment")
    TALK = "talk", _("Wants to talk about it first")
    DISAGREE = "disagree", _("Does not agree")
    WITHDRAW = "withdraw", _("Takes back their agreement")


@tracked
class ClientWord(ChartRow):
    """What the client said about a part of the plan, verbatim; `taken_by` is empty where they wrote it themselves."""

    append_only = never_changes = True

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("what it is"), max_length=10, choices=Voice.choices)
    section = models.CharField(_("about"), max_length=80, blank=True)
    heading = models.CharField(max_length=240, blank=True)
    words = models.TextField(_("in the client's words"))
    language = models.CharField(max_length=5, choices=Language.choices, default=Language.ENGLISH)
    taken_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["plan"], name="plan_client_word_plan")]


@tracked
class Shown(ChartRow):
    """What somebody was shown when they signed or declined: the very text, its language and wording's version."""

    append_only = never_changes = True
    shown_of = "plan"

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    signature = models.ForeignKey(Signature, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=5, choices=Language.choices)
    wording = models.CharField(max_length=20)
    body = models.TextField()
    body_hash = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["plan"], name="plan_shown_plan")]
        constraints = [models.UniqueConstraint(fields=["signature"], name="plan_shown_once_a_signature")]

    @property
    def is_whole(self) -> bool:
        """The words are those that were hashed when they were shown."""
        return hashlib.sha256(self.body.encode()).hexdigest() == self.body_hash


@tracked
class Cosigning(ChartRow):
    """A named supervisor was asked to cosign by a day. It neither edits the plan nor holds it up."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    supervisor = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(_("by"))
    asked_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    answered_at = models.DateTimeField(null=True)
    returned = models.CharField(_("returned, because"), max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["plan"], name="plan_cosigning_plan")]
        constraints = [
            models.UniqueConstraint(
                fields=["plan"], condition=Q(answered_at__isnull=True), name="plan_cosigning_one_open"
            )
        ]


class NoteKind(models.TextChoices):
    ADDENDUM = "addendum", _("Addendum")
    CORRECTION = "correction", _("Correction")
    IN_ERROR = "in_error", _("Entered in error")


@tracked
class PlanNote(ChartRow):
    """What was added to a signed plan afterwards: labelled, signed, dated; the plan itself stays as it was."""

    append_only = never_changes = True

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("what it is"), max_length=10, choices=NoteKind.choices)
    words = models.TextField(_("text"))
    happened_on = models.DateField(_("when it happened"))
    late = models.BooleanField(_("late entry"), default=False)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    signed_as = models.CharField(max_length=160)
    text_hash = models.CharField(max_length=64)
    written_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["plan"], name="plan_note_plan")]


class ReviewOutcome(models.TextChoices):
    GOES_ON = "goes_on", _("The plan goes on as it is")
    CHANGES = "changes", _("The plan changes: a new version")


@tracked
class PlanReview(ChartRow):
    """A review of the plan that holds: what had changed since signing, as it was shown, and what came of it. Signed."""

    append_only = never_changes = True

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(_("what comes of it"), max_length=10, choices=ReviewOutcome.choices)
    words = models.TextField(_("what was found"))
    shown = models.TextField()
    next_on = models.DateField(_("next review on"), null=True)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    signed_as = models.CharField(max_length=160)
    text_hash = models.CharField(max_length=64)
    reviewed_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["plan"], name="plan_review_plan")]


class SummaryKind(models.TextChoices):
    DISCHARGE = "discharge", _("Discharge summary")
    STEP_DOWN = "step_down", _("Step-down summary")


@tracked
class PlanSummary(ChartRow):
    """A discharge or step-down summary drawn from the plan as things stood that day. Signed."""

    append_only = never_changes = True

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("what it is"), max_length=10, choices=SummaryKind.choices)
    words = models.TextField(_("how it went"))
    goes_on = models.TextField(_("what goes on, and where to turn"))
    body = models.JSONField(default=list)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    signed_as = models.CharField(max_length=160)
    text_hash = models.CharField(max_length=64)
    written_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["plan"], name="plan_summary_plan")]
