"""The safety plan, and the relapse and overdose plan: one page each, in the client's own words."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.kit import clock
from clinic.people.models import Program, Staff
from clinic.record.models import ChartRow, ClientRow, Flag, Freezes, Language, tracked


class OnePage(Freezes):
    """One version of a page. A draft until it is finished; then it never changes, and a new version takes its place."""

    version_no = models.PositiveSmallIntegerField(_("version"), default=1)
    author = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(default=clock.now)

    class Meta:
        abstract = True

    @property
    def is_finished(self) -> bool:
        return self.frozen_at is not None


@tracked
class SafetyPlan(OnePage, ClientRow):
    """What keeps this person safe in a crisis. It is theirs, not an episode's: whoever treats them here finds it.

    `program` is where it was drawn up; only who works there is told so. docs/decisions/0014-safety-plan.md
    """

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="+")
    signs = models.TextField(_("Warning signs"), blank=True)
    coping = models.TextField(_("What they can do on their own"), blank=True)
    places = models.TextField(_("People and places that distract"), blank=True)
    helpers = models.TextField(_("Whom to ask for help"), blank=True)
    services = models.TextField(_("Professionals and agencies"), blank=True)
    making_safe = models.TextField(_("Making the place safe"), blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client"], condition=Q(frozen_at__isnull=True), name="safety_plan_one_draft_a_client"
            ),
            models.UniqueConstraint(fields=["client", "version_no"], name="safety_plan_version"),
        ]


class Naloxone(models.TextChoices):
    HAS = "has", _("Has it")
    GETS = "gets", _("Does not have it yet; will get it")
    DECLINES = "declines", _("Does not want it")
    NOT_NEEDED = "not_needed", _("Was talked about; is not needed now")


@tracked
class RelapsePlan(OnePage, ChartRow):
    """What helps when use comes close or has begun again, and what to do in an overdose. It belongs to the episode."""

    triggers = models.TextField(_("What sets it off"), blank=True)
    early_signs = models.TextField(_("Early signs"), blank=True)
    helps = models.TextField(_("What helps"), blank=True)
    naloxone = models.CharField(_("Naloxone"), max_length=12, choices=Naloxone.choices, blank=True)
    naloxone_place = models.CharField(_("Where it is kept"), max_length=300, blank=True)
    naloxone_others = models.TextField(_("Who else knows, and who has the key"), blank=True)
    not_alone = models.TextField(_("Not using alone"), blank=True)
    overdose = models.TextField(_("Also, in an overdose"), blank=True)

    class Meta:
        indexes = [models.Index(fields=["episode", "frozen_at"], name="relapse_plan_episode")]
        constraints = [
            models.UniqueConstraint(
                fields=["episode"],
                condition=Q(frozen_at__isnull=True),
                name="relapse_plan_one_draft_an_episode",
            ),
            models.UniqueConstraint(fields=["episode", "version_no"], name="relapse_plan_version"),
        ]


class GivenHow(models.TextChoices):
    PAPER = "paper", _("On paper")
    TABLET = "tablet", _("Read on the tablet")
    ALOUD = "aloud", _("Read aloud together")
    PHOTO = "photo", _("The client took a picture of it")


@tracked
class PageGiven(ChartRow):
    """A finished page was given to the client, or gone over with them again: when, how, in which language, by whom."""

    append_only = never_changes = True

    safety = models.ForeignKey(SafetyPlan, null=True, on_delete=models.PROTECT, related_name="+")
    relapse = models.ForeignKey(RelapsePlan, null=True, on_delete=models.PROTECT, related_name="+")
    how = models.CharField(_("how"), max_length=10, choices=GivenHow.choices)
    language = models.CharField(_("in"), max_length=5, choices=Language.choices, default=Language.ENGLISH)
    wording = models.CharField(max_length=20)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["client", "given_at"], name="page_given_client")]
        constraints = [
            models.CheckConstraint(
                name="page_given_is_one_page",
                condition=Q(safety__isnull=True) ^ Q(relapse__isnull=True),
            )
        ]

    @property
    def page(self) -> Any:
        return self.safety or self.relapse


@tracked
class SafetyPutOff(ChartRow):
    """A critical answer asked for a safety plan, and there is a reason why not today; `again_on` asks once more."""

    append_only = never_changes = True

    flag = models.ForeignKey(Flag, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(_("not today, because"), max_length=300)
    again_on = models.DateField(_("ask again on"), null=True)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["flag"], name="safety_put_off_flag")]
