"""Each answer is on the server the moment it is given, and a critical one is a flag at once, draft or not."""

import datetime as dt
import threading
import uuid

import pytest
from django.db import connection, transaction

from clinic.access.door import open_chart
from clinic.access.policy import Do
from clinic.record.models import Flag, StaleEdit
from screening import queries
from screening.actions import AnswerPage, complete_screen, keep_answers, start_sitting
from screening.models import Answering, Screen
from tests.screening.answers import GAD7, PHQ9, phq9
from tests.waiting import until_it_waits

DAY = dt.date(2026, 3, 2)


def page(**more):
    given = {"instrument": "phq-9", "screen_id": uuid.uuid4(), "tab": "a", "seen": 0, "taken_on": DAY, **more}
    return AnswerPage(**given)


@pytest.fixture
def chart(cast):
    with open_chart(cast.dana, cast.register(), to=Do.SCREEN) as opened:
        yield opened


def test_answers_are_kept_for_the_same_person_only(cast):
    june = cast.register()
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        keep_answers(chart, page=page(), answers={"phq9_1": 2})
        assert queries.answering(chart, "phq-9").answers == {"phq9_1": 2}
    with open_chart(cast.sol, june, to=Do.OPEN_CHART) as chart:
        assert queries.answerings(chart) == []


def test_item_9_raises_the_flag_while_the_form_is_half_done_and_finishing_raises_no_second(chart):
    mine = page()
    keep_answers(chart, page=mine, answers={"phq9_9": 1})
    assert Flag.objects.get().source_id == mine.screen_id
    kept = keep_answers(chart, page=mine, answers=phq9(1))
    screen = complete_screen(chart, answering=kept)
    assert screen.public_id == mine.screen_id and Flag.objects.count() == 1
    assert not Answering.objects.exists()


def test_correcting_item_9_closes_the_flag_with_a_reason_and_again_above_zero_raises_a_new_one(chart):
    mine = page()
    for answer, open_flags, flags in ((2, 1, 1), (3, 1, 1), (0, 0, 1), (1, 1, 2)):
        keep_answers(chart, page=mine, answers={"phq9_9": answer})
        assert (Flag.objects.filter(closed_at__isnull=True).count(), Flag.objects.count()) == (
            open_flags,
            flags,
        )
    closed = Flag.objects.get(closed_at__isnull=False)
    assert (closed.close_reason, closed.closed_by_id) == ("The answer was corrected", chart.who.pk)


@pytest.mark.parametrize("afterwards", [{}, {"phq9_9": "declined"}])
def test_leaving_item_9_blank_or_declining_it_afterwards_does_not_close_the_flag(chart, afterwards):
    mine = page()
    keep_answers(chart, page=mine, answers={"phq9_9": 2})
    keep_answers(chart, page=mine, answers=afterwards)
    assert Flag.objects.get().is_open


def test_another_window_with_older_answers_overwrites_nothing(chart):
    mine = page()
    keep_answers(chart, page=mine, answers={"phq9_1": 2})
    with pytest.raises(StaleEdit) as stale, transaction.atomic():
        keep_answers(chart, page=page(tab="b"), answers={"phq9_1": 0})
    assert stale.value.theirs.answers == {"phq9_1": 2}
    assert Answering.objects.get().answers == {"phq9_1": 2}


def test_the_window_that_wrote_last_goes_on_whatever_version_it_was_loaded_with(chart):
    mine = page()
    for answer in (0, 1, 2):
        keep_answers(chart, page=mine, answers={"phq9_1": answer})
    newer = page(tab="b", seen=Answering.objects.get().version)
    keep_answers(chart, page=newer, answers={"phq9_1": 3})
    with pytest.raises(StaleEdit), transaction.atomic():
        keep_answers(chart, page=mine, answers={"phq9_1": 0})


def test_a_window_left_open_after_the_form_was_finished_begins_no_second_one(chart):
    mine = page()
    complete_screen(chart, answering=keep_answers(chart, page=mine, answers=PHQ9))
    with pytest.raises(StaleEdit) as stale, transaction.atomic():
        keep_answers(chart, page=mine, answers=PHQ9)
    assert isinstance(stale.value.theirs, Screen) and Screen.objects.count() == 1


def test_a_set_closes_with_its_last_form_and_waits_while_a_flag_waits(chart):
    sitting = start_sitting(chart, instruments=["phq-9", "gad-7"])
    complete_screen(chart, answering=keep_answers(chart, page=page(sitting=sitting), answers=phq9(1)))
    last = page(instrument="gad-7", sitting=sitting)
    complete_screen(chart, answering=keep_answers(chart, page=last, answers=GAD7))
    sitting.refresh_from_db()
    assert sitting.closed_at is None
    calm = start_sitting(chart, instruments=["gad-7"])
    complete_screen(
        chart, answering=keep_answers(chart, page=page(instrument="gad-7", sitting=calm), answers=GAD7)
    )
    calm.refresh_from_db()
    assert calm.closed_at is not None


def test_an_answer_that_comes_while_the_form_is_being_finished_leaves_nothing_behind(lasting_cast):
    june, mine, came = lasting_cast.register(), page(), []

    def last_answer():
        try:
            with open_chart(lasting_cast.dana, june, to=Do.SCREEN) as chart:
                keep_answers(chart, page=mine, answers=phq9(1))
        except StaleEdit as stale:
            came.append(stale.theirs.public_id)
        finally:
            connection.close()

    late = threading.Thread(target=last_answer)
    with open_chart(lasting_cast.dana, june, to=Do.SCREEN) as chart:
        kept = keep_answers(chart, page=mine, answers=phq9(1))
        complete_screen(chart, answering=kept)
        late.start()
        until_it_waits()  # for the row that is being finished
    late.join()
    assert came == [mine.screen_id]
    with open_chart(lasting_cast.dana, june, to=Do.SCREEN) as chart:
        assert queries.answerings(chart) == []
