"""Queries that are put together once: they answer for whatever is open now, as of now, and never for what was open."""

import datetime as dt
from uuid import uuid4

import pytest
from django.db.models import F
from django.urls import reverse

from clinic.access.door import open_chart
from clinic.access.policy import Do
from clinic.kit import clock
from clinic.kit.dates import date_format
from clinic.kit.paths import path_of
from clinic.kit.scope import NoChartOpen
from clinic.kit.written import kept
from clinic.people.models import ClinicSetting
from clinic.people.queries import DEFAULTS, setting
from clinic.record.models import Episode

made = []


@kept
def begun(opened, *, on):
    made.append(on)
    rows = Episode.objects.filter(client__in=opened.clients, pk__in=opened.episode_ids, starts_on=on)
    return rows.values("pk", key=F("client__public_id"))


@pytest.mark.django_db
def test_a_kept_query_is_put_together_once_and_answers_for_the_chart_that_is_open(cast):
    june, theo = cast.register(), cast.register(given_name="Theo")
    before = len(made)
    for client in (june, theo, june):
        with open_chart(cast.dana, client, to=Do.OPEN_CHART) as chart:
            place = chart.episodes[0]
            assert begun(chart, on=place.starts_on) == [{"pk": place.id, "key": client}]
            assert begun(chart, on=place.starts_on - dt.timedelta(days=1)) == []
    assert len(made) == before + 1
    with pytest.raises(NoChartOpen):
        begun(chart, on=place.starts_on)


@pytest.mark.django_db
def test_a_kept_query_asks_as_of_now(cast):
    assert setting("not_seen_days") == DEFAULTS["not_seen_days"]
    soon = clock.now() + dt.timedelta(minutes=1)
    ClinicSetting.objects.create(name="not_seen_days", value=5, holds_from=soon, set_by=cast.sol)
    assert setting("not_seen_days") == DEFAULTS["not_seen_days"]
    with clock.backdated(soon + dt.timedelta(seconds=1)):
        assert setting("not_seen_days") == 5


def test_a_path_and_a_day_in_words_are_as_django_has_them():
    client, plan = uuid4(), uuid4()
    for route, *args in (
        ("caseload:mine",), ("caseload:chart", client), ("treatment_plans:show", client, str(plan)),
        ("treatment_plans:page_home", client, "safety"), ("treatment_plans:page_home", client, "50 % of it"),
    ):  # fmt: skip
        assert path_of(route, *args) == reverse(route, args=args) == path_of(route, *args)
    assert date_format(dt.date(2026, 11, 3), "d-M-Y") == "03-Nov-2026"
