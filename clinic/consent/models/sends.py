"""What is put together to leave, what waits, what left, and what became of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.consent.models.consents import Consent, Purpose, Recipient
from clinic.people.models import Staff
from clinic.record.models import ChartRow, Freezes, tracked


class Method(models.TextChoices):
    EMAIL = "email", _("Send by e-mail")
    PRINT = "print", _("Print, to hand over or mail")


class Packet(Freezes, ChartRow):
    """What was put together to leave: its list, its notice and its very bytes. Written frozen."""

    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="+")
    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    method = models.CharField(max_length=10, choices=Method.choices)
    about = models.CharField(max_length=80, blank=True)  # what asked for it: "referral:" and its public id
    items = models.JSONField()
    withheld = models.JSONField(default=list)
    notice = models.CharField(max_length=60, blank=True)
    pdf = models.BinaryField()
    pdf_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["episode", "made_at"], name="packet_episode")]

    @property
    def referral(self) -> str:
        """The public id of the referral that asked for it, or ""."""
        kind, _colon, key = self.about.partition(":")
        return key if kind == "referral" else ""


class MessageKind(models.TextChoices):
    TO_CLIENT = "to_client", _("To the client")
    TO_STAFF = "to_staff", _("To a colleague")
    DISCLOSURE = "disclosure", _("To an outside recipient")


class Way(models.TextChoices):
    EMAIL = "email", _("E-mail")
    SMS = "sms", _("Text message")


class Status(models.TextChoices):
    WAITING = "waiting", _("Waiting to be sent")
    CLAIMED = "claimed", _("Being sent")
    SENT = "sent", _("Sent")
    STOPPED = "stopped", _("Stopped")
    FAILED = "failed", _("Not delivered")
    UNKNOWN = "unknown", _("Not known whether it arrived")


@tracked
class Outbound(ChartRow):
    """One message to leave, whatever becomes of it. The row is the truth; the broker only carries hints.

    The door reads id, client, episode, status, next_try_at and claimed_at of it, to find what is due.
    """

    kind = models.CharField(max_length=12, choices=MessageKind.choices)
    way = models.CharField(max_length=5, choices=Way.choices, default=Way.EMAIL)
    address = models.CharField(max_length=254)
    subject = models.CharField(max_length=160)
    body = models.TextField()
    from_name = models.CharField(max_length=60)
    packet = models.ForeignKey(Packet, null=True, on_delete=models.PROTECT, related_name="+")
    staff_to = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    released_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    queued_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    not_after = models.DateTimeField(null=True)  # what it says is of no use from then on
    claimed_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    message_id = models.CharField(max_length=120, unique=True)
    due_key = models.CharField(max_length=160, unique=True, null=True)
    last_error = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try_at"], name="outbound_open", condition=Q(status__in=["waiting", "claimed"])
            ),
            models.Index(
                fields=["status"], name="outbound_worklist", condition=Q(status__in=["unknown", "failed"])
            ),
            models.Index(fields=["episode", "queued_at"], name="outbound_episode"),
        ]

    @property
    def needs_a_person(self) -> bool:
        return self.status in (Status.FAILED, Status.UNKNOWN)


class Disclosure(ChartRow):
    """Something left, or was about to: committed before its first byte (P10). Read for the accounting (2.25)."""

    append_only = True

    at = models.DateTimeField()
    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT, related_name="+")
    recipient_name = models.CharField(max_length=300)
    recipient_address = models.CharField(max_length=320)
    what = models.JSONField()
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    basis = models.CharField(max_length=80)
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="+")
    consent_hash = models.CharField(max_length=64)
    notice = models.CharField(max_length=60, blank=True)
    method = models.CharField(max_length=10, choices=Method.choices)
    packet = models.ForeignKey(Packet, on_delete=models.PROTECT, related_name="+")
    outbound = models.ForeignKey(Outbound, null=True, on_delete=models.PROTECT, related_name="+")
    attempt = models.PositiveSmallIntegerField(default=1)
    sender = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["episode", "at"], name="disclosure_episode")]
        constraints = [
            models.UniqueConstraint(fields=["outbound", "attempt"], name="disclosure_once_an_attempt")
        ]


class DeliveryOutcome(ChartRow):
    """What became of one attempt to send: a later row, the disclosure itself is never touched."""

    append_only = True

    outbound = models.ForeignKey(Outbound, on_delete=models.PROTECT, related_name="outcomes")
    attempt = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    outcome = models.CharField(max_length=12)
    code = models.CharField(max_length=60, blank=True)
    by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["outbound", "attempt"], name="delivery_outcome")]
