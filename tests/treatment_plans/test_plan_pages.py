"""The plan's pages as the people of the clinic meet them."""

import re

import pytest
from django.test import Client as Browser
from django.urls import reverse

from clinic.access.door import open_chart
from clinic.access.policy import Do
from clinic.audit.models import LedgerRow
from clinic.record.models import Problem
from tests.treatment_plans.plans import add_whole_problem, in_days, whole_draft
from treatment_plans import actions, queries
from treatment_plans.models import Goal, Objective, Plan, PlanProblem

# Savepoints stand in for transactions here, and settings that a commit would end are emptied by a query.
OF_THE_TEST = re.compile(
    r"SAVEPOINT|RELEASE|ROLLBACK|select set_config\('role', 'none', true\), set_config\('entwine.clients', ''"
)
HTMX = {"HTTP_HX_REQUEST": "true"}


def url(name, june, *args):
    return reverse(f"treatment_plans:{name}", args=[june, *args])


@pytest.fixture
def june(cast):
    return cast.register()


@pytest.fixture
def draft(cast, june):
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        return whole_draft(chart)


@pytest.fixture
def signed(cast, june, draft):
    with open_chart(cast.dana, june, to=Do.SIGN_PLAN) as chart:
        return actions.sign_plan(chart, plan=draft)


@pytest.fixture
def dana(client, cast):
    client.force_login(cast.dana)
    return client


def row_of(cast, june, model):
    with open_chart(cast.dana, june, to=Do.SEE_PLAN):
        return model.objects.first()


def test_with_no_plan_the_page_offers_to_start_one(dana, june):
    page = dana.get(url("home", june)).content.decode()
    assert "No plan yet" in page
    assert "Start the plan" in page


def test_starting_a_plan_opens_its_task_list(dana, june):
    page = dana.post(url("start", june), follow=True)
    assert page.redirect_chain[-1][0].endswith("/edit/")
    assert "Strengths and what matters" in page.content.decode()


def test_a_form_posted_twice_adds_one_problem(dana, cast, june, draft):
    told = {"text": "Insomnia", "domain": "medical", "_once": "6a4a7a3e-26a6-4e58-8c16-6a8d0e9a5a11"}
    for _time in range(2):
        answer = dana.post(url("add", june, draft.public_id, "problem"), told)
        assert answer.status_code == 302
    with open_chart(cast.dana, june, to=Do.SEE_PLAN):
        assert PlanProblem.objects.filter(text="Insomnia").count() == 1
        assert Problem.objects.filter(text="Insomnia").count() == 1


def test_a_goal_added_in_place_answers_with_its_card_and_asks_for_the_objective(dana, cast, june, draft):
    problem = row_of(cast, june, PlanProblem)
    action = url("add_to_form", june, draft.public_id, "goal", problem.public_id)
    assert "<form" in dana.get(action, **HTMX).content.decode()
    told = {"words": "Sleep without a drink", "_once": "0b0f1f0c-58a5-4b5f-a6a0-27b1c6d4a001"}
    for _time in range(2):
        card = dana.post(action, told, follow=True, headers={"HX-Request": "true"}).content.decode()
    with open_chart(cast.dana, june, to=Do.SEE_PLAN):
        assert Goal.objects.filter(words="Sleep without a drink").count() == 1
    assert f'id="problem-{problem.public_id}"' in card
    assert "Sleep without a drink" in card
    assert 'name="target_on"' in card
    assert 'id="plan-tasks"' in card
    assert "<html" not in card


def test_the_same_goal_can_be_added_on_a_page_of_its_own(dana, cast, june, draft):
    problem = row_of(cast, june, PlanProblem)
    action = url("add_to", june, draft.public_id, "goal", problem.public_id)
    page = dana.get(action).content.decode()
    assert "<h1" in page
    assert "hx-post" not in page
    answer = dana.post(action, {"words": "Sleep without a drink"})
    assert re.search(r"/edit/#goal-[0-9a-f-]{36}$", answer.url)


def test_a_target_date_before_today_is_refused_beside_its_field_and_the_input_is_kept(
    dana, cast, june, draft
):
    goal = row_of(cast, june, Goal)
    told = {"text": "Walk daily", "target_on": in_days(-3).isoformat(), "counted": "walks"}
    answer = dana.post(url("add_to", june, draft.public_id, "objective", goal.public_id), told)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "This date has passed" in page
    assert "Walk daily" in page
    assert re.search(r"<title>\s*Error:", page)


def test_someone_who_left_cannot_be_chosen(dana, cast, june, draft):
    nell = cast.nell
    nell.is_active = False
    nell.save()
    objective = row_of(cast, june, Objective)
    action = url("add_to", june, draft.public_id, "intervention", objective.public_id)
    assert "Nell" not in dana.get(action).content.decode()
    answer = dana.post(action, {"kind": "group", "staff": str(nell.public_id)})
    assert answer.status_code == 422
    assert "who works in this program today" in answer.content.decode()


def section(dana, june, draft, name):
    """What the section's form carries as its version."""
    page = dana.get(url("edit", june, draft.public_id)).content.decode()
    return re.search(rf'name="version" value="(\d+)" id="{name}-version"', page)[1]


def test_words_are_kept_as_they_are_typed_without_a_look(dana, cast, june, draft):
    told = {
        "strengths": "Cooks for her sister",
        "words": "",
        "version": section(dana, june, draft, "strengths"),
    }
    looks = LedgerRow.objects.filter(act="open_chart").count()
    saved = dana.post(url("words", june, draft.public_id, "strengths"), told, HTTP_X_ENTWINE_FETCH="1")
    assert saved.status_code == 204
    assert LedgerRow.objects.filter(act="open_chart").count() == looks
    assert row_of(cast, june, Plan).strengths == "Cooks for her sister"
    told |= {"strengths": "Cooks for her sister and sings", "version": saved["X-Entwine-Version"]}
    assert dana.post(url("words", june, draft.public_id, "strengths"), told).status_code == 302
    changes = LedgerRow.objects.filter(act="treatment_plans.change_plan")
    assert changes.last().detail == {"fields": ["strengths"]}


def test_two_people_who_write_in_different_sections_do_not_meet(dana, cast, june, draft):
    told = {
        "strengths": "Cooks for her sister",
        "words": "",
        "version": section(dana, june, draft, "strengths"),
    }
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        plan = Plan.objects.get()
        actions.change_plan(chart, plan=plan, version=plan.version, step_down="Three months")
    assert dana.post(url("words", june, draft.public_id, "strengths"), told).status_code == 302
    plan = row_of(cast, june, Plan)
    assert (plan.strengths, plan.step_down) == ("Cooks for her sister", "Three months")


def test_a_stale_edit_shows_both_texts_and_keeps_what_was_typed(dana, cast, june, draft):
    goal = row_of(cast, june, Goal)
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        actions.change_goal(chart, goal=goal, version=goal.version, words="Theirs: the bus")
    told = {"words": "Mine: the train", "version": 1}
    for name, more in (("change", {}), ("change_form", HTMX)):
        answer = dana.post(url(name, june, draft.public_id, "goal", goal.public_id), told, **more)
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "Theirs: the bus" in page
        assert page.count("Mine: the train") >= 2
        assert 'data-text="Theirs: the bus"' in page
        assert 'value="2"' in page
    assert row_of(cast, june, Goal).words == "Theirs: the bus"
    told["version"] = 2
    assert dana.post(url("change", june, draft.public_id, "goal", goal.public_id), told).status_code == 302


def test_stale_words_of_the_plan_show_both_texts_too(dana, cast, june, draft):
    told = {"strengths": "Mine", "words": "", "version": section(dana, june, draft, "strengths")}
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        plan = Plan.objects.get()
        actions.change_plan(chart, plan=plan, version=plan.version, strengths="Theirs")
    for more in ({}, {"HTTP_X_ENTWINE_FETCH": "1"}):
        answer = dana.post(url("words", june, draft.public_id, "strengths"), told, **more)
        assert answer.status_code == 409
        assert "Theirs" in answer.content.decode()
        assert answer.content.decode().count("Mine") >= 2
    assert row_of(cast, june, Plan).strengths == "Theirs"


def test_a_review_day_in_the_past_is_refused_beside_its_field(dana, cast, june, draft):
    told = {
        "step_down": "x",
        "review_on": in_days(-1).isoformat(),
        "version": section(dana, june, draft, "frame"),
    }
    answer = dana.post(url("words", june, draft.public_id, "frame"), told)
    assert answer.status_code == 422
    assert "This date has passed" in answer.content.decode()


def test_the_review_page_names_what_is_missing_with_links(dana, cast, june):
    dana.post(url("start", june))
    plan = row_of(cast, june, Plan)
    page = dana.get(url("sign", june, plan.public_id)).content.decode()
    assert "Write down the client&#x27;s strengths." in page
    assert f"{url('edit', june, plan.public_id)}#strengths-strengths" in page
    answer = dana.post(url("sign", june, plan.public_id), {"client_role": "client", "text_hash": "x"})
    assert answer.status_code in (409, 422)
    assert not row_of(cast, june, Plan).is_signed


def test_a_whole_plan_is_signed_and_then_shown_frozen(dana, cast, june, draft):
    page = dana.get(url("sign", june, draft.public_id)).content.decode()
    text_hash = re.search(r'name="text_hash" value="([0-9a-f]{64})"', page)[1]
    told = {"client_role": "client", "client_name": "June Okafor", "text_hash": text_hash}
    answer = dana.post(url("sign", june, draft.public_id), told, follow=True).content.decode()
    assert "Active" in answer
    assert "June Okafor" in answer
    assert text_hash in answer
    assert dana.get(url("edit", june, draft.public_id)).status_code == 302


def test_a_signed_plan_refuses_every_forged_change(dana, cast, june, signed):
    goal = row_of(cast, june, Goal)
    answer = dana.post(
        url("change", june, signed.public_id, "goal", goal.public_id), {"words": "x", "version": 1}
    )
    assert answer.status_code == 422
    assert "is signed and cannot change" in answer.content.decode()
    dana.post(url("remove", june, signed.public_id, "goal", goal.public_id))
    dana.post(url("discard", june, signed.public_id))
    with open_chart(cast.dana, june, to=Do.SEE_PLAN) as chart:
        assert queries.current_plan(chart).text_hash == queries.tree(chart, signed).author_signature.text_hash


def test_a_new_version_is_started_once(dana, cast, june, signed):
    for _time in range(2):
        dana.post(url("new_version", june, signed.public_id))
    with open_chart(cast.dana, june, to=Do.SEE_PLAN):
        assert Plan.objects.count() == 2


def test_the_clients_signature_can_be_taken_later(dana, cast, june, signed):
    assert "has not signed yet" in dana.get(url("show", june, signed.public_id)).content.decode()
    answer = dana.post(
        url("client_signature", june, signed.public_id),
        {"client_role": "client", "client_name": "June Okafor", "declined_reason": "Not today"},
        follow=True,
    ).content.decode()
    assert "chose not to sign" in answer
    assert "Not today" in answer


@pytest.mark.parametrize("name", ["home", "show", "edit", "sign"])
def test_no_page_asks_more_queries_for_sixty_problems_than_for_two(
    dana, cast, june, draft, name, django_assert_max_num_queries
):
    place = [june] if name == "home" else [june, draft.public_id]
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        for number in range(58):
            add_whole_problem(chart, draft, text=f"Problem {number}", domain="mental_health")
    dana.get(url("home", june))  # the session remembers the clinic's idle minutes from its first page on
    with django_assert_max_num_queries(30) as asked:
        page = dana.get(reverse(f"treatment_plans:{name}", args=place))
    assert page.status_code == 200
    counted = [q for q in asked.captured_queries if not OF_THE_TEST.match(q["sql"])]
    assert len(counted) <= 12, "\n".join(q["sql"][:90] for q in counted)


def test_who_may_do_what(cast, june, draft):
    wanted = {"dana": (200, 200, 200), "nell": (404, 404, 404), "omar": (404, 404, 404), "sol": (200, 404, 404),
              "fay": (404, 404, 404), "pia": (404, 404, 404), "abe": (404, 404, 404)}  # fmt: skip
    for name, statuses in wanted.items():
        browser = Browser()
        browser.force_login(getattr(cast, name))
        found = tuple(
            browser.get(url(page, june, draft.public_id)).status_code for page in ("show", "edit", "sign")
        )
        assert found == statuses, name


def test_an_unknown_part_or_kind_is_not_found(dana, june, draft):
    other = "00000000-0000-4000-8000-000000000000"
    for path in (
        url("show", june, other),
        url("change", june, draft.public_id, "goal", other),
        url("change", june, draft.public_id, "nonsense", other),
        url("add_to", june, draft.public_id, "goal", other),
        url("add", june, draft.public_id, "goal"),
        url("words", june, draft.public_id, "nonsense").replace("words", "add"),
    ):
        assert dana.get(path).status_code == 404
    for key in ("screen:phq-9", "screen:x", "problem:x", f"problem:{other}", ""):
        assert dana.post(url("suggest", june, draft.public_id), {"key": key}).status_code == 404
    assert dana.get(url("suggest", june, draft.public_id)).status_code == 405
