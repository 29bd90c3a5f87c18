"""The joint picture: both sides on one axis, each change by its published rule, what is read with care, and for whom."""

import datetime as dt
import re
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from caseload import queries
from clinic.access.door import open_chart
from clinic.access.policy import Do
from clinic.audit.models import LedgerRow
from clinic.kit import clock
from clinic.record.models import LevelOfCare, Medication
from intake.actions import admit
from screening.actions import NewScreen, end_flowsheet, mark_in_error, record_screens
from screening.models import Flowsheet, Screen
from tests.intake.interviews import told_interview
from tests.journeys.papers import is_accessible, words_of
from tests.screening.answers import ALL, phq9
from tests.screening.ratings import COWS, rate
from tests.treatment_plans.plans import whole_draft
from treatment_plans.actions import sign_plan

TODAY = clock.today("America/New_York")
BAM = {
    **{f"bamr_{n}": 0 for n in range(1, 18) if n != 7},
    "bamr_4": 12,
    "bamr_6": 3,
    "bamr_8": 3,
}
LOW = {f"phq9_{n}": 0 for n in range(1, 11)} | {"phq9_1": 2, "phq9_2": 1, "phq9_10": 0}


def ago(days: int) -> dt.date:
    return TODAY - dt.timedelta(days=days)


def screened(chart, *rows, place=None):
    new = [
        NewScreen(place or chart.episodes[0], name, given, ago(days), historical=days > 30)
        for name, given, days in rows
    ]
    return record_screens(chart, rows=new)


@pytest.fixture
def june(cast):
    """June drank until two months ago, came off opioids, was low, then better; a plan, a medicine, a level of care."""
    client = cast.register(starts_on=ago(200))
    with open_chart(cast.dana, client, to=Do.SIGN_PLAN) as chart:
        screened(
            chart, ("phq-9", phq9(1), 190), ("gad-7", ALL["gad-7"], 190), ("bam-r", BAM, 190),
            ("bam-r", {**BAM, "bamr_4": 0, "bamr_6": 0, "bamr_8": 1}, 100), ("phq-9", phq9(0), 180),
            ("phq-9", LOW, 40), ("audit", ALL["audit"], 190), ("dast-10", ALL["dast-10"], 190),
        )  # fmt: skip
        for hours, points in ((30, 2), (29, 3), (2, 1)):
            rate(chart, {**COWS, "cows_1": points}, hours_ago=hours)
        stamp = chart.stamp(chart.episodes[0])
        Medication.objects.create(**stamp, name="buprenorphine", dose="8 mg", starts_on=ago(150))
        LevelOfCare.objects.create(**stamp, edition="ASAM 3rd", level="2.1", starts_on=ago(120))
        sign_plan(chart, plan=whole_draft(chart))
    return client


def seen(cast, client, who="dana", months=0):
    with open_chart(getattr(cast, who), client, to=Do.OPEN_CHART) as chart:
        return queries.picture(chart, TODAY, months)


def test_both_sides_and_withdrawal_stand_in_order_with_days_of_use_and_the_highest_rating_of_a_day(
    cast, june
):
    picture = seen(cast, june)
    assert [course.title for course in picture.courses] == [
        "PHQ-9", "GAD-7", "AUDIT", "DAST-10", "Days of drinking, of 30", "Days of drug use, of 30", "Craving", "COWS",
    ]  # fmt: skip
    drinking, craving, cows = (picture.courses[n] for n in (4, 6, 7))
    assert [point.value for point in drinking.points] == [12, 0]
    assert [point.words for point in craving.points] == ["Considerably", "Slightly"]
    assert sum(point.of for point in cows.points) == 3
    assert max(point.value for point in cows.points) == 4


def test_what_was_done_and_what_happened_is_marked_each_kind_by_its_shape(cast, june):
    marks = [(mark.label, mark.shape) for mark in seen(cast, june).marks]
    assert marks == [
        ("Thoughts of death or self-harm reported", "solid"),
        ("Started: buprenorphine 8 mg", "square"),
        ("Level of care: Intensive outpatient, 9 hours a week or more", "diamond"),
        ("Plan signed", "circle"),
    ]
    assert [mark.label for mark in seen(cast, june, months=3).marks] == ["Plan signed"]


def test_each_change_is_called_by_its_published_rule_in_words_with_its_source(cast, june):
    now = {one.title: one for one in seen(cast, june).now}
    assert "reliable improvement" in now["PHQ-9"].since_before.text
    assert "response (half or less), remission" in now["PHQ-9"].since_first.text
    assert now["PHQ-9"].since_first.source
    assert now["Days of drinking, of 30"].since_before.text.startswith("12 on ")
    assert now["Days of drinking, of 30"].since_before.text.endswith("no published rule for change")
    assert now["Craving"].since_before.text.startswith("Considerably on ")
    assert now["AUDIT"].since_before is None


def test_scores_soon_after_use_and_during_withdrawal_are_read_with_care_and_say_when_to_ask_again(cast, june):
    picture = seen(cast, june)
    care = {(line.title, (TODAY - line.day).days): line.care for line in picture.lines}
    due = f"{ago(190) + dt.timedelta(days=28):%-d %b %Y}"
    done = f"{ago(40):%-d %b %Y}"
    assert care["PHQ-9", 180].words == f"read with care: re-screen due {due}, done {done}"
    assert "drinking in the 30 days before" in care["PHQ-9", 180].because
    assert care["GAD-7", 190].words == f"read with care: re-screen was due {due}"
    assert care["PHQ-9", 40] is None and care["AUDIT", 190] is None
    assert "while withdrawal goes on" in picture.care_now.words
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        screened(chart, ("phq-9", LOW, 0))
        end_flowsheet(chart, flow=Flowsheet.objects.get(), reason="Over")
    line = seen(cast, june).lines[0]
    assert line.care.words == f"read with care: re-screen due {TODAY + dt.timedelta(days=28):%-d %b %Y}"


def test_a_screen_entered_in_error_leaves_no_value_and_no_mark(cast, june):
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        wrong = Screen.objects.get(instrument="phq-9", taken_on=ago(190))
        mark_in_error(chart, screen=wrong, reason="Another person")
    picture = seen(cast, june)
    assert not [line for line in picture.lines if line.public_id == wrong.public_id]
    assert not [mark for mark in picture.marks if mark.shape == "solid"]


def test_use_told_in_the_interview_counts_for_who_may_read_interviews(cast):
    client = cast.register(starts_on=ago(3))
    with open_chart(cast.dana, client, to=Do.INTERVIEW) as chart:
        told_interview(chart)
        screened(chart, ("phq-9", LOW, 0))
    because = seen(cast, client).lines[0].care
    assert because is not None and "Last drink" in because.because


def test_another_programs_scores_marks_and_use_never_appear(cast, client):
    both = cast.register(starts_on=ago(90))
    admit(cast.ines, client=both, program=cast.mh, clinician=cast.mia, starts_on=ago(80))
    with open_chart(cast.dana, both, to=Do.SCREEN) as chart:
        screened(chart, ("bam-r", BAM, 70), ("dast-10", ALL["dast-10"], 70))
        Medication.objects.create(**chart.stamp(chart.episodes[0]), name="naltrexone", starts_on=ago(70))
        rate(chart, COWS)
    with open_chart(cast.mia, both, to=Do.SCREEN) as chart:
        screened(chart, ("phq-9", LOW, 60))
    client.force_login(cast.mia)
    page = client.get(reverse("caseload:picture", args=[both])).content.decode()
    assert "PHQ-9" in page
    for hidden in ("DAST-10", "Days of drinking", "Craving", "COWS", "naltrexone", "re-screen"):
        assert hidden not in page
    client.force_login(cast.omar)
    assert client.get(reverse("caseload:picture", args=[both])).status_code == 404


def test_the_page_is_one_page_for_any_number_of_rows_and_says_what_is_not_there(cast, client, june):
    client.force_login(cast.dana)
    url = reverse("caseload:picture", args=[june])
    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        page = client.get(url).content.decode()
    kept = [
        q["sql"] for q in asked.captured_queries if not re.match(r"BEGIN|COMMIT|SAVEPOINT|RELEASE", q["sql"])
    ]
    assert len(kept) <= 12
    assert page.count('<svg class="trend-svg"') == 2 and "style=" not in page
    assert "Read with care" in page and "The same as a table" in page
    none = client.get(reverse("caseload:picture", args=[cast.register(given_name="Nona")])).content.decode()
    assert "Nothing measured yet" in none and "Ask now" in none
    assert (
        reverse("caseload:picture", args=[june])
        in client.get(reverse("caseload:chart", args=[june])).content.decode()
    )
    assert reverse("caseload:picture", args=[june]) in client.get(reverse("caseload:mine")).content.decode()


def test_on_paper_it_is_tagged_pdf_and_the_printing_is_on_the_ledger(cast, client, june):
    client.force_login(cast.dana)
    answer = client.get(reverse("caseload:picture_print", args=[june]) + "?months=12")
    assert answer["Content-Type"] == "application/pdf"
    paper = PdfReader(BytesIO(answer.content))
    assert is_accessible(paper)
    assert "reliable improvement" in words_of(paper) and "Where things stand" in words_of(paper)
    sheets = seen(cast, june).sheets  # eight courses: one drawing a side of care, on the same axis
    assert [len(one.series) for one in sheets] == [2, 5, 1] and len({one.start for one in sheets}) == 1
    assert LedgerRow.objects.filter(act="caseload.print_picture", actor_id=cast.dana.pk).count() == 1
