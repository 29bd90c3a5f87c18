from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.people.models import Program, Role, Staff, no_overlap, period
from clinic.record.models.base import ChartRow, ClientRow, tracked


class Ending(models.TextChoices):
    """Why an episode ended: the discharge reasons of TEDS (`teds`), and one for somebody who was never admitted."""

    COMPLETED = "completed", _("Treatment completed")
    LEFT = "left", _("Left before it was completed")
    ENDED_BY_PROGRAM = "ended_by_program", _("Ended by the program")
    TRANSFERRED = "transferred", _("Went on in another program or with another provider")
    INCARCERATED = "incarcerated", _("In jail or prison")
    DIED = "died", _("Died")
    OTHER = "other", _("Other")
    NOT_ADMITTED = "not_admitted", _("Never admitted: left the waiting list")

    @property
    def teds(self) -> int | None:
        """TEDS-D REASON, 1 to 7; None where there was no admission to be discharged from."""
        place = list(Ending).index(self) + 1
        return place if place <= 7 else None


@tracked
class Episode(ClientRow):
    """Client x program x period: FHIR EpisodeOfCare. Row-level security reads this table's own id.

    `waiting`: asked for and not yet admitted (EpisodeOfCare.status waitlist); an applicant is a patient (42 CFR 2.11).
    `starts_on` is then the day of asking; `asked_on` keeps it after admission. `follows`: the episode before a transfer.
    """

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="+")
    part2 = models.BooleanField(default=False)
    starts_on = models.DateField(_("admitted"))
    ends_on = models.DateField(_("ended"), null=True, blank=True)
    reason_ended = models.CharField(_("reason ended"), max_length=60, choices=Ending.choices, blank=True)
    ended_words = models.CharField(_("in words"), max_length=400, blank=True, db_default="")
    waiting = models.BooleanField(default=False, db_default=False)
    asked_on = models.DateField(_("first asked"), null=True, blank=True)
    follows = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["client"], name="episode_client")]
        constraints = [
            ExclusionConstraint(
                name="episode_once_at_a_time",
                expressions=[
                    ("client", RangeOperators.EQUAL),
                    ("program", RangeOperators.EQUAL),
                    (period(), RangeOperators.OVERLAPS),
                ],
            )
        ]


@tracked
class LevelOfCare(ChartRow):
    """The level of care given, and the one recommended where it differs, with the criteria's edition; our own wording."""

    edition = models.CharField(_("edition"), max_length=20)
    level = models.CharField(_("level"), max_length=20)
    recommended = models.CharField(_("recommended"), max_length=20, blank=True, db_default="")
    decided_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        constraints = [
            no_overlap("level_of_care_once", "episode"),
            models.CheckConstraint(
                name="level_of_care_differs_with_reason",
                condition=models.Q(recommended="")
                | models.Q(recommended=models.F("level"))
                | ~models.Q(reason=""),
            ),
        ]


@tracked
class CareTeam(ChartRow):
    """Someone on this episode's team for a period. Access ends with the row."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    lead = models.BooleanField(_("lead"), default=False)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        constraints = [no_overlap("care_team_once", "episode", "staff")]
        indexes = [
            models.Index(fields=["episode"], name="care_team_episode"),
            models.Index(fields=["staff"], name="care_team_staff"),
        ]


@tracked
class Sharing(ChartRow):
    """The client agreed that another program here may read this episode. Access ends with the row, at once."""

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="+")
    consent = models.UUIDField()  # its public id; the consent itself is a storey above
    starts_on = models.DateField()
    until = models.DateField(null=True)  # the last day
    with_treatment = models.BooleanField(default=False)  # ends when the episode does
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["episode"], name="sharing_episode")]
