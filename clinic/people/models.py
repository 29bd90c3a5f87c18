from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Value
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from clinic.kit.ids import new_public_id


class Role(models.TextChoices):
    CLINICIAN = "clinician", _("Clinician")
    PRESCRIBER = "prescriber", _("Nurse or prescriber")
    PEER = "peer", _("Peer specialist")
    FRONT_DESK = "front_desk", _("Front desk")
    INTAKE = "intake", _("Intake")
    SUPERVISOR = "supervisor", _("Supervisor")
    PRIVACY = "privacy", _("Privacy officer")
    ADMINISTRATOR = "administrator", _("Administrator")


class Kind(models.TextChoices):
    SUD = "sud", _("Substance use")
    MENTAL_HEALTH = "mental_health", _("Mental health")
    INTEGRATED = "integrated", _("Integrated")


def period(starts: str = "starts_on", ends: str = "ends_on") -> Func:
    """The dates from `starts` up to, not including, `ends`; no end is for ever."""
    return Func(F(starts), F(ends), Value("[)"), function="daterange", output_field=DateRangeField())


def no_overlap(name: str, *columns: str) -> ExclusionConstraint:
    """Two rows that agree in `columns` never overlap in time; Postgres refuses them."""
    same = [(column, RangeOperators.EQUAL) for column in columns]
    return ExclusionConstraint(name=name, expressions=[*same, (period(), RangeOperators.OVERLAPS)])


class Site(models.Model):
    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=80, unique=True)
    neutral_name = models.CharField(
        _("name on messages"), max_length=60, help_text=_("Says nothing about what kind of clinic this is.")
    )
    zone = models.CharField(_("time zone"), max_length=60, default="America/New_York")
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)

    def __str__(self) -> str:
        return self.name


class Program(models.Model):
    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    part2 = models.BooleanField(_("42 CFR Part 2 program"), default=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT)

    def __str__(self) -> str:
        return self.name


class StaffManager(BaseUserManager["Staff"]):
    def get_by_natural_key(self, username: str | None) -> "Staff":
        return self.get(email__iexact=username)


class Staff(AbstractBaseUser):
    """Someone who works here. Signs in with an e-mail address; deactivated, every session ends at the next request."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    email = models.EmailField(_("e-mail"), unique=True)
    given_name = models.CharField(_("given name"), max_length=80)
    family_name = models.CharField(_("family name"), max_length=80)
    credential = models.CharField(_("credential"), max_length=40, blank=True)
    site = models.ForeignKey(Site, on_delete=models.PROTECT)
    is_active = models.BooleanField(_("active"), default=True)
    joined_at = models.DateTimeField(auto_now_add=True)
    pin = models.CharField(max_length=128, blank=True)  # hashed; only takes a tablet back from a client
    # Which chart they have opened in an emergency and until when: read with the person, shown on every page.
    glass_until = models.DateTimeField(null=True, editable=False)
    glass_client = models.UUIDField(null=True, editable=False)
    sign_ins_ended = models.PositiveIntegerField(
        default=0, editable=False
    )  # how often all of them were, at once

    objects = StaffManager()  # type: ignore[misc]

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []  # type: ignore[misc]

    actor_kind = "staff"
    actor_name = ""

    def __str__(self) -> str:
        return f"staff {self.pk}"

    @property
    def actor_id(self) -> int:
        return self.pk

    def _get_session_auth_hash(self, secret: Any = None) -> str:
        """A session holds until the password is another, or every sign-in of this person was ended."""
        mine = f"{self.password}:{self.sign_ins_ended}"
        return salted_hmac("clinic.people.Staff", mine, secret=secret, algorithm="sha256").hexdigest()

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"

    @property
    def signing_name(self) -> str:
        return f"{self.name}, {self.credential}" if self.credential else self.name

    @property
    def duties(self) -> list[dict[str, object]]:
        """Roles held today: [{"role", "program", "title"}]; loaded with the person (people.queries), never per page."""
        return self.__dict__.get("duty_rows") or []

    @property
    def role_names(self) -> list[str]:
        """The roles held today in words, each once."""
        return list(dict.fromkeys(str(Role(str(duty["role"])).label) for duty in self.duties))

    def holds(self, *roles: str) -> bool:
        return any(duty["role"] in roles for duty in self.duties)

    def programs_as(self, role: str) -> list[int]:
        return [int(str(duty["program"])) for duty in self.duties if duty["role"] == role]


class ProgramRole(models.Model):
    """A role that someone holds in a program for a period."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="program_roles")
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="roles")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        constraints = [no_overlap("program_role_once", "staff", "program", "role")]

    def __str__(self) -> str:
        return f"role {self.pk}"


class Supervision(models.Model):
    """Who supervises whom, for a period."""

    supervisor = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="supervises")
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="supervised_by")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        constraints = [no_overlap("supervision_once", "supervisor", "staff")]

    def __str__(self) -> str:
        return f"supervision {self.pk}"


class ClinicSetting(models.Model):
    """One typed setting from a moment on; the newest row that has begun holds, older ones stay."""

    name = models.CharField(max_length=60)
    value = models.JSONField()
    holds_from = models.DateTimeField()
    set_by = models.ForeignKey(Staff, null=True, on_delete=models.SET_NULL)

    class Meta:
        indexes = [models.Index(fields=["name", "-holds_from"], name="setting_newest")]

    def __str__(self) -> str:
        return f"{self.name} from {self.holds_from:%Y-%m-%d}"


class OnCall(models.Model):
    """Who is asked for a program when nobody of the team can be; the newest row that has begun holds."""

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    set_by = models.ForeignKey(Staff, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["program", "-starts_at"], name="on_call_newest")]

    def __str__(self) -> str:
        return f"on call {self.pk}"
