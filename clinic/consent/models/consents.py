"""Consents under 42 CFR Part 2: what is prepared, what was signed, what ended it; and who may receive."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.consent import rules
from clinic.kit.ids import new_public_id
from clinic.people.models import Program, Staff
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
    COUNSELLING_NOTES = rules.COUNSELLING_NOTES, _("Counseling notes that a counselor keeps apart")


class Purpose(models.TextChoices):
    TREATMENT = "treatment", _("Treatment, and working together on it")
    PAYMENT = "payment", _("Payment")
    OPERATIONS = "operations", _("Health care operations")
    AT_REQUEST = "at_request", _("At the client's own request")
    PROCEEDING = rules.PROCEEDING, _("A legal proceeding")


class ConsentKind(models.TextChoices):
    """Kinds that never merge (2.31(b), (d)): each is a form of its own, and the database holds them apart."""

    GENERAL = rules.GENERAL, _("For one recipient")
    TPO = rules.TPO, _("For all treatment, payment and health care operations")
    NOTES = rules.NOTES, _("For counseling notes kept apart")
    LEGAL = rules.LEGAL, _("For a legal proceeding")
    INSIDE = rules.INSIDE, _("For another program here")


class Expires(models.TextChoices):
    DATE = rules.ON_DATE, _("On a date")
    EVENT = rules.ON_EVENT, _("With an event")
    END_OF_TREATMENT = rules.END_OF_TREATMENT, _("When treatment here ends")
    NEVER = rules.NEVER, _("Never, until taken back")


class Authority(models.TextChoices):
    """What gives somebody else the right to sign (2.14, 2.15)."""

    PARENT = rules.PARENT, _("Parent or guardian of a minor")
    GUARDIAN = rules.GUARDIAN, _("Guardian of an adult who cannot decide")
    PROXY = rules.PROXY, _("Health care proxy or power of attorney")
    DIRECTOR = rules.DIRECTOR, _("Program director, for payment only, while the client cannot decide")
    SURVIVOR = rules.SURVIVOR, _("Executor, spouse or nearest family of a client who died")


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
    health_plan = models.BooleanField(_("health plan or payer"), default=False)
    intermediary = models.BooleanField(_("intermediary that passes records on to its members"), default=False)
    verified_on = models.DateField(_("checked"), null=True, blank=True)
    verified_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    added_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    ended_on = models.DateField(_("no longer exists since"), null=True, blank=True)
    ended_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["organisation", "name"], name="recipient_name")]
        constraints = [
            models.CheckConstraint(  # 2.11: a program, covered entity or business associate is no intermediary
                name="recipient_one_nature", condition=~Q(covered_entity=True, intermediary=True)
            )
        ]

    def __str__(self) -> str:
        return f"recipient {self.pk}"

    @property
    def title(self) -> str:
        return ", ".join(part for part in (self.name, self.organisation) if part)

    @property
    def party(self) -> rules.Party:
        return rules.Party(self.pk, self.covered_entity, self.health_plan, self.ended_on is not None)


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
    via_intermediary = models.BooleanField(default=False)  # (a)(4)(ii)
    members = models.CharField(
        max_length=400, blank=True
    )  # its members by name, or those who treat the client
    to_program = models.ForeignKey(Program, null=True, on_delete=models.PROTECT, related_name="+")
    redisclosure_told = models.BooleanField(default=False)  # (a)(4)(iii)
    purposes = ArrayField(models.CharField(max_length=20))  # (a)(5)
    proceeding = models.CharField(max_length=240, blank=True)  # (d), which case
    no_fundraising = models.BooleanField(
        default=True
    )  # (a)(5)(iii): the client chose not to be asked for gifts
    revocation_words = models.TextField()  # (a)(6), as shown
    expires = models.CharField(max_length=20, choices=Expires.choices)  # (a)(7)
    expires_on = models.DateField(null=True)
    expires_event = models.CharField(max_length=160, blank=True)
    by_representative = models.BooleanField(default=False)  # (a)(8), 2.14, 2.15
    signer_name = models.CharField(max_length=160)
    authority_kind = models.CharField(max_length=12, choices=Authority.choices, blank=True)
    authority = models.CharField(max_length=160, blank=True)
    authority_document = models.CharField(max_length=160, blank=True)
    authority_until = models.DateField(null=True)
    parent_name = models.CharField(max_length=160, blank=True)  # 2.14(c): signs as well
    signed_on = models.DateField()  # (a)(9)
    consequences_told = models.BooleanField(default=False)  # (a)(10)
    language = models.CharField(max_length=5, default="en")
    text_version = models.CharField(max_length=20, blank=True)
    shown_hash = models.CharField(max_length=64, blank=True)  # of the text as it stood before the signature
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
                condition=Q(kind=ConsentKind.TPO)
                | Q(kind=ConsentKind.INSIDE, to_program__isnull=False, recipient__isnull=True)
                | Q(recipient__isnull=False),
            ),
            models.CheckConstraint(
                name="consent_inside_alone",
                condition=Q(kind=ConsentKind.INSIDE) | Q(to_program__isnull=True),
            ),
            models.CheckConstraint(
                name="consent_has_content",
                condition=~Q(categories=[]) & ~Q(programs=[]) & ~Q(purposes=[]) & ~Q(description=""),
            ),
            models.CheckConstraint(  # 2.31(b)(2)
                name="consent_notes_alone",
                condition=Q(kind=ConsentKind.NOTES, categories=[rules.COUNSELLING_NOTES])
                | (~Q(kind=ConsentKind.NOTES) & ~Q(categories__contains=[rules.COUNSELLING_NOTES])),
            ),
            models.CheckConstraint(  # 2.31(d)
                name="consent_proceeding_alone",
                condition=Q(kind=ConsentKind.LEGAL, purposes=[rules.PROCEEDING]) & ~Q(proceeding="")
                | (~Q(kind=ConsentKind.LEGAL) & ~Q(purposes__contains=[rules.PROCEEDING])),
            ),
            models.CheckConstraint(  # 2.31(a)(4)(ii)
                name="consent_names_members", condition=Q(via_intermediary=False) | ~Q(members="")
            ),
            models.CheckConstraint(
                name="consent_ends",
                condition=Q(expires=Expires.DATE, expires_on__isnull=False)
                | (Q(expires=Expires.EVENT) & ~Q(expires_event=""))
                | Q(expires=Expires.END_OF_TREATMENT)
                | Q(expires=Expires.NEVER, kind=ConsentKind.TPO),
            ),
        ]

    def terms(
        self, *, revoked: bool = False, treatment_ended_on: object = None, ended_as: str = ""
    ) -> rules.Terms:
        """The consent as facts for the rules; what happened to it since comes from other rows."""
        return rules.Terms(
            kind=self.kind, recipient_id=self.recipient_id, purposes=tuple(self.purposes),
            categories=tuple(self.categories), programs=tuple(self.programs), signed_on=self.signed_on,
            expires=self.expires, expires_on=self.expires_on, treatment_ended_on=treatment_ended_on, revoked=revoked,  # type: ignore[arg-type]
            ended_as=ended_as,
        )  # fmt: skip

    @property
    def category_labels(self) -> list[str]:
        return [str(Category(name).label) for name in self.categories]

    @property
    def purpose_labels(self) -> list[str]:
        return [str(Purpose(name).label) for name in self.purposes]


class Answer(models.TextChoices):
    """What became of a consent that was prepared: a refusal is an answer, and so is "not today"."""

    WAITING = "waiting", _("Not answered yet")
    SIGNED = "signed", _("Signed")
    DECLINED = "declined", _("The client said no")
    LATER = "later", _("Not today")
    WITHDRAWN = "withdrawn", _("Withdrawn by staff")


@tracked
class Offer(ChartRow):
    """A consent as it is prepared for the client to read, and what they answered. Signed, it leads to the Consent."""

    kind = models.CharField(max_length=10, choices=ConsentKind.choices)
    terms = models.JSONField()
    recipient = models.ForeignKey(Recipient, null=True, on_delete=models.PROTECT, related_name="+")
    to_program = models.ForeignKey(Program, null=True, on_delete=models.PROTECT, related_name="+")
    prepared_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    answer = models.CharField(max_length=10, choices=Answer.choices, default=Answer.WAITING)
    answered_at = models.DateTimeField(null=True)
    said = models.CharField(max_length=400, blank=True)  # the client's own words, if any
    consent = models.OneToOneField(Consent, null=True, on_delete=models.PROTECT, related_name="offer")

    class Meta:
        indexes = [models.Index(fields=["episode", "prepared_at"], name="offer_episode")]
        constraints = [
            models.CheckConstraint(
                name="offer_signed_has_consent",
                condition=Q(answer=Answer.SIGNED, consent__isnull=False)
                | (~Q(answer=Answer.SIGNED) & Q(consent__isnull=True)),
            )
        ]

    @property
    def is_open(self) -> bool:
        return self.answer in (Answer.WAITING, Answer.LATER)


@tracked
class Revocation(ChartRow):
    """The client took a consent back, in writing. The consent itself stays as it was (2.31(a)(6), (c)(3))."""

    consent = models.OneToOneField(Consent, on_delete=models.PROTECT, related_name="revocation")
    text = models.TextField(_("what the client wrote"))
    scan = models.CharField(_("where the paper is kept"), max_length=160, blank=True)
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    append_only = True


class EndedAs(models.TextChoices):
    HAPPENED = rules.HAPPENED, _("The named event has happened")
    FALSE = rules.FALSE, _("It was found to be false")
    DEFICIENT = rules.DEFICIENT, _("It lacks something that the law asks for")


@tracked
class Ending(ChartRow):
    """A consent ended otherwise than by its date or its client: the named event, or it was no consent (2.31(c))."""

    consent = models.OneToOneField(Consent, on_delete=models.PROTECT, related_name="ending")
    how = models.CharField(max_length=10, choices=EndedAs.choices)
    on = models.DateField()
    words = models.CharField(max_length=300)
    recorded_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    append_only = True
