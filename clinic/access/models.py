from django.db import models
from django.utils import timezone

from clinic.kit.ids import new_public_id
from clinic.people.models import Staff


class OnceKey(models.Model):
    """A form's own key: the second post of the same form is answered like the first and does nothing."""

    key = models.UUIDField(primary_key=True)
    actor_id = models.BigIntegerField(null=True)  # nobody of the staff: a client at the screen
    location = models.CharField(max_length=400, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"form {self.key}"


class Way(models.TextChoices):
    TABLET = "tablet"
    LINK = "link"


class Ending(models.TextChoices):
    """Why a handover ended; empty while it lives, or when its time ran out."""

    DONE = "done"
    GIVEN_BACK = "given_back"
    IDLE = "idle"
    WITHDRAWN = "withdrawn"
    TRIES = "tries"


class Handover(models.Model):
    """One thing of one episode is in the client's hands: on our tablet, or by a link. No name, nothing clinical.

    A link is found by the hash of its token; the browser that opened it, by the hash of a cookie of its own.
    """

    MOST_TRIES = 5

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    token_hash = models.CharField(max_length=64, unique=True)
    browser_hash = models.CharField(max_length=64, blank=True)
    client = models.UUIDField()
    episode_id = models.BigIntegerField()
    kind = models.CharField(max_length=20)
    thing = models.UUIDField()
    way = models.CharField(max_length=10, choices=Way.choices)
    language = models.CharField(max_length=5, default="en")
    made_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=12, choices=Ending.choices, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["thing"], name="handover_thing")]

    def __str__(self) -> str:
        return f"handover {self.public_id}"

    @property
    def is_live(self) -> bool:
        return self.ended_at is None and self.expires_at > timezone.now()

    @property
    def by_link(self) -> bool:
        return self.way == Way.LINK

    @property
    def tries_left(self) -> int:
        return max(0, self.MOST_TRIES - self.tries)
