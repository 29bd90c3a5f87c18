from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.consent.models import Packet, Purpose, Recipient
from clinic.people.models import Staff
from clinic.record.models import ChartRow, tracked
from follow_up import rules


class Step(models.TextChoices):
    DRAFT = rules.DRAFT, _("Not sent yet")
    SENT = rules.SENT, _("Sent")
    RECEIVED = rules.RECEIVED, _("Received")
    BOOKED = rules.BOOKED, _("Visit booked")
    SEEN = rules.SEEN, _("Seen there")
    REPORT_BACK = rules.REPORT_BACK, _("Report is back")
    CLOSED = rules.CLOSED, _("Closed")


class Pace(models.TextChoices):
    ROUTINE = "routine", _("Routine")
    SOON = "soon", _("Within a week")
    URGENT = "urgent", _("Within a day")


@tracked
class Referral(ChartRow):
    """A person is referred to somebody outside. `status` is its newest step; it is open until it is closed."""

    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(_("reason"))
    purpose = models.CharField(
        _("purpose"), max_length=20, choices=Purpose.choices, default=Purpose.TREATMENT
    )
    urgency = models.CharField(_("how soon"), max_length=10, choices=Pace.choices, default=Pace.ROUTINE)
    owner = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    made_on = models.DateField()
    chosen = ArrayField(models.CharField(max_length=80), default=list)
    answers = ArrayField(
        models.UUIDField(), default=list
    )  # positive screens it answers, by their response's public id
    packet = models.ForeignKey(Packet, null=True, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=12, choices=Step.choices, default=Step.DRAFT)
    since = models.DateField()
    sent_on = models.DateField(null=True)
    next_due_on = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["episode", "made_on"], name="referral_episode"),
            models.Index(fields=["since"], name="referral_open", condition=~Q(status="closed")),
        ]

    @property
    def is_open(self) -> bool:
        return self.status != Step.CLOSED


@tracked
class ReferralStep(ChartRow):
    """One step of the loop. "Sent" is not "seen": each is said by somebody, on a day."""

    append_only = True

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(max_length=12, choices=Step.choices)
    on = models.DateField()
    note = models.CharField(max_length=400, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    booked_for = models.DateField(null=True)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["referral"], name="referral_step")]
        constraints = [
            models.CheckConstraint(
                name="referral_closed_with_reason", condition=~Q(step="closed") | ~Q(reason="")
            )
        ]
