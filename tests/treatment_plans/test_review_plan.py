"""A review shows what changed since signing beside the old text; versions are read side by side; a summary at the end."""

import datetime as dt
import io

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from pypdf import PdfReader

from clinic.access.door import open_chart
from clinic.access.policy import Do
from clinic.kit import clock
from clinic.people.models import ClinicSetting
from clinic.record.models import LevelOfCare, Medication
from screening import actions as screening
from tests.house.pages import sign_in
from tests.screening.answers import phq9
from tests.treatment_plans.plans import fill_words, in_days, whole_draft
from treatment_plans import actions, queries, rules
from treatment_plans.models import Goal, Link, Plan, PlanReview, PlanSummary


@pytest.mark.parametrize(
    ("schedule", "level", "days"),
    [
        ("house", "3.7", 3), ("house", "3.7-WM", 3), ("house", "1-WM", 3), ("house", "day", 14), ("house", "3.5", 7), ("house", "2.5", 14), ("house", "3.1", 30),
        ("house", "2.1", 30), ("house", "1.0", 90), ("house", "1.7", 90), ("ks", "OTP", 90), ("ks", "1", 90),
        ("mt", "3.7", 3), ("mt", "3.5", 7), ("mt", "2.5", 14), ("mt", "3.1", 30), ("mt", "2.1", 90), ("pa", "1", 30),
        ("ca_ntp", "OTP", 90), ("mental_health", "1", 180), ("nowhere", "2.5", 14),
    ],
)  # fmt: skip
def test_the_days_to_a_review_come_from_the_level_of_care_and_the_rule_that_was_chosen(schedule, level, days):
    assert rules.review_days(schedule, level) == days


def test_the_clinics_own_days_come_first_and_every_schedule_names_its_source():
    assert rules.review_days("mt", "3.5", {"3.5": 5}) == 5
    assert all(one.source for one in rules.SCHEDULES.values())


def test_a_changed_level_begins_the_time_anew_and_never_puts_the_planned_day_off():
    signed, planned = dt.date(2026, 1, 1), dt.date(2026, 4, 1)
    assert rules.review_on(signed, planned, None, 90) == planned
    assert rules.review_on(signed, planned, dt.date(2025, 12, 1), 7) == planned  # the level it was signed at
    assert rules.review_on(signed, planned, dt.date(2026, 2, 1), 7) == dt.date(2026, 2, 8)
    assert rules.review_on(signed, planned, dt.date(2026, 3, 30), 90) == planned
    ends = signed + dt.timedelta(days=100)
    assert rules.is_soon(signed, ends, signed + dt.timedelta(days=80))
    assert not rules.is_soon(signed, ends, signed + dt.timedelta(days=79))


def _two_months_ago(cast):
    with clock.backdated(clock.now() - dt.timedelta(days=60)):
        june = cast.register()
        with open_chart(cast.dana, june, to=Do.SIGN_PLAN) as chart:
            plan = whole_draft(chart)
            screening.record_screen(chart, instrument="phq-9", answers=phq9(2), taken_on=clock.today())
            return june, actions.sign_plan(chart, plan=plan)


def test_a_review_shows_what_changed_since_signing_and_the_plan_goes_on_with_a_new_day(cast):
    june, plan = _two_months_ago(cast)
    with open_chart(cast.dana, june, to=Do.SIGN_PLAN) as chart:
        stamp = chart.stamp(chart.episodes[0])
        Medication.objects.create(**stamp, name="Sertraline 50 mg", starts_on=in_days(-20))
        screening.record_screen(chart, instrument="phq-9", answers=phq9(), taken_on=clock.today())
        actions.take_client_word(chart, plan=plan, kind="comment", words="The bus is easier now.")
        LevelOfCare.objects.create(**stamp, edition="4", level="2.5", starts_on=in_days(-12))
        due = {one.code: one for one in queries.due(chart, clock.today())}
        assert due["plan_review"].since == in_days(
            2
        )  # fourteen days from the change of level, warned at 80 %
        assert queries.review_day(queries.current_plan(chart)) == in_days(2)
    dana, address = sign_in(cast.dana), reverse("treatment_plans:review", args=[june, plan.public_id])
    page = dana.get(address).content.decode()
    for words in (
        "PHQ-9:",
        "when signed,",
        "Medication started: Sertraline 50 mg",
        "The bus is easier now.",
        "Level of care: 2.5",
    ):
        assert words in page, words
    assert f'value="{in_days(14)}"' in page  # the next day, from the level of care
    assert dana.post(address, {"words": "Panic is rarer", "next_on": str(in_days(14))}).status_code == 302
    with open_chart(cast.dana, june, to=Do.SEE_PLAN) as chart:
        review = PlanReview.objects.get()
        assert "Sertraline" in review.shown and review.signed_as == "Dana Tester, LCSW"
        assert "plan_review" not in {one.code for one in queries.due(chart, clock.today())}
        assert queries.review_day(queries.current_plan(chart)) == in_days(14)
        assert Plan.objects.count() == 1
    printed = dana.get(reverse("treatment_plans:review_pdf", args=[june, plan.public_id]))
    text = PdfReader(io.BytesIO(printed.content)).pages[0].extract_text()
    assert "Panic is rarer" in text and "OKAFOR, June" in text


def test_a_review_that_changes_the_plan_begins_a_version_and_both_are_read_side_by_side(cast):
    june, plan = _two_months_ago(cast)
    dana, address = sign_in(cast.dana), reverse("treatment_plans:review", args=[june, plan.public_id])
    answer = dana.post(address, {"words": "She wants to work", "next_on": "", "change": "1"})
    assert answer.status_code == 302 and answer.url.endswith("/edit/")
    with open_chart(cast.dana, june, to=Do.SIGN_PLAN) as chart:
        draft = Plan.objects.get(frozen_at__isnull=True)
        goal = Goal.objects.filter(plan=draft).first()
        actions.change_goal(chart, goal=goal, version=goal.version, words="Find work near home")
        actions.remove_link(chart, link=Link.objects.get(plan=draft))
        fill_words(chart, draft)
        actions.sign_plan(chart, plan=draft)
        pairs = {
            pair.where: pair
            for pair in queries.compare(queries.tree(chart, plan), queries.tree(chart, draft))
            if pair.state != "same"
        }
        assert (pairs["Goal"].before, pairs["Goal"].after) == (
            "I want less of it: Alcohol use",
            "Find work near home",
        )
        assert pairs["Goal"].about == "Alcohol use"
        assert pairs["Link"].state == "gone"
    page = dana.get(reverse("treatment_plans:compare", args=[june, draft.public_id])).content.decode()
    assert "Find work near home" in page and "taken out" in page and "Half as much as now" not in page


@pytest.mark.parametrize(
    ("given", "field"),
    [({"words": " "}, "words"), ({"next_on": None}, "next_on"), ({"next_on": in_days(-1)}, "next_on")],
)
def test_a_review_without_words_or_with_no_day_to_come_is_refused(cast, given, field):
    june = cast.register()
    with open_chart(cast.dana, june, to=Do.SIGN_PLAN) as chart:
        plan = actions.sign_plan(chart, plan=whole_draft(chart))
    told = {"outcome": "goes_on", "words": "Fine", "next_on": in_days(30), **given}
    with pytest.raises(ValidationError) as refused, open_chart(cast.dana, june, to=Do.SIGN_PLAN) as chart:
        actions.review_plan(chart, plan=plan, **told)
    assert list(refused.value.message_dict) == [field]
    with open_chart(cast.dana, june, to=Do.SEE_PLAN):
        assert not PlanReview.objects.exists()


def test_a_discharge_summary_is_drawn_from_the_plan_and_printed_on_the_clinics_paper(cast):
    june, plan = _two_months_ago(cast)
    dana, address = sign_in(cast.dana), reverse("treatment_plans:summary", args=[june, plan.public_id])
    assert dana.post(address, {"kind": "discharge", "words": "", "goes_on": "x"}).status_code == 422
    ClinicSetting.objects.create(name="paper", value="a4", holds_from=clock.now())
    told = {"kind": "discharge", "words": "She rides the bus.", "goes_on": "Dr. Amadi, monthly"}
    answer = dana.post(address, told, follow=True)
    paper = PdfReader(io.BytesIO(answer.content))
    assert [round(float(side)) for side in paper.pages[0].mediabox[2:]] == [595, 842]  # A4
    text = " ".join(paper.pages[0].extract_text().split())
    for words in (
        "Discharge summary",
        "She rides the bus.",
        "Half as much as now",
        "No data",
        "Dr. Amadi, monthly",
        "1 / 1",
    ):
        assert words in text, words
    with open_chart(cast.dana, june, to=Do.SEE_PLAN):
        assert PlanSummary.objects.get().body[0]["problem"] == "Alcohol use"
