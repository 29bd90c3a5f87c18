"""The one list of problems: coded or in plain words, changed with its history kept, never deleted."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from clinic.access.chart import Refused
from clinic.access.door import open_chart
from clinic.access.policy import Do
from clinic.kit import clock
from clinic.record import icd10cm
from clinic.record.models import Problem, StaleEdit
from treatment_plans import actions, queries
from treatment_plans.models import PlanProblem


@pytest.fixture
def june(cast):
    return cast.register()


def posted(**more):
    return {"text": "Panic attacks", "domain": "mental_health", "status": "active", "version": "1", **more}


def test_a_diagnosis_is_found_by_its_words_by_other_names_by_its_initials_and_by_its_code():

    def found(words):
        return [one.code for one in icd10cm.find(words)]

    assert found("panic")[0] == "F41.0" and found("alcohol use disorder severe")[0] == "F10.20"
    assert found("ptsd")[0] == "F43.10" and found("homeless")[0] == "Z59.00"
    assert found("f102")[:2] == ["F10.20", "F10.21"] and found("F41.0") == ["F41.0"]
    assert (
        not found("p")
        and not found("")
        and not found("zzz qqq")
        and not found("'; drop table")
        and not found("...")
    )
    assert icd10cm.named("f1020").name.startswith("Alcohol dependence") and icd10cm.named("F10") is None
    assert [icd10cm.named(c).domain for c in ("F11.20", "F41.0", "Z59.00", "Z65.1", "K70.30")] == [
        "substance_use", "mental_health", "social", "legal", "medical",
    ]  # fmt: skip


def test_a_problem_is_listed_coded_or_in_plain_words_and_what_cannot_stand_is_named(cast, june):
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        row = actions.list_problem(
            chart, text=" Panic attacks ", code="f410", domain="mental_health", onset_words="since the accident",
            severity="moderate", source="client", said_by="June",
        )  # fmt: skip
        assert (row.text, row.code, row.part2, row.is_over) == ("Panic attacks", "F41.0", True, False)
        assert row.source_text == "The client (June)" and row.specifiers == "moderate"
        actions.list_problem(chart, text="No bus after nine", domain="social")
    wrong = {
        "text": {"text": "  "}, "domain": {"domain": "other"}, "code": {"code": "F10"}, "status": {"status": "gone"},
        "onset_on": {"onset_on": clock.today() + dt.timedelta(days=9)}, "remission": {"remission": "early"},
        "resolved_on": {"status": "resolved", "onset_on": clock.today(), "resolved_on": dt.date(2020, 1, 1)},
    }  # fmt: skip
    for field, given in wrong.items():
        with pytest.raises(ValidationError) as refused, open_chart(cast.dana, june, to=Do.PLAN) as chart:
            actions.list_problem(chart, **{"text": "Low mood", "domain": "mental_health", **given})
        assert field in refused.value.message_dict
    with open_chart(cast.dana, june, to=Do.PLAN):
        assert Problem.objects.count() == 2


def test_a_problem_is_changed_its_history_is_kept_and_a_draft_says_so_too_but_not_a_stale_page(cast, june):
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        plan = actions.start_plan(chart)
        part = actions.add_problem(chart, plan=plan, text="Drinking", domain="substance_use")
        row = part.problem
        actions.revise_problem(chart, problem=row, version=1, text="Alcohol, severe", code="F10.20")
        assert (
            PlanProblem.objects.get(pk=part.pk).text == "Alcohol, severe"
            and Problem.objects.get().code == "F10.20"
        )
    with pytest.raises(StaleEdit), open_chart(cast.dana, june, to=Do.PLAN) as chart:
        actions.revise_problem(chart, problem=row, version=1, text="Beer")
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        assert Problem.objects.get().text == "Alcohol, severe"
        row = queries.problem_row(chart, row.public_id)
        actions.revise_problem(chart, problem=row, version=2, status="resolved")
        assert row.resolved_on and not [s for s in queries.suggestions(chart, None) if "Alcohol" in s.text]
        row = queries.problem_row(chart, row.public_id)
        actions.revise_problem(chart, problem=row, version=3, status="remission", remission="early")
        assert row.resolved_on is None
        told = queries.problem_history(chart, row)
    assert [one.first for one in told] == [False, False, False, True]
    assert ("Problem", "Drinking", "Alcohol, severe") in told[2].fields and told[0].by == cast.dana.name


def test_r4_a_problem_entered_in_error_leaves_the_list_and_is_still_read_with_its_history(client, cast, june):
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        row = actions.list_problem(chart, text="Psychosis", domain="mental_health")
        actions.list_problem(chart, text="Panic", domain="mental_health")
        actions.revise_problem(chart, problem=row, version=1, status="in_error")
        assert [one.text for one in queries.problem_list(chart)] == ["Panic"]
        assert [one.text for one in queries.suggestions(chart, None)] == ["Panic"]
    client.force_login(cast.sol)
    page = client.get(reverse("treatment_plans:problems", args=[june])).content.decode()
    assert "1 entered in error" in page and "<s>Psychosis</s>" in page
    history = client.get(reverse("treatment_plans:problem", args=[june, row.public_id])).content.decode()
    assert "Entered in error" in history and "put it on the list" in history


def test_the_pages_say_what_is_wrong_keep_what_was_typed_and_show_both_texts_of_two_people(
    client, cast, june
):
    client.force_login(cast.dana)

    def at(name, *more):
        return reverse(f"treatment_plans:{name}", args=[june, *more])

    long = client.post(at("list_problem"), posted(text="x" * 20_000))
    assert long.status_code == 422 and b"240" in long.content and b"x" * 300 in long.content
    pasted = posted(text="<b>Panic</b><script>alert(1)</script>", code="F41.0")
    assert client.post(at("list_problem"), pasted).status_code == 302
    page = client.get(at("problems")).content.decode()
    assert "&lt;b&gt;Panic" in page and "<script>alert" not in page and "F41.0" in page
    with open_chart(cast.dana, june, to=Do.PLAN):
        row = Problem.objects.get()
    one = str(row.public_id)
    assert client.post(at("revise_problem", one), posted(text="Panic on the bus")).status_code == 302
    stale = client.post(at("revise_problem", one), posted(text="Panic in shops"))
    assert (
        stale.status_code == 409
        and b"Panic on the bus" in stale.content
        and b"Panic in shops" in stale.content
    )
    again = client.post(at("revise_problem", one), posted(text="Panic in shops", version="2"))
    assert again.status_code == 302
    history = client.get(at("problem", one)).content.decode()
    assert "Panic on the bus" in history and "Panic in shops" in history
    offered = client.post(reverse("treatment_plans:diagnoses"), {"text": "panic"}).content.decode()
    assert 'data-code="F41.0"' in offered and 'data-domain="mental_health"' in offered


def test_who_does_not_draw_up_plans_does_not_change_the_list_and_another_program_sees_none_of_it(cast, june):
    from intake.actions import admit

    admit(cast.ines, client=june, program=cast.mh, clinician=cast.mia)
    with open_chart(cast.dana, june, to=Do.PLAN) as chart:
        row = actions.list_problem(chart, text="Alcohol", domain="substance_use")
    with open_chart(cast.mia, june, to=Do.PLAN) as chart:
        assert queries.problem_list(chart) == []
    with pytest.raises(Refused), open_chart(cast.sol, june, to=Do.SEE_PLAN) as chart:
        actions.revise_problem(chart, problem=row, version=1, text="Wine")
    with open_chart(cast.dana, june, to=Do.PLAN):
        assert Problem.objects.get().text == "Alcohol"
