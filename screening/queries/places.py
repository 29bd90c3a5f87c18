"""The open episodes with what of screening hangs on them: one query, read once while they are open."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject

from clinic.access.chart import Open
from clinic.kit import clock
from clinic.kit.written import Shared, kept
from clinic.people.models import ClinicSetting
from clinic.record.models import Episode, LevelOfCare
from screening.models import MostPerVisit, NotToday, ResponseState, ScreenResponse
from screening.queries.choices import chosen, prime, running

UNSETTLED = (ResponseState.OPEN, ResponseState.DEFERRED)


def places(opened: Open) -> list[Any]:
    """Each open episode with `key` (the client's public id), levels of care, what the client said about being asked, the
    clinic's settings, and its unsettled responses as JSON."""
    return opened.remember("screening.places", lambda: _primed(opened, _read(opened)))


def forget_places(opened: Open) -> None:
    """What was read is read again: a response has changed."""
    opened.answers.pop("screening.places", None)


def _primed(opened: Open, rows: list[Any]) -> list[Any]:
    if rows:
        prime(opened, rows[0].chosen, rows[0].running)
    return rows


@kept
def _read(opened: Open) -> QuerySet[Any]:
    here = {"episode": OuterRef("pk")}
    levels = LevelOfCare.objects.filter(**here).order_by("starts_on")
    said = NotToday.objects.filter(**here).order_by("-until")
    agreed = MostPerVisit.objects.filter(**here).order_by("-pk")
    return (
        Episode.objects.filter(pk__in=opened.episode_ids)
        .annotate(
            key=F("client__public_id"),
            levels=ArraySubquery(
                levels.values(json=JSONObject(level=F("level"), begins=F("starts_on"), ends=F("ends_on")))
            ),
            said=ArraySubquery(
                said.values(
                    json=JSONObject(
                        names=F("instruments"), until=F("until"), said_on=F("said_on"), by=F("by")
                    )
                )
            ),
            most=Subquery(agreed.values("most")[:1]),
            paces=Subquery(_setting("cadence").values("value")[:1], output_field=Shared()),
            limit=Subquery(_setting("response_days").values("value")[:1], output_field=Shared()),
            chosen=chosen(),
            running=running(opened),
            unsettled=ArraySubquery(_responses().filter(**here)),
        )
        .only("pk", "client_id", "program_id", "starts_on", "ends_on")
        .order_by("-starts_on", "-pk")
    )


def _setting(name: str) -> QuerySet[ClinicSetting]:
    return ClinicSetting.objects.filter(name=name, holds_from__lte=clock.now()).order_by("-holds_from")


def _responses() -> QuerySet[Any, Any]:
    rows = ScreenResponse.objects.filter(state__in=UNSETTLED).order_by("since", "pk")
    return rows.values(
        json=JSONObject(
            public_id=F("public_id"), instrument=F("instrument"), why=F("why"), since=F("since"), part2=F("part2"),
            state=F("state"), until=F("until"), reason=F("reason"), screen=F("screen__public_id"),
            taken_on=F("screen__taken_on"), total=F("screen__total"), band=F("screen__band"),
            printed=F("screen__instrument_version"), partial=F("screen__score__partial_sum"), by=Coalesce("screen__taken_by", "screen__sitting__started_by"),
        )
    )  # fmt: skip
