"""Withdrawal over time: one grid of ratings and vital signs, when the next is due, and the course of the total."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from clinic.access.chart import Chart, ChartNotFound, Open
from clinic.kit import clock
from clinic.kit.dates import date_format
from clinic.kit.hours import Hours, hours_svg
from screening import rules
from screening.models import Flowsheet, Rating, Screen
from screening.queries.choices import context, protocol
from screening.queries.places import places
from screening.queries.screens import current


@dataclass(frozen=True)
class Column:
    """One rating. `cells`: points by item, None where it was not rated. `counts`: False once entered in error."""

    at: dt.datetime
    clock: str
    day: str
    by: str
    screen: Screen
    cells: list[int | None]
    vitals: list[str]
    notes: list[str]
    due: str
    counts: bool


@dataclass
class Grid:
    """A flowsheet as a table: the rows' words, the columns in order of time, and what follows from the newest."""

    flow: Flowsheet | None
    form: rules.Instrument
    zone: str
    protocol: rules.Protocol
    rows: list[str]
    vitals: list[str]
    columns: list[Column] = field(default_factory=list)

    @property
    def lines(self) -> list[tuple[str, list[int | None]]]:
        """Each item with its points, column by column."""
        return [(row, [column.cells[n] for column in self.columns]) for n, row in enumerate(self.rows)]

    @property
    def vital_lines(self) -> list[tuple[str, list[str]]]:
        return [(row, [column.vitals[n] for column in self.columns]) for n, row in enumerate(self.vitals)]

    def clock(self, moment: dt.datetime) -> str:
        """The time at the client's site."""
        return date_format(moment.astimezone(ZoneInfo(self.zone)), "H:i")

    @property
    def due(self) -> str:
        """When the next rating is due: time and day at the site; "" when none is."""
        moment = self.flow.next_due_at if self.flow else None
        return date_format(moment.astimezone(ZoneInfo(self.zone)), "H:i, j M Y") if moment else ""

    @property
    def ended(self) -> str:
        """When the flowsheet was ended: time and day at the site; "" while it runs."""
        moment = self.flow.ended_at if self.flow else None
        return date_format(moment.astimezone(ZoneInfo(self.zone)), "H:i, j M Y") if moment else ""

    @property
    def late(self) -> bool:
        """The next rating should have been made by now."""
        due = self.flow.next_due_at if self.flow else None
        return due is not None and due <= clock.now()

    @property
    def steps(self) -> list[str]:
        """The protocol in words."""
        return [
            _("%(total)s and above: every %(time)s") % {"total": least, "time": duration(minutes)}
            for least, minutes in self.protocol.steps
        ]


def duration(minutes: int) -> str:
    """90: "1 h 30 min"."""
    hours, rest = divmod(minutes, 60)
    parts = [_("%(n)s h") % {"n": hours}] if hours else []
    return " ".join([*parts, *([_("%(n)s min") % {"n": rest}] if rest or not hours else [])])


def scale(name: str) -> rules.Instrument:
    """A withdrawal scale by its name; ChartNotFound for what is none."""
    form = next((form for form in rules.load_all() if form.id == name and form.use == "withdrawal"), None)
    if form is None:
        raise ChartNotFound
    return form


def flows_of(chart: Chart, name: str) -> tuple[Flowsheet | None, list[Flowsheet]]:
    """The flowsheet of this scale that is running in the open chart, or None, and those that were ended, newest first."""
    rows = list(
        Flowsheet.objects.filter(episode__in=chart.episode_ids, instrument=name).order_by("-started_at")
    )
    running = next((row for row in rows if row.ended_at is None), None)
    return running, [row for row in rows if row.ended_at is not None]


def flowsheet(chart: Chart, public_id: str) -> Flowsheet:
    """The flowsheet of that id in the open chart, running or ended; ChartNotFound for any other."""
    row = Flowsheet.objects.filter(public_id=public_id, episode__in=chart.episode_ids).first()
    if row is None:
        raise ChartNotFound
    return row


def running_flows(opened: Open) -> list[tuple[str, str, dt.datetime | None]]:
    """The scales that are being rated here, with their names and when they are due: told along with the open episodes."""
    places(opened)
    return [
        (row["instrument"], rules.load(row["instrument"]).short_title, _moment(row["due"]))
        for row in opened.answers.get("screening.running", [])
    ]


def _moment(told: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(told) if told else None


def late_flows(opened: Open) -> list[dict[str, Any]]:
    """Running flowsheets whose next rating should have been made by now: told along with the newest screens."""
    rows: list[dict[str, Any]] = opened.answers.get("screening.running", [])
    found = [{**row, "due": dt.datetime.fromisoformat(row["due"])} for row in rows if row["due"]]
    return [row for row in found if row["due"] <= clock.now()]


def grid(chart: Chart, flow: Flowsheet | None, form: rules.Instrument) -> Grid:
    """The flowsheet as a table; without one, the empty table of a scale that is about to be rated. Two queries."""
    zone = chart.episode(flow.episode_id).zone if flow else chart.episodes[0].zone
    page = Grid(
        flow=flow,
        form=form,
        zone=zone,
        protocol=protocol(chart, form.id),
        rows=[f"{item.label}. {_short(item.text)}" for item in form.items],
        vitals=[
            _("Pulse"), _("Blood pressure"), _("Temperature, °F"), _("Respiration"), _("SpO2, %"),
        ],
    )  # fmt: skip
    if flow is None:
        return page
    ratings = list(flow.ratings.select_related("screen__taken_by").order_by("at", "pk"))
    standing = {
        one.thread: one for one in current(chart).filter(thread__in=[r.screen.thread for r in ratings])
    }
    page.columns = [_column(page, rating, standing) for rating in ratings]
    return page


def _short(text: str) -> str:
    """The first words of a question, as far as a row of the grid needs them: "Tremor", "GI upset"."""
    for mark in (":", ".", "?"):
        head, found, _rest = text.partition(mark)
        if found and len(head) < 60:
            return head
    return text


def _column(page: Grid, rating: Rating, standing: dict[Any, Screen]) -> Column:
    screen = standing.get(rating.screen.thread, rating.screen)
    score = screen.score
    flags = page.form.rules["flags"]
    return Column(
        at=rating.at,
        clock=page.clock(rating.at),
        day=date_format(rating.at.astimezone(ZoneInfo(page.zone)), "j M"),
        by=rating.screen.taken_by.name if rating.screen.taken_by else "",
        screen=screen,
        cells=[score["item_scores"].get(item.id) for item in page.form.items],
        vitals=[
            _number(rating.pulse),
            f"{rating.systolic}/{rating.diastolic}" if rating.systolic else "–",
            _number(rating.temperature),
            _number(rating.respiration),
            _number(rating.spo2),
        ],
        notes=[
            rule["says"] for rule in flags if rule.get("says") and score["flags"].get(rule["name"]) is True
        ],
        due=page.clock(rating.at + dt.timedelta(minutes=rating.due_minutes)),
        counts=rating.screen.thread in standing,
    )


def _number(value: Any) -> str:
    return "–" if value is None else str(value)


def hours(chart: Chart, page: Grid) -> str:
    """The course of the total as a picture on a true time axis; "" while there are fewer than two totals."""
    points = [
        (column.at.astimezone(ZoneInfo(page.zone)), column.screen.total)
        for column in page.columns
        if column.counts and column.screen.total is not None
    ]
    if len(points) < 2:
        return ""
    chosen = page.form.band_set(context(chart, page.form, chart.client_id)).name
    bands = [(b.min, b.max, b.label) for b in page.form.all_bands if b.set in ("", chosen)]
    title = _("%(scale)s over time") % {"scale": page.form.short_title}
    return hours_svg(Hours(title, points, page.form.low, page.form.high, bands))
