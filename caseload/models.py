from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.people.models import Staff
from clinic.record.models import ChartRow, tracked


@tracked
class Ask(ChartRow):
    """A colleague is asked to do something for this client by a day. Open until it is answered."""

    asked_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    to = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    words = models.CharField(_("what is asked"), max_length=400)
    due_on = models.DateField(_("by"))
    asked_on = models.DateField()
    answered_on = models.DateField(null=True)
    answer = models.CharField(_("answer"), max_length=400, blank=True)

    class Meta:
        indexes = [models.Index(fields=["episode", "answered_on"], name="ask_episode")]
