from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.people.models import Staff
from clinic.record.models.base import ChartRow, tracked


class Priority(models.TextChoices):
    """Who goes first where the clinic's setting says so (45 CFR 96.131: this order), and everybody else."""

    PREGNANT_INJECTING = "pregnant_injecting", _("Pregnant and injecting")
    PREGNANT = "pregnant", _("Pregnant")
    INJECTING = "injecting", _("Injecting")
    STANDARD = "standard", _("Standard")


class Standing(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    OFFERED = "offered", _("A place is offered")
    ADMITTED = "admitted", _("Admitted")
    DECLINED = "declined", _("Declined the place")
    WITHDRAWN = "withdrawn", _("No longer wants to come")
    LOST = "lost", _("Could not be reached")


STILL_WAITING = (Standing.WAITING, Standing.OFFERED)


@tracked
class WaitingPlace(ChartRow):
    """Somebody's place on a program's waiting list: since when, how urgent, what became of it. Its episode is waiting."""

    asked_on = models.DateField(_("asked on"))
    priority = models.CharField(
        _("priority"), max_length=20, choices=Priority.choices, default=Priority.STANDARD
    )
    words = models.CharField(_("what matters"), max_length=300, blank=True)
    standing = models.CharField(max_length=12, choices=Standing.choices, default=Standing.WAITING)
    offered_on = models.DateField(_("offered on"), null=True, blank=True)
    offered_for = models.DateField(_("place from"), null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    closed_words = models.CharField(_("in words"), max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["episode", "asked_on"], name="waiting_place_episode")]
        constraints = [
            models.UniqueConstraint(
                fields=["episode"],
                condition=models.Q(standing__in=["waiting", "offered"]),
                name="waiting_place_once",
            )
        ]


class Reached(models.TextChoices):
    VISIT = "visit", _("In person")
    PHONE = "phone", _("By phone")
    MESSAGE = "message", _("Text or e-mail")
    NOT_REACHED = "not_reached", _("Tried, not reached")


@tracked
class InterimContact(ChartRow):
    """What was done for somebody while they waited (45 CFR 96.126: interim services)."""

    place = models.ForeignKey(WaitingPlace, on_delete=models.PROTECT, related_name="contacts")
    on = models.DateField(_("date"))
    how = models.CharField(_("how"), max_length=12, choices=Reached.choices)
    words = models.CharField(_("what was done"), max_length=300)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["episode", "on"], name="interim_contact_episode")]
