"""A made-up clinic of any size: the same for the same seed, on file as if it had been lived, never beside real people."""

import statistics
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from caseload.management.population import making
from caseload.management.population.courses import people
from clinic.access.door import Job, open_slices
from clinic.access.policy import Do
from clinic.audit.models import LedgerRow
from clinic.record.models import Flag
from screening.models import Screen, ScreenResponse

COMMAND = Job("import", "command")
found: dict[str, str] = {}


@pytest.fixture
def small(monkeypatch, settings):
    """Chunks so small that twelve people take every way there is: on the caseload, one by one, repeated."""
    monkeypatch.setattr(making, "CASELOAD", 3)
    monkeypatch.setattr(making, "CHUNK", 4)
    monkeypatch.setattr(making, "FIRST", 1)
    settings.DEMO = True


def made(seed: int) -> str:
    said = StringIO()
    call_command("make_population", "--clients", "12", "--seed", str(seed), "--fingerprint", stdout=said)
    assert "12 clients made" in said.getvalue()
    return said.getvalue().split()[-1]


@pytest.mark.parametrize(("run", "seed"), [("one", 5), ("two", 5), ("other", 6)])
def test_the_same_seed_makes_the_same_clinic_in_another_database(db, small, run, seed):
    found[run] = made(seed)
    if run == "two":
        assert found["two"] == found["one"]
    if run == "other":
        assert found["other"] != found["one"]


def test_repeated_courses_have_history_ledger_flags_and_responses_and_nothing_is_made_beside_clients(
    db, small
):
    made(5)
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from audit_ledgerrow where act = 'screening.record_screen'")
        told = cursor.fetchone()[0]
    for opened in open_slices(COMMAND, to=Do.SCREEN):
        screens = list(Screen.objects.all())
        assert len(opened.clients) == 12 and told == len(screens)
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from screening_screenevent where pgh_label = 'insert'")
            assert cursor.fetchone()[0] == len(screens)
        by_client: dict[int, list] = {}
        for screen in screens:
            by_client.setdefault(screen.client_id, []).append(
                (screen.instrument, screen.taken_on, screen.total)
            )
        ordered = [sorted(by_client[client], key=str) for client in sorted(by_client)]
        assert ordered[7:11] == ordered[3:7]
        threads = {screen.thread: screen.client_id for screen in screens}
        assert all(threads[flag.source_id] == flag.client_id for flag in Flag.objects.all())
        answers = list(ScreenResponse.objects.select_related("screen"))
        assert answers and all(one.client_id == one.screen.client_id for one in answers)
    rows = LedgerRow.objects.count()
    with pytest.raises(CommandError, match="in use"):
        call_command("make_population", "--clients", "5")
    assert LedgerRow.objects.filter(act="screening.record_screen").count() == told
    assert LedgerRow.objects.count() == rows


def test_courses_look_like_treatment_with_twelve_screens_each():
    crowd = people(1, 1, 400)
    assert 11 <= statistics.mean(len(one.taken) for one in crowd) <= 13
    course = {arc: [_phq9(one) for one in crowd if one.arc == arc] for arc in {one.arc for one in crowd}}
    assert set(course) == {"improving", "staircase", "relapsing", "stuck", "lost", "new"}
    better = [(first, last) for first, *_between, last in course["improving"] if first >= 10]
    assert statistics.mean(last <= first / 2 for first, last in better) > 0.8
    assert statistics.mean(min(one) < one[-1] for one in course["relapsing"]) > 0.6
    assert all(one.taken[-1].days_ago >= 40 for one in crowd if one.arc == "lost")


def _phq9(person) -> list[int]:
    return [
        sum(value for item, value in taken.answers.items() if item != "phq9_10" and isinstance(value, int))
        for taken in person.taken
        if taken.instrument == "phq-9"
    ]
