"""What a clinic chooses among the published ways: offered or not, readings, thresholds, protocols."""

import datetime as dt

import pytest
from django.urls import reverse

from clinic.access.door import open_chart
from clinic.access.policy import Do
from clinic.people.models import ClinicSetting
from screening import queries
from screening.actions import record_screen
from tests.screening.answers import DAST10

PATH = "/office/questionnaires/"


@pytest.fixture
def abe(client, cast):
    client.force_login(cast.abe)
    return client


def posted(page, **changes):
    """The page's own fields as they stand, with these changes; None leaves one out (an empty box)."""
    form = page.context["form"]
    fields = {name: form[name].value() for name in form.fields}
    told = {name: "on" if value is True else value for name, value in fields.items() if value is not False}
    return {name: value for name, value in {**told, **changes}.items() if value is not None}


def test_a_form_that_is_switched_off_leaves_no_trace_in_what_is_offered_and_old_screens_stay(
    cast, client, abe
):
    june = cast.register()
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        old = record_screen(
            chart, instrument="dast-10", answers={**DAST10, "dast10_1": 1}, taken_on=dt.date(2026, 1, 5)
        )
    page = abe.get(PATH)
    assert "free for non-commercial use" in page.content.decode()
    assert abe.post(PATH, posted(page, **{"on-dast-10": None, "on-who-5": None})).status_code == 302
    assert ClinicSetting.objects.get(name="screening").value["off"] == ["dast-10", "who-5"]
    client.force_login(cast.dana)
    home = client.get(reverse("screening:home", args=[june])).content.decode()
    assert 'id="ask-phq-9"' in home and 'id="ask-dast-10"' not in home and "WHO-5" not in home
    assert client.get(reverse("screening:answer", args=[june, "dast-10"])).status_code == 404
    assert "DAST-10" in client.get(reverse("screening:screen", args=[june, old.public_id])).content.decode()
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        assert [trend.instrument for trend in queries.trends(chart)] == ["dast-10"]


def test_readings_thresholds_and_protocols_are_kept_as_chosen_and_nothing_else_is(cast, abe):
    page = abe.get(PATH)
    chosen = {
        "bands-ciwa-ar": "legacy",
        "reliable-gad-7": "6",
        "steps-cows": "0: 480\n13: 90",
        "source-cows": "House 12",
    }
    assert abe.post(PATH, posted(page, **chosen)).status_code == 302
    assert ClinicSetting.objects.get(name="screening").value == {
        "off": [],
        "bands": {"ciwa-ar": "legacy"},
        "reliable": {"gad-7": 6},
        "protocols": {"cows": {"steps": [[0, 480], [13, 90]], "source": "House 12"}},
    }
    assert abe.post(PATH, posted(abe.get(PATH))).status_code == 302
    assert ClinicSetting.objects.filter(name="screening").count() == 1  # nothing changed: no row
    for wrong in ("0: 480\n13", "10: 60", "0: 480\n99: 60", "0: 2"):
        refused = abe.post(PATH, posted(page, **{"steps-cows": wrong}))
        assert refused.status_code == 422 and "Each line is a total" in refused.content.decode()
    assert ClinicSetting.objects.filter(name="screening").count() == 1
