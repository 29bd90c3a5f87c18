"""The intake interview: one version of it, its answers, what the client disagrees with, and what may not be asked yet."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.kit import clock
from clinic.people.models import Staff
from clinic.record.models import ChartRow, Freezes, Language, tracked


class State(models.TextChoices):
    """What became of a question. A question without a row was not answered: none of these, and not "no"."""

    TOLD = "told", _("Answered")
    NOT_TODAY = "not_today", _("Not today")
    RATHER_NOT = "rather_not", _("Would rather not say")


class Way(models.TextChoices):
    STAFF = "staff", _("Asked by staff")
    TABLET = "tablet", _("Answered on the tablet")
    LINK = "link", _("Answered by link")


@tracked
class Interview(Freezes, ChartRow):
    """One version. Open until client and clinician have both confirmed its summary; then it is frozen.

    `edition` names the wording that was asked; `text` is the summary as both read it, kept when it freezes.
    """

    edition = models.CharField(max_length=10)
    language = models.CharField(
        _("language"), max_length=5, choices=Language.choices, default=Language.ENGLISH
    )
    version_no = models.PositiveSmallIntegerField(_("version"), default=1)
    supersedes = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="superseded_by"
    )
    begun_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(default=clock.now)
    text = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["episode", "frozen_at"], name="interview_episode")]
        constraints = [
            models.UniqueConstraint(
                fields=["episode"], condition=Q(frozen_at__isnull=True), name="interview_one_open_an_episode"
            )
        ]

    @property
    def is_confirmed(self) -> bool:
        return self.frozen_at is not None


class OfInterview(Freezes, ChartRow):
    """Part of one version; frozen with it."""

    frozen_with = "interview"

    interview = models.ForeignKey(Interview, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


@tracked
class InterviewAnswer(OfInterview):
    """What was said to one question, or that it was declined, and how. Blank has no row.

    `tab` is the page that wrote last; `came_from` is the answer of an earlier version that still holds.
    """

    question = models.CharField(max_length=80)
    state = models.CharField(max_length=12, choices=State.choices)
    value = models.JSONField(null=True)
    way = models.CharField(max_length=10, choices=Way.choices)
    staff = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    tab = models.CharField(max_length=36, blank=True)
    came_from = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["interview", "question"], name="interview_answer_once"),
            models.CheckConstraint(
                name="interview_value_only_when_told",
                condition=Q(state="told", value__isnull=False) | (~Q(state="told") & Q(value__isnull=True)),
            ),
        ]


class NoteChoice(models.TextChoices):
    CONTINUE = "continue", _("Went on")
    SKIP = "skip", _("Skipped this part")
    TALK = "talk", _("Asked to talk to someone")


@tracked
class InterviewPart(OfInterview):
    """What the client chose at a part's content note. Asked once a part."""

    part = models.CharField(max_length=30)
    choice = models.CharField(max_length=10, choices=NoteChoice.choices)
    way = models.CharField(max_length=10, choices=Way.choices)
    staff = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["interview", "part"], name="interview_part_once")]


@tracked
class Disagreement(OfInterview):
    """The client says that a line of the summary is not right: their words beside the line as it stood that day."""

    question = models.CharField(max_length=80)
    statement = models.TextField()
    words = models.TextField(_("what the client says"))
    way = models.CharField(max_length=10, choices=Way.choices)
    staff = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["interview"], name="disagreement_interview")]


@tracked
class QuietUntil(ChartRow):
    """A topic that the client does not want to be asked about before a day."""

    topic = models.CharField(max_length=30)
    until = models.DateField(_("do not ask before"))
    words = models.CharField(_("in the client's words"), max_length=300, blank=True)
    set_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["episode", "topic"], condition=Q(lifted_at__isnull=True), name="quiet_topic_once"
            )
        ]


@tracked
class InterviewNotice(ChartRow):
    """What an answer led to and cannot be left lying: raised with the answer, closed by a screen taken since or in words.

    `lead` names the rule of the edition that raised it, or "talk.PART" where the client asked to talk to someone.
    """

    interview = models.ForeignKey(Interview, on_delete=models.PROTECT, related_name="+")
    lead = models.CharField(max_length=60)
    instrument = models.CharField(max_length=20, blank=True)
    now = models.BooleanField(default=True)
    raised_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    close_words = models.CharField(_("what was done"), max_length=400, blank=True)

    class Meta:
        indexes = [models.Index(fields=["episode", "closed_at"], name="interview_notice_episode")]
        constraints = [
            models.UniqueConstraint(
                fields=["interview", "lead"],
                condition=Q(closed_at__isnull=True),
                name="interview_notice_once",
            ),
            models.CheckConstraint(
                name="interview_notice_closed_in_words",
                condition=Q(closed_at__isnull=True) | ~Q(close_words=""),
            ),
        ]
