"""What answers of the interview led to, for staff: act now, or soon."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import Exists, F, Func, JSONField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Concat, JSONObject
from django.utils import timezone

from clinic.access.chart import Chart, ChartNotFound, Open
from clinic.kit import clock
from clinic.kit.due import Due, Urgency
from clinic.kit.words import gettext as _
from intake import rules
from intake.models import Interview, InterviewAnswer, InterviewNotice, QuietUntil
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
    return Notice(row, *_in_words(row.lead, row.instrument, row.now, row.interview.edition), row.instrument)


def _in_words(lead: str, instrument: str, now: bool, edition: str) -> tuple[str, str]:
    """(title, words) of a notice."""
    if lead.startswith("talk."):
        return _("Talk to them now"), _("They asked to talk to someone before a part of the interview.")
    name = INSTRUMENT_NAMES.get(instrument, "")
    title = _("%(form)s now") % {"form": name} if name else _("Act now") if now else _("Do soon")
    return title, _lead_words(lead, edition)


def _lead_words(lead: str, edition: str) -> str:
    """What the rule says that raised this notice."""
    part, _dot, name = lead.partition(".")
    leads = rules.interview(edition).part(part).leads
    return next((one.words for one in leads if one.id == name), "")


def notices_told(opened: Open) -> Func:
    """An episode's open notices as JSON, for rooms that read the episodes anyway; with them the parts of an open
    interview that the client did not want to be asked about before a day, and that day has come."""
    rows = open_notices(opened).filter(episode=OuterRef("pk"))
    notices = ArraySubquery(
        rows.values(
            json=JSONObject(
                id=F("public_id"), lead=F("lead"), instrument=F("instrument"), now=F("now"), raised_at=F("raised_at"),
                edition=F("interview__edition"),
            )
        )
    )  # fmt: skip
    return Func(notices, _quiet_over(), function="array_cat", output_field=ArrayField(base_field=JSONField()))


def _quiet_over() -> ArraySubquery:
    """Topics that may be asked about again, and were not since their day."""
    here = Interview.objects.filter(episode=OuterRef("episode"), frozen_at__isnull=True)
    asked = InterviewAnswer.objects.filter(
        episode=OuterRef("episode"), question__startswith=Concat(OuterRef("topic"), Value(".")),
        at__date__gte=OuterRef("until"),
    )  # fmt: skip
    rows = QuietUntil.objects.filter(
        ~Exists(asked), Exists(here), episode=OuterRef("pk"), lifted_at__isnull=True, until__lte=clock.today()
    )
    return ArraySubquery(
        rows.values(
            json=JSONObject(
                quiet=F("topic"), until=F("until"), interview=Subquery(here.values("public_id")[:1]),
                edition=Subquery(here.values("edition")[:1]),
            )
        )
    )  # fmt: skip


def due(told: list[tuple[int, int, Any, list[dict[str, Any]]]]) -> list[Due]:
    """What answers of the interview led to and nobody has seen to, and what may be asked about again.

    `told`: (episode, client, client's public id, `notices_told`) as the caller has read them; no query of its own.
    """
    return [
        (_ask_again if "quiet" in one else _due)(episode, client, key, one)
        for episode, client, key, found in told
        for one in found
    ]


def _ask_again(episode: int, client: int, key: Any, one: dict[str, Any]) -> Due:
    day = dt.date.fromisoformat(one["until"])
    part = rules.interview(one["edition"]).part(one["quiet"])
    return Due(
        client, episode, "interview_again",
        _("They may be asked again, if they want: %(part)s (interview)") % {"part": part.title},
        day, Urgency.SOON, "intake:interview_part", (str(key), one["interview"], part.id), _("Ask, or wait longer"),
    )  # fmt: skip


def _due(episode: int, client: int, key: Any, one: dict[str, Any]) -> Due:
    title, words = _in_words(one["lead"], one["instrument"], one["now"], one["edition"])
    return Due(
        client, episode, "interview_notice",
        _("%(title)s (interview): %(words)s") % {"title": title, "words": words},
        timezone.localdate(dt.datetime.fromisoformat(one["raised_at"])), Urgency.NOW if one["now"] else Urgency.SOON,
        "intake:notice", (str(key), one["id"]), _("See to it"),
    )  # fmt: skip
