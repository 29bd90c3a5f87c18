"""The versions of a chart's plans, as the list of them shows each."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, QuerySet
from django.utils.translation import gettext

from clinic.access.chart import Open
from clinic.kit.written import kept
from treatment_plans.models import Plan
from treatment_plans.queries.reading import superseded, wrong


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


@kept
def _rows(opened: Open) -> QuerySet[Plan]:
    """With whether a later version took this one's place, and whether it was entered in error."""
    rows = Plan.objects.filter(episode__in=opened.episode_ids).select_related("author").order_by("-pk")
    return rows.annotate(gone=superseded(), error=Exists(wrong()))


def versions(chart: Open) -> list[Version]:
    """Every version of the chart's plans, newest first, in one query."""
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
        for p in _rows(chart)
    ]
