"""The client's part, taken by staff: what they said, verbatim; the plain page in their language, on screen and paper."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET, require_http_methods

from clinic.access.chart import Chart
from clinic.access.policy import Do
from clinic.access.views import opens_chart
from clinic.kit.http import StaffRequest
from clinic.record.models import Language
from treatment_plans import actions, queries
from treatment_plans.forms import SaidForm
from treatment_plans.views.looks import client_of, here, pdf_of


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.SIGN_PLAN)
def said(request: StaffRequest, chart: Chart, plan: str) -> HttpResponse:
    """What the client said about the plan, written down in their words: a comment, a disagreement, a change of mind."""
    tree = queries.tree(chart, plan)
    copy = queries.plain_copy(tree, "en")
    form = SaidForm(
        request.POST if request.method == "POST" else None, copy=copy, initial={"kind": "comment"}
    )
    page = {**here(chart), "tree": tree, "form": form}
    if form.is_valid():
        try:
            actions.take_client_word(chart, plan=tree.plan, **form.cleaned_data)
            messages.success(request, _("It is on file, word for word."))
            return redirect("treatment_plans:show", client_of(request), plan)
        except ValidationError as refused:
            form.add_error(None, refused)
    return render(request, "treatment_plans/said.html", page, status=422 if form.is_bound else 200)


@require_GET
@opens_chart(to=Do.SEE_PLAN)
def plain(request: StaffRequest, chart: Chart, plan: str) -> HttpResponse:
    """The plan in plain words, one page to take home, in English or Spanish; that it was printed is on the ledger."""
    tree = queries.tree(chart, plan)
    language = request.GET.get("language", chart.client.language)
    language = language if language in Language.values else "en"
    page = {
        **here(chart),
        "copy": queries.plain_copy(tree, language),
        "draft": not tree.is_signed,
        "tree": tree,
    }
    actions.print_plan(chart, plan=tree.plan)
    with override(language):
        return pdf_of(request, "plain", page, f"my-plan-{tree.plan.version_no}", plan)
