"""Withdrawal over hours: columns with vital signs, when the next is due, and what is shown of it."""

import datetime as dt

import pytest
from django.urls import reverse

from clinic.access.chart import Refused
from clinic.access.door import open_caseload, open_chart
from clinic.access.policy import Do
from clinic.audit.models import LedgerRow
from clinic.kit import clock
from clinic.people.models import ClinicSetting
from clinic.record.models import StaleEdit
from screening import actions, queries, rules
from screening.models import Flowsheet, Rating
from tests.screening.answers import page
from tests.screening.ratings import CIWA, COWS, rate


@pytest.fixture
def june(cast):
    return cast.register()


def test_the_first_rating_begins_a_flowsheet_and_each_says_when_the_next_is_due(cast, june):
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        first = rate(chart, {**COWS, "cows_1": 3, "cows_2": 4, "cows_3": 3}, hours_ago=3, pulse=124)
        flow = Flowsheet.objects.get()
        assert (first.screen.total, first.due_minutes) == (13, 120)
        assert flow.next_due_at == first.at + dt.timedelta(minutes=120)
        assert queries.grid(chart, flow, rules.load("cows")).late
        second = rate(chart, {**COWS, "cows_1": 1}, pulse=88, systolic=124, diastolic=80, temperature="98.6")
        late_entry = rate(chart, COWS, hours_ago=1)
        flow.refresh_from_db()
        assert flow.next_due_at == second.at + dt.timedelta(minutes=240)  # the newest by its own time
        grid = queries.grid(chart, flow, rules.load("cows"))
    assert [column.screen.total for column in grid.columns] == [13, 0, 1]
    assert [cells for _row, cells in grid.vital_lines][:2] == [["124", "–", "88"], ["–", "–", "124/80"]]
    assert grid.lines[0] == ("1. Resting pulse rate", [4, 0, 1])
    assert late_entry.protocol_source == rules.PROTOCOLS["cows"].source
    assert LedgerRow.objects.filter(act="screening.rate_withdrawal", outcome="done").count() == 3


def test_an_incomplete_rating_has_no_total_and_is_due_soonest_and_one_in_error_no_longer_counts(cast, june):
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        part = {name: value for name, value in CIWA.items() if name != "ciwa_10"}
        half = rate(chart, {**part, "ciwa_7": 5}, instrument="ciwa-ar", hours_ago=1)
        assert (half.screen.total, half.due_minutes) == (None, 60)
        whole = rate(chart, {**CIWA, "ciwa_1": 7, "ciwa_2": 7, "ciwa_3": 1}, instrument="ciwa-ar")
        actions.mark_in_error(chart, screen=half.screen, reason="Another client")
        grid = queries.grid(chart, whole.flowsheet, rules.load("ciwa-ar"))
    assert [column.counts for column in grid.columns] == [False, True]
    assert grid.columns[0].notes == ["Hallucinations (6, 7 or 8 rated 4 and above): medical review"]
    assert grid.columns[1].screen.band == "Moderate"


def test_what_is_overdue_is_due_on_the_caseload_until_it_is_rated_or_ended(cast, june):
    def codes():
        with open_caseload(cast.sol, to=Do.REVIEW_CASELOAD) as opened:
            found = queries.due(opened, clock.today())
            return [str(item.text)[:26] for item in found if item.code == "withdrawal_due"]

    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        rate(chart, COWS, hours_ago=5)
    assert codes() == ["COWS is due to be rated ag"]
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        flow = rate(chart, COWS).flowsheet
    assert codes() == []
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        actions.end_flowsheet(chart, flow=flow, reason="Stable on 16 mg")
        again = rate(chart, COWS)
        assert again.flowsheet != flow and Flowsheet.objects.count() == 2
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart, pytest.raises(StaleEdit):
        actions.end_flowsheet(chart, flow=flow, reason="Again")


def test_the_clinics_own_bands_and_protocol_hold_for_what_is_rated_from_then_on(cast, june):
    severe_by_the_older_bands = {**CIWA, "ciwa_1": 7, "ciwa_2": 7, "ciwa_3": 1}
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        before = rate(chart, severe_by_the_older_bands, instrument="ciwa-ar", hours_ago=2)
    value = {
        "bands": {"ciwa-ar": "legacy"},
        "protocols": {"ciwa-ar": {"steps": [[0, 480], [15, 30]], "source": "House protocol 12"}},
    }
    ClinicSetting.objects.create(name="screening", value=value, holds_from=clock.now())
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        after = rate(chart, severe_by_the_older_bands, instrument="ciwa-ar")
    assert (before.screen.band, after.screen.band) == ("Moderate", "Severe")
    assert (after.due_minutes, after.protocol_source) == (30, "House protocol 12")


def test_nobody_rates_ahead_of_time_or_without_the_duty(cast, june):
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart, pytest.raises(actions.FutureDate):
        rate(chart, COWS, hours_ago=-1)
    with open_chart(cast.dana, june, to=Do.OPEN_CHART):
        assert not Rating.objects.exists() and not Flowsheet.objects.exists()
    with open_chart(cast.sol, june, to=Do.OPEN_CHART) as chart, pytest.raises(Refused):
        rate(chart, COWS)


def test_a_column_is_entered_on_the_page_and_what_is_wrong_with_it_is_named(cast, client, june):
    client.force_login(cast.dana)
    path = reverse("screening:flow", args=[june, "cows"])
    today = clock.today(cast.home.zone if hasattr(cast, "home") else None)
    assert "Not rated yet" in client.get(path).content.decode()
    form = page({**COWS, "cows_1": 2}, day=str(today), at_time="00:01", pulse="112")
    slip = client.post(path, {**form, "pulse": "1120", "systolic": "120", "cows_4": ""})
    said = slip.content.decode()
    assert slip.status_code == 422
    for words in (
        "Between 20 and 250.",
        "Blood pressure needs both numbers.",
        "Question 4 is not answered.",
        'value="1120"',
    ):
        assert words in said, words
    assert client.post(path, form).status_code == 302
    shown = client.get(path).content.decode()
    assert "Next rating" in shown or "Due since" in shown
    assert "112" in shown and "Starting values of Entwine" in shown
    assert client.get(reverse("screening:flow", args=[june, "phq-9"])).status_code == 404
    home = client.get(reverse("screening:home", args=[june])).content.decode()
    assert "Begin CIWA-Ar" in home and "Begin COWS" not in home
    with open_chart(cast.dana, june, to=Do.OPEN_CHART):
        flow = Flowsheet.objects.get()
    ended = client.post(reverse("screening:end_flow", args=[june, flow.public_id]), {"reason": "Went home"})
    assert "Went home" in client.get(ended.url).content.decode()


@pytest.mark.parametrize(
    ("total", "minutes"), [(None, 60), (0, 240), (9, 240), (10, 120), (18, 120), (19, 60), (67, 60)]
)
def test_the_next_rating_follows_the_total_and_without_one_the_shortest_wait(total, minutes):
    assert rules.protocol("ciwa-ar").minutes(total) == minutes


@pytest.mark.parametrize(
    ("steps", "right"),
    [
        ([(0, 240), (10, 60)], True),
        ([], False),
        ([(1, 60)], False),
        ([(0, 60), (0, 30)], False),
        ([(0, 60), (68, 30)], False),
        ([(0, 4)], False),
    ],
)
def test_a_protocol_begins_at_0_rises_and_stays_within_the_scale(steps, right):
    assert rules.are_steps(steps, 67) is right
