"""The integration check: one case on each side of each rule, and what becomes of an answer."""

import datetime as dt
from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from clinic.access.door import open_chart
from clinic.access.policy import Do
from clinic.audit.models import LedgerRow
from clinic.record.models import Medication
from screening import actions as screening
from screening.models import ScreenResponse
from tests.house.pages import sign_in
from tests.screening.answers import phq9
from tests.treatment_plans.plans import add_whole_problem, whole_draft
from treatment_plans import actions, queries, rules
from treatment_plans.models import Answer, PlanProblem
from treatment_plans.rules import integration as made

STEP = made.ObjectiveFact("o", "Half as much", measured=True, dated=True)
GOAL = made.GoalFact("g", "Sleep", (STEP,))
ALCOHOL = made.ProblemFact("p1", "Alcohol use", "substance_use", goals=(GOAL,))
OPIOIDS = made.ProblemFact("p2", "Opioid use", "substance_use", "F11.20", goals=(GOAL,))
PANIC = made.ProblemFact("p3", "Panic", "mental_health", goals=(GOAL,))
COCAINE = made.ProblemFact("p4", "Cocaine use", "substance_use", goals=(GOAL,))
PHQ = made.ScreenFact("phq-9", "mental_health", "PHQ-9 14 (moderate) on 3 Nov 2026", positive=True, key="k")
AUDIT = made.ScreenFact("audit", "substance_use", "AUDIT 21 on 3 Nov 2026", positive=True)


def asked(**facts) -> set[str]:
    return {one.rule for one in rules.findings(rules.Facts(**facts))}


def plan_of(*problems, **more) -> set[str]:
    return asked(problems=problems, **more)


def test_screen_unanswered_is_asked_of_a_positive_screen_that_nothing_takes_up():
    assert "screen_unanswered" in plan_of(ALCOHOL, screens=(PHQ,))


@pytest.mark.parametrize(
    "answered",
    [
        made.ProblemFact("p", "Low mood", "mental_health", goals=(GOAL,)),
        made.ProblemFact("p", "Depression", "mental_health", put_off="After detox"),
        made.ProblemFact("p", "Alcohol", "substance_use", goals=(made.GoalFact("g", "x", (replace(STEP, instrument="phq-9"),)),)),
    ],
    ids=["taken up", "put off with a reason", "measured"],
)  # fmt: skip
def test_screen_unanswered_is_not_asked_once_the_plan_answers(answered):
    assert "screen_unanswered" not in plan_of(ALCOHOL, answered, screens=(PHQ,))
    assert "screen_unanswered" not in plan_of(ALCOHOL, screens=(replace(PHQ, positive=False),))


def test_screen_worsening_is_asked_below_the_cut_off_and_not_where_it_is_steady():
    worse = replace(PHQ, positive=False, worsening=True)
    assert "screen_worsening" in plan_of(ALCOHOL, screens=(worse,))
    assert "screen_worsening" not in plan_of(ALCOHOL, screens=(replace(worse, worsening=False),))


def test_one_side_is_asked_where_the_other_side_is_positive_and_untreated():
    assert "one_side" in plan_of(ALCOHOL, screens=(PHQ,))
    assert "one_side" in plan_of(PANIC, screens=(AUDIT,))


def test_one_side_is_not_asked_of_a_plan_for_both_or_where_the_other_side_is_quiet():
    assert "one_side" not in plan_of(ALCOHOL, PANIC, screens=(PHQ, AUDIT))
    assert "one_side" not in plan_of(ALCOHOL, screens=(AUDIT, replace(PHQ, positive=False)))
    put_off = replace(PANIC, put_off="Wants to wait", goals=())
    assert "one_side" in plan_of(ALCOHOL, put_off, screens=(PHQ,))
    joined = frozenset({"substance_use", "mental_health"})  # something is done for the link between them
    assert "one_side" not in plan_of(ALCOHOL, put_off, screens=(PHQ,), linked_sides=joined)


@pytest.mark.parametrize(
    ("rule", "lacking", "whole"),
    [
        ("problem_without_goal", replace(PANIC, goals=()), PANIC),
        ("problem_without_goal", replace(PANIC, goals=()), replace(PANIC, goals=(), put_off="Later")),
        ("goal_without_objective", replace(PANIC, goals=(made.GoalFact("g", "Sleep"),)), PANIC),
        ("objective_without_measure", replace(PANIC, goals=(replace(GOAL, objectives=(replace(STEP, measured=False),)),)), PANIC),
        ("objective_without_date", replace(PANIC, goals=(replace(GOAL, objectives=(replace(STEP, dated=False),)),)), PANIC),
    ],
)  # fmt: skip
def test_each_problem_has_a_goal_each_goal_an_objective_each_objective_measure_and_date(rule, lacking, whole):
    assert rule in plan_of(lacking) and rule not in plan_of(whole)


@pytest.mark.parametrize(
    ("rule", "problem", "medication", "harmless"),
    [
        ("benzodiazepine_opioid", OPIOIDS, "Clonazepam 0.5 mg", "Hydroxyzine 25 mg"),
        ("benzodiazepine_alcohol", ALCOHOL, "Xanax", "Sertraline 50 mg"),
        ("opioid_alcohol", ALCOHOL, "Oxycodone 5 mg", "Ibuprofen"),
        ("gabapentinoid_opioid", OPIOIDS, "Gabapentin 300 mg", "Lamotrigine"),
        ("stimulant_stimulant", COCAINE, "Adderall XR", "Atomoxetine"),
        ("naltrexone_opioid", OPIOIDS, "Vivitrol", "Buprenorphine/naloxone 8/2"),
        ("disulfiram_alcohol", ALCOHOL, "Disulfiram 250 mg", "Acamprosate"),
    ],
)
def test_a_medication_that_meets_what_the_person_uses_is_asked_about_and_no_other(
    rule, problem, medication, harmless
):
    assert rule in plan_of(problem, medications=(medication,))
    assert rule not in plan_of(problem, medications=(harmless,))
    assert rule not in plan_of(PANIC, medications=(medication,))


def test_no_naloxone_is_asked_of_a_plan_with_opioid_use():
    assert "no_naloxone" in plan_of(OPIOIDS)
    assert "no_naloxone" in plan_of(ALCOHOL, done=(("moud", "weekly"),))
    # The naloxone inside buprenorphine/naloxone reverses no overdose.
    assert "no_naloxone" in plan_of(OPIOIDS, medications=("Buprenorphine-naloxone 8/2 mg",))


def test_no_naloxone_is_not_asked_once_it_is_planned_or_where_no_opioid_is_named():
    assert "no_naloxone" not in plan_of(OPIOIDS, done=(("other", "Naloxone kit for her sister"),))
    assert "no_naloxone" not in plan_of(OPIOIDS, done=(("overdose", ""),))
    assert "no_naloxone" not in plan_of(OPIOIDS, medications=("Narcan nasal spray",))
    assert "no_naloxone" not in plan_of(OPIOIDS, naloxone=True)
    assert "no_naloxone" not in plan_of(ALCOHOL, PANIC)


@pytest.mark.parametrize(("said", "asked"), [("has", False), ("gets", False), ("declines", True)])
def test_the_relapse_and_overdose_plan_that_holds_answers_for_naloxone_and_its_draft_does_not(
    cast, said, asked
):
    june = cast.register()
    with open_chart(cast.dana, june, to=Do.SIGN_PLAN) as chart:
        plan = whole_draft(chart)
        add_whole_problem(chart, plan, text="Heroin use", domain="substance_use")
        page = actions.start_relapse_plan(chart, place=chart.episodes[0])
        page = actions.change_page(chart, page=page, version=page.version, naloxone=said, triggers="Payday")
        draft = {one.rule for one in queries.check(chart, queries.tree(chart, plan)).open}
        actions.finish_page(chart, page=page)
        finished = {one.rule for one in queries.check(chart, queries.tree(chart, plan)).open}
    assert "no_naloxone" in draft and ("no_naloxone" in finished) is asked


def test_every_rule_explains_itself_and_names_its_source():
    assert all(rule.why and rule.source for rule in rules.RULES.values())
    blunt = ("must", "fail", "non-compliant", "should have")
    assert not [
        r.text for r in rules.RULES.values() if any(word in f"{r.text} {r.why}".lower() for word in blunt)
    ]


def test_an_answer_is_kept_with_the_question_and_who_gave_it_and_blocks_nothing_meanwhile(cast):
    june = cast.register()
    with open_chart(cast.dana, june, to=Do.SIGN_PLAN) as chart:
        place = chart.episodes[0]
        today = dt.date.fromisoformat(str(chart.episodes[0].starts_on))
        plan = whole_draft(chart)
        add_whole_problem(chart, plan, text="Heroin use", domain="substance_use")
        Medication.objects.create(**chart.stamp(place), name="Lorazepam 1 mg", starts_on=today)
        screening.record_screen(chart, instrument="phq-9", answers=phq9(), taken_on=today)
        opened = {one.rule: one for one in queries.check(chart, queries.tree(chart, plan)).open}
        assert {"benzodiazepine_opioid", "no_naloxone", "screen_unanswered"} <= set(opened)
        actions.sign_plan(chart, plan=plan)  # nothing of this stands in the way
        due = {one.code for one in queries.due(chart, today)}
        assert "plan_question" in due  # that the positive screen waits, the screening room says
    given = {
        "rule": "no_naloxone",
        "about": "opioid",
        "words": "Two kits given on Monday; her brother was shown.",
    }
    address = reverse("treatment_plans:answer", args=[june, plan.public_id])
    assert sign_in(cast.dana).post(address, given).status_code == 302
    assert "Two kits given on Monday" in sign_in(cast.dana).get(address).content.decode()
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        kept = Answer.objects.get()
        assert (kept.staff_id, kept.words, kept.asked) == (
            cast.dana.pk,
            given["words"],
            opened["no_naloxone"].text,
        )
        found = queries.check(chart, queries.tree(chart, plan))
        assert [one.answer.words for one in found.answered] == [given["words"]]
        screen = {"rule": "screen_unanswered", "about": "phq-9"}
        actions.answer_check(chart, plan=plan, **screen, words="Grief; agreed to look again in two weeks")
        assert "positive_not_in_plan" not in {one.code for one in queries.due(chart, today)}
    assert "kits" not in str(LedgerRow.objects.filter(act="treatment_plans.answer_check").values())


def test_the_list_of_what_is_due_asks_what_the_page_asks_and_stops_with_it(cast):
    june = cast.register()

    def page_and_list() -> set[str]:
        """The rules that the plan's page asks about; the list says the same, but for what screening says there."""
        with open_chart(cast.dana, june, to=Do.SIGN_PLAN) as chart:
            today = chart.episodes[0].starts_on
            found = queries.check(chart, queries.current_plan(chart)).open
            asks = [one for one in found if one.asks and one.rule != "screen_unanswered"]
            listed = [one.text for one in queries.due(chart, today) if one.code == "plan_question"]
        assert sorted(listed) == sorted(one.text for one in asks)
        return {one.rule for one in asks}

    with open_chart(cast.dana, june, to=Do.SIGN_PLAN) as chart:
        plan = actions.start_plan(chart)
        add_whole_problem(chart, plan, text="Heroin use", domain="substance_use")
        plan.refresh_from_db()
        actions.change_plan(
            chart, plan=plan, version=plan.version, participation="took_part", participation_words="Read it aloud",
            strengths="Shows up", step_down="Quiet months", review_on=chart.episodes[0].starts_on + dt.timedelta(days=60),
        )  # fmt: skip
        screening.record_screen(
            chart, instrument="phq-9", answers=phq9(), taken_on=chart.episodes[0].starts_on
        )
        actions.sign_plan(chart, plan=plan)
    assert page_and_list() == {"no_naloxone", "one_side"}
    with open_chart(cast.dana, june, to=Do.SIGN_PLAN) as chart:
        page = actions.start_relapse_plan(chart, place=chart.episodes[0])
        page = actions.change_page(chart, page=page, version=page.version, naloxone="has", triggers="Payday")
        actions.finish_page(chart, page=page)
    assert page_and_list() == {"one_side"}
    with open_chart(cast.dana, june, to=Do.SIGN_PLAN) as chart:
        screening.leave_unconfirmed(chart, response=ScreenResponse.objects.get(), reason="Grief")
    assert page_and_list() == set()


def test_an_empty_answer_or_one_to_what_is_not_asked_is_refused_and_nothing_is_kept(cast):
    june = cast.register()
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        plan = whole_draft(chart)
    for rule, words in (("no_naloxone", "x"), ("problem_without_goal", "x"), ("one_side", " ")):
        with pytest.raises(ValidationError), open_chart(cast.dana, june, to=Do.PLAN) as chart:
            actions.answer_check(chart, plan=plan, rule=rule, about="opioid", words=words)
    with open_chart(cast.dana, june, to=Do.PLAN):
        assert not Answer.objects.exists() and PlanProblem.objects.count() == 2
