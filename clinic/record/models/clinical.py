from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.people.models import Site, Staff
from clinic.record.models.base import ChartRow, ClientRow, tracked


class Domain(models.TextChoices):
    SUBSTANCE_USE = "substance_use", _("Substance use")
    MENTAL_HEALTH = "mental_health", _("Mental health")
    MEDICAL = "medical", _("Medical")
    SOCIAL = "social", _("Social")
    LEGAL = "legal", _("Legal")


class AppointmentStatus(models.TextChoices):
    BOOKED = "booked", _("Booked")
    ARRIVED = "arrived", _("Arrived")
    KEPT = "kept", _("Kept")
    NO_SHOW = "no_show", _("Did not come")
    CANCELLED = "cancelled", _("Cancelled")


@tracked
class Appointment(ChartRow):
    starts_at = models.DateTimeField(_("starts"))
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=50)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    service = models.CharField(_("service"), max_length=60)
    status = models.CharField(
        _("status"), max_length=12, choices=AppointmentStatus.choices, default=AppointmentStatus.BOOKED
    )

    class Meta:
        indexes = [
            models.Index(fields=["episode", "starts_at"], name="appointment_episode"),
            models.Index(fields=["staff", "starts_at"], name="appointment_staff"),
        ]


@tracked
class Encounter(ChartRow):
    """A visit that took place. "Seen" means one of these.

    One that another system knows of has no staff of ours; `outside` says in words with whom and where it was.
    """

    on = models.DateField(_("date"))
    service = models.CharField(_("service"), max_length=160)
    staff = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey(Site, null=True, on_delete=models.PROTECT, related_name="+")
    outside = models.CharField(_("with whom and where"), max_length=240, blank=True, db_default="")
    appointment = models.ForeignKey(Appointment, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["episode", "on"], name="encounter_episode")]


class ProblemStatus(models.TextChoices):
    ACTIVE = "active", _("Active")
    SUSPECTED = "suspected", _("Suspected, not confirmed")
    REMISSION = "remission", _("In remission")
    INACTIVE = "inactive", _("Not a problem at present")
    RESOLVED = "resolved", _("Resolved")
    IN_ERROR = "in_error", _("Entered in error")


class Severity(models.TextChoices):
    MILD = "mild", _("Mild")
    MODERATE = "moderate", _("Moderate")
    SEVERE = "severe", _("Severe")


class Remission(models.TextChoices):
    EARLY = "early", _("Early: 3 to 12 months")
    SUSTAINED = "sustained", _("Sustained: 12 months or longer")
    PARTIAL = "partial", _("Partial")
    FULL = "full", _("Full")


class RemissionSetting(models.TextChoices):
    MEDICATION = "medication", _("On maintenance medication")
    CONTROLLED = "controlled", _("In a controlled environment")


class ProblemSource(models.TextChoices):
    CLIENT = "client", _("The client")
    CLINICIAN = "clinician", _("A clinician here")
    FAMILY = "family", _("Family or someone close")
    RECORD = "record", _("An outside record")
    SCREEN = "screen", _("A questionnaire")
    OTHER = "other", _("Someone else")


@tracked
class Problem(ChartRow):
    """One problem of the unified list, in plain words or coded. Never deleted: resolved, or entered in error."""

    text = models.CharField(_("problem"), max_length=240)
    code = models.CharField(_("code"), max_length=20, blank=True)
    code_system = models.CharField(
        _("whose code"), max_length=120, blank=True, db_default=""
    )  # "": ICD-10-CM
    domain = models.CharField(_("domain"), max_length=20, choices=Domain.choices)
    onset_on = models.DateField(_("since"), null=True, blank=True)
    onset_words = models.CharField(_("since about"), max_length=120, blank=True, default="", db_default="")
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=ProblemStatus.choices,
        default=ProblemStatus.ACTIVE,
        db_default=ProblemStatus.ACTIVE,
    )
    severity = models.CharField(
        _("severity"), max_length=10, choices=Severity.choices, blank=True, default="", db_default=""
    )
    remission = models.CharField(
        _("remission"), max_length=10, choices=Remission.choices, blank=True, default="", db_default=""
    )
    remission_setting = models.CharField(
        _("remission, how"),
        max_length=10,
        choices=RemissionSetting.choices,
        blank=True,
        default="",
        db_default="",
    )
    source = models.CharField(
        _("who said so"), max_length=10, choices=ProblemSource.choices, blank=True, default="", db_default=""
    )
    said_by = models.CharField(_("who said so"), max_length=80, blank=True)
    recorded_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    resolved_on = models.DateField(_("resolved"), null=True, blank=True)
    came_from = models.UUIDField(
        null=True, editable=False
    )  # the row of a merged record that it was copied from

    class Meta:
        indexes = [models.Index(fields=["episode", "domain"], name="problem_episode")]

    # What a list of today's problems holds: neither over nor wrong.
    STANDING = models.Q(resolved_on__isnull=True) & ~models.Q(
        status__in=(ProblemStatus.RESOLVED, ProblemStatus.IN_ERROR)
    )

    @property
    def is_over(self) -> bool:
        return bool(self.resolved_on) or self.status in (ProblemStatus.RESOLVED, ProblemStatus.IN_ERROR)

    @property
    def source_text(self) -> str:
        """Who said so: The client; An outside record (Riverbend letter)."""
        said = str(self.get_source_display()) if self.source else ""
        return f"{said} ({self.said_by})" if said and self.said_by else said or self.said_by

    @property
    def specifiers(self) -> str:
        """Severity and remission in words."""
        parts = (
            self.get_severity_display(),
            self.get_remission_display(),
            self.get_remission_setting_display(),
        )
        return ", ".join(str(part).lower() for part in parts if part)


@tracked
class Medication(ChartRow):
    name = models.CharField(_("medication"), max_length=240)
    dose = models.CharField(_("dose"), max_length=240, blank=True)
    code = models.CharField(_("code"), max_length=20, blank=True, db_default="")
    code_system = models.CharField(_("whose code"), max_length=120, blank=True, db_default="")
    outside = models.CharField(_("who prescribed it"), max_length=240, blank=True, db_default="")
    starts_on = models.DateField(_("started"))
    ends_on = models.DateField(_("stopped"), null=True, blank=True)
    prescriber = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["episode", "starts_on"], name="medication_episode")]


class FlagKind(models.TextChoices):
    SUICIDE_ITEM = "suicide_item", _("Thoughts of death or self-harm reported")


@tracked
class Flag(ChartRow):
    """What cannot wait. Raised in the same transaction as the fact; closed with a reason, never deleted.

    It is always somebody's: `owner` is whoever has it, or was asked last. Until someone has said that they have it
    (`acknowledged_at`), the next person is asked at `ask_next_at`; `asked` counts how often that was done.
    """

    kind = models.CharField(max_length=30, choices=FlagKind.choices)
    source_kind = models.CharField(max_length=40)
    source_id = models.UUIDField()
    raised_at = models.DateTimeField()
    owner = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    close_reason = models.CharField(max_length=300, blank=True)
    historical = models.BooleanField(default=False)
    remote = models.BooleanField(default=False)  # answered where nobody of the clinic was with the client
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    asked = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField(null=True)
    ask_next_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["episode", "raised_at"], name="flag_episode"),
            models.Index(fields=["source_kind", "source_id"], name="flag_source"),
            models.Index(
                fields=["ask_next_at"], name="flag_ask_next", condition=models.Q(ask_next_at__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="flag_is_somebodys", condition=models.Q(historical=True) | models.Q(owner__isnull=False)
            ),
            models.CheckConstraint(
                name="flag_asks_while_nobody_has_it",
                condition=models.Q(ask_next_at__isnull=True)
                | models.Q(acknowledged_at__isnull=True, closed_at__isnull=True),
            ),
            models.CheckConstraint(
                name="flag_closed_with_reason",
                condition=models.Q(closed_at__isnull=True) | ~models.Q(close_reason=""),
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class Draft(ClientRow):
    """What someone is typing and has not yet filed. Restored to the same person only; it has no row history."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=80)
    body = models.JSONField(default=dict)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "staff", "kind", "key"], name="draft_once")]


class SignerRole(models.TextChoices):
    AUTHOR = "author", _("Author")
    CLIENT = "client", _("Client")
    REPRESENTATIVE = "representative", _("Representative")
    COSIGNER = "cosigner", _("Cosigner")


@tracked
class Signature(ChartRow):
    """Who signed which text, by its hash, when. A row of its own; the thing signed is not touched by it."""

    object_kind = models.CharField(max_length=40)
    object_id = models.UUIDField()
    role = models.CharField(max_length=16, choices=SignerRole.choices)
    staff = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=160)
    drawn = models.TextField(blank=True)
    declined_reason = models.CharField(max_length=300, blank=True)
    text_hash = models.CharField(max_length=64)
    signed_at = models.DateTimeField()

    append_only = never_changes = True

    class Meta:
        indexes = [models.Index(fields=["object_kind", "object_id"], name="signature_object")]
