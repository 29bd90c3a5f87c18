"""Both one-page plans: begun, written in the client's words, finished, changed by a new version, given to the client."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext as _

from clinic.access.acts import act
from clinic.access.chart import Chart, OpenEpisode, Refused
from clinic.access.policy import Do
from clinic.kit import clock
from clinic.record.models import Flag, Language
from treatment_plans.models import (
    GivenHow,
    OnePage,
    PageGiven,
    RelapsePlan,
    SafetyPlan,
    SafetyPutOff,
)
from treatment_plans.queries.plain_safety import WORDING
from treatment_plans.queries.safety import page_home

SAFETY_WORDS = ("signs", "coping", "places", "helpers", "services", "making_safe")
RELAPSE_WORDS = (
    "triggers", "early_signs", "helps", "naloxone", "naloxone_place", "naloxone_others", "not_alone", "overdose",
)  # fmt: skip


def _written_in(row: OnePage) -> tuple[str, ...]:
    """The fields of this page that somebody writes in."""
    return SAFETY_WORDS if isinstance(row, SafetyPlan) else RELAPSE_WORDS


@act(Do.KEEP_SAFETY)
def start_safety_plan(chart: Chart) -> SafetyPlan:
    """A draft of the client's safety plan is there: with the words of the version that holds, or empty. One at a time:
    a draft that somebody began is the one that is gone on with.

    Who may: clinicians and prescribers on the team, supervisors of the program. Recorded: one row. Raises Refused.
    """
    place = page_home(chart, "safety")
    if place is None:
        raise Refused(Do.KEEP_SAFETY)
    theirs = SafetyPlan.objects.filter(client__in=chart.clients)
    draft = theirs.filter(frozen_at__isnull=True).first()
    if draft is not None:
        return draft
    last = theirs.filter(frozen_at__isnull=False).order_by("-version_no", "-pk").first()
    return SafetyPlan.objects.create(
        client_id=chart.client_id, program_id=place.program_id, author_id=chart.who.actor_id,
        version_no=_next_number(theirs), **_words(last, SAFETY_WORDS),
    )  # fmt: skip


@act(Do.KEEP_SAFETY)
def start_relapse_plan(chart: Chart, *, place: OpenEpisode) -> RelapsePlan:
    """A draft of the relapse and overdose plan is there in this episode: with the words that hold there, or empty.

    It stays in its episode, and is a Part 2 record where the program is one: words of another episode are not copied
    into it. Who may: clinicians and prescribers on the team, supervisors of the program. Recorded: one row.
    """
    theirs = RelapsePlan.objects.filter(episode=place.id)
    draft = theirs.filter(frozen_at__isnull=True).first()
    if draft is not None:
        return draft
    last = theirs.filter(frozen_at__isnull=False).order_by("-version_no").first()
    return RelapsePlan.objects.create(
        **chart.stamp(place, part2=bool(last and last.part2)), author_id=chart.who.actor_id,
        version_no=_next_number(theirs), **_words(last, RELAPSE_WORDS),
    )  # fmt: skip


def _next_number(rows: Any) -> int:
    return (rows.aggregate(newest=Max("version_no"))["newest"] or 0) + 1


def _words(row: OnePage | None, names: tuple[str, ...]) -> dict[str, str]:
    return {name: getattr(row, name) for name in names} if row else {}


@act(Do.KEEP_SAFETY)
def change_page(chart: Chart, *, page: Any, version: int, **words: str) -> Any:
    """The draft's words are these. Who may: clinicians and prescribers on the team, supervisors of the program.

    Recorded: one row with the names of the fields. Raises StaleEdit where someone else saved first, ValidationError
    where it is finished: it never changes, a new version takes its place.
    """
    page = _draft(page)
    changed = [name for name, value in words.items() if getattr(page, name) != value]
    for name in changed:
        setattr(page, name, words[name])
    page.save_over(version, *changed)
    chart.note(fields=sorted(changed))
    return page


@act(Do.KEEP_SAFETY)
def finish_page(chart: Chart, *, page: Any) -> Any:
    """This version holds from now on and never changes; the one before stays readable. An empty step may wait.

    Who may: clinicians and prescribers on the team, supervisors of the program. Recorded: one row with the version.
    Raises ValidationError where nothing is written yet.
    """
    page = _draft(page)
    if not any(getattr(page, name).strip() for name in _written_in(page)):
        raise ValidationError(_("Nothing is written yet. One line is enough to begin with."))
    page.frozen_at = clock.now()
    type(page).objects.filter(pk=page.pk).update(frozen_at=page.frozen_at)
    chart.note(version_no=page.version_no)
    return page


@act(Do.KEEP_SAFETY)
def discard_page(chart: Chart, *, page: Any) -> None:
    """The draft is gone from the chart; row history keeps it, and the version that holds goes on holding.

    Who may: clinicians and prescribers on the team, supervisors of the program. Recorded: one row with the draft's id.
    Raises ValidationError where it is finished.
    """
    page = _draft(page)
    type(page).objects.filter(pk=page.pk).delete()
    chart.note(discarded=str(page.public_id))


def _draft(page: Any) -> Any:
    """The draft, held until the transaction ends."""
    row = type(page).objects.select_for_update().filter(pk=page.pk).first()
    if row is None:
        raise ValidationError(_("This draft was discarded."))
    if row.is_finished:
        raise ValidationError(_("This version is finished and does not change. Start a new version of it."))
    return row


@act(Do.KEEP_SAFETY)
def give_page(chart: Chart, *, page: Any, how: str, language: str = Language.ENGLISH) -> PageGiven:
    """That the client was given this page, or went over it again, is on file: when, how, in which language, by whom.

    Who may: clinicians and prescribers on the team, supervisors of the program. Recorded: one row with the way.
    Raises ValidationError where the page is still a draft.
    """
    if not page.is_finished:
        raise ValidationError(_("This is still a draft. Finish it first, then give it to the client."))
    if how not in GivenHow.values or language not in Language.values:
        raise ValidationError({"how": _("Say how the client got it.")})
    which = "safety" if isinstance(page, SafetyPlan) else "relapse"
    place = page_home(chart, which) if which == "safety" else chart.episode(page.episode_id)
    if place is None:
        raise Refused(Do.KEEP_SAFETY)
    chart.note(how=how, version_no=page.version_no)
    return PageGiven.objects.create(
        **chart.stamp(place), **{which: page}, how=how, language=language, wording=WORDING,
        staff_id=chart.who.actor_id,
    )  # fmt: skip


@act(Do.KEEP_SAFETY)
def put_off_safety_plan(chart: Chart, *, flag: Flag, why: str, again_on: dt.date | None) -> SafetyPutOff:
    """Why there is no safety plan today is on file; on `again_on` it is asked for again, or never where that is empty.

    Who may: clinicians and prescribers on the team, supervisors of the program. Recorded: one row. Raises
    ValidationError naming the field where no reason is given, or the day is not after today.
    """
    if not why.strip():
        raise ValidationError({"why": _("Say why not today.")})
    place = chart.episode(flag.episode_id)
    if again_on is not None and again_on <= clock.today(place.zone):
        raise ValidationError({"again_on": _("Choose a day after today, or leave it empty.")})
    return SafetyPutOff.objects.create(
        **chart.stamp(place, part2=flag.part2), flag=flag, why=why.strip()[:300], again_on=again_on,
        staff_id=chart.who.actor_id,
    )  # fmt: skip


@act(Do.SEE_SAFETY)
def print_page(chart: Chart, *, page: Any) -> Any:
    """That this page was printed, by whom, is on the ledger. Paper for the client is no disclosure.

    Who may: whoever may see it.
    """
    chart.note(version_no=page.version_no, draft=not page.is_finished)
    return page
