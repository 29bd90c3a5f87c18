"""What the door itself keeps: that someone came without an appointment, and who took up what is still to do."""

from django.db import models
from django.db.models import Q

from clinic.people.models import Staff
from clinic.record.models import ChartRow, tracked


@tracked
class Arrival(ChartRow):
    """Someone walked in. What is still to do for them is computed from the facts, from this day on."""

    arrived_at = models.DateTimeField()
    arrived_on = models.DateField()
    temporary_id = models.CharField(max_length=20, unique=True)
    registered_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["episode", "arrived_on"], name="arrival_episode")]


@tracked
class Pickup(ChartRow):
    """A colleague took up one open task of an arrival. Whoever takes it up later stands in their place."""

    task = models.CharField(max_length=20)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    picked_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["episode", "task"], name="pickup_episode")]
        constraints = [
            models.UniqueConstraint(
                fields=["episode", "task"], condition=Q(released_at__isnull=True), name="pickup_once"
            )
        ]
