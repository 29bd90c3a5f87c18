"""A critical answer is answered by what was done about it; the flag waits for that and is never lost."""

import datetime as dt

import pytest
from django.urls import reverse

from clinic.access.chart import Refused
from clinic.access.door import open_caseload, open_chart
from clinic.access.policy import Do
from clinic.audit.models import LedgerRow
from clinic.kit import clock
from clinic.kit.due import Urgency
from clinic.record.models import Flag
from screening import queries
from screening.actions import file_safety_step, record_screen
from screening.models import SafetyStep
from tests.screening.answers import PHQ9, page, phq9

DAY = dt.date(2026, 11, 12)
STEP = {"told": "Sol, supervisor", "asked": "Plan, means, intent: none", "done": "Safety plan, 988",
        "next_contact_on": "2099-01-05"}  # fmt: skip


@pytest.fixture
def june(cast):
    return cast.register(starts_on=DAY)


@pytest.fixture
def flag(cast, june):
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        record_screen(chart, instrument="phq-9", answers=phq9(1), taken_on=DAY)
        return Flag.objects.get()


def path(june, flag):
    return reverse("screening:safety", args=[june, flag.public_id])


def test_the_safety_step_answers_the_flag_and_its_owner_and_next_contact_stay_in_view(
    cast, client, june, flag
):
    client.force_login(cast.dana)
    assert "several days" in client.get(path(june, flag)).content.decode()
    filed = client.post(path(june, flag), {**STEP, "owner": cast.nell.pk})
    assert filed.status_code == 302
    with open_chart(cast.dana, june, to=Do.OPEN_CHART):
        after, step = Flag.objects.get(), SafetyStep.objects.get()
    assert (after.is_open, after.close_reason, after.closed_by_id) == (
        False,
        "Safety step done",
        cast.dana.pk,
    )
    assert (after.owner_id, step.owner_id, step.by_id) == (cast.nell.pk, cast.nell.pk, cast.dana.pk)
    home = client.get(reverse("screening:home", args=[june])).content.decode()
    assert "Nell Tester" in home and "05-Jan-2099" in home
    assert LedgerRow.objects.filter(act="screening.file_safety_step", outcome="done").count() == 1


@pytest.mark.parametrize(
    ("missing", "words"),
    [("told", "Say who was told"), ("asked", "Say what was asked"), ("done", "Say what was done"),
     ("next_contact_on", "Say when the next contact is"), ("owner", "Say who sees to it")],
)  # fmt: skip
def test_each_missing_part_is_named_and_the_flag_stays_open(cast, client, june, flag, missing, words):
    client.force_login(cast.dana)
    answer = client.post(path(june, flag), {**STEP, "owner": cast.dana.pk, missing: ""})
    assert answer.status_code == 422 and words in answer.content.decode()
    with open_chart(cast.dana, june, to=Do.OPEN_CHART):
        assert Flag.objects.get().is_open and not SafetyStep.objects.exists()


def test_the_second_to_answer_is_told_so_and_keeps_what_they_wrote(cast, client, june, flag):
    client.force_login(cast.sol)
    assert client.post(path(june, flag), {**STEP, "owner": cast.dana.pk}).status_code == 302
    late = client.post(path(june, flag), {**STEP, "done": "Called the family", "owner": cast.dana.pk})
    assert late.status_code == 409 and "Called the family" in late.content.decode()
    with open_chart(cast.dana, june, to=Do.OPEN_CHART):
        assert SafetyStep.objects.count() == 1


def test_who_reads_the_chart_for_another_program_answers_no_flag_in_it(cast, june, flag):
    with pytest.raises(Refused), open_chart(cast.sol, june, to=Do.OPEN_CHART) as chart:
        record_screen(chart, instrument="phq-9", answers=PHQ9, taken_on=DAY)
    with open_chart(cast.sol, june, to=Do.OPEN_CHART):
        assert Flag.objects.get().is_open


def test_a_peer_cannot_reach_it(cast, client, june, flag):
    client.force_login(cast.pat)
    assert client.get(path(june, flag)).status_code == 404


def test_due_says_in_words_what_waits_and_what_was_promised(cast, june, flag):
    with open_caseload(cast.sol, to=Do.REVIEW_CASELOAD) as opened:
        due = [item for item in queries.due(opened, clock.today()) if item.urgency == Urgency.NOW]
    assert [str(item.text) for item in due] == [
        "Answered “several days” to thoughts of death or self-harm on 12 Nov 2026; no safety step yet."
        " Dana Tester is asked; nobody has taken it yet"
    ]
    assert due[0].owner == cast.dana.pk and due[0].args == (str(june), str(flag.public_id))
    with open_chart(cast.dana, june, to=Do.ANSWER_FLAG) as chart:
        file_safety_step(
            chart, flag=flag, told="a", asked="b", done="c", next_contact_on=clock.today(), owner=cast.nell
        )
    with open_caseload(cast.sol, to=Do.REVIEW_CASELOAD) as opened:
        later = queries.due(opened, clock.today() + dt.timedelta(days=1))
    contact = next(item for item in later if item.code == "safety_contact")
    assert (contact.owner, contact.urgency) == (cast.nell.pk, Urgency.OVERDUE)


def test_a_flag_of_a_form_still_being_filled_in_is_due_and_answered_and_the_form_goes_on(cast, client, june):
    client.force_login(cast.dana)
    client.post(reverse("screening:keep", args=[june, "phq-9"]), page({"phq9_9": 3}))
    with open_chart(cast.dana, june, to=Do.OPEN_CHART) as chart:
        due, raised = queries.due(chart, clock.today()), Flag.objects.get()
    assert "Answered “nearly every day”" in str(due[0].text)
    filed = client.post(path(june, raised), {**STEP, "owner": cast.dana.pk})
    assert filed.url == reverse("screening:answer", args=[june, "phq-9"])
    client.post(reverse("screening:keep", args=[june, "phq-9"]), page({"phq9_9": 3}, seen=1))
    with open_chart(cast.dana, june, to=Do.OPEN_CHART):
        assert Flag.objects.count() == 1


def test_due_names_a_screen_whose_interval_is_over_and_no_other(cast, june):
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        record_screen(chart, instrument="phq-9", answers=PHQ9, taken_on=DAY)
        asked = {
            n: next(due.detail["instruments"] for due in queries.due(chart, DAY + dt.timedelta(days=n)) if due.code == "screen_due")
            for n in (13, 14)
        }  # fmt: skip
    first = ["gad-7", "pcl-5", "audit", "dast-10"]  # asked of everyone, and not yet of her
    assert asked == {13: first, 14: ["phq-9", *first]}


def test_due_and_the_caseloads_scores_take_the_same_queries_for_one_client_as_for_many(
    cast, django_assert_num_queries
):
    def look(queries_taken):
        with (
            open_caseload(cast.sol, to=Do.REVIEW_CASELOAD) as opened,
            django_assert_num_queries(queries_taken),
        ):
            queries.due(opened, clock.today())
            return queries.latest_by_client(opened)

    for n in range(3):
        with open_chart(cast.dana, cast.register(given_name=f"N{n}"), to=Do.SCREEN) as chart:
            for week in range(3):
                day = DAY - dt.timedelta(weeks=week)
                record_screen(chart, instrument="phq-9", answers=phq9(1), taken_on=day)
        assert len(look(3)) == n + 1


def test_trends_hold_complete_screens_in_order_of_time_in_one_query(cast, june, django_assert_num_queries):
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        for week in (2, 0, 1):
            record_screen(chart, instrument="phq-9", answers=PHQ9, taken_on=DAY - dt.timedelta(weeks=week))
        record_screen(chart, instrument="phq-9", answers={"phq9_1": 1}, taken_on=DAY)
        with django_assert_num_queries(1):
            trends = queries.trends(chart)
    assert [trend.title for trend in trends] == ["PHQ-9"]
    points = trends[0].points
    assert [point.date for point in points] == [DAY - dt.timedelta(weeks=n) for n in (2, 1, 0)]
    assert {(point.total, point.band, point.positive) for point in points} == {(14, "Moderate", True)}
