import datetime as dt
import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.people.models import Staff
from clinic.record.models import ChartRow, Flag, Freezes, Language, tracked
from screening import rules


class Mode(models.TextChoices):
    STAFF = "staff", _("Asked by staff")
    PAPER = "paper", _("Filled in on paper")
    TABLET = "tablet", _("Answered on our tablet")
    LINK = "link", _("Answered by a link")
    IMPORTED = "imported", _("Imported")


@tracked
class Sitting(ChartRow):
    """Several instruments asked one after the other. Closed when all are done and no critical answer waits."""

    instruments = models.JSONField(default=list)
    language = models.CharField(max_length=5, choices=Language.choices, default=Language.ENGLISH)
    started_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    started_on = models.DateField(_("date"))
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    close_reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["episode", "started_on"], name="sitting_episode")]

    @property
    def titles(self) -> str:
        """What it asks: PHQ-9, AUDIT-C."""
        return ", ".join(rules.load(name).short_title for name in self.instruments)


class Answering(ChartRow):
    """Answers on their way: each is here the moment it is given. No row history.

    Those of a set belong to the set: begun by staff, gone on with on a tablet or by a link, or the other way round.
    Outside a set they are restored to the same person only. `staff` is who began or last wrote; None is the client.
    `screen_id` is the public id that the finished screen will have, so that a flag raised meanwhile already names it.
    `instrument_version` is the one it was begun in, whatever came after. `tab` is the page that wrote last: another page
    with an older version is told so and overwrites nothing.
    """

    staff = models.ForeignKey(Staff, null=True, on_delete=models.CASCADE, related_name="+")
    instrument = models.CharField(max_length=20)
    instrument_version = models.CharField(max_length=10, blank=True)
    screen_id = models.UUIDField(default=uuid.uuid4)
    sitting = models.ForeignKey(Sitting, null=True, on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=5, choices=Language.choices, default=Language.ENGLISH)
    mode = models.CharField(max_length=10, choices=Mode.choices, default=Mode.STAFF)
    taken_on = models.DateField()
    answers = models.JSONField(default=dict)
    tab = models.CharField(max_length=36, blank=True)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["episode", "staff", "instrument"],
                condition=Q(sitting__isnull=True),
                name="answering_once",
            ),
            models.UniqueConstraint(
                fields=["sitting", "instrument"],
                condition=Q(sitting__isnull=False),
                name="answering_once_in_a_set",
            ),
            models.CheckConstraint(
                name="answering_of_someone", condition=Q(staff__isnull=False) | Q(sitting__isnull=False)
            ),
        ]

    @property
    def form(self) -> rules.Instrument:
        """The instrument in the version it was begun in."""
        return rules.load(self.instrument, self.instrument_version or None)


@tracked
class Screen(Freezes, ChartRow):
    """One instrument, answered and scored. Written once and frozen; a correction is another row that names this one.

    `thread` is the first screen of a chain of corrections (its own public id if there is none): flags name that.
    `answers` holds an option's number, "declined" or "skipped"; what is not in it was not reached.
    """

    instrument = models.CharField(max_length=20)
    instrument_version = models.CharField(max_length=10)
    instrument_hash = models.CharField(max_length=64)
    language = models.CharField(max_length=5, choices=Language.choices, default=Language.ENGLISH)
    mode = models.CharField(max_length=10, choices=Mode.choices, default=Mode.STAFF)
    taken_on = models.DateField(_("date"))
    taken_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    sitting = models.ForeignKey(Sitting, null=True, on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField(default=dict)
    complete = models.BooleanField()
    unanswered = models.PositiveSmallIntegerField(default=0)
    total = models.PositiveSmallIntegerField(null=True)
    band = models.CharField(max_length=60, blank=True)
    positive = models.BooleanField(null=True)
    score = models.JSONField(default=dict)
    thread = models.UUIDField()
    corrects = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="corrected_by")
    correction_reason = models.CharField(_("reason"), max_length=300, blank=True)
    origin = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["episode", "instrument", "-taken_on"], name="screen_episode"),
            models.Index(fields=["thread"], name="screen_thread"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["episode", "instrument", "taken_on"],
                condition=~Q(origin="") & Q(corrects__isnull=True),
                name="screen_imported_once",
            ),
            models.CheckConstraint(
                name="screen_total_only_when_complete", condition=Q(complete=True) | Q(total__isnull=True)
            ),
        ]


@tracked
class ScreenError(ChartRow):
    """A screen was entered in error (wrong person, wrong form). The screen stays; it no longer counts."""

    append_only = True

    screen = models.OneToOneField(Screen, on_delete=models.PROTECT, related_name="in_error")
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


@tracked
class StepDeclined(ChartRow):
    """A fuller questionnaire, or the safety screen, was offered after a screen and not asked, because."""

    append_only = True

    screen = models.ForeignKey(Screen, on_delete=models.PROTECT, related_name="+")
    sitting = models.ForeignKey(Sitting, null=True, on_delete=models.PROTECT, related_name="+")
    instrument = models.CharField(max_length=20)
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["screen"], name="step_declined_screen")]


@tracked
class NotToday(ChartRow):
    """The client said "not today": these questionnaires (none named: all) are not due until that day.

    `by`: who wrote it down; None where the client said so themselves, alone at the screen.
    """

    append_only = True

    instruments = models.JSONField(default=list)
    said_on = models.DateField()
    until = models.DateField(_("ask again from"))
    by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["episode", "until"], name="not_today_episode")]


@tracked
class MostPerVisit(ChartRow):
    """How many questionnaires the client agreed to at one visit; the newest row holds."""

    append_only = True

    most = models.PositiveSmallIntegerField(_("at most, per visit"))
    agreed_on = models.DateField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["episode"], name="most_per_visit_episode")]


class ResponseState(models.TextChoices):
    OPEN = "open", _("Not answered yet")
    IN_PLAN = "in_plan", _("In the plan")
    DEFERRED = "deferred", _("Put off")
    REFERRED = "referred", _("Referred")
    NOT_CONFIRMED = "not_confirmed", _("Not confirmed")
    TAKEN_BACK = "taken_back", _("The answers were corrected")


@tracked
class ScreenResponse(ChartRow):
    """What is done about a positive screen. Opened with it; it ends in the plan, put off, referred or not confirmed.

    `screen` is the newest one it answers, `since` the day of the first. `names` is the public id of the problem or the
    referral: rooms above this one, known here by their words alone. Put off until a day, it is open again on that day.
    """

    instrument = models.CharField(max_length=20)
    screen = models.ForeignKey(Screen, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=10, default="positive")
    since = models.DateField()
    opened_at = models.DateTimeField()
    state = models.CharField(max_length=14, choices=ResponseState.choices, default=ResponseState.OPEN)
    until = models.DateField(_("until"), null=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    names = models.UUIDField(null=True)
    names_words = models.CharField(max_length=240, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["episode", "instrument"], name="response_episode"),
            models.Index(
                fields=["episode"], name="response_unsettled", condition=Q(state__in=["open", "deferred"])
            ),
            models.Index(fields=["names"], name="response_names", condition=Q(names__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["episode", "instrument"], condition=Q(state__in=["open", "deferred"]), name="response_one_waits"
            ),
            models.CheckConstraint(
                name="response_ends_with_its_reason",
                condition=Q(state="open")
                | Q(state="deferred", until__isnull=False) & ~Q(reason="")
                | Q(state__in=["in_plan", "referred"], names__isnull=False)
                | Q(state__in=["not_confirmed", "taken_back"]) & ~Q(reason=""),
            ),
        ]  # fmt: skip

    def waits(self, today: dt.date) -> bool:
        """Nobody has answered it yet, or the day until which it was put off has come."""
        if self.state == ResponseState.DEFERRED and self.until is not None:
            return self.until <= today
        return self.state == ResponseState.OPEN


@tracked
class ResponseStep(ChartRow):
    """One step of a response, in order: opened, joined by a newer screen, ended, opened again; by whom, with the reason."""

    append_only = True

    response = models.ForeignKey(ScreenResponse, on_delete=models.PROTECT, related_name="steps")
    screen = models.ForeignKey(Screen, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=14, choices=ResponseState.choices)
    until = models.DateField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    names_words = models.CharField(max_length=240, blank=True)
    by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["response"], name="response_step")]


@tracked
class SafetyStep(ChartRow):
    """What was done about a critical answer. Filing it answers the flag; owner and next contact stay in view."""

    append_only = True

    flag = models.ForeignKey(Flag, on_delete=models.PROTECT, related_name="+")
    told = models.CharField(_("who was told"), max_length=300)
    asked = models.TextField(_("what was asked"))
    done = models.TextField(_("what was done"))
    next_contact_on = models.DateField(_("next contact"))
    owner = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["episode", "next_contact_on"], name="safety_step_episode")]


@tracked
class Flowsheet(ChartRow):
    """One withdrawal watched over hours or days: ratings on one scale, one after the other, until it is ended.

    `next_due_at`: when the scale is to be rated again, by the newest rating and the clinic's protocol.
    """

    instrument = models.CharField(max_length=20)
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    next_due_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    end_reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["episode", "instrument"],
                condition=Q(ended_at__isnull=True),
                name="flowsheet_one_runs",
            )
        ]


@tracked
class Rating(ChartRow):
    """One column of a flowsheet: the screen with its answers, the moment it was rated, and the vital signs then."""

    append_only = True

    flowsheet = models.ForeignKey(Flowsheet, on_delete=models.PROTECT, related_name="ratings")
    screen = models.OneToOneField(Screen, on_delete=models.PROTECT, related_name="rating")
    at = models.DateTimeField(_("time"))
    pulse = models.PositiveSmallIntegerField(_("pulse"), null=True)
    systolic = models.PositiveSmallIntegerField(_("systolic blood pressure"), null=True)
    diastolic = models.PositiveSmallIntegerField(_("diastolic blood pressure"), null=True)
    temperature = models.DecimalField(_("temperature in °F"), max_digits=4, decimal_places=1, null=True)
    respiration = models.PositiveSmallIntegerField(_("respiration"), null=True)
    spo2 = models.PositiveSmallIntegerField(_("SpO2"), null=True)
    due_minutes = models.PositiveSmallIntegerField()
    protocol_source = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["flowsheet", "at"], name="rating_flowsheet")]
