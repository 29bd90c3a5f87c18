import datetime as dt
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.kit import clock
from clinic.kit.ids import new_public_id
from clinic.people.models import Site, Staff
from clinic.record.models.base import ClientRow, Versioned, tracked
from clinic.record.safe_hours import next_safe


class Sex(models.TextChoices):
    FEMALE = "female", _("Female")
    MALE = "male", _("Male")
    INTERSEX = "intersex", _("Intersex")
    DECLINED = "declined", _("Prefer not to say")
    NOT_ASKED = "", _("Not known")


class Language(models.TextChoices):
    ENGLISH = "en", _("English")
    SPANISH = "es", _("Spanish")


@tracked
class Client(Versioned, models.Model):
    """The person. Row-level security reads this table's own id."""

    needs_open_chart = True

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    number = models.CharField(_("ID"), max_length=10, unique=True, editable=False)
    given_name = models.CharField(_("given name"), max_length=120, blank=True)
    family_name = models.CharField(_("family name"), max_length=120, blank=True)
    chosen_name = models.CharField(_("preferred name"), max_length=120, blank=True)
    other_names = models.CharField(_("other names"), max_length=240, blank=True)
    pronouns = models.CharField(_("pronouns"), max_length=40, blank=True)
    birth_date = models.DateField(_("birth date"), null=True, blank=True)
    birth_estimated = models.BooleanField(_("birth date is an estimate"), default=False)
    sex = models.CharField(_("sex"), max_length=10, choices=Sex.choices, blank=True)
    gender = models.CharField(_("gender"), max_length=60, blank=True)
    language = models.CharField(
        _("language"), max_length=5, choices=Language.choices, default=Language.ENGLISH
    )
    interpreter = models.BooleanField(_("interpreter needed"), default=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT)
    no_known_allergies_on = models.DateField(null=True, blank=True)
    deceased_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"client {self.pk}"

    @property
    def id_ending(self) -> str:
        return self.number[-4:]

    @property
    def listed_name(self) -> str:
        """FAMILY, Given: for lists and the banner (NHS CUI)."""
        family = self.family_name.upper()
        return ", ".join(part for part in (family, self.given_name) if part) or str(_("Name not known"))

    @property
    def called(self) -> str:
        """What the person wants to be called."""
        return self.chosen_name or self.given_name or self.family_name or str(_("Name not known"))

    @property
    def has_birth_date(self) -> bool:
        """A whole birth date, no estimate: what whoever opens a link can be asked for."""
        return self.birth_date is not None and not self.birth_estimated

    def age(self, today: dt.date | None = None) -> int | None:
        """Whole years at `today`; born on 29 February, the year is full on 1 March of a common year."""
        if self.birth_date is None:
            return None
        day = today or clock.today()
        before = (day.month, day.day) < (self.birth_date.month, self.birth_date.day)
        return day.year - self.birth_date.year - before


@tracked
class ClientIdentifier(ClientRow):
    """A number that some system knows this person by, for a period."""

    system = models.CharField(_("system"), max_length=60)
    value = models.CharField(_("number"), max_length=60)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["system", "value"], name="identifier_once")]
        indexes = [models.Index(fields=["client"], name="identifier_client")]


@tracked
class Address(ClientRow):
    street = models.CharField(_("street"), max_length=160, blank=True)
    suburb = models.CharField(_("town"), max_length=80, blank=True)
    state = models.CharField(_("state"), max_length=20, blank=True)
    postcode = models.CharField(_("ZIP code"), max_length=12, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["client"], name="address_client")]


class Channel(models.TextChoices):
    PHONE = "phone", _("Phone")
    EMAIL = "email", _("E-mail")
    MAIL = "mail", _("Mail")


@tracked
class Contact(ClientRow):
    """A way to reach the person, and what they said is safe about it. Nothing is safe until they said so."""

    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    value = models.CharField(_("number or address"), max_length=160)
    may_call = models.BooleanField(_("may call"), default=False)
    may_text = models.BooleanField(_("may text"), default=False)
    may_voicemail = models.BooleanField(_("may leave voicemail"), default=False)
    may_email = models.BooleanField(_("may e-mail"), default=False)
    may_mail = models.BooleanField(_("may send mail"), default=False)
    texts_agreed_on = models.DateField(_("agreed to texts on"), null=True, blank=True)
    ask_for = models.CharField(_("ask for"), max_length=80, blank=True)
    show_as = models.CharField(
        _("sender to show"), max_length=60, blank=True
    )  # none: the site's neutral name
    hours = models.CharField(_("about the times"), max_length=80, blank=True)
    safe_days = ArrayField(
        models.SmallIntegerField(), default=list, blank=True
    )  # Monday is 0; none is every day
    safe_from = models.TimeField(_("safe from"), null=True, blank=True)
    safe_until = models.TimeField(_("safe until"), null=True, blank=True)
    zone = models.CharField(_("time zone"), max_length=60, blank=True)  # none: the site's
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["client"], name="contact_client")]

    def next_safe(self, moment: dt.datetime, zone: str) -> dt.datetime:
        """The first moment from `moment` on (aware) at which this may be used; `zone` is the site's."""
        local = moment.astimezone(ZoneInfo(self.zone or zone))
        return next_safe(local, self.safe_days, self.safe_from, self.safe_until).astimezone(dt.UTC)


@tracked
class Allergy(ClientRow):
    substance = models.CharField(_("substance"), max_length=160)
    code = models.CharField(_("code"), max_length=20, blank=True, db_default="")
    code_system = models.CharField(_("whose code"), max_length=120, blank=True, db_default="")
    starts_on = models.DateField(_("since"), null=True, blank=True)
    reaction = models.CharField(_("reaction"), max_length=160, blank=True)
    recorded_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True)
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["client"], name="allergy_client")]


class Directory(models.Model):
    """What the front door may search: one row a client, names and numbers only, nothing about enrolment.

    The role entwine_desk reads this table and no other of the chart; it is kept by the verbs that write Client.
    """

    needs_open_chart = True

    client = models.OneToOneField(Client, on_delete=models.CASCADE, primary_key=True, related_name="+")
    public_id = models.UUIDField(unique=True)
    number = models.CharField(max_length=10)
    id_ending = models.CharField(max_length=4)
    given = models.CharField(max_length=120, blank=True)
    family = models.CharField(max_length=120, blank=True)
    chosen = models.CharField(max_length=120, blank=True)
    other_names = models.CharField(max_length=240, blank=True)
    birth_date = models.DateField(null=True)
    birth_estimated = models.BooleanField(default=False)
    street = models.CharField(max_length=160, blank=True)
    suburb = models.CharField(max_length=80, blank=True)
    postcode = models.CharField(max_length=12, blank=True)
    state = models.CharField(max_length=20, blank=True)
    phone_digits = models.CharField(max_length=20, blank=True)
    # Derived by clinic.record.rules.directory_keys, so that two spellings can meet; the duplicate query reads these.
    given_key = models.CharField(max_length=60, blank=True)
    given_forms = ArrayField(models.TextField(), default=list)
    given_sound = models.CharField(max_length=10, blank=True)
    given_known = ArrayField(models.TextField(), default=list)
    family_key = models.CharField(max_length=60, blank=True)
    family_forms = ArrayField(models.TextField(), default=list)
    family_sound = models.CharField(max_length=10, blank=True)
    birth_digits = models.CharField(max_length=8, blank=True)
    street_key = models.CharField(max_length=60, blank=True)
    suburb_key = models.CharField(max_length=60, blank=True)
    postcode_key = models.CharField(max_length=12, blank=True)
    state_key = models.CharField(max_length=20, blank=True)
    phone_key = models.CharField(max_length=10, blank=True)
    name_words = models.TextField(blank=True)
    match_keys = ArrayField(models.TextField(), default=list)

    class Meta:
        indexes = [
            # Without the list of what is not yet sorted in: every search would read the whole of it.
            GinIndex(fields=["match_keys"], name="directory_match", fastupdate=False),
            GinIndex(fields=["name_words"], opclasses=["gin_trgm_ops"], name="directory_words"),
            models.Index(fields=["given_key", "family_key"], name="directory_given"),
            models.Index(fields=["family_key", "given_key"], name="directory_family"),
            models.Index(fields=["suburb_key"], name="directory_suburb"),
            models.Index(fields=["postcode_key"], name="directory_postcode"),
            models.Index(fields=["birth_date"], name="directory_born"),
            models.Index(fields=["number"], name="directory_number"),
            models.Index(fields=["id_ending"], name="directory_id_ending"),
        ]

    def __str__(self) -> str:
        return f"directory entry {self.pk}"
