"""A chart that is shut is opened in an emergency, closed again, and looked into afterwards (law.md R8)."""

import datetime as dt

from clinic.access.acts import act
from clinic.access.chart import Chart
from clinic.access.models import BrokenGlass
from clinic.access.policy import Do
from clinic.consent.release import MessageKind, release
from clinic.kit import clock
from clinic.people.models import Program, Role, Staff
from clinic.people.queries import colleagues, setting


class StillOpen(ValueError):
    """They have another chart open in an emergency: that one is closed first. Nothing was opened."""


@act(Do.BREAK_GLASS)
def break_glass(chart: Chart, *, why: str, words: str) -> BrokenGlass:
    """For the clinic's minutes this person may read the chart; the privacy officers know at once.

    `why`: one of WhyBroken. Who may: `Do.BREAK_GLASS` in the chart that `open_shut_chart` opened, after they proved who
    they are. Recorded: one row, purpose BTG, without the words; a neutral message to every privacy officer waits in the
    same transaction. Raises StillOpen: one client at a time.
    """
    now = clock.now()
    if chart.who.glass_until is not None and chart.who.glass_until > now:
        raise StillOpen
    row = BrokenGlass.objects.create(
        client_id=chart.client_id, staff=chart.who, why=why, words=words, opened_at=now,
        until=now + dt.timedelta(minutes=int(setting("break_glass_minutes"))),
    )  # fmt: skip
    _show(chart.who, row.until, chart.client.public_id)
    told = _alert(chart, row)
    chart.note(purpose="BTG", why=why, minutes=(row.until - now).seconds // 60, told=told)
    return row


@act(Do.BREAK_GLASS)
def close_glass(chart: Chart) -> BrokenGlass | None:
    """The chart is shut to them again, in every session. Who may: whoever opened it so. Recorded: one row."""
    row = BrokenGlass.objects.filter(
        client__in=chart.clients, staff=chart.who, closed_at__isnull=True, until__gt=clock.now()
    ).first()
    if row is not None:
        row.closed_at = clock.now()
        row.save_over(row.version, "closed_at")
    _show(chart.who, None, None)
    return row


@act(Do.REVIEW_GLASS)
def review_glass(chart: Chart, *, glass: BrokenGlass, outcome: str, words: str) -> BrokenGlass:
    """What a privacy officer found stands beside it; it is off the worklist. `outcome`: one of Reviewed.

    Who may: the privacy officer. Recorded: one row with the outcome, without the words. Raises StaleEdit.
    """
    glass.outcome, glass.outcome_words = outcome, words
    glass.reviewed_by, glass.reviewed_at = chart.who, clock.now()
    glass.save_over(glass.version, "outcome", "outcome_words", "reviewed_by", "reviewed_at")
    chart.note(outcome=outcome, staff=glass.staff_id)
    return glass


def _show(who: Staff, until: dt.datetime | None, client: object) -> None:
    """Read with the person at every request: the banner of emergency access costs no query."""
    who.glass_until, who.glass_client = until, client  # type: ignore[assignment]
    Staff.objects.filter(pk=who.pk).update(glass_until=until, glass_client=client)


def _alert(chart: Chart, row: BrokenGlass) -> int:
    programs = list(Program.objects.values_list("pk", flat=True))
    officers = list(colleagues(programs, Role.PRIVACY))
    for officer in officers:
        release(
            chart, kind=MessageKind.TO_STAFF, episode=chart.episodes[0], to=officer,
            due_key=f"glass:{row.pk}:{officer.pk}",
        )  # fmt: skip
    return len(officers)
