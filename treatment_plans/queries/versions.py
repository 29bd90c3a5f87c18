"""The versions of a chart's plans, as the list of them shows each."""

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import Exists, QuerySet
from django.utils.translation import gettext

from clinic.access.chart import Open
from clinic.kit.written import Written, written
from treatment_plans.models import Plan
from treatment_plans.queries.reading import later, wrong


@dataclass(frozen=True)
class Version:
    """One version in the list of them."""

    public_id: Any
    version_no: int
    episode_id: int
    made_at: dt.datetime
    frozen_at: dt.datetime | None
    author: str
    superseded: bool
    in_error: bool = False

    @property
    def status(self) -> str:
        if self.frozen_at is None:
            return gettext("Draft")
        if self.in_error:
            return gettext("Entered in error")
        return gettext("Superseded") if self.superseded else gettext("Active")


@cache
def _written_fates() -> dict[str, Written]:
    """Whether a later version took this one's place, and whether it was entered in error."""
    return written(Plan.objects.annotate(gone=Exists(later()), error=Exists(wrong())))


def versions(chart: Open) -> list[Version]:
    """Every version of the chart's plans, newest first, in one query."""
    rows: QuerySet[Any] = (
        Plan.objects.filter(episode__in=chart.episode_ids)
        .select_related("author")
        .annotate(**_written_fates())
    )
    return [
        Version(
            p.public_id,
            p.version_no,
            p.episode_id,
            p.begun_at,
            p.frozen_at,
            p.author.signing_name,
            p.gone,
            p.error,
        )
        for p in rows.order_by("-pk")
    ]
