from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.people.models import Program, Role, Staff, no_overlap, period
from clinic.record.models.base import ChartRow, ClientRow, tracked


@tracked
class Episode(ClientRow):
    """Client x program x period: FHIR EpisodeOfCare. Row-level security reads this table's own id."""

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="+")
    part2 = models.BooleanField(default=False)
    starts_on = models.DateField(_("admitted"))
    ends_on = models.DateField(_("ended"), null=True, blank=True)
    reason_ended = models.CharField(_("reason ended"), max_length=60, blank=True)

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
    """The level of care recommended or given, with the criteria's edition; wording is our own."""

    edition = models.CharField(_("edition"), max_length=20)
    level = models.CharField(_("level"), max_length=20)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        constraints = [no_overlap("level_of_care_once", "episode")]


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
