"""Problems, links, goals, objectives and interventions of a draft, and what is refused."""

import pytest
from django.core.exceptions import ValidationError

from clinic.access.chart import ChartNotFound, Refused
from clinic.access.door import open_chart
from clinic.access.policy import Do
from clinic.audit.models import LedgerRow
from clinic.people.models import ProgramRole
from clinic.record.models import CareTeam, Episode, Problem, StaleEdit
from tests.treatment_plans.plans import add_whole_problem, in_days, second_episode, whole_draft
from treatment_plans import actions, queries
from treatment_plans.models import Goal, Objective, Plan, PlanProblem


def test_a_plan_holds_problems_of_both_sides_and_the_link_between_them(cast, django_assert_num_queries):
    june = cast.register()
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        plan = whole_draft(chart)
        with django_assert_num_queries(1):
            tree = queries.tree(chart, plan)
    assert [[t.text for t in found] for _key, _name, found in tree.sides] == [["Alcohol use"], ["Panic"], []]
    assert (tree.ties[0].sentence, tree.ties[0].how) == (
        "Alcohol use sets off Panic",
        "withdrawal brings panic",
    )
    assert tree.aims[0].target == 10
    assert tree.aims[0].steps[0].staff_name == "Dana Tester, LCSW"
    assert tree.status == "Draft"


def test_a_typed_problem_is_on_the_clients_problem_list_too(cast):
    june = cast.register()
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        plan = actions.start_plan(chart)
        actions.add_problem(chart, plan=plan, text=" Panic ", domain="mental_health", code="F41.0")
        problem = Problem.objects.get()
        assert (problem.text, problem.code, problem.recorded_by_id, problem.part2) == (
            "Panic",
            "F41.0",
            cast.dana.pk,
            True,
        )
    row = LedgerRow.objects.get(act="treatment_plans.add_problem")
    assert "Panic" not in str(row.detail)


def test_sixty_problems_are_read_in_one_query(cast, django_assert_num_queries):
    june = cast.register()
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        plan = actions.start_plan(chart)
        for number in range(60):
            add_whole_problem(chart, plan, text=f"Problem {number}", domain="mental_health")
        with django_assert_num_queries(1):
            tree = queries.tree(chart, plan)
    assert len(tree.troubles) == len(tree.aims) == 60


def test_long_texts_are_kept_whole(cast):
    june = cast.register()
    long = "What I want. " * 1500
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        plan = actions.start_plan(chart)
        problem = actions.add_problem(chart, plan=plan, text="x" * 240, domain="legal")
        actions.add_goal(chart, problem=problem, words=long)
        actions.change_plan(chart, plan=plan, version=1, strengths=long)
        tree = queries.tree(chart, plan)
    assert tree.troubles[0].wishes[0].words == long.strip()
    assert tree.plan.strengths == long


def test_a_target_date_before_today_is_refused_and_the_field_is_named(cast):
    june = cast.register()
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        plan = actions.start_plan(chart)
        problem = actions.add_problem(chart, plan=plan, text="Panic", domain="mental_health")
        goal = actions.add_goal(chart, problem=problem, words="Ride the bus")
    with pytest.raises(ValidationError) as refused, open_chart(cast.dana, june, to=Do.PLAN) as chart:
        actions.add_objective(chart, goal=goal, text="Ride it", target_on=in_days(-1))
    assert list(refused.value.message_dict) == ["target_on"]
    with open_chart(cast.dana, june, to=Do.PLAN):
        assert not Objective.objects.exists()


def test_a_deactivated_colleague_cannot_be_made_responsible(cast):
    june = cast.register()
    nell = cast.nell
    nell.is_active = False
    nell.save()
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        plan = whole_draft(chart)
        objective = Objective.objects.first()
        assert nell not in queries.responsible(chart, plan)
    with pytest.raises(ValidationError) as refused, open_chart(cast.dana, june, to=Do.PLAN) as chart:
        actions.add_intervention(chart, objective=objective, kind="group", staff=nell)
    assert list(refused.value.message_dict) == ["staff"]


def test_a_colleague_whose_duty_ended_cannot_be_made_responsible(cast):
    june = cast.register()
    ProgramRole.objects.filter(staff=cast.nell).update(ends_on=in_days(0))
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        plan = whole_draft(chart)
        assert cast.nell not in queries.responsible(chart, plan)


def test_a_stale_edit_is_told_what_the_other_saved_and_writes_nothing(cast):
    june = cast.register()
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        plan = actions.start_plan(chart)
        mine = Plan.objects.get(pk=plan.pk)
        actions.change_plan(chart, plan=plan, version=1, strengths="Theirs")
    with pytest.raises(StaleEdit) as stale, open_chart(cast.dana, june, to=Do.PLAN) as chart:
        actions.change_plan(chart, plan=mine, version=1, strengths="Mine")
    assert stale.value.theirs.strengths == "Theirs"
    with open_chart(cast.dana, june, to=Do.PLAN):
        assert Plan.objects.get().strengths == "Theirs"


def test_a_problem_linked_to_itself_or_to_another_plans_problem_is_refused(cast):
    june = cast.register()
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        plan = whole_draft(chart)
        one = PlanProblem.objects.first()
    for other in (one, None):
        with pytest.raises(ValidationError), open_chart(cast.dana, june, to=Do.PLAN) as chart:
            actions.link_problems(chart, plan=plan, from_problem=one, to_problem=other, verb="feeds", how="x")


def test_a_removed_problem_takes_its_goals_and_links_with_it_and_stays_on_the_problem_list(cast):
    june = cast.register()
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        plan = whole_draft(chart)
        actions.remove_problem(chart, problem=PlanProblem.objects.get(text="Panic"))
        tree = queries.tree(chart, plan)
        assert ([t.text for t in tree.troubles], tree.ties, Goal.objects.count()) == (["Alcohol use"], [], 1)
        assert Problem.objects.filter(text="Panic").exists()


def test_there_is_one_draft_at_a_time(cast):
    june = cast.register()
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        actions.start_plan(chart)
    with pytest.raises(ValidationError, match="already"), open_chart(cast.dana, june, to=Do.PLAN) as chart:
        actions.start_plan(chart)


def test_who_is_not_on_the_team_finds_nothing_and_who_may_only_see_changes_nothing(cast):
    june = cast.register()
    with pytest.raises(ChartNotFound), open_chart(cast.omar, june, to=Do.PLAN):
        pass
    with pytest.raises(Refused), open_chart(cast.sol, june, to=Do.SEE_PLAN) as chart:
        actions.start_plan(chart)
    with open_chart(cast.dana, june, to=Do.SEE_PLAN):
        assert not Plan.objects.exists()
    assert LedgerRow.objects.filter(act="treatment_plans.start_plan", outcome="refused").count() == 1


def test_a_plan_of_both_sides_is_kept_in_the_protected_program(cast):
    june = cast.register(cast.sud)
    second_episode(cast, june, cast.mh, cast.dana)
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        plan = actions.start_plan(chart)
        place = chart.episode(plan.episode_id)
    assert (place.program_id, plan.part2) == (cast.sud.pk, True)


def test_a_plan_outside_part_2_refuses_a_problem_of_a_part_2_episode_in_clear_words(cast):
    june = cast.register(cast.sud)
    mental = second_episode(cast, june, cast.mh, cast.dana, cast.mia)
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        protected = actions.start_plan(chart)
        actions.add_problem(chart, plan=protected, text="Alcohol use", domain="substance_use")
        open_plan = actions.start_plan(chart, episode=chart.episode(mental))
        problem = Problem.objects.get()
        listed = [s.text for s in queries.suggestions(chart, queries.tree(chart, open_plan))]
    assert listed == ["Alcohol use"]
    with (
        pytest.raises(ValidationError, match="extra legal protection"),
        open_chart(cast.dana, june, to=Do.PLAN) as chart,
    ):
        actions.take_problem(chart, plan=open_plan, problem=problem)
    with open_chart(cast.mia, june, to=Do.PLAN) as chart:
        assert [v.public_id for v in queries.versions(chart)] == [open_plan.public_id]
        assert queries.suggestions(chart, None) == []
        assert Plan.objects.count() == 1
        assert Episode.objects.count() == CareTeam.objects.values("episode").distinct().count() == 1
