"""The supervisor sees every positive screen that waits, and how many were in time; the clinic says how often it asks."""

import datetime as dt

from django.urls import reverse

from clinic.access.door import open_chart
from clinic.access.policy import Do
from clinic.kit import clock
from clinic.people.queries import setting
from screening.actions import defer_response, record_screen
from screening.models import ScreenResponse
from tests.screening.answers import PHQ9

TODAY = clock.today("America/New_York")


def test_those_that_wait_come_first_and_those_put_off_after_with_the_share_in_time(cast, client):
    ada, bo = (
        cast.register(given_name="Ada", family_name="Brandt"),
        cast.register(given_name="Bo", family_name="Castell"),
    )
    for one in (ada, bo):
        with open_chart(cast.dana, one, to=Do.SCREEN) as chart:
            record_screen(chart, instrument="phq-9", answers=PHQ9, taken_on=TODAY - dt.timedelta(days=20))
    with open_chart(cast.dana, ada, to=Do.RESPOND) as chart:
        defer_response(
            chart,
            response=ScreenResponse.objects.get(),
            until=TODAY + dt.timedelta(days=5),
            reason="Sleep first",
        )
    client.force_login(cast.sol)
    page = client.get(reverse("caseload:responses")).content.decode()
    assert page.index("CASTELL, Bo") < page.index("BRANDT, Ada")
    assert "is not answered yet" in page and "Sleep first" in page
    assert "0 of 2 positive screens" in page and "within 7 days (0 %)" in page
    client.force_login(cast.dana)
    assert client.get(reverse("caseload:responses")).status_code == 404


def test_the_clinic_says_how_often_it_asks_and_bad_input_changes_nothing(cast, client):
    client.force_login(cast.abe)
    path = reverse("caseload:cadence")
    given = {"program": cast.sud.pk, "level": "2.1", "days-phq-9": "7", "days-gad-7": ""}
    wrong = client.post(path, {**given, "days-phq-9": "often"})
    assert wrong.status_code == 422 and "Enter a whole number" in wrong.content.decode()
    assert setting("cadence") == {}
    saved = client.post(path, given)
    assert saved.status_code == 302
    assert setting("cadence") == {str(cast.sud.pk): {"2.1": {"phq-9": 7}}}
    assert 'value="7"' in client.get(saved.url).content.decode()
