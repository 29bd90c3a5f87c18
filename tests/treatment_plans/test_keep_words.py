"""Nothing typed is lost: kept as it is typed, given back to who typed it, and never overwritten unseen."""

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinic.access.door import open_chart
from clinic.access.policy import Do
from clinic.record.models import Draft, StaleEdit
from tests.house.clinic import put_on_team
from tests.house.pages import sign_in
from tests.treatment_plans.plans import whole_draft
from treatment_plans import actions
from treatment_plans.models import Goal, Plan, PlanProblem


def test_what_is_typed_into_a_new_part_is_kept_offered_again_and_gone_once_saved(cast):
    june = cast.register()
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        plan = whole_draft(chart)
        panic = PlanProblem.objects.get(text="Panic")
    dana = sign_in(cast.dana)
    form = reverse("treatment_plans:add_to", args=[june, plan.public_id, "goal", panic.public_id])
    keep = reverse("treatment_plans:keep", args=[june, plan.public_id, f"add-goal-{panic.public_id}"])
    assert f'data-autosave="{keep}"' in dana.get(form).content.decode()
    assert (
        dana.post(keep, {"words": "Take the bus to my sis"}).status_code == 204
    )  # and here the browser dies
    page = dana.get(reverse("treatment_plans:edit", args=[june, plan.public_id])).content.decode()
    assert "You began these and did not save them" in page and f'href="{form}"' in page
    again = dana.get(form).content.decode()
    assert "Take the bus to my sis" in again and "It is not in the plan until you save" in again
    put_on_team(cast, june, cast.nell)
    assert "Take the bus" not in sign_in(cast.nell).get(form).content.decode()  # it is hers alone
    assert dana.post(form, {"words": "Take the bus to my sister"}).status_code == 302
    with open_chart(cast.dana, june, to=Do.PLAN):
        assert (
            not Draft.objects.exists() and Goal.objects.filter(words="Take the bus to my sister").count() == 1
        )


def test_whoever_else_writes_in_the_draft_is_named_to_each(cast):
    june = cast.register()
    put_on_team(cast, june, cast.nell)
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        plan = whole_draft(chart)
    address = reverse("treatment_plans:edit", args=[june, plan.public_id])
    dana, nell = sign_in(cast.dana), sign_in(cast.nell)
    assert "is editing" not in dana.get(address).content.decode()
    assert "Dana Tester, LCSW is editing" in nell.get(address).content.decode()
    tasks = dana.get(reverse("treatment_plans:tasks", args=[june, plan.public_id])).content.decode()
    assert f"{cast.nell.signing_name} is editing" in tasks


MOVES = st.lists(
    st.tuples(st.sampled_from([0, 1]), st.sampled_from(["write", "read", "merge_both", "keep_mine", "take_theirs"])),
    min_size=2, max_size=9,
)  # fmt: skip


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(moves=MOVES)
def test_any_sequence_of_edits_conflicts_and_merges_ends_with_no_accepted_text_lost(cast, moves):
    """Two people write in one section. `moves`: who does what; the last three are what they do on meeting a conflict."""
    june = cast.register()
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        plan = actions.start_plan(chart)
    seen = [("", plan.version), ("", plan.version)]  # the text and version that each has before them
    accepted, let_go = [""], set()

    def save(who, text, version):
        with open_chart(cast.dana, june, to=Do.PLAN) as chart:
            row = actions.change_plan(
                chart, plan=Plan.objects.get(pk=plan.pk), version=version, strengths=text
            )
        accepted.append(text)
        seen[who] = (text, row.version)

    for number, (who, move) in enumerate(moves):
        text, version = seen[who]
        if move == "read":
            with open_chart(cast.dana, june, to=Do.PLAN):
                row = Plan.objects.get(pk=plan.pk)
                seen[who] = (row.strengths, row.version)
            continue
        mine = f"{text} word{number}".strip()
        try:
            save(who, mine, version)
        except StaleEdit as stale:
            theirs = stale.theirs.strengths
            assert theirs == accepted[-1]  # both texts are there to choose from; nothing was written
            lost = set(theirs.split()) - set(mine.split()) if move == "keep_mine" else set()
            merged = {"keep_mine": mine, "take_theirs": theirs}.get(move, f"{theirs} {mine}")
            let_go |= lost  # by someone who had it before their eyes
            save(who, merged, stale.theirs.version)
    with open_chart(cast.dana, june, to=Do.PLAN):
        row = Plan.objects.get(pk=plan.pk)
        history = (
            next(iter(Plan.pgh_event_models.values())).objects.filter(pgh_obj_id=plan.pk).order_by("pgh_id")
        )
        kept = [event.strengths for event in history]
    assert row.strengths == accepted[-1]
    assert [text for text in accepted[1:] if text not in kept] == []  # every accepted text can be read again
    ever = {word for text in accepted for word in text.split()}
    assert ever - let_go <= set(
        row.strengths.split()
    )  # and stands in the plan, unless someone who saw it let it go


@pytest.mark.parametrize("way", ["words", "goal"])
def test_a_stale_save_shows_both_texts_and_writes_neither(cast, way):
    june = cast.register()
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        plan = whole_draft(chart)
        goal = Goal.objects.first()
        actions.change_goal(chart, goal=goal, version=goal.version, words="Hers")
        row = Plan.objects.get(pk=plan.pk)
        actions.change_plan(chart, plan=row, version=row.version, strengths="Hers")
    dana = sign_in(cast.dana)
    if way == "words":
        answer = dana.post(
            reverse("treatment_plans:words", args=[june, plan.public_id, "strengths"]),
            {"strengths": "Mine", "version": "1"},
        )
    else:
        answer = dana.post(
            reverse("treatment_plans:change", args=[june, plan.public_id, "goal", goal.public_id]),
            {"words": "Mine", "version": "1"},
        )
    page = answer.content.decode()
    assert answer.status_code == 409 and "Mine" in page and "Hers" in page
    with open_chart(cast.dana, june, to=Do.PLAN):
        assert (
            Goal.objects.get(pk=goal.pk).words == "Hers" and Plan.objects.get(pk=plan.pk).strengths == "Hers"
        )
