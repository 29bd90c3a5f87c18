"""What is due for whom: the clinic's cadence, the last result, "not today", and no more than the client agreed to."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from clinic.access.door import open_caseload, open_chart, open_office
from clinic.access.policy import Do
from clinic.kit import clock
from clinic.office.actions import change_setting
from clinic.record.models import Flag, LevelOfCare
from screening import queries, rules
from screening.actions import (
    AnswerPage,
    SafetyStepWaits,
    add_to_sitting,
    agree_most,
    close_sitting,
    complete_screen,
    decline_step,
    file_safety_step,
    keep_answers,
    note_not_today,
    record_screen,
    start_sitting,
)
from screening.models import NotToday, Screen, Sitting, StepDeclined
from tests.screening.answers import ALL, DAST10, PHQ9, phq9

TODAY = clock.today("America/New_York")
FIRST = ["phq-9", "gad-7", "pcl-5", "audit", "dast-10"]


def days(number):
    return TODAY + dt.timedelta(days=number)


@pytest.fixture
def june(cast):
    return cast.register(starts_on=days(-400))


def asked(chart, on=TODAY):
    chart.answers.clear()
    found = queries.due_sets(chart, on).get(chart.client_id)
    return [one.form.id for one in found.now] if found else []


def test_five_measures_are_due_from_admission_and_each_again_after_its_days(cast, june):
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        assert asked(chart) == FIRST
        for name, answers in {**ALL, "phq-9": dict.fromkeys(PHQ9, 0)}.items():
            record_screen(chart, instrument=name, answers=answers, taken_on=days(-100))
        assert asked(chart, days(-99)) == []
        assert asked(chart, days(-86)) == ["phq-9", "gad-7"]
        assert "audit" not in asked(chart, days(200)) and "audit" in asked(chart, days(265))


def test_sooner_after_a_positive(cast, june):
    positive = {**DAST10, **{f"dast10_{n}": 1 for n in range(4, 10)}}
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        record_screen(chart, instrument="dast-10", answers=positive, taken_on=days(-90))
        assert "dast-10" not in asked(chart, days(-1)) and "dast-10" in asked(chart)


def test_the_clinic_says_how_often_for_a_program_and_a_level_of_care(cast, june):
    paces = {str(cast.sud.pk): {"": {"phq-9": 7, "pcl-5": 0, "who-5": 28}, "3.5": {"phq-9": 1}}}
    with open_office(cast.abe, to=Do.MANAGE_STAFF) as office:
        change_setting(office, name="cadence", value=paces)
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        assert asked(chart) == ["phq-9", "gad-7", "audit", "dast-10", "who-5"]
        record_screen(chart, instrument="phq-9", answers=PHQ9, taken_on=days(-3))
        assert "phq-9" not in asked(chart)
        place = chart.episodes[0]
        LevelOfCare.objects.create(**chart.stamp(place), edition="ASAM 4", level="3.5", starts_on=days(-10))
        assert "phq-9" in asked(chart)


def test_not_today_holds_until_the_day_that_was_said(cast, june):
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        note_not_today(chart, until=days(7), instruments=["pcl-5"])
        assert "pcl-5" not in asked(chart, days(6)) and "gad-7" in asked(chart, days(6))
        assert "pcl-5" in asked(chart, days(7))
        note_not_today(chart, until=days(3))
        assert asked(chart, days(2)) == [] and "gad-7" in asked(chart, days(3))
        for wrong in (TODAY, days(91)):
            with pytest.raises(ValidationError), transaction.atomic():
                note_not_today(chart, until=wrong)
        assert NotToday.objects.count() == 2


def test_never_more_than_the_client_agreed_to_and_the_longest_due_first(cast, june):
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        record_screen(chart, instrument="phq-9", answers=PHQ9, taken_on=days(-20))
        agree_most(chart, most=2)
        chart.answers.clear()
        due = queries.due_sets(chart, TODAY)[chart.client_id]
        assert [one.form.id for one in due.now] == ["gad-7", "pcl-5"] and len(due.later) == 3
        assert due.sentence == "Due today: GAD-7, PCL-5; 3 more at another visit"
        with pytest.raises(ValidationError), transaction.atomic():
            agree_most(chart, most=0)


def test_the_due_set_starts_with_one_key_and_stands_on_the_days_page_for_those_who_may_ask(
    cast, client, june
):
    from follow_up.actions import book_appointment

    with open_chart(cast.dana, june, to=Do.BOOK) as chart:
        book_appointment(
            chart, place=chart.episodes[0], starts_at=clock.now(), staff=cast.dana, service="Visit"
        )
    client.force_login(cast.dana)
    home = client.get(reverse("screening:home", args=[june])).content.decode()
    assert "Due today: PHQ-9, GAD-7, PCL-5, AUDIT, DAST-10" in home and "autofocus>Start the due set" in home
    begun = client.post(reverse("screening:start", args=[june]), {"instrument": FIRST, "language": "en"})
    assert "/phq-9/" in begun.url
    assert "Due today" in client.get(reverse("follow_up:day")).content.decode()
    client.force_login(cast.fay)
    assert "Due today" not in client.get(reverse("follow_up:day")).content.decode()
    client.force_login(cast.dana)
    kept = client.post(
        reverse("screening:not_today", args=[june]), {"until": days(5).isoformat(), "most": "3"}, follow=True
    )
    assert "Not today: any questionnaire" in kept.content.decode() and "agreed to 3" in kept.content.decode()
    wrong = client.post(reverse("screening:not_today", args=[june]), {"until": "x"}, follow=True)
    assert "Enter a valid date" in wrong.content.decode()


def test_the_list_takes_the_same_queries_for_one_client_as_for_many(cast, django_assert_num_queries):
    for n in range(3):
        cast.register(given_name=f"N{n}")
        with open_caseload(cast.sol, to=Do.REVIEW_CASELOAD) as opened, django_assert_num_queries(2):
            assert len(queries.due_sets(opened, TODAY)) == n + 1


# What leads to what ----------------------------------------------------------------------------------------


def finish(chart, sitting, name, answers):
    page = AnswerPage(
        instrument=name,
        screen_id=__import__("uuid").uuid4(),
        tab="t",
        seen=0,
        taken_on=TODAY,
        sitting=sitting,
    )
    return complete_screen(chart, answering=keep_answers(chart, page=page, answers=answers))


def all_highest(name):
    form = rules.load(name)
    return {item.id: len(item.options) - 1 for item in form.items if item.options}


@pytest.mark.parametrize(
    ("short", "full"), [("phq-2", "phq-9"), ("pc-ptsd-5", "pcl-5"), ("audit-c", "audit")]
)
def test_a_positive_short_form_offers_the_full_one_in_the_running_set(cast, june, short, full):
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        sitting = start_sitting(chart, instruments=[short])
        screen = finish(chart, sitting, short, all_highest(short))
        (offered,) = queries.next_forms(chart, [screen])
        assert (offered.form.id, offered.is_safety) == (full, False)
        sitting.refresh_from_db()
        assert sitting.closed_at is None  # it waits for that answer
        assert add_to_sitting(chart, sitting=sitting, instrument=full).instruments == [short, full]


def test_a_step_that_is_declined_is_kept_with_its_reason_and_not_offered_again(cast, client, june):
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        sitting = start_sitting(chart, instruments=["phq-2"])
        screen = finish(chart, sitting, "phq-2", all_highest("phq-2"))
        with pytest.raises(ValidationError), transaction.atomic():
            decline_step(chart, screen=screen, instrument="phq-9", reason=" ")
    client.force_login(cast.dana)
    follow = reverse("screening:follow", args=[june, screen.public_id, "phq-9"])
    assert "Say why" in client.post(follow, {"decline": "1", "reason": ""}, follow=True).content.decode()
    client.post(follow, {"decline": "1", "reason": "She did one on Monday"})
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        assert StepDeclined.objects.get().reason == "She did one on Monday"
        assert queries.next_forms(chart, [screen]) == []


def test_the_safety_screen_follows_a_critical_answer_and_the_set_is_not_closed_around_it(cast, client, june):
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        sitting = start_sitting(chart, instruments=["phq-9", "gad-7"])
        screen = finish(chart, sitting, "phq-9", phq9(1))
        (offered,) = queries.next_forms(chart, [screen])
        assert (offered.form.id, offered.is_safety) == ("c-ssrs-screener", True)
        file_safety_step(
            chart, flag=Flag.objects.get(), told="Sol", asked="Plan: none", done="Plan read", next_contact_on=TODAY,
            owner=cast.dana,
        )  # fmt: skip
        with pytest.raises(SafetyStepWaits), transaction.atomic():
            close_sitting(chart, sitting=sitting)
    client.force_login(cast.dana)
    page = reverse("screening:sitting", args=[june, sitting.public_id])
    assert "C-SSRS" in client.get(page).content.decode()
    assert client.post(page, {}).status_code == 422
    asked_now = client.post(reverse("screening:follow", args=[june, screen.public_id, "c-ssrs-screener"]))
    assert "/c-ssrs-screener/" in asked_now.url
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        row = Sitting.objects.get()
        assert row.instruments == ["phq-9", "c-ssrs-screener", "gad-7"]
        form = rules.load("c-ssrs-screener")
        finish(chart, row, "c-ssrs-screener", {item.id: 0 for item in form.items if item.options})
        assert queries.next_forms(chart, list(Screen.objects.filter(instrument="phq-9"))) == []
        assert close_sitting(chart, sitting=row).closed_at
