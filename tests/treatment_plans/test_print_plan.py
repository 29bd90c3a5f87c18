"""The plan on paper: tagged PDF, whose it is on each page, who printed it when, and the row on the ledger."""

import datetime as dt
import io

import pytest
from pypdf import PdfReader

from clinic.access.door import open_chart
from clinic.access.policy import Do
from clinic.audit.models import LedgerRow
from clinic.kit import clock
from clinic.people.models import ClinicSetting
from screening.actions import record_screen
from tests.screening.answers import PHQ9
from tests.treatment_plans.plans import add_whole_problem, in_days, whole_draft
from treatment_plans import actions
from treatment_plans.models import Goal, Link


@pytest.fixture
def june(cast):
    june = cast.register()
    with open_chart(cast.dana, june, to=Do.SCREEN) as chart:
        for days in (40, 20, 2):
            record_screen(
                chart, instrument="phq-9", answers=PHQ9, taken_on=clock.today() - dt.timedelta(days=days)
            )
    return june


def printed(client, cast, june, plan, who="dana"):
    client.force_login(getattr(cast, who))
    answer = client.get(f"/client/{june}/plan/{plan.public_id}/print/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert "okafor" not in answer["Content-Disposition"].lower()
    return PdfReader(io.BytesIO(answer.content))


def test_a_signed_plan_prints_whole_with_its_trend_and_is_on_the_ledger(client, cast, june):
    with open_chart(cast.dana, june, to=Do.SIGN_PLAN) as chart:
        plan = whole_draft(chart)
        for number in range(6):
            add_whole_problem(chart, plan, text=f"Problem {number}", domain="medical")
        plan = actions.sign_plan(chart, plan=plan, client_name="June Okafor")
        number = chart.client.number
    pdf = printed(client, cast, june, plan)
    assert len(pdf.pages) >= 2
    pages = [page.extract_text() for page in pdf.pages]
    for place, text in enumerate(pages, start=1):
        assert "OKAFOR, June" in text
        assert "02-Apr-1988" in text
        assert number in text
        assert f"{place} / {len(pages)}" in text
        assert "Printed" in text
        assert "Dana Tester, LCSW" in text
        assert "DRAFT" not in text
    whole = "\n".join(pages)
    for words in ("Alcohol use sets off Panic", "withdrawal brings panic", "PHQ-9", "bad days in a month from 20 to 10",
                  "I always show up for my kids.", "Two months without drinking.", "June Okafor (Client)"):  # fmt: skip
        assert words in whole
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in pdf.trailer["/Root"]
    assert b"pdfuaid" in pdf.trailer["/Root"]["/Metadata"].get_object().get_data()
    row = LedgerRow.objects.get(act="treatment_plans.print_plan")
    assert (row.object_id, row.detail) == (str(plan.public_id), {"draft": False, "version_no": 1})


LONG = "I want to sleep through the night again and get up with my children without having had a drink the evening before."


@pytest.mark.parametrize(("language", "words"), [("en", "My goal:"), ("es", "Mi meta:")])
def test_the_plain_copy_of_a_usual_plan_is_one_page_to_take_home(client, cast, june, language, words):
    """Three problems, two steps each, a link with something done for it, and what the client said, in long words."""
    with open_chart(cast.dana, june, to=Do.SIGN_PLAN) as chart:
        plan = whole_draft(chart)
        add_whole_problem(chart, plan, text="Behind with the rent since the summer", domain="social")
        for goal in Goal.objects.all():
            actions.change_goal(chart, goal=goal, version=goal.version, words=LONG)
            step = {
                "text": "Three evenings a week without a drink, counted in a diary",
                "counted": "evenings",
                "target": 3,
            }
            more = actions.add_objective(chart, goal=goal, **step, target_on=in_days(60))
            told = {"frequency": "once a week", "duration": "12 weeks", "staff": cast.dana}
            actions.add_intervention(chart, objective=more, kind="cbt", text="Nights and evenings", **told)
        actions.add_intervention(chart, link=Link.objects.get(), kind="cope", **told)
        actions.take_client_word(
            chart, plan=plan, kind="disagree", words="The rent is not the problem. The landlord is."
        )
        plan = actions.sign_plan(chart, plan=plan, client_name="June Okafor")
    client.force_login(cast.dana)
    for paper in ("letter", "a4"):
        ClinicSetting.objects.create(name="paper", value=paper, holds_from=clock.now())
        answer = client.get(f"/client/{june}/plan/{plan.public_id}/plain/?language={language}")
        pages = PdfReader(io.BytesIO(answer.content)).pages
        text = " ".join(pages[0].extract_text().split())
        assert len(pages) == 1, paper
        assert text.count(words) == 3 and "OKAFOR, June" in text and "PHQ-9" not in text


def test_a_draft_is_marked_on_every_page_and_leaves_a_line_to_sign_on(client, cast, june):
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        plan = whole_draft(chart)
    pages = [page.extract_text() for page in printed(client, cast, june, plan, who="sol").pages]
    assert all("DRAFT" in text for text in pages)
    assert "Client or representative, date" in "\n".join(pages)
