"""A screen is scored, frozen and kept; what it raises is raised with it."""

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction

from clinic.access.chart import Refused
from clinic.access.door import Job, open_chart, open_slices
from clinic.access.policy import Do
from clinic.audit.models import LedgerRow
from clinic.kit import clock
from clinic.record.models import Flag, StaleEdit
from screening import queries
from screening.actions import (
    FutureDate,
    NewScreen,
    NotAnAnswer,
    correct_screen,
    mark_in_error,
    record_screen,
    record_screens,
)
from screening.models import Screen
from tests.screening.answers import AUDIT_NONE, PHQ9, phq9

DAY = dt.date(2026, 3, 2)


@pytest.fixture
def june(cast):
    return cast.register()


def test_a_screen_keeps_its_answers_its_score_and_the_version_it_was_asked_in(cast, june):
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        screen = record_screen(chart, instrument="phq-9", answers=PHQ9, taken_on=DAY)
    assert (screen.total, screen.band, screen.positive, screen.complete) == (14, "Moderate", True, True)
    assert (screen.instrument_version, len(screen.instrument_hash)) == ("1", 64)
    assert screen.part2 and screen.taken_by_id == cast.dana.pk
    row = LedgerRow.objects.get(act="screening.record_screen")
    assert (row.object_kind, row.object_id) == ("Screen", str(screen.public_id))


def test_a_finished_screen_never_changes(cast, june):
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        screen = record_screen(chart, instrument="phq-9", answers=PHQ9, taken_on=DAY)
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            Screen.objects.filter(pk=screen.pk).update(total=0)


def test_a_blank_is_never_a_zero_and_gives_no_total(cast, june):
    answers = {name: value for name, value in PHQ9.items() if name != "phq9_4"}
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        screen = record_screen(chart, instrument="phq-9", answers=answers, taken_on=DAY)
    assert (screen.total, screen.complete, screen.unanswered, screen.band) == (None, False, 1, "")
    assert screen.score["prorated_total"] == 13.5


def test_what_the_form_skips_counts_nothing_and_the_form_is_complete(cast, june):
    answers = {**AUDIT_NONE, **{f"audit_{n}": "skipped" for n in range(2, 9)}}
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        screen = record_screen(chart, instrument="audit", answers=answers, taken_on=DAY)
    assert (screen.total, screen.complete) == (0, True)


def test_an_answer_that_is_no_option_is_refused_and_nothing_is_written(cast, june):
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        with pytest.raises(NotAnAnswer), transaction.atomic():
            record_screen(chart, instrument="phq-9", answers=phq9(4), taken_on=DAY)
        with pytest.raises(FutureDate), transaction.atomic():
            record_screen(
                chart, instrument="phq-9", answers=PHQ9, taken_on=clock.today() + dt.timedelta(days=2)
            )
        assert not Screen.objects.exists()


def test_a_supervisor_reads_screens_and_records_none(cast, june):
    with pytest.raises(Refused), open_chart(cast.sol, june, to=Do.OPEN_CHART) as chart:
        record_screen(chart, instrument="phq-9", answers=PHQ9, taken_on=DAY)
    with open_chart(cast.sol, june, to=Do.OPEN_CHART):
        assert not Screen.objects.exists()


@pytest.mark.parametrize("answer", [1, 2, 3])
def test_item_9_above_zero_raises_a_flag_with_an_owner_in_the_same_transaction(cast, june, answer):
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        screen = record_screen(chart, instrument="phq-9", answers={"phq9_9": answer}, taken_on=DAY)
        flag = Flag.objects.get()
    assert (flag.source_id, flag.owner_id, flag.is_open, flag.historical) == (
        screen.thread,
        cast.dana.pk,
        True,
        False,
    )
    assert flag.part2


def test_a_declined_item_9_raises_nothing_and_is_not_a_zero(cast, june):
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        screen = record_screen(chart, instrument="phq-9", answers=phq9("declined"), taken_on=DAY)
        assert not Flag.objects.exists()
    assert screen.total is None and screen.score["declined"] == 1


def test_a_correction_is_a_screen_of_its_own_and_closes_the_flag_it_takes_back(cast, june):
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        first = record_screen(chart, instrument="phq-9", answers=phq9(1), taken_on=DAY)
        second = correct_screen(chart, screen=first, answers=phq9(0), reason="Misheard")
        assert [row.public_id for row in queries.screens(chart)] == [second.public_id]
        flag = Flag.objects.get()
        assert (flag.is_open, flag.close_reason) == (False, "The answer was corrected")
        third = correct_screen(chart, screen=second, answers=phq9(2), reason="It was so")
        assert Flag.objects.filter(closed_at__isnull=True).count() == 1 and Flag.objects.count() == 2
    assert (first.total, second.total, third.total) == (15, 14, 16)
    assert third.thread == first.public_id and Flag.objects.model is Flag


def test_two_corrections_of_one_screen_meet_and_the_second_is_told(cast, june):
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        first = record_screen(chart, instrument="phq-9", answers=PHQ9, taken_on=DAY)
        correct_screen(chart, screen=first, answers=phq9(0), reason="Misheard")
        with pytest.raises(StaleEdit), transaction.atomic():
            correct_screen(chart, screen=first, answers=phq9(0, phq9_1=0), reason="Misheard too")
        assert Screen.objects.count() == 2


def test_a_screen_entered_in_error_stays_and_no_longer_counts(cast, june):
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        screen = record_screen(chart, instrument="phq-9", answers=phq9(1), taken_on=DAY)
        mark_in_error(chart, screen=screen, reason="Another client's form")
        assert queries.screens(chart) == [] and Screen.objects.count() == 1
        assert "Another client's form" in Flag.objects.get(closed_at__isnull=False).close_reason


def test_one_by_one_and_all_at_once_write_equal_screens_flags_history_and_ledger(cast):
    clients = {name: cast.register(given_name=name) for name in ("One", "Two")}
    told = [
        {"instrument": "phq-9", "answers": phq9(n % 3), "taken_on": DAY + dt.timedelta(weeks=n), "mode": "imported",
         "origin": f"row {n}", "historical": n < 4}
        for n in range(5)
    ]  # fmt: skip
    ids = {}
    for name, client in clients.items():
        with open_chart(cast.dana, client, to=Do.SCREEN) as chart:
            ids[name] = chart.client_id
    job = Job("import", "command")
    for opened in open_slices(job, to=Do.SCREEN, clients=[ids["One"]]):
        for row in told:
            record_screen(opened, episode=opened.episodes[0], **row)
    for opened in open_slices(job, to=Do.SCREEN, clients=[ids["Two"]]):
        record_screens(opened, rows=[NewScreen(episode=opened.episodes[0], **row) for row in told])
    assert _written(cast, clients["One"]) == _written(cast, clients["Two"])
    assert _ledger(ids["One"]) == _ledger(ids["Two"])


def _written(cast, client):
    skip = {"id", "public_id", "client_id", "episode_id", "thread", "source_id", "recorded_at", "frozen_at",
            "created_at", "raised_at", "closed_at", "ask_next_at", "pgh_id", "pgh_created_at", "pgh_obj_id", "pgh_context_id"}  # fmt: skip
    with open_chart(cast.dana, client, to=Do.OPEN_CHART), connection.cursor() as cursor:
        found = {}
        for table in ("screening_screen", "record_flag", "screening_screenevent", "record_flagevent"):
            cursor.execute(f"select * from {table} order by 1")
            names = [column.name for column in cursor.description]
            found[table] = [
                {name: value for name, value in zip(names, row, strict=True) if name not in skip}
                for row in cursor.fetchall()
            ]
    assert len(found["screening_screen"]) == len(found["screening_screenevent"]) == 5
    assert len(found["record_flag"]) == len(found["record_flagevent"]) == 3
    return found


def _ledger(client):
    rows = LedgerRow.objects.filter(clients=[client], act="screening.record_screen")
    return list(
        rows.values("act", "outcome", "actor_kind", "actor_name", "basis", "route", "object_kind", "detail")
    )
