from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models


class ClockTimestamp(models.Func):
    """The database's own clock at the moment of the row, not the start of its transaction."""

    function = "clock_timestamp"
    output_field = models.DateTimeField()


class Outcome(models.TextChoices):
    DONE = "done"
    GRANTED = "granted"
    REFUSED = "refused"
    LATER = "later"  # what became of an earlier row: a delivery sent, refused, unknown


class LedgerRow(models.Model):
    """One thing done, looked at, or refused. Appended without a lock; never changed (grants), sealed by the minute."""

    append_only = True

    at = models.DateTimeField(db_default=ClockTimestamp())
    actor_kind = models.CharField(max_length=12)  # staff, client, job, command, nobody
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(
        max_length=60, blank=True
    )  # a job's name, what a client holds; never a person's
    act = models.CharField(max_length=80)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    clients = ArrayField(models.BigIntegerField(), default=list)
    episodes = ArrayField(models.BigIntegerField(), default=list)
    basis = models.CharField(max_length=120, blank=True)
    route = models.CharField(max_length=120, blank=True)
    object_kind = models.CharField(max_length=60, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    look = models.BigIntegerField(null=True)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [
            GinIndex(fields=["clients"], name="ledger_clients"),
            models.Index(fields=["actor_id", "at"], name="ledger_actor"),
            models.Index(fields=["at"], name="ledger_at"),
        ]

    def __str__(self) -> str:
        return f"ledger row {self.pk}"


class Seal(models.Model):
    """One batch of rows, closed: digest of their hashes, chained to the seal before by HMAC."""

    append_only = True

    n = models.BigIntegerField(primary_key=True)
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    rows = models.IntegerField()
    digest = models.CharField(max_length=64)
    mac = models.CharField(max_length=64)
    at = models.DateTimeField(db_default=ClockTimestamp())

    def __str__(self) -> str:
        return f"seal {self.n}"


class Sealed(models.Model):
    """A ledger row's hash, and the seal that holds it."""

    append_only = True

    ledger_id = models.BigIntegerField(primary_key=True)
    n = models.BigIntegerField(db_index=True)
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"row {self.ledger_id} in seal {self.n}"
