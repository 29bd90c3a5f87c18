"""What a referral may carry: everything there is, by category, for consent to say what may leave."""

import datetime as dt
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from clinic.access.chart import Chart, OpenEpisode
from clinic.consent.models import Category
from clinic.consent.rules import Item
from clinic.kit import clock
from clinic.kit.dates import date_format
from clinic.record.models import Encounter, Episode, Medication, Problem
from follow_up.models import Referral
from screening import queries as screening
from treatment_plans import queries as treatment_plans


def offered_items(chart: Chart, referral: Referral | None = None) -> list[Item]:
    """Everything a packet could hold, grouped by category; coverage is asked of consent. 3 queries.

    With a referral its reason is among it; without one this is what a preview of a consent shows.
    The chart's banner must have been read (its query brings the allergies along).
    """
    places = {episode.id: episode for episode in chart.episodes}
    home = places[referral.episode_id] if referral else chart.episodes[-1]
    found = [_reason(referral, home)] if referral else []
    for episode in _recorded(chart):
        found += _of_record(places[episode.pk], episode)
    found += _allergies(chart, home)
    found += [_screen(places[row.episode_id], row) for row in screening.latest_screens(chart) if row.complete]
    plan = treatment_plans.plan_summary(chart)
    if plan is not None:
        place = places[plan["episode_id"]]
        found.append(
            Item(
                "plan",
                plan["id"],
                plan["title"],
                Category.PLAN,
                plan["part2"],
                place.program_id,
                tuple(plan["lines"]),
            )
        )
    order = list(Category)
    return sorted(found, key=lambda item: order.index(Category(item.category)))


def _reason(referral: Referral, place: OpenEpisode) -> Item:
    return Item(
        "referral", str(referral.public_id), _("Reason for this referral"), Category.REASON, referral.part2,
        place.program_id, (referral.reason, _("How soon: %(pace)s") % {"pace": referral.get_urgency_display()}),
    )  # fmt: skip


def _recorded(chart: Chart) -> QuerySet[Any]:
    """The open episodes, each with its problems, medications and recent visits, in one query."""
    here = {"episode": OuterRef("pk")}
    problems = Problem.objects.filter(Problem.STANDING, **here).order_by("pk")
    medicines = Medication.objects.filter(ends_on__isnull=True, **here).order_by("-starts_on")
    visits = Encounter.objects.filter(**here, on__gte=clock.today() - dt.timedelta(days=90)).order_by("-on")
    return Episode.objects.filter(pk__in=chart.episode_ids).annotate(
        problem_rows=ArraySubquery(
            problems.values(
                json=JSONObject(id=F("public_id"), text=F("text"), code=F("code"), part2=F("part2"))
            )
        ),
        medicine_rows=ArraySubquery(
            medicines.values(
                json=JSONObject(id=F("public_id"), name=F("name"), dose=F("dose"), part2=F("part2"))
            )
        ),
        visit_rows=ArraySubquery(visits.values(json=JSONObject(on=F("on"), service=F("service")))),
    )


def _of_record(place: OpenEpisode, episode: Any) -> list[Item]:
    found = [
        Item("problem", row["id"], row["text"], Category.PROBLEMS, row["part2"], place.program_id,
             (_("Code %(code)s") % {"code": row["code"]},) if row["code"] else ())
        for row in episode.problem_rows
    ]  # fmt: skip
    found += [
        Item("medication", row["id"], row["name"], Category.MEDICATIONS, row["part2"], place.program_id,
             (row["dose"],) if row["dose"] else ())
        for row in episode.medicine_rows
    ]  # fmt: skip
    if episode.visit_rows:
        days = tuple(
            f"{date_format(dt.date.fromisoformat(row['on']), 'j M Y')}: {row['service']}"
            for row in episode.visit_rows
        )
        label = _("Visits of the last 90 days, %(program)s") % {"program": place.program}
        found.append(
            Item("visits", str(place.public_id), label, Category.VISITS, place.part2, place.program_id, days)
        )
    return found


def _allergies(chart: Chart, place: OpenEpisode) -> list[Item]:
    rows = getattr(chart.client, "allergy_rows", [])
    return [
        Item("allergy", str(number), row["substance"], Category.ALLERGIES, place.part2, place.program_id,
             (row["reaction"],) if row["reaction"] else ())
        for number, row in enumerate(rows)
    ]  # fmt: skip


def _screen(place: OpenEpisode, row: Any) -> Item:
    category = Category.USE_SCREENS if row.side == "substance_use" else Category.MOOD_SCREENS
    label = f"{row.title}, {date_format(row.date, 'j M Y')}"
    line = "" if row.total is None else _("Score %(total)s") % {"total": row.total}
    line = ": ".join(part for part in (line, row.band) if part) or _("On file, without a total")
    return Item("screen", str(row.public_id), label, category, row.part2, place.program_id, (line,))
