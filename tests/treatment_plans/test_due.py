"""What of planning is due, in words, from the facts."""

import datetime as dt

import pytest

from clinic.access.door import open_caseload, open_chart
from clinic.access.policy import Do
from clinic.kit import clock
from clinic.kit.due import Urgency
from clinic.people.models import ClinicSetting
from clinic.record.models import Episode
from screening.actions import record_screen
from tests.screening.answers import GAD7, PHQ9
from tests.treatment_plans.plans import whole_draft
from treatment_plans import actions, queries
from treatment_plans.models import Link
from treatment_plans.queries.suggestions import hints, suggestions
from treatment_plans.rules import is_answered, is_soon

TODAY = clock.today()


def screen(cast, june, instrument="phq-9", answers=PHQ9, days_ago=3):
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        record_screen(
            chart, instrument=instrument, answers=answers, taken_on=TODAY - dt.timedelta(days=days_ago)
        )


def due_of(cast, *, today=TODAY, code=None):
    with open_caseload(cast.sol, to=Do.REVIEW_CASELOAD) as caseload:
        found = queries.due(caseload, today)
    return [d for d in found if code is None or d.code == code]


def days(number):
    return TODAY + dt.timedelta(days=number)


@pytest.mark.parametrize(
    ("after", "said", "urgency"),
    [(5, None, None), (12, "The plan is due on", Urgency.SOON), (15, "No signed plan 15 days after admission (due after 14)", Urgency.OVERDUE)],
)  # fmt: skip
def test_a_plan_is_due_fourteen_days_after_admission_and_warns_at_four_fifths(cast, after, said, urgency):
    cast.register(starts_on=TODAY)
    found = due_of(cast, today=days(after), code="plan_due")
    assert [(d.urgency, str(d.text).startswith(said)) for d in found] == ([(urgency, True)] if said else [])


def test_the_clinics_own_setting_moves_the_day(cast):
    cast.register(starts_on=TODAY)
    ClinicSetting.objects.create(name="plan_due_days", value=30, holds_from=clock.now())
    assert due_of(cast, today=days(15), code="plan_due") == []


def test_an_unsigned_draft_a_review_and_the_clients_signature_are_due(cast):
    june = cast.register(starts_on=TODAY)
    with open_chart(cast.dana, june, to=Do.SIGN_PLAN) as chart:
        plan = whole_draft(chart)
    assert [d.code for d in due_of(cast)] == ["plan_unsigned"]
    assert due_of(cast, today=days(8), code="plan_unsigned")[0].urgency == Urgency.OVERDUE
    with open_chart(cast.dana, june, to=Do.SIGN_PLAN) as chart:
        actions.sign_plan(chart, plan=plan)
    assert [d.code for d in due_of(cast)] == ["plan_client_signature"]
    assert due_of(cast, today=days(60), code="plan_review") == []
    assert due_of(cast, today=days(73), code="plan_review")[0].urgency == Urgency.SOON
    late = due_of(cast, today=days(91), code="plan_review")[0]
    assert (late.urgency, str(late.text)[:20]) == (Urgency.OVERDUE, "Plan review was due ")
    assert late.owner == cast.dana.pk
    with open_chart(cast.dana, june, to=Do.SIGN_PLAN) as chart:
        actions.sign_as_client(chart, plan=plan, client_name="June Okafor")
    assert due_of(cast) == []


def test_a_positive_screen_that_no_plan_answers_is_named_in_words(cast):
    june = cast.register(starts_on=TODAY)
    screen(cast, june)
    (found,) = due_of(cast, code="positive_not_in_plan")
    day = days(-3)
    assert (
        str(found.text) == f"PHQ-9 14 (moderate) on {day.day} {day:%b} {day.year} is not answered in the plan"
    )
    assert due_of(cast, today=days(20), code="positive_not_in_plan")[0].urgency == Urgency.OVERDUE


@pytest.mark.parametrize("how", ["suggested", "named", "coded", "measured", "put_off"])
def test_a_problem_or_an_objective_about_it_answers_a_positive_screen(cast, how):
    june = cast.register(starts_on=TODAY)
    screen(cast, june)
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        plan = actions.start_plan(chart)
        add = {"plan": plan, "text": "Sadness", "domain": "mental_health"}
        add |= {
            "suggested": {"instrument": "phq-9"}, "named": {"text": "Depressed for years"}, "coded": {"code": "F33.1"},
            "put_off": {"instrument": "phq-9", "put_off": "June wants to stop drinking first"}, "measured": {},
        }[how]  # fmt: skip
        problem = actions.add_problem(chart, **add)
        if how == "measured":
            goal = actions.add_goal(chart, problem=problem, words="Feel something again")
            actions.add_objective(chart, goal=goal, text="PHQ-9 below 10", instrument="phq-9", target=9)
        assert hints(chart, queries.tree(chart, plan)) == []
    assert due_of(cast, code="positive_not_in_plan") == []


def test_an_anxiety_problem_does_not_answer_a_positive_phq_9(cast):
    june = cast.register(starts_on=TODAY)
    screen(cast, june)
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        plan = actions.start_plan(chart)
        actions.add_problem(chart, plan=plan, text="Panic", domain="mental_health", code="F41.0")
    assert len(due_of(cast, code="positive_not_in_plan")) == 1


def test_a_negative_screen_asks_for_nothing(cast):
    june = cast.register(starts_on=TODAY)
    screen(cast, june, "gad-7", dict.fromkeys(GAD7, 0))
    assert due_of(cast, code="positive_not_in_plan") == []


def test_a_positive_screen_is_suggested_with_its_source_and_nothing_is_added_without_a_click(cast, client):
    june = cast.register(starts_on=TODAY)
    screen(cast, june)
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        plan = actions.start_plan(chart)
        tree = queries.tree(chart, plan)
        assert tree.troubles == []
        (one,) = suggestions(chart, tree)
    assert (one.key, one.text, one.domain) == ("screen:phq-9", "Depression", "mental_health")
    assert one.source.startswith("PHQ-9 14 (moderate) on ")
    client.force_login(cast.dana)
    page = client.post(
        f"/client/{june}/plan/{plan.public_id}/suggest/", {"key": one.key}, follow=True
    ).content.decode()
    assert "Suggested, not in the plan" not in page
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        (trouble,) = queries.tree(chart, plan).troubles
    assert (trouble.text, trouble.instrument, trouble.source) == ("Depression", "phq-9", one.source)


def test_both_sides_without_a_link_are_a_hint_and_no_obstacle(cast):
    june = cast.register()
    with open_chart(cast.dana, june, to=Do.SIGN_PLAN) as chart:
        plan = whole_draft(chart)
        actions.remove_link(chart, link=Link.objects.get())
        (hint,) = hints(chart, queries.tree(chart, plan))
        assert "no link between them" in hint.text
        assert actions.sign_plan(chart, plan=plan).is_signed


def test_many_clients_are_asked_for_in_as_many_queries_as_one(cast, django_assert_num_queries):
    for number in range(12):
        june = cast.register(given_name=f"June{number}", starts_on=TODAY - dt.timedelta(days=30))
        screen(cast, june)
    with open_caseload(cast.sol, to=Do.REVIEW_CASELOAD) as caseload, django_assert_num_queries(2):
        found = queries.due(caseload, TODAY)
    assert len(found) == 24
    assert all(d.route and d.args and d.action for d in found)


def test_an_ended_episode_has_no_plan_due(cast):
    june = cast.register(starts_on=TODAY - dt.timedelta(days=40))
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        assert [d.code for d in queries.due(chart, TODAY)] == ["plan_due"]
        Episode.objects.update(ends_on=TODAY)
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        assert queries.due(chart, TODAY) == []


def test_the_referral_packets_summary_says_what_holds(cast):
    june = cast.register()
    with open_chart(cast.dana, june, to=Do.SIGN_PLAN) as chart:
        assert queries.plan_summary(chart) is None
        plan = actions.sign_plan(chart, plan=whole_draft(chart))
        summary = queries.plan_summary(chart)
    assert summary["id"] == str(plan.public_id)
    assert summary["part2"] is True
    assert summary["problems"] == ["Alcohol use", "Panic"]
    assert summary["links"] == ["Alcohol use sets off Panic: withdrawal brings panic"]
    assert (
        summary["interventions"][0]
        == "Individual counseling: Plan for evenings; weekly; 12 weeks; Dana Tester, LCSW"
    )


def test_rules_of_answering_and_warning():
    assert is_answered("audit", [("", "Binge drinking", "")], [])
    assert not is_answered("audit", [("", "Opioid use", "F11.20")], [])
    assert is_answered("pcl-5", [("", "Nightmares", "F43.10")], [])
    assert is_soon(dt.date(2026, 1, 1), dt.date(2026, 4, 1), dt.date(2026, 3, 14))
    assert not is_soon(dt.date(2026, 1, 1), dt.date(2026, 4, 1), dt.date(2026, 3, 13))
