"""What changed since the plan was signed: scores, visits, medications, levels, flags, the client's words; and versions."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.access.chart import Open
from clinic.kit.dates import date_format
from clinic.people.queries import settings_now
from clinic.record.models import (
    Appointment,
    AppointmentStatus,
    Client,
    Encounter,
    Flag,
    FlagKind,
    LevelOfCare,
    Medication,
)
from screening.queries import Trend, trends
from treatment_plans import rules
from treatment_plans.queries.lines import number
from treatment_plans.queries.tree import PlanTree


@dataclass(frozen=True)
class Happened:
    """One thing that happened since, on a day, in words."""

    day: dt.date
    text: str


@dataclass(frozen=True)
class Since:
    """What changed since signing: scores then and now, and everything that happened, newest first."""

    scores: list[str]
    events: list[Happened]

    @property
    def lines(self) -> str:
        """The same as text, as it is kept with the review."""
        happened = [f"{date_format(one.day, 'j M Y')}: {one.text}" for one in self.events]
        return "\n".join([*self.scores, *happened])


def changed_since_signing(chart: Open, tree: PlanTree) -> Since:
    """Scores, visits, medications, levels of care, flags and the client's words since the plan was signed.

    One query here; the screens are screening's own, shared.
    """
    signed = timezone.localdate(tree.plan.frozen_at or tree.plan.begun_at)
    events = [*_events(chart, tree, signed), *_said(tree)]
    return Since(
        [line for trend in trends(chart) if (line := _score(trend, signed))],
        sorted(events, key=lambda one: one.day, reverse=True),
    )


def _score(trend: Trend, signed: dt.date) -> str:
    """PHQ-9: 17 when signed, 9 now (6 Nov 2026, mild), 8 less."""
    before = [p for p in trend.points if p.date <= signed]
    after = [p for p in trend.points if p.date > signed]
    if not after:
        return ""
    now = after[-1]
    told = {"title": trend.title, "now": now.total, "day": date_format(now.date, "j M Y")}
    band = f", {now.band[:1].lower()}{now.band[1:]}" if now.band else ""
    if not before:
        return (_("%(title)s: %(now)s now (%(day)s") % told) + band + ")"
    change = now.total - before[-1].total
    way = _("the same") if not change else _("%(n)s less") if change < 0 else _("%(n)s more")
    line = _("%(title)s: %(then)s when signed, %(now)s now (%(day)s") % {**told, "then": before[-1].total}
    return f"{line}{band}), {way % {'n': abs(change)} if change else way}"


def _said(tree: PlanTree) -> list[Happened]:
    said = [
        Happened(timezone.localdate(one.at), _("The client: “%(words)s” (%(kind)s)") % {"words": one.words, "kind": one.kind_text})
        for one in tree.said
    ]  # fmt: skip
    notes = [Happened(timezone.localdate(one.at), f"{one.label}: {one.words}") for one in tree.notes]
    counts = [
        Happened(day, f"{aim.counted}: {number(value)}") for aim in tree.aims for day, value in aim.counts
    ]
    return said + notes + counts


def _events(chart: Open, tree: PlanTree, signed: dt.date) -> list[Happened]:
    here = {"client": OuterRef("pk"), "episode__in": chart.episode_ids}
    visits = Encounter.objects.filter(**here, on__gt=signed).values(
        json=JSONObject(on=F("on"), text=F("service"))
    )
    missed = Appointment.objects.filter(
        **here, status=AppointmentStatus.NO_SHOW, starts_at__date__gt=signed
    ).values(json=JSONObject(on=F("starts_at"), text=F("service")))
    begun = Medication.objects.filter(**here, starts_on__gt=signed).values(
        json=JSONObject(on=F("starts_on"), text=F("name"))
    )
    stopped = Medication.objects.filter(**here, ends_on__gt=signed).values(
        json=JSONObject(on=F("ends_on"), text=F("name"))
    )
    levels = LevelOfCare.objects.filter(**here, starts_on__gt=signed).values(
        json=JSONObject(on=F("starts_on"), text=F("level"))
    )
    flags = Flag.objects.filter(**here, raised_at__date__gt=signed).values(
        json=JSONObject(on=F("raised_at"), text=F("kind"))
    )
    row: Any = (
        Client.objects.filter(pk=tree.plan.client_id)
        .annotate(
            visits=ArraySubquery(visits), missed=ArraySubquery(missed), begun=ArraySubquery(begun),
            stopped=ArraySubquery(stopped), levels=ArraySubquery(levels), flags=ArraySubquery(flags),
        )
        .only("pk")
        .get()
    )  # fmt: skip
    kinds = dict(FlagKind.choices)
    told = [
        *((one, _("Visit: %(what)s")) for one in row.visits), *((one, _("Did not come: %(what)s")) for one in row.missed),
        *((one, _("Medication started: %(what)s")) for one in row.begun),
        *((one, _("Medication stopped: %(what)s")) for one in row.stopped),
        *((one, _("Level of care: %(what)s")) for one in row.levels),
        *(({**one, "text": kinds.get(one["text"], one["text"])}, _("Flag: %(what)s")) for one in row.flags),
    ]  # fmt: skip
    return [
        Happened(dt.date.fromisoformat(one["on"][:10]), text % {"what": one["text"]}) for one, text in told
    ]


def review_days_of(level: str) -> int:
    """Days to the next review at this level of care, by the rule the clinic has chosen; one query."""
    told = settings_now(("plan_rule", "plan_review_days", "plan_level_days"))
    chosen = str(told["plan_rule"])
    if not level and chosen == "house":
        return int(told["plan_review_days"])
    return rules.review_days(chosen, level, told["plan_level_days"])


def review_day(tree: PlanTree) -> dt.date | None:
    """When this signed plan is reviewed next: the day of its last review or of its signing, no later than a level of
    care that changed since allows. At most one query."""
    begins, planned = timezone.localdate(tree.plan.frozen_at or tree.plan.begun_at), tree.plan.review_on
    for one in tree.reviews:
        if one.next_on:
            begins, planned = timezone.localdate(one.at), one.next_on
    if planned is None or tree.level is None or tree.level[1] <= begins:
        return planned
    level, since = tree.level
    return rules.review_on(begins, planned, since, review_days_of(level))


@dataclass(frozen=True)
class Pair:
    """One text of the plan in two versions, side by side. `state`: same, changed, added or gone. `about`: the problem, or
    the two that a link joins, to which it belongs."""

    where: str
    about: str
    before: str
    after: str

    @property
    def state(self) -> str:
        if self.before == self.after:
            return "same"
        return "changed" if self.before and self.after else "added" if self.after else "gone"


def compare(old: PlanTree, new: PlanTree) -> list[Pair]:
    """Every part of both versions, each beside the one it came from; no query."""
    before, after = _flat(old), _flat(new)
    pairs, met = [], set()
    for (kind, _id), one in after.items():
        twin = (kind, one.line)
        met.add(twin)
        pairs.append(Pair(one.where, one.about, before[twin].text if twin in before else "", one.text))
    gone = [Pair(one.where, one.about, one.text, "") for key, one in before.items() if key not in met]
    return [pair for pair in [*pairs, *gone] if pair.before or pair.after]


class _Text(NamedTuple):
    """One text of a version; `line`: the id of the part that it came from."""

    line: Any
    where: str
    about: str
    text: str


def _flat(tree: PlanTree) -> dict[tuple[str, Any], _Text]:
    """(kind, id) -> its text."""
    plan = tree.plan
    part = ". ".join(filter(None, (tree.participation_text, plan.participation_words)))
    words = [
        ("strengths", _("Strengths"), plan.strengths), ("words", _("What matters most"), plan.words),
        ("step_down", _("When less care will be enough"), plan.step_down),
        ("review_on", _("Review on"), date_format(plan.review_on, "d-M-Y") if plan.review_on else ""),
        ("participation", _("How the client took part"), part),
    ]  # fmt: skip
    found: dict[tuple[str, Any], _Text] = {
        ("plan", name): _Text(name, label, "", text) for name, label, text in words
    }
    for trouble in tree.troubles:
        about = trouble.text
        text = f"{trouble.text} ({trouble.put_off})" if trouble.put_off else trouble.text
        found["problem", trouble.id] = _Text(trouble.came_from, _("Problem"), "", text)
        for wish in trouble.wishes:
            found["goal", wish.id] = _Text(wish.came_from, _("Goal"), about, wish.words)
            for aim in wish.aims:
                found["objective", aim.id] = _Text(aim.came_from, _("Objective"), about, aim.line)
                for step in aim.steps:
                    found["step", step.id] = _Text(step.came_from, _("What will be done"), about, step.line)
    for tie in tree.ties:
        found["link", tie.id] = _Text(tie.came_from, _("Link"), "", f"{tie.sentence}: {tie.how}")
        for step in tie.steps:
            found["step", step.id] = _Text(step.came_from, _("What will be done"), tie.sentence, step.line)
    return found
