"""What a person told us about themselves: one coded answer a row, asked once, with its history.

Two tables of one shape. `ClientFact` belongs to the person and is theirs in every program: schooling, home, work.
`EpisodeFact` belongs to where it was told, and carries Part 2: what brought them, what they use, what the court asked.
The catalogue (intake/questions) says of each topic which of the two it is, and what its codes mean.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.people.models import Staff
from clinic.record.models.base import ChartRow, ClientRow, tracked


class AnswerState(models.TextChoices):
    """What became of a question. None of these is "no", and none is blank: a question never asked has no row."""

    ANSWERED = "answered", _("Answered")
    DECLINED = "declined", _("Prefer not to say")
    UNKNOWN = "unknown", _("Not known")
    NOT_TODAY = "not_today", _("Not today")
    WITHDRAWN = "withdrawn", _("Recorded in error")


class FactSource(models.TextChoices):
    CLIENT = "client", _("The client said so")
    CLIENT_HERSELF = "client_typed", _("The client answered on the screen")
    OTHER = "other", _("Someone else said so")
    RECORD = "record", _("From a letter or another record")
    STAFF = "staff", _("Seen by staff")


class CodedFact(models.Model):
    """The answer's columns. `codes` are the catalogue's; `text`, `number` and `day` where the question is of that kind.

    `about` tells apart several answers to one question: a substance, a person. A change is a new row that names the
    row it stands instead of; the current answer is the one that nothing stands instead of.
    """

    topic = models.CharField(max_length=60)
    about = models.CharField(max_length=60, blank=True)
    answer = models.CharField(max_length=10, choices=AnswerState.choices)
    codes = ArrayField(models.CharField(max_length=60), default=list)
    text = models.TextField(blank=True)
    number = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    day = models.DateField(null=True)
    asked_on = models.DateField()
    by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=12, choices=FactSource.choices, default=FactSource.CLIENT)
    not_before = models.DateField(null=True)  # "not today": it is not asked again before

    class Meta:
        abstract = True

    @property
    def is_known(self) -> bool:
        return self.answer == AnswerState.ANSWERED


def _says_something(name: str) -> models.CheckConstraint:
    said = ~Q(codes=[]) | ~Q(text="") | Q(number__isnull=False) | Q(day__isnull=False)
    answered = Q(answer=AnswerState.ANSWERED)
    return models.CheckConstraint(name=name, condition=(answered & said) | (~answered & ~said))


@tracked
class ClientFact(CodedFact, ClientRow):
    """An answer that holds for the person, whichever program asks. `part2`: it was told in a Part 2 program."""

    append_only = True

    part2 = models.BooleanField(default=False)
    supersedes = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="superseded_by"
    )

    class Meta:
        indexes = [models.Index(fields=["client", "topic"], name="client_fact_topic")]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "topic", "about"],
                condition=Q(supersedes__isnull=True),
                name="client_fact_first_once",
            ),
            _says_something("client_fact_says_something"),
        ]


@tracked
class EpisodeFact(CodedFact, ChartRow):
    """An answer that belongs to the episode in which it was told."""

    append_only = True

    supersedes = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="superseded_by"
    )

    class Meta:
        indexes = [models.Index(fields=["episode", "topic"], name="episode_fact_topic")]
        constraints = [
            models.UniqueConstraint(
                fields=["episode", "topic", "about"],
                condition=Q(supersedes__isnull=True),
                name="episode_fact_first_once",
            ),
            _says_something("episode_fact_says_something"),
        ]
