"""The problem list and the history of each problem on it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clinic.access.chart import Chart, ChartNotFound
from clinic.people.models import Staff
from clinic.record.models import Problem, ProblemStatus

TOLD = (
    "text", "code", "domain", "status", "severity", "remission", "remission_setting", "onset_on", "onset_words", "source",
    "said_by", "resolved_on",
)  # fmt: skip


def problem_list(chart: Chart) -> list[Problem]:
    """Every problem of the open episodes that is not an error, standing ones first; one query."""
    rows = Problem.objects.filter(episode__in=chart.episode_ids).exclude(status=ProblemStatus.IN_ERROR)
    found = list(rows.select_related("recorded_by").order_by("pk"))
    return sorted(found, key=lambda one: one.is_over)


def problems_in_error(chart: Chart) -> list[Problem]:
    """Problems of the open episodes that were entered in error, newest first: out of the list, and still to be read.

    One query (law.md, section 7, R4).
    """
    rows = Problem.objects.filter(episode__in=chart.episode_ids, status=ProblemStatus.IN_ERROR)
    return list(rows.select_related("recorded_by").order_by("-pk"))


def problem_row(chart: Chart, public_id: Any) -> Problem:
    """The problem of that public id; ChartNotFound where it is not open. One query."""
    try:
        rows = Problem.objects.filter(episode__in=chart.episode_ids, public_id=public_id)
        found = rows.select_related("recorded_by").first()
    except ValidationError:  # not a public id at all
        found = None
    if found is None:
        raise ChartNotFound
    return found


@dataclass(frozen=True)
class Told:
    """What one person changed of a problem at one moment: (label, before, after) of each field."""

    at: dt.datetime
    by: str
    fields: list[tuple[str, str, str]]
    first: bool


def problem_history(chart: Chart, problem: Problem) -> list[Told]:
    """What was recorded and what changed since, newest first, from the row history; two queries."""
    history: Any = next(iter(Problem.pgh_event_models.values()))  # type: ignore[attr-defined]
    rows = list(
        history.objects.filter(pgh_obj_id=problem.pk, episode__in=chart.episode_ids)
        .select_related("pgh_context")
        .order_by("pgh_id")
    )
    actors = {row.pgh_id: ((row.pgh_context and row.pgh_context.metadata) or {}).get("actor") for row in rows}
    people = {
        one.pk: one.name for one in Staff.objects.filter(pk__in={key for key in actors.values() if key})
    }
    found, before = [], None
    for row in rows:
        fields = [
            (_label(name), _said(before, name) if before else "", _said(row, name))
            for name in TOLD
            if _said(row, name) != (_said(before, name) if before else "")
        ]
        if fields:
            by = people.get(actors[row.pgh_id] or 0, _("someone"))
            found.append(Told(row.pgh_created_at, by, fields, before is None))
        before = row
    return found[::-1]


def _label(name: str) -> str:
    label = str(Problem._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    return label[:1].upper() + label[1:]


def _said(row: Any, name: str) -> str:
    field = Problem._meta.get_field(name)
    value = getattr(row, name)
    if value in (None, ""):
        return ""
    choices = dict(getattr(field, "flatchoices", None) or [])
    if isinstance(value, dt.date):
        return value.strftime("%d-%b-%Y")
    return str(choices.get(value, value))
