"""Where somebody was and is treated: every open episode with its level of care, its team then and now, its waiting."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from clinic.access.chart import Chart, OpenEpisode
from clinic.access.policy import Do
from clinic.kit import clock
from clinic.record.models import CareTeam, Ending, Episode, LevelOfCare, WaitingPlace
from intake.queries.waiting import waiting_places
from intake.rules.levels import ASAM_3, ASAM_4, LEVELS, OWN, day_wait, days_waited, level_words

EDITIONS = {
    ASAM_3: _("ASAM Criteria, 3rd edition"),
    ASAM_4: _("ASAM Criteria, 4th edition"),
    OWN: _("Our own levels"),
}


@dataclass
class EpisodeView:
    """One open episode as the page shows it, newest rows first."""

    place: OpenEpisode
    row: Episode
    reason: str
    follows: str
    waited: int | None
    teds_wait: int | None
    waiting: WaitingPlace | None
    may_move: bool
    may_keep: bool
    may_assign: bool
    levels: list[tuple[LevelOfCare, str, str]] = field(default_factory=list)
    team: list[CareTeam] = field(default_factory=list)

    @property
    def running(self) -> bool:
        return self.row.ends_on is None

    @property
    def is_new(self) -> bool:
        """It began not long ago: who was registered then may turn out to have no place yet."""
        return (clock.today(self.place.zone) - self.row.starts_on).days <= 14


def episode_views(chart: Chart) -> list[EpisodeView]:
    """The open episodes, the running ones first, then the newest. Four queries, whatever their number."""
    rows = Episode.objects.filter(pk__in=chart.episode_ids).order_by("-starts_on", "-pk")
    waits = waiting_places(chart)
    known = {e.id: e for e in chart.episodes}
    views = {row.pk: _view(chart, row, known, waits.get(row.pk)) for row in rows}
    for level in (
        LevelOfCare.objects.filter(episode__in=views)
        .select_related("decided_by")
        .order_by("-starts_on", "-pk")
    ):
        recommended = level_words(level.edition, level.recommended) if level.recommended else ""
        views[level.episode_id].levels.append((level, level_words(level.edition, level.level), recommended))
    for member in (
        CareTeam.objects.filter(episode__in=views).select_related("staff").order_by("-starts_on", "-pk")
    ):
        views[member.episode_id].team.append(member)
    return sorted(views.values(), key=lambda view: not view.running)


def _view(
    chart: Chart, row: Episode, known: dict[int, OpenEpisode], waiting: WaitingPlace | None
) -> EpisodeView:
    place = known[row.pk]
    waited = None
    if row.asked_on and not row.waiting and row.reason_ended != Ending.NOT_ADMITTED:
        waited = days_waited(row.asked_on, row.starts_on)
    before: Any = known.get(row.follows_id or 0)  # a program that is not theirs to know stays unnamed
    return EpisodeView(
        place=place, row=row, reason=str(row.get_reason_ended_display()) if row.reason_ended else "",
        follows=before.program if before else "", waited=waited,
        teds_wait=None if waited is None else day_wait(waited), waiting=waiting,
        may_move=chart.permits(Do.MOVE_EPISODE, row.pk), may_keep=chart.permits(Do.KEEP_WAITING, row.pk),
        may_assign=chart.permits(Do.ASSIGN_CARE, row.pk),
    )  # fmt: skip


def levels_of_care() -> list[tuple[str, Any, dict[str, str]]]:
    """Each edition with its title and its levels, code to our own words."""
    return [(edition, title, LEVELS[edition]) for edition, title in EDITIONS.items()]
