"""Where an objective stands is told from what was measured, by a rule in words; nobody types it."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from clinic.access.door import open_chart
from clinic.access.policy import Do
from clinic.kit import clock
from screening import actions as screening
from tests.house.pages import sign_in
from tests.screening.answers import phq9
from tests.treatment_plans.plans import fill_words, in_days, whole_draft
from treatment_plans import actions, queries, rules
from treatment_plans.models import Count, Objective

BEGAN = dt.date(2026, 1, 1)


def stands(*points, target=7, baseline=21, days=100, **more):
    told = [(BEGAN + dt.timedelta(days=day), value) for day, value in points]
    by = BEGAN + dt.timedelta(days=days)
    return rules.progress(told, baseline=baseline, target=target, begins=BEGAN, by=by, **more).state


@pytest.mark.parametrize(
    ("state", "points"),
    [
        ("no_data", []),
        ("no_data", [(-20, 21)]),  # measured, but not since it was planned
        ("met", [(50, 7)]),
        ("met", [(50, 12), (60, 5)]),
        ("on_track", [(50, 14)]),
        ("on_track", [(50, 17.5)]),  # half of the seven points that a straight line asks for
        ("stalled", [(50, 17.6)]),
        ("on_track", [(28, 21)]),  # the first four weeks: not worse than at the start
        ("stalled", [(29, 21)]),
        ("stalled", [(10, 22)]),
        ("stalled", [(120, 10)]),
    ],
)
def test_an_objective_is_met_on_track_stalled_or_without_data(state, points):
    assert stands(*points) == state


def test_which_way_is_better_is_the_questionnaires_to_say_where_the_target_lies_above_the_start():
    """PCL-5 at 28 or lower, begun at 24: there already, and lost again at 31. Well-being the other way round."""
    assert stands((50, 23), baseline=24, target=28, more_is_better=False) == "met"
    assert stands((50, 31), baseline=24, target=28, more_is_better=False) == "stalled"
    assert stands((50, 60), baseline=64, target=52, more_is_better=True) == "met"
    assert stands((50, 40), baseline=64, target=52, more_is_better=True) == "stalled"


def test_more_can_be_better_and_without_a_target_nothing_is_said():
    assert stands((50, 12), baseline=4, target=20) == "on_track"
    assert stands((50, 4), baseline=4, target=20) == "stalled"
    assert stands((50, 20), baseline=4, target=20) == "met"
    assert stands((50, 20), target=None) == "no_target"
    assert stands((-3, 21), (50, 14), baseline=None) == "on_track"  # the last value before is where it began


def _sign_two_months_ago(cast, june):
    with open_chart(cast.dana, june, to=Do.SIGN_PLAN) as chart:
        plan = whole_draft(chart)
        first, second = Objective.objects.order_by("pk")
        actions.change_objective(
            chart, objective=first, version=first.version, text="Mood", instrument="phq-9", baseline=20, target=9,
            target_on=in_days(160),
        )  # fmt: skip
        return actions.sign_plan(chart, plan=plan), second


def test_a_plan_shows_where_it_stands_from_the_latest_screens_and_counts_across_its_versions(cast):
    with clock.backdated(clock.now() - dt.timedelta(days=60)):
        june = cast.register()
        plan, second = _sign_two_months_ago(cast, june)
    today = clock.today()
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        screening.record_screen(chart, instrument="phq-9", answers=phq9(), taken_on=today)
        second.refresh_from_db()
        actions.count_objective(chart, objective=second, on=today - dt.timedelta(days=30), value=19)
        actions.count_objective(chart, objective=second, on=today, value=8)
        actions.count_objective(
            chart, objective=second, on=today, value=9
        )  # of the same day: the later one stands
    page = sign_in(cast.dana).get(reverse("treatment_plans:home", args=[june])).content.decode()
    assert "bad days in a month 9 on" in page and "half of the way that a straight line" in page
    with open_chart(cast.dana, june, to=Do.SIGN_PLAN) as chart:
        newer = actions.new_version(chart, plan=plan)
        fill_words(chart, newer)
        actions.sign_plan(chart, plan=newer)
        tree = queries.tree(chart, newer)
        mood, days = (queries.standings(chart, tree)[str(aim.public_id)] for aim in tree.aims)
        assert days.state == "met" and days.spark["last"] == "9"
        assert mood.words.startswith("PHQ-9 ") and mood.spark["band"] and "target 9" in mood.words
        assert tree.aims[1].counts[-1] == (today, 9.0)


@pytest.mark.parametrize(("given", "field"), [({"value": None}, "value"), ({"on": in_days(1)}, "on")])
def test_a_count_of_nothing_or_of_a_day_to_come_is_refused(cast, given, field):
    june = cast.register()
    with open_chart(cast.dana, june, to=Do.SIGN_PLAN) as chart:
        actions.sign_plan(chart, plan=whole_draft(chart))
        objective = Objective.objects.first()
    with pytest.raises(ValidationError) as refused, open_chart(cast.dana, june, to=Do.PLAN) as chart:
        actions.count_objective(chart, objective=objective, **{"on": clock.today(), "value": 3, **given})
    assert list(refused.value.message_dict) == [field]
    with open_chart(cast.dana, june, to=Do.PLAN):
        assert not Count.objects.exists()
