"""The client's rights: the notice, restrictions, complaints; and what was told without a consent."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.consent import rules
from clinic.consent.models.consents import Category, Recipient
from clinic.people.models import Staff
from clinic.record.models import ChartRow, tracked


class NoticeWay(models.TextChoices):
    PAPER = "paper", _("On paper")
    SCREEN = "screen", _("On the screen")
    EMAIL = "email", _("A copy by e-mail, as the client asked")
    ALOUD = "aloud", _("Read aloud")
    WHEN_ABLE = "when_able", _("Not yet: when the client is able to take it in")


class NoticeAnswer(models.TextChoices):
    ACKNOWLEDGED = "acknowledged", _("The client has it and says so")
    DECLINED = "declined", _("The client has it and would rather not sign for it")
    NOT_ABLE = "not_able", _("The client is not able to take it in now")


@tracked
class NoticeGiven(ChartRow):
    """The notice of 42 CFR 2.22 was given at admission, or could not be yet; the newest row of an episode holds."""

    notice_version = models.CharField(max_length=20)
    language = models.CharField(max_length=5)
    text_hash = models.CharField(max_length=64)
    way = models.CharField(_("how"), max_length=10, choices=NoticeWay.choices)
    answer = models.CharField(_("what the client said"), max_length=12, choices=NoticeAnswer.choices)
    why = models.CharField(_("why not now"), max_length=200, blank=True)
    on = models.DateField(_("date"))
    given_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    append_only = True

    class Meta:
        indexes = [models.Index(fields=["episode", "on"], name="notice_episode")]
        constraints = [
            models.CheckConstraint(
                name="notice_not_able_is_not_given",
                condition=Q(answer=NoticeAnswer.NOT_ABLE, way=NoticeWay.WHEN_ABLE) & ~Q(why="")
                | (~Q(answer=NoticeAnswer.NOT_ABLE) & ~Q(way=NoticeWay.WHEN_ABLE)),
            )
        ]

    @property
    def is_given(self) -> bool:
        return self.answer != NoticeAnswer.NOT_ABLE


class RestrictionAnswer(models.TextChoices):
    AGREED = "agreed", _("Agreed")
    MUST = "must", _("Agreed, as the law asks: paid in full")
    REFUSED = "refused", _("Not agreed")


@tracked
class Restriction(ChartRow):
    """The client asked us not to share something, and what was answered (42 CFR 2.26)."""

    asked_on = models.DateField()
    words = models.CharField(_("what the client asked"), max_length=400)
    categories = ArrayField(models.CharField(max_length=20))
    recipient = models.ForeignKey(Recipient, null=True, on_delete=models.PROTECT, related_name="+")
    health_plans = models.BooleanField(default=False)
    paid_in_full = models.BooleanField(default=False)
    answer = models.CharField(max_length=10, choices=RestrictionAnswer.choices)
    reason = models.CharField(max_length=300, blank=True)
    answered_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    ended_on = models.DateField(null=True)
    ended_why = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["episode"], name="restriction_episode")]
        constraints = [
            models.CheckConstraint(  # 2.26(a)(6): for a health plan, paid in full, it must be agreed to
                name="restriction_must_agree",
                condition=~Q(health_plans=True, paid_in_full=True, answer=RestrictionAnswer.REFUSED),
            ),
            models.CheckConstraint(
                name="restriction_refused_with_reason",
                condition=~Q(answer=RestrictionAnswer.REFUSED) | ~Q(reason=""),
            ),
        ]

    @property
    def holds(self) -> bool:
        return self.answer != RestrictionAnswer.REFUSED and self.ended_on is None

    @property
    def category_labels(self) -> list[str]:
        return [str(Category(name).label) for name in self.categories]


class Ground(models.TextChoices):
    """What may be told without a consent; what each permits stands in the rules."""

    EMERGENCY = rules.EMERGENCY, _("Medical emergency")
    CRIME = rules.CRIME, _("Crime here, or against staff")
    CHILD_ABUSE = rules.CHILD_ABUSE, _("Child abuse or neglect: the first report")
    SERVICE = rules.SERVICE, _("A service organization with an agreement")


class Told(ChartRow):
    """Something was told without a consent, on a ground that the law names: written down with all that it asks."""

    append_only = True

    ground = models.CharField(max_length=24, choices=Ground.choices)
    at = models.DateTimeField()
    recipient_name = models.CharField(max_length=200)
    facility = models.CharField(max_length=200, blank=True)
    discloser = models.CharField(max_length=160)
    nature = models.CharField(max_length=300, blank=True)
    what = models.TextField()
    agreement = models.CharField(max_length=120, blank=True)
    asked_no_further = models.BooleanField(default=False)
    recorded_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["episode", "at"], name="told_episode")]
        constraints = [
            models.CheckConstraint(  # 2.51(c)
                name="told_emergency_whole",
                condition=~Q(ground=Ground.EMERGENCY) | (~Q(facility="") & ~Q(nature="")),
            ),
            models.CheckConstraint(name="told_whole", condition=~Q(what="") & ~Q(recipient_name="")),
        ]


@tracked
class Complaint(ChartRow):
    """Somebody said that the client's privacy was not kept (2.4). It is answered by the privacy officer."""

    received_on = models.DateField()
    received_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    from_whom = models.CharField(max_length=160)
    words = models.TextField()
    answered_on = models.DateField(null=True)
    answered_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["episode"], name="complaint_open", condition=Q(answered_on__isnull=True))
        ]
        constraints = [
            models.CheckConstraint(
                name="complaint_answered_in_words", condition=Q(answered_on__isnull=True) | ~Q(outcome="")
            )
        ]
