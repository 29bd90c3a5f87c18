"""Screens as they stand: what was corrected or entered in error is left out, unless one asks for its chain."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Exists, IntegerField, OuterRef, Q, QuerySet, Window
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from clinic.access.chart import Chart, ChartNotFound, Open
from clinic.kit import clock
from clinic.kit.written import kept
from clinic.record.models import Flag
from screening import rules
from screening.models import Answering, SafetyStep, Screen, ScreenError, Sitting
from screening.queries.choices import chosen, running, told_on_the_way
from screening.queries.handing import with_handing


@dataclass(frozen=True)
class TrendPoint:
    """One complete screen on a trend: its date, total, published band or "", and its page."""

    date: dt.date
    total: int
    band: str
    severity: int | None
    positive: bool | None
    public_id: UUID


@dataclass
class Trend:
    """One instrument's complete screens in order of time, with its range and published bands (low, high, label)."""

    instrument: str
    title: str
    low: int
    high: int
    cutoff: int | None
    bands: list[tuple[int, int, str]]
    points: list[TrendPoint] = field(default_factory=list)


@dataclass(frozen=True)
class Latest:
    """A client's newest screen of one instrument, in the words of a list."""

    client_id: int
    episode_id: int
    instrument: str
    title: str
    side: str
    date: dt.date
    complete: bool
    total: int | None
    band: str
    severity: int | None
    positive: bool | None
    cutoff: int | None
    part2: bool
    public_id: UUID
    course: list[tuple[dt.date, int]]  # up to ten last totals, oldest first
    low: int
    high: int

    @property
    def change(self) -> int | None:
        """Points since the complete screen before this one; None where there is none."""
        return self.course[-1][1] - self.course[-2][1] if self.complete and len(self.course) > 1 else None


COLUMNS = (
    "client_id", "episode_id", "instrument", "taken_on", "complete", "total", "band", "positive", "part2", "public_id",
)  # fmt: skip
SEVERITY = Cast(KeyTextTransform("severity", "score"), IntegerField())
COURSE = 10  # points of the small chart beside a name


def current(opened: Open) -> QuerySet[Screen]:
    """Every screen of the open episodes that counts: not corrected by another, not entered in error."""
    replaced = Screen.objects.filter(corrects=OuterRef("pk"))
    wrong = ScreenError.objects.filter(screen=OuterRef("pk"))
    return Screen.objects.filter(~Exists(replaced), ~Exists(wrong), episode__in=opened.episode_ids)


def instrument(name: str) -> rules.Instrument:
    """The instrument in its newest version; ChartNotFound for a name that is none."""
    try:
        return rules.load(name)
    except KeyError:
        raise ChartNotFound from None


def choices(name: str) -> dict[str, frozenset[int]]:
    """Each item of the instrument with the answers it takes, by number; KeyError when there is no such instrument."""
    return {item.id: frozenset(_numbers(item)) for item in rules.load(name).items}


def _numbers(item: rules.Item) -> range:
    return range(item.min, item.max + 1) if item.kind == "number" else range(len(item.options))


def total(name: str, answers: dict[str, Any]) -> int | None:
    """The total these answers come to; None when one that is needed is missing."""
    return rules.score(rules.load(name), answers).total


def screen(chart: Chart, public_id: str) -> Screen:
    """The screen of that id in the open chart, current or not; ChartNotFound for any other."""
    row = (
        Screen.objects.filter(public_id=public_id, episode__in=chart.episode_ids)
        .select_related("taken_by", "sitting", "corrects", "corrected_by", "in_error")
        .first()
    )
    if row is None:
        raise ChartNotFound
    return row


def screens(chart: Chart) -> list[Screen]:
    """The chart's screens that count, newest first."""
    rows = current(chart).select_related("taken_by").order_by("-taken_on", "-pk")
    return chart.remember("screening.screens", lambda: list(rows))


def sitting(chart: Chart, public_id: str) -> Sitting:
    """The set of that id in the open chart; ChartNotFound for any other."""
    rows = with_handing(Sitting.objects.filter(public_id=public_id, episode__in=chart.episode_ids))
    row = rows.select_related("started_by").first()
    if row is None:
        raise ChartNotFound
    return row


def open_sitting(chart: Chart, public_id: str) -> Sitting:
    """The set of that id while it is open; ChartNotFound for any other, and once it is closed."""
    row = sitting(chart, public_id)
    if row.closed_at is not None:
        raise ChartNotFound
    return row


def open_sittings(chart: Chart) -> list[Sitting]:
    """Sets that were begun and are not closed, newest first."""
    rows = Sitting.objects.filter(episode__in=chart.episode_ids, closed_at__isnull=True)
    return list(rows.select_related("started_by").order_by("-started_on", "-pk"))


def sitting_screens(chart: Chart, row: Sitting) -> dict[str, Screen]:
    """What was finished in this set, by instrument."""
    done = current(chart).filter(sitting=row).select_related("taken_by").order_by("pk")
    return {one.instrument: one for one in done}


def answerings(chart: Chart) -> list[Answering]:
    """What was begun here and not finished: this person's own, and what belongs to a set, whoever answers it."""
    rows = Answering.objects.filter(
        Q(staff=chart.who.actor_id) | Q(sitting__closed_at=None, sitting__isnull=False),
        episode__in=chart.episode_ids,
    )
    return list(rows.select_related("sitting").order_by("-saved_at"))


def answering(chart: Chart, name: str, row: Sitting | None = None) -> Answering | None:
    """The answers of this instrument on their way: the set's; outside a set, what this person wrote last."""
    rows = Answering.objects.filter(episode__in=chart.episode_ids, instrument=name)
    mine = rows.filter(sitting=row) if row else rows.filter(staff=chart.who.actor_id)
    return mine.select_related("sitting").order_by("-saved_at").first()


def set_answerings(chart: Chart, row: Sitting) -> dict[str, Answering]:
    """What of this set is on its way, by instrument."""
    rows = Answering.objects.filter(sitting=row, episode__in=chart.episode_ids)
    return {one.instrument: one for one in rows}


def flag(chart: Chart, public_id: str) -> Flag:
    """The flag of that id in the open chart, open or answered; ChartNotFound for any other."""
    row = Flag.objects.filter(public_id=public_id, episode__in=chart.episode_ids).first()
    if row is None:
        raise ChartNotFound
    return row


def open_flags(chart: Chart, threads: list[UUID]) -> list[Flag]:
    """The flags of these screens that nobody has answered yet."""
    rows = Flag.objects.filter(source_id__in=threads, closed_at__isnull=True, episode__in=chart.episode_ids)
    return list(rows.order_by("raised_at"))


def sitting_flags(chart: Chart, row: Sitting) -> list[Flag]:
    """The flags of this set that nobody has answered yet, of what is finished and of what is still being answered."""
    finished = Screen.objects.filter(sitting=row).values("thread")
    begun = Answering.objects.filter(sitting=row).values("screen_id")
    rows = Flag.objects.filter(Q(source_id__in=finished) | Q(source_id__in=begun), closed_at__isnull=True)
    return list(rows.filter(episode__in=chart.episode_ids).order_by("raised_at"))


def with_flags_to_ask() -> Q:
    """Episodes with a flag about which the next person is to be asked now: a Q for the door, over columns it may read."""
    return Q(Exists(Flag.objects.filter(episode=OuterRef("pk"), ask_next_at__lte=clock.now())))


def flags_to_ask(opened: Open) -> list[Flag]:
    """Those flags of the open charts, the longest due first."""
    rows = Flag.objects.filter(episode__in=opened.episode_ids, ask_next_at__lte=clock.now())
    return list(rows.order_by("ask_next_at", "pk"))


def screen_of(chart: Chart, row: Flag) -> Screen | None:
    """The screen whose answer raised this flag, as it stands now; None while it is still being answered."""
    rows = Screen.objects.filter(thread=row.source_id, episode__in=chart.episode_ids)
    return rows.select_related("sitting").order_by("-pk").first()


def safety_steps(chart: Chart, row: Flag | None = None) -> list[SafetyStep]:
    """What was done about critical answers, newest first; of one flag, or of the whole chart."""
    rows = SafetyStep.objects.filter(episode__in=chart.episode_ids).select_related("owner", "by")
    return list((rows.filter(flag=row) if row else rows).order_by("-at"))


def trends(opened: Open) -> list[Trend]:
    """For each instrument with a total that was asked here, its complete screens in order of time; shared with the newest.

    One query, asked once while this is open. What the clinic has switched off since is among them; withdrawal scales have a flowsheet instead.
    """
    return opened.remember("screening.trends", lambda: _trends(opened))


def _trends(opened: Open) -> list[Trend]:
    found = {
        form.id: _trend(form) for form in rules.load_all() if form.has_total and form.use != "withdrawal"
    }
    for row in _course(opened):
        if row["complete"] and row["instrument"] in found:
            found[row["instrument"]].points.append(
                TrendPoint(
                    date=row["taken_on"],
                    total=row["total"] or 0,
                    band=row["band"],
                    severity=row["severity"],
                    positive=row["positive"],
                    public_id=row["public_id"],
                )
            )
    return [trend for trend in found.values() if trend.points]


def _course(opened: Open) -> list[dict[str, Any]]:
    """Every screen that counts, in order of time: read once while this is open."""
    return opened.remember("screening.course", lambda: told_on_the_way(opened, _read_course(opened)))


@kept
def _read_course(opened: Open) -> QuerySet[Screen, dict[str, Any]]:
    rows = current(opened).order_by("taken_on", "pk")
    return rows.values(*COLUMNS, severity=SEVERITY, chosen=chosen(), running=running(opened))


def _trend(form: rules.Instrument) -> Trend:
    bands = [(band.min, band.max, band.label) for band in form.bands]
    return Trend(form.id, form.short_title, form.low, form.high, form.cutoff, bands)


def latest_screens(opened: Open) -> list[Latest]:
    """Each open client's newest screen of each instrument. One query, asked once while this is open."""
    return opened.remember("screening.latest_screens", lambda: _latest(opened))


def latest_by_client(opened: Open) -> dict[int, list[Latest]]:
    """`latest_screens` by client, in the clinic's order of instruments."""
    order = {form.id: form.order for form in rules.load_all()}
    found = defaultdict(list)
    for row in sorted(latest_screens(opened), key=lambda row: order.get(row.instrument, 99)):
        found[row.client_id].append(row)
    return dict(found)


def _latest(opened: Open) -> list[Latest]:
    rows = _newest_of_one(opened) if isinstance(opened, Chart) else _newest(opened)
    found = []
    for row in rows:
        form = rules.load(row["instrument"])
        found.append(
            Latest(
                client_id=row["client_id"],
                episode_id=row["episode_id"],
                instrument=form.id,
                title=form.short_title,
                side=form.side,
                date=row["taken_on"],
                complete=row["complete"],
                total=row["total"],
                band=row["band"],
                severity=row["severity"],
                positive=row["positive"],
                cutoff=form.cutoff,
                part2=row["part2"],
                public_id=row["public_id"],
                course=row["course"],
                low=form.low,
                high=form.high,
            )
        )
    return found


def _newest_of_one(opened: Open) -> list[dict[str, Any]]:
    """One chart: its newest screens stand in its course, which the trends read anyway."""
    found: dict[str, dict[str, Any]] = {}
    for row in _course(opened):
        before = found.get(row["instrument"], {}).get("course", [])
        point = [(row["taken_on"], row["total"])] if row["total"] is not None else []
        found[row["instrument"]] = {**row, "course": [*before, *point][-COURSE:]}
    return list(found.values())


def _newest(opened: Open) -> list[dict[str, Any]]:
    """Many charts: the newest of each client and instrument, with the points before it, found by the database."""
    return [
        {**row, "course": [point for point in zip(row["days"], row["totals"], strict=True) if point[1] is not None][-COURSE:]}
        for row in told_on_the_way(opened, _read_newest(opened))
    ]  # fmt: skip


@kept
def _read_newest(opened: Open) -> QuerySet[Screen, Any]:
    """Every screen is read once: with each come the days and totals so far of its client and instrument."""
    so_far: Any = {"partition_by": ["client", "instrument"], "order_by": ["taken_on", "pk"]}
    return (
        current(opened)
        .annotate(
            days=Window(ArrayAgg("taken_on"), **so_far),
            totals=Window(ArrayAgg("total"), **so_far),
        )
        .order_by("client", "instrument", "-taken_on", "-pk")
        .distinct("client", "instrument")
        .values("days", "totals", *COLUMNS, severity=SEVERITY, chosen=chosen(), running=running(opened))
    )


def imported(opened: Open, name: str) -> dict[int, dict[dt.date, str]]:
    """For each open client, the dates on which a screen of this instrument is on file, with its row hash or ""."""
    found: dict[int, dict[dt.date, str]] = defaultdict(dict)
    rows = Screen.objects.filter(episode__in=opened.episode_ids, instrument=name)
    for client, day, origin in rows.values_list("client_id", "taken_on", "origin"):
        found[client][day] = origin or found[client].get(day, "")
    return found
