"""A plan cannot become active without what law.md, section 5, names; a missing signature reminds and never blocks care."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from clinic.access.door import open_chart
from clinic.access.policy import Do
from clinic.record.models import CareTeam
from tests.house.pages import sign_in
from tests.treatment_plans.plans import in_days, whole_draft
from treatment_plans import actions, queries
from treatment_plans.models import Goal, Intervention, Objective, Plan, PlanProblem


def refuse(cast, june, plan, words):
    with pytest.raises(ValidationError) as refused, open_chart(cast.dana, june, to=Do.SIGN_PLAN) as chart:
        actions.sign_plan(chart, plan=plan)
    assert words in " ".join(refused.value.messages)
    with open_chart(cast.dana, june, to=Do.SEE_PLAN) as chart:
        assert queries.current_plan(chart) is None


@pytest.mark.parametrize(
    ("model", "lack", "words"),
    [
        (PlanProblem, None, "at least one problem"),
        (Plan, {"strengths": ""}, "strengths"),
        (Goal, None, "has no goal yet"),
        (Objective, None, "has no objective yet"),
        (Objective, {"instrument": "", "counted": ""}, "how it is measured"),
        (Objective, {"target": None}, "no target"),
        (Objective, {"target_on": None}, "no date"),
        (Intervention, None, "Nothing is planned yet"),
        (Intervention, {"frequency": ""}, "how often"),
        (Intervention, {"duration": ""}, "for how long"),
        (Intervention, {"staff": None}, "nobody responsible"),
        (Plan, {"step_down": ""}, "less care"),
        (Plan, {"review_on": None}, "reviewed"),
        (Plan, {"participation": ""}, "took part"),
        (Plan, {"participation_words": " "}, "in words how"),
    ],
    ids=[
        "problems", "strengths", "a goal in the persons words", "an objective", "a measure", "a target", "a target date",
        "an intervention", "frequency", "duration", "a responsible person", "a step down criterion", "a review date",
        "participation or a documented refusal", "the participation statement",
    ],
)  # fmt: skip
def test_a_plan_cannot_become_active_without(cast, model, lack, words):
    june = cast.register()
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        plan = whole_draft(chart)
        if lack is not None:
            model.objects.filter(**({"pk": plan.pk} if model is Plan else {"plan": plan})).update(**lack)
        else:
            _take_out(chart, plan, model)
    refuse(cast, june, plan, words)


def test_a_plan_cannot_become_active_without_the_type_of_each_intervention(cast):
    june = cast.register()
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        whole_draft(chart)
        step = Intervention.objects.first()
    with pytest.raises(ValidationError) as refused, open_chart(cast.dana, june, to=Do.PLAN) as chart:
        actions.change_intervention(chart, intervention=step, version=step.version, kind="")
    assert "kind" in refused.value.message_dict
    with open_chart(cast.dana, june, to=Do.PLAN):
        assert Intervention.objects.get(pk=step.pk).kind == "individual"


def test_a_plan_is_active_with_dated_signatures_of_staff_and_client_or_who_stands_for_them(cast):
    june = cast.register()
    with open_chart(cast.dana, june, to=Do.SIGN_PLAN) as chart:
        told = {"client_name": "Ada Okafor", "client_role": "representative", "supervisor": cast.sol}
        plan = actions.sign_plan(chart, plan=whole_draft(chart), **told)
        tree = queries.current_plan(chart)
    assert [(one.role, one.name) for one in tree.signatures] == [
        ("author", "Dana Tester, LCSW"), ("representative", "Ada Okafor"),
    ]  # fmt: skip
    assert all(one.at >= plan.frozen_at for one in tree.signatures)
    assert (
        tree.asked_cosigner.staff == cast.sol.pk and tree.status == "Active"
    )  # asked, and waited for by nothing
    with pytest.raises(ValidationError), open_chart(cast.dana, cast.register(), to=Do.SIGN_PLAN) as chart:
        actions.sign_plan(chart, plan=whole_draft(chart), client_name="Ada", client_role="cosigner")


def _take_out(chart, plan, model):
    verbs = {
        PlanProblem: ("problem", actions.remove_problem), Goal: ("goal", actions.remove_goal),
        Objective: ("objective", actions.remove_objective), Intervention: ("intervention", actions.remove_intervention),
    }  # fmt: skip
    name, verb = verbs[model]
    for row in model.objects.filter(plan=plan):
        verb(chart, **{name: row})


def test_a_documented_refusal_to_take_part_is_enough_and_a_missing_signature_only_reminds(cast):
    june = cast.register()
    with open_chart(cast.dana, june, to=Do.SIGN_PLAN) as chart:
        plan = whole_draft(chart)
        plan.refresh_from_db()
        told = {
            "participation": "refused",
            "participation_words": "She would rather not talk about plans today.",
        }
        actions.change_plan(chart, plan=plan, version=plan.version, **told)
        actions.sign_plan(chart, plan=plan)
        assert queries.current_plan(chart).status == "Active"
        assert "plan_client_signature" in {one.code for one in queries.due(chart, in_days(0))}


WORD = '<p class=MsoNormal style="mso-margin:0"><b>Sleep</b> &amp; work<o:p></o:p></p>'


def test_pasted_markup_and_a_goal_of_twenty_thousand_characters_stand_as_text(cast):
    june = cast.register()
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        plan = whole_draft(chart)
        panic = PlanProblem.objects.get(text="Panic")
    dana = sign_in(cast.dana)
    add = reverse("treatment_plans:add_to", args=[june, plan.public_id, "goal", panic.public_id])
    assert dana.post(add, {"words": WORD}).status_code == 302
    assert dana.post(add, {"words": "x" * 20_000}).status_code == 302
    too_long = dana.post(add, {"words": "y" * 20_001})
    assert too_long.status_code == 422 and "y" * 20_001 in too_long.content.decode()
    page = dana.get(reverse("treatment_plans:edit", args=[june, plan.public_id])).content.decode()
    assert "&lt;b&gt;Sleep&lt;/b&gt; &amp;amp; work" in page and "<o:p>" not in page


def test_a_plan_is_shut_to_someone_whose_access_ended_and_what_they_typed_changes_nothing(cast):
    june = cast.register()
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        plan = whole_draft(chart)
        goal = Goal.objects.first()
        episode = plan.episode_id
    dana = sign_in(cast.dana)
    change = reverse("treatment_plans:change", args=[june, plan.public_id, "goal", goal.public_id])
    assert dana.get(change).status_code == 200
    with open_chart(cast.sol, june, to=Do.ASSIGN_CARE):
        CareTeam.objects.filter(episode=episode, staff=cast.dana).update(ends_on=in_days(0))
    assert dana.post(change, {"words": "Too late", "version": goal.version}).status_code == 404
    with open_chart(cast.sol, june, to=Do.SEE_PLAN):
        assert Goal.objects.get(pk=goal.pk).words == goal.words
