"""What answers of the interview led to, for staff: act now, or soon."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from clinic.access.chart import Chart, ChartNotFound, Open
from clinic.kit.due import Due, Urgency
from intake import rules
from intake.models import InterviewNotice
from screening.models import Screen
from screening.queries import instrument


@dataclass(frozen=True)
class Notice:
    """What an answer led to, for staff: act now, or soon."""

    row: InterviewNotice
    title: str
    words: str
    instrument: str

    @property
    def public_id(self) -> UUID:
        return self.row.public_id


def one_notice(row: InterviewNotice) -> Notice:
    """A notice in words."""
    return _notice(row)


def is_offered(name: str) -> bool:
    """Whether the clinic has this form."""
    try:
        return bool(name and instrument(name))
    except ChartNotFound:
        return False


INSTRUMENT_NAMES = {"ciwa-ar": "CIWA-Ar", "cows": "COWS", "c-ssrs-screener": "C-SSRS"}


def open_notices(opened: Open) -> QuerySet[InterviewNotice]:
    """Notices that nobody has seen to, and that no screen taken since has answered."""
    since = Screen.objects.filter(
        client=OuterRef("client"), instrument=OuterRef("instrument"), recorded_at__gte=OuterRef("raised_at"),
        episode__in=opened.episode_ids,
    )  # fmt: skip
    rows = InterviewNotice.objects.filter(episode__in=opened.episode_ids, closed_at__isnull=True)
    return rows.filter(Q(instrument="") | ~Exists(since)).order_by("-now", "raised_at", "pk")


def notices_of(chart: Chart) -> list[Notice]:
    """The chart's notices, what cannot wait first."""
    return [_notice(row) for row in open_notices(chart).select_related("interview")]


def notice(chart: Chart, public_id: Any) -> InterviewNotice:
    """The notice of that id in the open chart, open or closed; ChartNotFound for any other."""
    rows = InterviewNotice.objects.filter(public_id=public_id, episode__in=chart.episode_ids)
    row = rows.select_related("interview").first()
    if row is None:
        raise ChartNotFound
    return row


def _notice(row: InterviewNotice) -> Notice:
    name = INSTRUMENT_NAMES.get(row.instrument, "")
    if row.lead.startswith("talk."):
        title, words = (
            _("Talk to them now"),
            _("They asked to talk to someone before a part of the interview."),
        )
    else:
        title = _("%(form)s now") % {"form": name} if name else _("Act now") if row.now else _("Do soon")
        words = lead_words(row)
    return Notice(row, title, words, row.instrument)


def lead_words(row: InterviewNotice) -> str:
    """What the rule says that raised this notice."""
    part, _dot, name = row.lead.partition(".")
    leads = rules.interview(row.interview.edition).part(part).leads
    return next((one.words for one in leads if one.id == name), "")


def due(opened: Open, today: dt.date) -> list[Due]:
    """What answers of the interview led to and nobody has seen to. One query, whatever the number of clients."""
    rows = open_notices(opened).annotate(client_public=F("client__public_id")).select_related("interview")
    found = []
    for row in rows:
        shown = _notice(row)
        found.append(
            Due(
                row.client_id, row.episode_id, "interview_notice",
                _("%(title)s (interview): %(words)s") % {"title": shown.title, "words": shown.words},
                row.raised_at.date(), Urgency.NOW if row.now else Urgency.SOON, "intake:notice",
                (row.client_public, row.public_id), _("See to it"),
            )
        )  # fmt: skip
    return found
