"""The plan on paper: tagged PDF, whose it is on each page, who printed it when, and the row on the ledger."""

import datetime as dt
import io

import pytest
from pypdf import PdfReader

from clinic.access.door import open_chart
from clinic.access.policy import Do
from clinic.audit.models import LedgerRow
from clinic.kit import clock
from screening.actions import record_screen
from tests.screening.answers import PHQ9
from tests.treatment_plans.plans import add_whole_problem, whole_draft
from treatment_plans import actions


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


def test_a_draft_is_marked_on_every_page_and_leaves_a_line_to_sign_on(client, cast, june):
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        plan = whole_draft(chart)
    pages = [page.extract_text() for page in printed(client, cast, june, plan, who="sol").pages]
    assert all("DRAFT" in text for text in pages)
    assert "Client or representative, date" in "\n".join(pages)
