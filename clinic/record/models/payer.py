"""Who pays, and what is paid in full by the client and therefore kept from the health plan."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.people.models import Staff
from clinic.record.models.base import ChartRow, ClientRow, tracked


class PayerKind(models.TextChoices):
    PRIVATE = "private", _("Private insurance")
    MEDICAID = "medicaid", _("Medicaid")
    MEDICARE = "medicare", _("Medicare")
    OTHER_GOVERNMENT = "other_government", _("Other government payer")
    SELF = "self", _("Pays by themselves")
    NO_CHARGE = "no_charge", _("No charge")
    DECLINED = "declined", _("Prefer not to say")
    UNKNOWN = "unknown", _("Not known yet")


@tracked
class Coverage(ClientRow):
    """One payer of the person, for a period. Care never waits for it."""

    kind = models.CharField(_("payer"), max_length=20, choices=PayerKind.choices)
    payer = models.CharField(_("plan or company"), max_length=120, blank=True)
    member_id = models.CharField(_("member ID"), max_length=60, blank=True)
    holder = models.CharField(_("policy holder, if someone else"), max_length=120, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["client"], name="coverage_client")]


@tracked
class SelfPay(ChartRow):
    """A service, or everything in an episode, that the client pays for in full and asked to keep from the health plan.

    42 CFR 2.26(a)(6) and 45 CFR 164.522(a)(1)(vi): such a request must be accepted. `service` "" is every service.
    """

    service = models.CharField(_("service"), max_length=60, blank=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    asked_on = models.DateField(_("asked on"))
    recorded_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["episode", "starts_on"], name="self_pay_episode")]
