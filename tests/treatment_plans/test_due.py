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
from screening.models import ResponseStep, ScreenResponse
from screening.queries import unsettled
from tests.screening.answers import GAD7, PHQ9
from tests.treatment_plans.plans import fill_words, whole_draft
from treatment_plans import actions, queries
from treatment_plans.models import Link, PlanProblem
from treatment_plans.queries.suggestions import hints, suggestions
from treatment_plans.rules import is_soon, takes_up

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


def waiting(cast):
    with open_caseload(cast.sol, to=Do.REVIEW_CASELOAD) as caseload:
        return [one.instrument for one in unsettled(caseload) if one.waits(TODAY)]


@pytest.mark.parametrize("how", ["suggested", "named", "coded", "measured", "put_off"])
def test_a_problem_or_an_objective_about_it_answers_a_positive_screen(cast, how):
    june = cast.register(starts_on=TODAY)
    screen(cast, june)
    assert waiting(cast) == ["phq-9"]
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
        row = ScreenResponse.objects.get()
        assert (row.state, row.names, row.names_words) == ("in_plan", problem.problem.public_id, problem.text)
    assert waiting(cast) == []


def test_an_anxiety_problem_does_not_answer_a_positive_phq_9(cast):
    june = cast.register(starts_on=TODAY)
    screen(cast, june)
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        plan = actions.start_plan(chart)
        actions.add_problem(chart, plan=plan, text="Panic", domain="mental_health", code="F41.0")
        asked = [one.rule for one in queries.check(chart, queries.tree(chart, plan)).open]
        assert "screen_unanswered" in asked
    assert waiting(cast) == ["phq-9"]


@pytest.mark.parametrize("how", ["removed", "discarded", "left out of the next version"])
def test_what_the_plan_lets_go_of_waits_for_an_answer_again(cast, how):
    june = cast.register(starts_on=TODAY)
    screen(cast, june)
    with open_chart(cast.dana, june, to=Do.SIGN_PLAN) as chart:
        plan = whole_draft(chart)
        problem = actions.add_problem(
            chart, plan=plan, text="Low", domain="mental_health", instrument="phq-9", put_off="After the first weeks"
        )  # fmt: skip
        assert ScreenResponse.objects.get().state == "in_plan"
        if how == "removed":
            actions.remove_problem(chart, problem=problem)
        elif how == "discarded":
            actions.discard_draft(chart, plan=plan)
        else:
            draft = actions.new_version(chart, plan=actions.sign_plan(chart, plan=plan))
            fill_words(chart, draft)
            actions.remove_problem(chart, problem=PlanProblem.objects.get(plan=draft, text="Low"))
            assert ScreenResponse.objects.get().state == "in_plan"  # the signed plan holds it still
            actions.sign_plan(chart, plan=draft)
        assert ScreenResponse.objects.get().state == "open"
        assert ResponseStep.objects.latest("pk").reason == "The problem is no longer in the plan"
    assert waiting(cast) == ["phq-9"]


def test_a_positive_screen_is_taken_up_by_a_problem_of_the_plan_or_a_new_one(cast, client):
    june = cast.register(starts_on=TODAY)
    with open_chart(cast.dana, june, to=Do.SIGN_PLAN) as chart:
        plan = whole_draft(chart)
        panic = PlanProblem.objects.get(plan=plan, text="Panic")
        actions.sign_plan(chart, plan=plan)
    screen(cast, june, "gad-7", dict.fromkeys(GAD7, 3))
    screen(cast, june)
    client.force_login(cast.dana)
    with open_chart(cast.dana, june, to=Do.PLAN):
        ids = dict(ScreenResponse.objects.values_list("instrument", "public_id"))
    anxious, low = (f"/client/{june}/plan/take-up/{ids[name]}/" for name in ("gad-7", "phq-9"))
    page = client.get(anxious).content.decode()
    assert f'value="{panic.public_id}" checked' in page and "GAD-7 21 (severe)" in page
    assert client.post(anxious, {"problem": ""}).status_code == 422
    assert client.post(anxious, {"problem": str(panic.public_id)}).status_code == 302
    assert "answered already" in client.get(anxious).content.decode()
    assert client.post(low, {"problem": "new", "text": ""}).status_code == 422
    made = client.post(low, {"problem": "new", "text": "Depression"})
    assert "/edit/" in made.url
    with open_chart(cast.dana, june, to=Do.PLAN):
        stands = dict(ScreenResponse.objects.values_list("instrument", "names_words"))
    assert stands == {"gad-7": "Panic", "phq-9": "Depression"}
    assert waiting(cast) == []


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
    with open_caseload(cast.sol, to=Do.REVIEW_CASELOAD) as caseload, django_assert_num_queries(3):
        found = queries.due(caseload, TODAY)
    assert len(found) == 12
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
    assert takes_up("audit", came_from="", text="Binge drinking", code="")
    assert not takes_up("audit", came_from="", text="Opioid use", code="F11.20")
    assert takes_up("pcl-5", came_from="", text="Nightmares", code="F43.10")
    assert is_soon(dt.date(2026, 1, 1), dt.date(2026, 4, 1), dt.date(2026, 3, 14))
    assert not is_soon(dt.date(2026, 1, 1), dt.date(2026, 4, 1), dt.date(2026, 3, 13))
