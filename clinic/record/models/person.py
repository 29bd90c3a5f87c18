"""The names a person goes by, and the people in their life with what each may be told."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.record.models.base import ClientRow, tracked


class NameUse(models.TextChoices):
    ALIAS = "alias", _("Alias or nickname")
    PREVIOUS = "previous", _("Previous name")
    OTHER_RECORD = "other_record", _("Name in another record")


@tracked
class PersonName(ClientRow):
    """Another name of the person, with its use and period. The legal and the preferred name stand on Client."""

    use = models.CharField(_("use"), max_length=12, choices=NameUse.choices)
    given_name = models.CharField(_("given name"), max_length=120, blank=True)
    family_name = models.CharField(_("family name"), max_length=120, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    removed = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["client"], name="person_name_client")]
        constraints = [
            models.CheckConstraint(
                name="person_name_says_something",
                condition=~models.Q(given_name="") | ~models.Q(family_name=""),
            )
        ]


class SupportKind(models.TextChoices):
    EMERGENCY = "emergency", _("Emergency contact")
    FAMILY = "family", _("Family")
    COMMUNITY = "community", _("Friend or community")
    GUARDIAN = "guardian", _("Guardian or representative")
    NEVER = "never", _("Must never be told, do not contact")


class MayTell(models.TextChoices):
    EMERGENCY = "emergency", _("That the client is safe, in an emergency")
    HERE = "here", _("That the client comes here")
    VISITS = "visits", _("When the visits are")
    CARE = "care", _("How the client is doing")


@tracked
class Support(ClientRow):
    """Someone in the person's life, and what they may be told. It is no consent: what is told outside needs one."""

    name = models.CharField(_("name"), max_length=120)
    relation = models.CharField(_("relation"), max_length=60, blank=True)
    standing = models.CharField(_("standing"), max_length=12, choices=SupportKind.choices)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    may_tell = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    note = models.CharField(_("note"), max_length=240, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["client"], name="support_client")]
        constraints = [
            models.CheckConstraint(  # whoever must never be told is told nothing
                name="support_never_told",
                condition=~models.Q(standing="never") | models.Q(may_tell=[]),
            )
        ]
