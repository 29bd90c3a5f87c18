"""No answer goes nowhere: a positive screen waits until somebody says what is done about it."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinic.access.chart import Refused
from clinic.access.door import Job, open_caseload, open_chart, open_slices
from clinic.access.policy import Do
from clinic.audit.models import LedgerRow
from clinic.kit import clock
from clinic.kit.due import Urgency
from clinic.record.models import StaleEdit
from screening import queries, rules
from screening.actions import (
    NewScreen,
    correct_screen,
    defer_response,
    leave_unconfirmed,
    mark_in_error,
    record_screen,
    record_screens,
    refer_response,
    take_up_response,
)
from screening.models import ResponseStep, Screen, ScreenResponse
from tests.screening.answers import GAD7, PHQ9, phq9

TODAY = clock.today("America/New_York")
LOW = dict.fromkeys(PHQ9, 0)
SOME = {**LOW, **{f"phq9_{n}": 1 for n in range(1, 9)}}  # 8: below the cut-off, and 6 or more above a low one
HIGH = {**{f"phq9_{n}": 3 for n in range(1, 9)}, "phq9_9": 0}


def days(number):
    return TODAY + dt.timedelta(days=number)


@pytest.fixture
def june(cast):
    return cast.register()


def ask(chart, answers=PHQ9, day=0, name="phq-9"):
    return record_screen(chart, instrument=name, answers=answers, taken_on=days(day))


def end(chart, how, row=None):
    row = row or ScreenResponse.objects.get()
    if how == "deferred":
        return defer_response(chart, response=row, until=days(7), reason="June wants to sleep first")
    if how == "not_confirmed":
        return leave_unconfirmed(chart, response=row, reason="Grief, by interview")
    verb, name = (take_up_response, "problem") if how == "in_plan" else (refer_response, "referral")
    return verb(chart, response=row, words="Low mood", **{name: row.public_id})


def due(cast, on=TODAY):
    with open_caseload(cast.sol, to=Do.REVIEW_CASELOAD) as opened:
        return [one for one in queries.due(opened, on) if one.code == "screen_response"]


def test_a_positive_screen_opens_a_response_and_a_negative_one_none(cast, june):
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        ask(chart, dict.fromkeys(GAD7, 0), name="gad-7")
        assert not ScreenResponse.objects.exists()
        screen = ask(chart)
        row = ScreenResponse.objects.get()
        assert (row.state, row.screen_id, row.since, row.part2) == ("open", screen.pk, TODAY, True)
        assert [step.state for step in queries.response_steps(row)] == ["open"]
    (found,) = due(cast)
    day = f"{TODAY.day} {TODAY:%b} {TODAY.year}"
    assert str(found.text) == f"PHQ-9 14 (moderate) on {day} is not answered yet"
    assert (found.urgency, found.args) == (Urgency.SOON, (str(june), str(row.public_id)))
    assert due(cast, days(8))[0].urgency == Urgency.OVERDUE


def test_an_incomplete_form_that_reaches_the_cut_off_already_is_positive(cast, june):
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        ask(chart, {"phq9_1": 3, "phq9_2": 3, "phq9_3": 3})
        assert not ScreenResponse.objects.exists()
        ask(chart, {"phq9_1": 3, "phq9_2": 3, "phq9_3": 3, "phq9_4": 1})
        assert ScreenResponse.objects.get().screen.total is None
        assert "PHQ-9 10 or more (incomplete)" in queries.unsettled(chart)[0].sentence


def test_worse_by_the_published_rule_opens_one_below_the_cut_off(cast, june):
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        ask(chart, LOW, -14)
        assert not ScreenResponse.objects.exists()
        ask(chart, SOME)
        assert ScreenResponse.objects.get().why == "worse"
        assert "is worse than before" in queries.unsettled(chart)[0].sentence


def test_a_newer_positive_joins_the_one_that_waits(cast, june):
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        ask(chart, day=-14)
        newer = ask(chart)
        row = ScreenResponse.objects.get()
        assert (row.screen_id, row.since) == (newer.pk, days(-14))
        assert len(queries.response_steps(row)) == 2
        late = ask(chart, day=-3)  # keyed in from paper afterwards
        assert ScreenResponse.objects.get().screen_id == newer.pk != late.pk


@pytest.mark.parametrize("how", ["deferred", "not_confirmed", "in_plan", "referred"])
def test_each_way_it_ends_is_kept_with_who_when_and_why_and_it_leaves_the_list(cast, june, how):
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        ask(chart)
        row = end(chart, how)
        assert (row.state, row.ended_by_id) == (how, cast.dana.pk) and row.ended_at
        steps = queries.response_steps(row)
        assert [(step.state, step.by_id) for step in steps] == [("open", cast.dana.pk), (how, cast.dana.pk)]
        assert queries.ended_in_words(row).endswith(row.reason or "Low mood")
        if how != "deferred":
            with pytest.raises(StaleEdit), transaction.atomic():
                end(chart, "not_confirmed", row)
    assert due(cast) == []
    assert LedgerRow.objects.filter(object_kind="ScreenResponse", outcome="done").count() == 1


def test_put_off_it_waits_again_on_that_day_and_not_before(cast, june):
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        ask(chart)
        end(chart, "deferred")
    assert due(cast, days(6)) == []
    (found,) = due(cast, days(7))
    assert "was put off until" in str(found.text) and "June wants to sleep first" in str(found.text)
    assert due(cast, days(8))[0].urgency == Urgency.OVERDUE


@pytest.mark.parametrize(
    ("before", "answers", "after"),
    [("deferred", PHQ9, "joined"), ("deferred", HIGH, "reopened"), ("in_plan", PHQ9, "joined"), ("in_plan", HIGH, "new"),
     ("referred", PHQ9, "joined"), ("referred", HIGH, "new"), ("not_confirmed", PHQ9, "new")],
)  # fmt: skip
def test_what_a_further_positive_does_to_one_that_was_answered(cast, june, before, answers, after):
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        ask(chart, day=-14)
        row = end(chart, before)
        newer = ask(chart, answers)
        row.refresh_from_db()
        assert ScreenResponse.objects.count() == (2 if after == "new" else 1)
        assert row.state == ("open" if after == "reopened" else before)
        assert (row.screen_id == newer.pk) == (after != "new")


def test_a_referral_answers_for_as_long_as_the_clinic_says(cast, june):
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        with clock.backdated(clock.now() - dt.timedelta(days=100)):
            ask(chart, day=-100)
            end(chart, "referred")
        ask(chart)
        assert ScreenResponse.objects.filter(state="open").count() == 1


@pytest.mark.parametrize(
    ("words", "field"),
    [({"until": TODAY}, "until"), ({"until": days(400)}, "until"), ({"reason": "  "}, "reason")],
)
def test_it_is_not_put_off_without_a_reason_or_for_ever(cast, june, words, field):
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        ask(chart)
        row = ScreenResponse.objects.get()
        with pytest.raises(ValidationError) as refused, transaction.atomic():
            defer_response(chart, response=row, **{"until": days(3), "reason": "Later", **words})
        assert field in refused.value.message_dict
        with pytest.raises(ValidationError), transaction.atomic():
            leave_unconfirmed(chart, response=row, reason="")
        row.refresh_from_db()
        assert row.state == "open" and ResponseStep.objects.count() == 1


def test_who_is_not_on_the_team_answers_nothing(cast, june):
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        ask(chart)
    with pytest.raises(Refused), open_chart(cast.pat, _with_pat(cast, june), to=Do.SEE_PLAN) as chart:
        end(chart, "not_confirmed", ScreenResponse.objects.get())
    with open_chart(cast.sol, june, to=Do.OPEN_CHART) as chart:
        assert ScreenResponse.objects.get().state == "open"
        end(chart, "not_confirmed")  # the supervisor may


def _with_pat(cast, client):
    from caseload.actions import join_team

    with open_chart(cast.sol, client, to=Do.ASSIGN_CARE) as chart:
        join_team(chart, place=chart.episodes[0], staff=cast.pat)
    return client


def test_a_correction_takes_it_back_or_leads_it_to_what_still_stands(cast, june):
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        first, second = ask(chart, day=-14), ask(chart)
        correct_screen(chart, screen=second, answers=LOW, reason="Another client's sheet")
        row = ScreenResponse.objects.get()
        assert (row.state, row.screen_id) == ("open", first.pk)
        mark_in_error(chart, screen=first, reason="Another client's sheet too")
        row.refresh_from_db()
        assert (row.state, row.reason) == ("taken_back", "The screen was entered in error")
        again = correct_screen(
            chart, screen=Screen.objects.get(corrects=second), answers=HIGH, reason="It was so"
        )
        assert ScreenResponse.objects.get(state="open").screen_id == again.pk


def test_imported_history_asks_for_an_answer_to_its_newest_alone(cast, june):
    with open_chart(cast.dana, june, to=Do.OPEN_CHART) as chart:
        key = chart.client_id
    told = [(PHQ9, -300, True), (HIGH, -200, True), (LOW, -100, True), (GAD7, -90, True)]
    for opened in open_slices(Job("import", "command"), to=Do.SCREEN, clients=[key]):
        rows = [
            NewScreen(opened.episodes[0], "gad-7" if one is GAD7 else "phq-9", one, days(day), origin=f"row {day}", historical=past)
            for one, day, past in told
        ]  # fmt: skip
        record_screens(
            opened, rows=[*rows, NewScreen(opened.episodes[0], "phq-9", HIGH, days(-80), historical=True)]
        )
        assert [(row.instrument, row.since) for row in ScreenResponse.objects.all()] == [("phq-9", days(-80))]


def test_the_share_answered_in_time_has_its_denominator(cast, june):
    now = clock.now()
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        for back, how in ((80, "not_confirmed"), (60, "late"), (40, "not_confirmed")):
            with clock.backdated(now - dt.timedelta(days=back)):
                ask(chart, day=-back)
                row = ScreenResponse.objects.get(state="open")
                if how != "late":
                    end(chart, how, row)
            with clock.backdated(now - dt.timedelta(days=back - 20)):
                if how == "late":
                    end(chart, "not_confirmed", row)
        ask(chart, day=-2)  # has not had its seven days yet
        share = queries.answered_share(chart, TODAY, 7)
    assert (share.answered, share.of) == (2, 3)
    assert "2 of 3 positive screens" in share.sentence and "67 %" in share.sentence


ASKED = st.lists(
    st.tuples(
        st.sampled_from(
            [LOW, SOME, PHQ9, HIGH, {"phq9_1": 3, "phq9_2": 3, "phq9_3": 3, "phq9_4": 2}, phq9(1)]
        ),
        st.integers(-60, 0),
        st.sampled_from(["", "correct", "error", "deferred", "not_confirmed", "in_plan", "referred"]),
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(asked=ASKED)
def test_no_positive_screen_is_ever_without_a_response(cast, june, asked):
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        for answers, day, then in asked:
            screen = ask(chart, answers, day)
            if then == "correct":
                correct_screen(
                    chart, screen=screen, answers=HIGH if answers in (LOW, SOME) else LOW, reason="Misheard"
                )
            elif then == "error":
                mark_in_error(chart, screen=screen, reason="Wrong sheet")
            elif then and (row := ScreenResponse.objects.filter(state="open").first()):
                end(chart, then, row)
            told = set(ResponseStep.objects.values_list("screen__thread", flat=True))
            for one in queries.screens(chart):
                if rules.is_positive(rules.load("phq-9"), one.score):
                    assert one.thread in told
            waiting = ScreenResponse.objects.filter(state__in=["open", "deferred"])
            assert waiting.count() <= 1
        transaction.set_rollback(True)


def test_the_page_shows_the_four_ways_and_each_form_keeps_what_was_typed(cast, client, june):
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        screen = ask(chart)
        row = ScreenResponse.objects.get()
    client.force_login(cast.dana)
    result = client.get(reverse("screening:screen", args=[june, screen.public_id])).content.decode()
    path = reverse("screening:response", args=[june, row.public_id])
    assert path in result and "Answer this screen" in result
    page = client.get(path).content.decode()
    for words in ("Take it up in the plan", "Refer", "Put it off", "Not confirmed", "PHQ-9 14 (moderate)"):
        assert words in page
    wrong = client.post(
        reverse("screening:defer", args=[june, row.public_id]), {"until": days(-1), "reason": "She asked", "version": row.version}
    )  # fmt: skip
    assert (
        wrong.status_code == 422
        and "She asked" in wrong.content.decode()
        and "still to come" in wrong.content.decode()
    )
    refute = reverse("screening:refute", args=[june, row.public_id])
    assert client.post(refute, {"reason": "", "version": row.version}).status_code == 422
    assert client.post(refute, {"reason": "Grief", "version": row.version}).status_code == 302
    late = client.post(refute, {"reason": "Grief too", "version": row.version})
    assert late.status_code == 409 and "Grief too" in late.content.decode()
    assert "Not confirmed: Grief" in client.get(path).content.decode()
