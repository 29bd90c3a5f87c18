"""The problem list: read, added to, changed; and the search for a diagnosis, which knows of no client."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.access.chart import Chart
from clinic.access.policy import Do
from clinic.access.views import opens_chart, opens_nothing
from clinic.kit.http import StaffRequest
from clinic.record import icd10cm
from clinic.record.models import Domain, StaleEdit
from treatment_plans import actions, queries
from treatment_plans.forms import ListedProblemForm
from treatment_plans.queries.parts import home_of
from treatment_plans.views.looks import client_of, here, over


@require_GET
@opens_chart(to=Do.SEE_PLAN)
def problems(request: StaffRequest, chart: Chart) -> HttpResponse:
    """The one list of every problem, both sides side by side; what is over, or was an error, stands apart."""
    listed = queries.problem_list(chart)
    standing = [one for one in listed if not one.is_over]
    groups = [(domain, [one for one in standing if one.domain == domain]) for domain in Domain]
    page = {
        **here(chart), "groups": [(str(d.label), str(d), rows) for d, rows in groups if rows], "standing": standing,
        "over": [one for one in listed if one.is_over], "wrong": queries.problems_in_error(chart), "may_plan": chart.permits(Do.PLAN),
    }  # fmt: skip
    return render(request, "treatment_plans/problems.html", page)


@require_GET
@opens_chart(to=Do.SEE_PLAN)
def problem(request: StaffRequest, chart: Chart, problem: str) -> HttpResponse:
    """One problem, and what changed of it: when, by whom."""
    row = queries.problem_row(chart, problem)
    page = {
        **here(chart), "problem": row, "history": queries.problem_history(chart, row),
        "may_plan": chart.permits(Do.PLAN, row.episode_id),
    }  # fmt: skip
    return render(request, "treatment_plans/problem.html", page)


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.PLAN)
def list_problem(request: StaffRequest, chart: Chart) -> HttpResponse:
    """A problem is added to the list."""
    homes = queries.homes(chart)
    form = ListedProblemForm(request.POST or None, homes=homes, initial=ListedProblemForm.begun())
    page = {**here(chart), "form": form}
    if request.method == "GET" or not form.is_valid():
        return _form_page(request, page, status=422 if form.is_bound else 200)
    try:
        place = home_of(chart, form.cleaned_data.get("episode", ""))
        actions.list_problem(chart, place=place, **form.given())
    except ValidationError as refused:
        form.add_error(None, refused)
        return _form_page(request, page, status=422)
    messages.success(request, _("The problem is on the list."))
    return redirect("treatment_plans:problems", client_of(request))


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.PLAN)
def revise_problem(request: StaffRequest, chart: Chart, problem: str) -> HttpResponse:
    """A problem is changed over the version that was shown; a stale save shows both texts."""
    row = queries.problem_row(chart, problem)
    form = ListedProblemForm(request.POST or None, initial=ListedProblemForm.of(row))
    page = {**here(chart), "form": form, "problem": row}
    if request.method == "GET" or not form.is_valid():
        return _form_page(request, page, status=422 if form.is_bound else 200)
    try:
        version = form.cleaned_data["version"] or 0
        actions.revise_problem(chart, problem=row, version=version, **form.given())
    except StaleEdit as stale:
        return _form_page(request, {**page, "conflicts": over(form, stale.theirs)}, status=409)
    except ValidationError as refused:
        form.add_error(None, refused)
        return _form_page(request, page, status=422)
    messages.success(request, _("Saved. What was there before is kept in its history."))
    return redirect("treatment_plans:problem", client_of(request), problem)


def _form_page(request: StaffRequest, page: dict[str, Any], *, status: int) -> HttpResponse:
    return render(request, "treatment_plans/problem_form.html", page, status=status)


@require_POST  # what is typed stands in no address
@opens_nothing
def diagnoses(request: StaffRequest) -> HttpResponse:
    """The diagnoses that match what was typed, as options of a list box; nothing of any chart is read."""
    words = request.POST.get("text", "")[:120]
    return render(request, "treatment_plans/_diagnoses.html", {"found": icd10cm.find(words), "words": words})
