"""Who pays, and what must be kept from the health plan."""

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet

from clinic.kit import clock
from clinic.people.queries import current_period
from clinic.record.models import Coverage, SelfPay


def coverages(chart: Any) -> QuerySet[Coverage]:
    """The payers of this client that hold today, the oldest first."""
    today = clock.today()
    held = Q(ends_on__isnull=True) | Q(ends_on__gt=today)
    return Coverage.objects.filter(held, client__in=chart.clients).order_by("pk")


def self_pays(chart: Any) -> QuerySet[SelfPay]:
    """What the client pays in full by themselves in the open episodes and asked to keep from the plan, running ones."""
    return SelfPay.objects.filter(current_period(), episode__in=chart.episode_ids).order_by("starts_on", "pk")


def paid_in_full(opened: Any, episode_id: int, on: dt.date, service: str = "") -> bool:
    """Whether what was done in that episode on that day must not be told to a health plan (42 CFR 2.26; law.md P14).

    `service` "": anything at all of that day. A request for the whole episode covers every service; one for a named
    service covers that service alone, and anything where the service is not told.
    """
    asked = SelfPay.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=on), episode=episode_id, episode__in=opened.episode_ids,
        starts_on__lte=on,
    )  # fmt: skip
    if service:
        asked = asked.filter(Q(service="") | Q(service__iexact=service))
    return asked.exists()
