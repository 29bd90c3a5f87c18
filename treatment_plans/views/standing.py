"""What is said about a plan and leaves it as it is: answers to the integration check, what was counted."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clinic.access.chart import Chart
from clinic.access.policy import Do
from clinic.access.views import opens_chart
from clinic.kit import clock
from clinic.kit.http import StaffRequest
from treatment_plans import actions, queries
from treatment_plans.forms import AnswerForm, CountForm
from treatment_plans.models import Objective
from treatment_plans.queries.parts import part_row
from treatment_plans.views.looks import client_of, here


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.PLAN)
def answer(request: StaffRequest, chart: Chart, plan: str) -> HttpResponse:
    """What the check asks about this plan, each with its reason and source; an answer is kept and leaves the list."""
    tree = queries.tree(chart, plan)
    found = queries.check(chart, tree)
    asked = [(one.rule, one.about) for one in (*found.open, *found.answered)]
    form = AnswerForm(request.POST or None, auto_id="answer-%s", asked=asked)
    page: dict[str, Any] = {**here(chart), "tree": tree, "check": found, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer_check(chart, plan=tree.plan, **form.cleaned_data)
            messages.success(request, _("The answer is on file."))
            return redirect(f"{reverse('treatment_plans:answer', args=[client_of(request), plan])}#check")
        except ValidationError as refused:
            form.add_error(None, refused)
    status = 422 if form.is_bound else 200
    return render(request, "treatment_plans/answer.html", {**page, "may_plan": True}, status=status)


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.PLAN)
def count(request: StaffRequest, chart: Chart, plan: str, objective: str) -> HttpResponse:
    """So many were counted for an objective on a day."""
    row = part_row(chart, Objective, objective, plan)
    today = clock.today(chart.episode(row.episode_id).zone)
    form = CountForm(request.POST or None, initial={"on": today})
    page = {**here(chart), "form": form, "objective": row}
    if request.method == "POST" and form.is_valid():
        try:
            actions.count_objective(chart, objective=row, **form.cleaned_data)
            messages.success(request, _("Counted."))
            return redirect(
                f"{reverse('treatment_plans:home', args=[client_of(request)])}#objective-{objective}"
            )
        except ValidationError as refused:
            form.add_error(None, refused)
    return render(request, "treatment_plans/count.html", page, status=422 if form.is_bound else 200)
