from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.people.models import Staff
from clinic.record.models.base import ClientRow, tracked


class MergeStanding(models.TextChoices):
    PROPOSED = "proposed", _("Waits for a second person")
    DONE = "done", _("Merged")
    REFUSED = "refused", _("Not the same person")
    UNDONE = "undone", _("Taken apart again")


@tracked
class Merge(ClientRow):
    """Two records are one person: an alias, and no row of either is moved. `client` is the survivor.

    `merged` is the other client's id, without a foreign key: every key of the chart stays within one client. `chosen`:
    by field, whose value the survivor shows ("survivor" or "merged"); `before`, `after`: the survivor's columns around it.
    The door reads id, client, merged and standing, to open both sides at once.
    """

    merged = models.BigIntegerField()
    standing = models.CharField(max_length=10, choices=MergeStanding.choices)
    reason = models.CharField(_("why they are one person"), max_length=400)
    chosen = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    needs_second = models.BooleanField(default=False)
    proposed_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_words = models.CharField(_("why they are two"), max_length=400, blank=True)
    reviewed_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["client", "standing"], name="merge_survivor"),
            models.Index(fields=["merged", "standing"], name="merge_merged"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["merged"],
                condition=models.Q(standing__in=["proposed", "done"]),
                name="merge_once",
            ),
            models.CheckConstraint(name="merge_of_two", condition=~models.Q(client=models.F("merged"))),
            models.CheckConstraint(
                name="merge_by_two_people",
                condition=models.Q(needs_second=False)
                | ~models.Q(standing="done")
                | ~models.Q(proposed_by=models.F("decided_by")),
            ),
        ]


@tracked
class SetAside(ClientRow):
    """One way to reach, address or number that the merged record does not show. The row itself stays as it is."""

    merge = models.ForeignKey(Merge, on_delete=models.PROTECT, related_name="set_aside")
    kind = models.CharField(max_length=40)
    row = models.UUIDField()

    class Meta:
        indexes = [models.Index(fields=["row"], name="set_aside_row")]


@tracked
class LegalHold(ClientRow):
    """While it stands this record is neither merged nor purged. It is no authority to disclose anything."""

    reason = models.CharField(_("reason"), max_length=300)
    placed_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
    lifted_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["client"], name="legal_hold_client")]
        constraints = [
            models.UniqueConstraint(
                fields=["client"], condition=models.Q(lifted_at__isnull=True), name="legal_hold_once"
            )
        ]


@tracked
class Imported(ClientRow):
    """What another system's resource became here, so that a second run adds nothing. `row`: None where it was kept out."""

    system = models.CharField(max_length=120)
    resource = models.CharField(max_length=40)
    key = models.CharField(max_length=160)
    row = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "system", "resource", "key"], name="imported_once")
        ]
