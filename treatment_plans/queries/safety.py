"""Readers of both one-page plans: the version that holds, the draft, what was given; and whether one is asked for today."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import DateTimeField, Exists, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject

from clinic.access.chart import Chart, ChartNotFound, Open, OpenEpisode
from clinic.access.policy import Do
from clinic.kit.dates import date_format
from clinic.kit.due import Due, Urgency
from clinic.kit.words import gettext as _
from clinic.record.models import Client, Flag
from screening.models import SafetyStep
from treatment_plans.models import OnePage, PageGiven, RelapsePlan, SafetyPlan, SafetyPutOff

PAGES: dict[str, Any] = {"safety": SafetyPlan, "relapse": RelapsePlan}


def is_page(which: str) -> bool:
    """Whether there is such a page at all."""
    return which in PAGES


def pages(chart: Chart, which: str) -> Any:
    """Every version of this page that is open here, the newest first."""
    model = PAGES.get(which)
    if model is None:
        raise ChartNotFound
    rows = model.objects.filter(client__in=chart.clients).select_related("author")
    if model is RelapsePlan:
        rows = rows.filter(episode__in=chart.episode_ids).select_related("author", "episode")
    return rows.order_by("-version_no", "-pk")


def page_row(chart: Chart, which: str, public_id: Any) -> Any:
    """The version of that public id; ChartNotFound where it is not open."""
    row = pages(chart, which).filter(public_id=public_id).first()
    if row is None:
        raise ChartNotFound
    return row


@dataclass(frozen=True)
class Version:
    """One version as a line: who wrote it, as far as the reader may know, and whether it is the one that holds."""

    row: Any
    author: str
    holds: bool

    @property
    def is_finished(self) -> bool:
        return bool(self.row.is_finished)


def page_versions(chart: Chart, which: str) -> list[Version]:
    """Every version that is open here, newest first; one query. One holds in each chain: a client's, or an episode's."""
    found, held = [], set()
    for row in pages(chart, which):
        chain = getattr(row, "episode_id", 0)
        holds = row.is_finished and chain not in held
        if holds:
            held.add(chain)
        found.append(Version(row, author_shown(chart, row), holds))
    return found


def author_shown(chart: Chart, row: OnePage) -> str:
    """Who wrote it: but where that would tell of a program that the reader does not know of, only that it was someone
    here (42 CFR 2.12, 2.13: that somebody is in a program is itself a patient record)."""
    if isinstance(row, SafetyPlan) and row.program_id not in {e.program_id for e in chart.episodes}:
        return _("a colleague here")
    return row.author.signing_name


def page_home(chart: Chart, which: str) -> OpenEpisode | None:
    """The episode in which this person would draw up the page: protected by Part 2 where there is one, then the newest."""
    able = [e for e in chart.episodes if chart.permits(Do.KEEP_SAFETY, e.id)]
    running = [e for e in able if e.ends_on is None] or able
    return max(running, key=lambda e: (e.part2, e.starts_on, e.id), default=None)


def given_rows(chart: Chart, which: str) -> list[PageGiven]:
    """When and how this page was given to the client, newest first; one query."""
    rows = PageGiven.objects.filter(**{f"{which}__isnull": False}, episode__in=chart.episode_ids)
    return list(rows.select_related("staff", which).order_by("-given_at", "-pk"))


def given_row(chart: Chart, public_id: Any) -> PageGiven:
    """One giving of a page, with the page; ChartNotFound where it is not open."""
    rows = PageGiven.objects.filter(public_id=public_id, episode__in=chart.episode_ids)
    row = rows.select_related("safety", "relapse", "staff").first()
    if row is None:
        raise ChartNotFound
    return row


# What is asked for today -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SafetyAsk:
    """A critical answer that asks for a safety plan: where and when, what there is already, why it was put off."""

    client_id: int
    episode_id: int
    flag: str
    raised_at: dt.datetime
    made_at: dt.datetime | None
    again_on: dt.date | None

    def text(self, zone: str) -> str:
        day = date_format(self.raised_at.astimezone(ZoneInfo(zone)), "j M Y")
        if self.made_at is not None:
            return _("Thoughts of death or self-harm on %(day)s: go over the safety plan again") % {
                "day": day
            }
        return _("Thoughts of death or self-harm on %(day)s: no safety plan yet") % {"day": day}


def asking_columns(opened: Open) -> dict[str, Any]:
    """Annotations of a client: the newest critical answer, the safety plan, what was done since. For the query of `due`."""
    seen_to = SafetyStep.objects.filter(flag=OuterRef("pk"))
    put_off = SafetyPutOff.objects.filter(flag=OuterRef("pk")).order_by("-pk")
    flags = (
        Flag.objects.filter(
            Q(closed_at__isnull=True) | Exists(seen_to),
            client=OuterRef("pk"), episode__in=opened.episode_ids, historical=False,
        )
        .order_by("-raised_at")
        .values(
            json=JSONObject(
                id=F("public_id"), episode=F("episode_id"), raised_at=F("raised_at"),
                put_off=Subquery(put_off.values(json=JSONObject(again_on=F("again_on")))[:1]),
            )
        )
    )  # fmt: skip
    made = SafetyPlan.objects.filter(client=OuterRef("pk"), frozen_at__isnull=False)
    gone_over = PageGiven.objects.filter(
        client=OuterRef("pk"), episode__in=opened.episode_ids, safety__isnull=False
    )
    return {
        "asking": Subquery(flags[:1]),
        "plan_made_at": _latest(made, "frozen_at"),
        "plan_given_at": _latest(gone_over, "given_at"),
    }


def _latest(rows: Any, column: str) -> Subquery:
    newest = rows.order_by().values("client").annotate(newest=Max(column)).values("newest")
    return Subquery(newest, output_field=DateTimeField())


def asks_of(opened: Open, rows: list[Any]) -> Iterator[SafetyAsk]:
    """For each client whose newest critical answer is younger than the last look at their safety plan: that it asks.

    A merged person's records count together.
    """
    made: dict[int, list[dt.datetime]] = {}
    looked: dict[int, list[dt.datetime]] = {}
    for row in rows:
        person = opened.person(row.pk)
        made.setdefault(person, []).extend(filter(None, [row.plan_made_at]))
        looked.setdefault(person, []).extend(filter(None, [row.plan_made_at, row.plan_given_at]))
    for row in rows:
        if row.asking is None:
            continue
        raised = dt.datetime.fromisoformat(row.asking["raised_at"])
        person = opened.person(row.pk)
        if any(at >= raised for at in looked[person]):
            continue
        put_off = row.asking["put_off"]
        again = put_off and put_off["again_on"]
        if put_off and not again:
            continue
        yield SafetyAsk(
            row.pk, row.asking["episode"], row.asking["id"], raised, max(made[person], default=None),
            dt.date.fromisoformat(again) if again else None,
        )  # fmt: skip


def safety_due(opened: Open, rows: list[Any], today: dt.date) -> Iterator[Due]:
    """The same day: until a safety plan was finished or gone over after the answer, or there is a reason why not today."""
    ids = {row.pk: row.public_id for row in rows}
    for ask in asks_of(opened, rows):
        if ask.again_on is not None and ask.again_on > today:
            continue
        zone = opened.episode(ask.episode_id).zone
        since = ask.again_on or ask.raised_at.astimezone(ZoneInfo(zone)).date()
        yield Due(
            client_id=ask.client_id, episode_id=ask.episode_id, code="safety_plan", text=ask.text(zone), since=since,
            urgency=Urgency.NOW, route="treatment_plans:asked",
            args=(str(ids[ask.client_id]),), action=_("Safety plan"),
        )  # fmt: skip


def safety_ask(chart: Chart) -> SafetyAsk | None:
    """What asks for a safety plan in this chart, put off or not; one query."""
    rows = list(Client.objects.filter(pk__in=chart.clients).annotate(**asking_columns(chart)).only("pk"))
    return next(asks_of(chart, rows), None)


def asking_flag(chart: Chart, ask: SafetyAsk) -> Flag:
    """The flag that asks."""
    return Flag.objects.get(public_id=ask.flag, episode__in=chart.episode_ids)
