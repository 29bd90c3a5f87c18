from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clinic.kit.ids import new_public_id
from clinic.people.models import Staff
from clinic.record.models import ClientRow, tracked


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
    NOT_TODAY = "not_today"


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


class WhyBroken(models.TextChoices):
    MEDICAL = "medical", _("Medical emergency")
    DANGER = "danger", _("Danger to the client or to someone else")
    COVERING = "covering", _("Covering for a colleague who cannot be reached")
    OTHER = "other", _("Another reason")


class Reviewed(models.TextChoices):
    RIGHT = "right", _("It was right")
    TALKED = "talked", _("Talked over with the person")
    REPORTED = "reported", _("Not right: taken further")


@tracked
class BrokenGlass(ClientRow):
    """Somebody opened a chart that is not theirs, for a reason, for a while. Effective until `until` or `closed_at`.

    The door reads client, staff, opened_at, until and closed_at.
    """

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(_("reason"), max_length=12, choices=WhyBroken.choices)
    words = models.CharField(_("in words"), max_length=400)
    opened_at = models.DateTimeField()
    until = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Reviewed.choices, blank=True)
    outcome_words = models.CharField(_("what was found"), max_length=400, blank=True)
    reviewed_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["client", "staff"], name="broken_glass_client"),
            models.Index(fields=["staff", "opened_at"], name="broken_glass_staff"),
        ]
        constraints = [
            # One client at a time: the next one begins when this one is closed or over.
            ExclusionConstraint(
                name="broken_glass_one_client",
                expressions=[
                    ("staff", RangeOperators.EQUAL),
                    (
                        Func(
                            F("opened_at"),
                            Coalesce(F("closed_at"), F("until")),
                            Value("[)"),
                            function="tstzrange",
                            output_field=DateTimeRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            )
        ]
