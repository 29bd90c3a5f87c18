"""The clinic's own clocks: whose rule it follows, and its own days by level of care, decide when plans are due and reviewed."""

import datetime as dt

import pytest
from django.urls import reverse

from clinic.access.door import open_caseload, open_chart
from clinic.access.policy import Do
from clinic.audit.models import LedgerRow
from clinic.kit import clock
from clinic.people.models import ClinicSetting
from clinic.people.queries import settings_now
from clinic.record.models import LevelOfCare
from tests.house.pages import sign_in
from tests.treatment_plans.plans import in_days
from treatment_plans import actions, queries, rules

HERE = "treatment_plans:clocks"
PLAIN = {"plan_rule": "house", "plan_due_days": "14", "plan_review_days": "90", "plan_cosign_days": "7"}


@pytest.mark.parametrize(
    ("rule", "level", "days"),
    [
        ("house", "2.1", None), ("ks", "3.5", 7), ("ks", "2.1", 7), ("ks", "OTP", 30), ("ks", "1.7", 45), ("ks", "outpatient", 45),
        ("mt", "3.7-WM", 1), ("mt", "3.5", 2), ("mt", "3.1", 7), ("mt", "1", 21), ("ca_ntp", "OTP", 28), ("otp", "OTP", 14),
        ("pa", "1", None), ("ks", "", None), ("nowhere", "2.1", None),
    ],
)  # fmt: skip
def test_the_days_until_a_plan_is_due_come_from_the_rule_and_the_level_of_care(rule, level, days):
    """law.md, section 5: plan due by state."""
    assert rules.plan_days(rule, level) == days
    assert rules.plan_days(rule, level or "1", dict.fromkeys(rules.LEVELS, 5)) == 5


def admitted(cast, level):
    with clock.backdated(clock.now() - dt.timedelta(days=10)):
        june = cast.register(starts_on=clock.today())
        with open_chart(cast.dana, june, to=Do.PLAN) as chart:
            LevelOfCare.objects.create(
                **chart.stamp(chart.episodes[0]), edition="ASAM 3rd", level=level, starts_on=clock.today()
            )
    return june


def plan_due(cast):
    with open_caseload(cast.sol, to=Do.REVIEW_CASELOAD) as caseload:
        return [
            (one.urgency.name, one.since)
            for one in queries.due(caseload, in_days(0))
            if one.code == "plan_due"
        ]


def test_the_administrator_chooses_a_rule_and_days_of_the_clinics_own_and_the_dates_follow(cast):
    june, abe, address = admitted(cast, "2.1"), sign_in(cast.abe), reverse(HERE)
    assert plan_due(cast) == []  # fourteen days, of which ten are over
    told = {**PLAIN, "plan_rule": "ks"}
    assert abe.post(address, told).status_code == 302
    assert plan_due(cast) == [("OVERDUE", in_days(-3))]  # Kansas: seven days in intensive outpatient care
    page = abe.get(address).content.decode()
    assert "Kansas R03-606" in page and "rule: 7" in page
    assert abe.post(address, {**told, "due-2.1": "21", "review-2.1": "10"}).status_code == 302
    assert plan_due(cast) == []
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        assert actions.start_plan(chart).review_on == in_days(10)
    assert settings_now(["plan_level_due"]) == {"plan_level_due": {"2.1": 21}}
    rows = (
        LedgerRow.objects.filter(act="clinic.office.change_setting")
        .order_by("pk")
        .values_list("detail", flat=True)
    )
    assert [row["setting"] for row in rows] == ["plan_rule", "plan_level_due", "plan_level_days"]


def test_a_wrong_number_of_days_is_named_and_kept_and_nothing_is_changed(cast):
    abe, address = sign_in(cast.abe), reverse(HERE)
    answer = abe.post(address, {**PLAIN, "plan_due_days": "0", "review-3.5": "x", "plan_rule": "ny"})
    page = answer.content.decode()
    assert answer.status_code == 422 and 'value="x"' in page and page.count("_error") >= 3
    assert not ClinicSetting.objects.filter(name__startswith="plan_").exists()
    assert sign_in(cast.sol).get(address).status_code == 403
