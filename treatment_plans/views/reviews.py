"""Review: what changed since signing beside the old text; two versions side by side; the summary at the end."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from clinic.access.chart import Chart
from clinic.access.policy import Do
from clinic.access.views import opens_chart
from clinic.kit.http import StaffRequest
from clinic.record.queries import banner
from treatment_plans import actions, queries
from treatment_plans.forms import ReviewForm, SummaryForm
from treatment_plans.models import PlanSummary
from treatment_plans.queries.parts import summary_row
from treatment_plans.views.looks import client_of, here, pdf_of


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.SIGN_PLAN)
def review(request: StaffRequest, chart: Chart, plan: str) -> HttpResponse:
    """The plan beside what changed since it was signed; it goes on with a new day, or a new version is begun."""
    client, tree = client_of(request), queries.tree(chart, plan)
    form = ReviewForm(
        request.POST if request.method == "POST" else None,
        initial={"next_on": queries.next_review(chart, tree.plan)},
    )
    page = {
        **here(chart), "tree": tree, "form": form, "since": queries.changed_since_signing(chart, tree),
        "standings": queries.standings(chart, tree), "check": queries.check(chart, tree),
    }  # fmt: skip
    if form.is_valid():
        try:
            actions.review_plan(chart, plan=tree.plan, **form.given(request.POST))
            if "change" in request.POST:
                draft = actions.new_version(chart, plan=tree.plan)
                return redirect("treatment_plans:edit", client, draft.public_id)
            messages.success(request, _("Reviewed. The plan goes on."))
            return redirect("treatment_plans:home", client)
        except ValidationError as refused:
            form.add_error(None, refused)
    return render(request, "treatment_plans/review.html", page, status=422 if form.is_bound else 200)


@require_GET
@opens_chart(to=Do.SEE_PLAN)
def review_pdf(request: StaffRequest, chart: Chart, plan: str) -> HttpResponse:
    """What changed since signing and every review of this plan, on paper; that it was printed is on the ledger."""
    tree = queries.tree(chart, plan)
    page: dict[str, Any] = {
        "banner": banner(chart), "tree": tree, "since": queries.changed_since_signing(chart, tree),
        "standings": queries.standings(chart, tree), "printed_by": request.user.signing_name, "draft": not tree.is_signed,
    }  # fmt: skip
    actions.print_plan(chart, plan=tree.plan)
    return pdf_of(request, "review", page, f"review-{tree.plan.version_no}", plan)


@require_GET
@opens_chart(to=Do.SEE_PLAN)
def compare(request: StaffRequest, chart: Chart, plan: str) -> HttpResponse:
    """This version beside the one before it, part by part."""
    tree = queries.tree(chart, plan)
    before = queries.version_before(chart, tree.plan)
    pairs = queries.compare(before, tree) if before else []
    page = {**here(chart), "tree": tree, "before": before, "pairs": pairs, "all": "all" in request.GET}
    return render(request, "treatment_plans/compare.html", page)


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.SIGN_PLAN)
def summary(request: StaffRequest, chart: Chart, plan: str) -> HttpResponse:
    """A discharge or step-down summary from the plan: goals and where they stand are there, the rest is written."""
    client, tree = client_of(request), queries.tree(chart, plan)
    form = SummaryForm(
        request.POST if request.method == "POST" else None,
        initial={"kind": "discharge", "goes_on": tree.plan.step_down},
    )
    page = {**here(chart), "tree": tree, "form": form, "standings": queries.standings(chart, tree)}
    if form.is_valid():
        try:
            made = actions.summarize_plan(chart, plan=tree.plan, **form.cleaned_data)
            return redirect("treatment_plans:summary_pdf", client, plan, made.public_id)
        except ValidationError as refused:
            form.add_error(None, refused)
    return render(request, "treatment_plans/summary.html", page, status=422 if form.is_bound else 200)


@require_GET
@opens_chart(to=Do.SEE_PLAN)
def summary_pdf(request: StaffRequest, chart: Chart, plan: str, summary: str) -> HttpResponse:
    """The summary on paper, as it was signed."""
    made: PlanSummary = summary_row(chart, summary, plan)
    page = {"banner": banner(chart), "made": made, "printed_by": request.user.signing_name}
    actions.print_plan(chart, plan=made.plan)
    return pdf_of(request, "summary", page, made.kind, plan)
