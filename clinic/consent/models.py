"""Consents under 42 CFR Part 2, what left on their strength, and what is still to leave."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.consent import rules
from clinic.kit.ids import new_public_id
from clinic.people.models import Staff
from clinic.record.models import ChartRow, Freezes, tracked


class Category(models.TextChoices):
    """What a consent can name, and what each thing that leaves is one of."""

    REASON = "reason", _("Why the referral is made")
    PROBLEMS = "problems", _("Problems and diagnoses")
    MEDICATIONS = "medications", _("Medications")
    ALLERGIES = "allergies", _("Allergies")
    MOOD_SCREENS = "mood_screens", _("Mood, anxiety and trauma questionnaires")
    USE_SCREENS = "use_screens", _("Alcohol and drug use questionnaires")
    PLAN = "plan", _("Treatment plan summary")
    VISITS = "visits", _("Visits and attendance")


class Purpose(models.TextChoices):
    TREATMENT = "treatment", _("Treatment, and working together on it")
    PAYMENT = "payment", _("Payment")
    OPERATIONS = "operations", _("Health care operations")
    AT_REQUEST = "at_request", _("At the client's own request")


class ConsentKind(models.TextChoices):
    """Two kinds that never merge (2.31(b), (d)); counselling notes and proceedings are others, not offered here."""

    GENERAL = rules.GENERAL, _("For one recipient")
    TPO = rules.TPO, _("For all treatment, payment and health care operations")


class Expires(models.TextChoices):
    DATE = rules.ON_DATE, _("On a date")
    END_OF_TREATMENT = rules.END_OF_TREATMENT, _("When treatment here ends")
    NEVER = rules.NEVER, _("Never, until taken back")


class Recipient(models.Model):
    """Someone outside: a provider, a plan, an agency. Not client data."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    name = models.CharField(_("name"), max_length=120)
    organisation = models.CharField(_("organization"), max_length=160, blank=True)
    address = models.CharField(_("address"), max_length=240, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    covered_entity = models.BooleanField(_("covered entity or business associate under HIPAA"), default=False)
    verified_on = models.DateField(_("checked"), null=True, blank=True)
    verified_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    added_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["organisation", "name"], name="recipient_name")]

    def __str__(self) -> str:
        return f"recipient {self.pk}"

    @property
    def title(self) -> str:
        return ", ".join(part for part in (self.name, self.organisation) if part)

    @property
    def party(self) -> rules.Party:
        return rules.Party(self.pk, self.covered_entity)


@tracked
class Consent(Freezes, ChartRow):
    """One signed consent, every element of 2.31(a) in a field of its own. Written frozen; its standing is derived."""

    kind = models.CharField(max_length=10, choices=ConsentKind.choices)
    patient_name = models.CharField(max_length=240)  # (a)(1)
    discloser = models.CharField(max_length=400)  # (a)(2), in words
    programs = ArrayField(models.BigIntegerField())  # (a)(2), the programs by id
    categories = ArrayField(models.CharField(max_length=20))  # (a)(3)
    description = models.TextField()  # (a)(3), in words
    recipient = models.ForeignKey(Recipient, null=True, on_delete=models.PROTECT, related_name="+")  # (a)(4)
    recipient_words = models.CharField(max_length=400)  # (a)(4), a name, or the class for TPO
    redisclosure_told = models.BooleanField(default=False)  # (a)(4)(iii)
    purposes = ArrayField(models.CharField(max_length=20))  # (a)(5)
    revocation_words = models.TextField()  # (a)(6), as shown
    expires = models.CharField(max_length=20, choices=Expires.choices)  # (a)(7)
    expires_on = models.DateField(null=True)
    by_representative = models.BooleanField(default=False)  # (a)(8), 2.14, 2.15
    signer_name = models.CharField(max_length=160)
    authority = models.CharField(max_length=160, blank=True)
    signed_on = models.DateField()  # (a)(9)
    consequences_told = models.BooleanField(default=False)  # (a)(10)
    text = models.TextField()  # the whole of it, as it was read and signed
    text_hash = models.CharField(max_length=64)
    taken_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["episode", "signed_on"], name="consent_episode")]
        constraints = [
            models.CheckConstraint(
                name="consent_tpo_told",
                condition=~Q(kind=ConsentKind.TPO) | Q(redisclosure_told=True, consequences_told=True),
            ),
            models.CheckConstraint(
                name="consent_names_recipient",
                condition=Q(kind=ConsentKind.TPO) | Q(recipient__isnull=False),
            ),
            models.CheckConstraint(
                name="consent_has_content",
                condition=~Q(categories=[]) & ~Q(programs=[]) & ~Q(purposes=[]) & ~Q(description=""),
            ),
            models.CheckConstraint(
                name="consent_ends",
                condition=Q(expires=Expires.DATE, expires_on__isnull=False)
                | Q(expires=Expires.END_OF_TREATMENT)
                | Q(expires=Expires.NEVER, kind=ConsentKind.TPO),
            ),
        ]

    def terms(self, *, revoked: bool, treatment_ended_on: object = None) -> rules.Terms:
        """The consent as facts for the rules; what happened to it since comes from other rows."""
        return rules.Terms(
            kind=self.kind, recipient_id=self.recipient_id, purposes=tuple(self.purposes),
            categories=tuple(self.categories), programs=tuple(self.programs), signed_on=self.signed_on,
            expires=self.expires, expires_on=self.expires_on, treatment_ended_on=treatment_ended_on, revoked=revoked,  # type: ignore[arg-type]
        )  # fmt: skip

    @property
    def category_labels(self) -> list[str]:
        return [str(Category(name).label) for name in self.categories]

    @property
    def purpose_labels(self) -> list[str]:
        return [str(Purpose(name).label) for name in self.purposes]


@tracked
class Revocation(ChartRow):
    """The client took a consent back, in writing. The consent itself stays as it was (2.31(a)(6), (c)(3))."""

    consent = models.OneToOneField(Consent, on_delete=models.PROTECT, related_name="revocation")
    text = models.TextField(_("what the client wrote"))
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    append_only = True


class Method(models.TextChoices):
    EMAIL = "email", _("Send by e-mail")
    PRINT = "print", _("Print, to hand over or mail")


class Packet(Freezes, ChartRow):
    """What was put together to leave: its list, its notice and its very bytes. Written frozen."""

    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="+")
    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    method = models.CharField(max_length=10, choices=Method.choices)
    items = models.JSONField()
    withheld = models.JSONField(default=list)
    notice = models.CharField(max_length=60, blank=True)
    pdf = models.BinaryField()
    pdf_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["episode", "made_at"], name="packet_episode")]


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
