"""Read once more, then signed."""

import datetime as dt
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
from clinic.kit import clock
from clinic.kit.http import StaffRequest
from clinic.record.models import Language
from treatment_plans import actions, queries
from treatment_plans.forms import ClientSignatureForm, SignForm
from treatment_plans.views.looks import client_of, here


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.SIGN_PLAN)
def sign(request: StaffRequest, chart: Chart, plan: str) -> HttpResponse:
    """What is missing, with links; what may be worth a look; the whole text; and the signatures."""
    client = client_of(request)
    tree = queries.tree(chart, plan)
    if tree.is_signed:
        return redirect("treatment_plans:show", client, plan)
    form = _sign_form(request, chart, tree)
    page = _sign_page(chart, tree, form)
    if request.method == "GET" or not form.is_valid():
        return render(request, "treatment_plans/sign.html", page, status=422 if form.is_bound else 200)
    if form.cleaned_data["text_hash"] != tree.text_hash:
        return _told_what_changed(request, page, tree, form.cleaned_data["read_at"])
    try:
        actions.sign_plan(chart, plan=tree.plan, **form.given())
    except ValidationError as refused:
        form.add_error(None, refused)
        return render(
            request, "treatment_plans/sign.html", {**page, "refused": bool(page["missing"])}, status=422
        )
    messages.success(request, _("Signed. This version will not change any more."))
    return redirect("treatment_plans:show", client, plan)


def _sign_form(request: StaffRequest, chart: Chart, tree: queries.PlanTree) -> SignForm:
    """The form over the text as it stands; whoever supervises the author today is offered as cosigner."""
    people = queries.supervisors(chart, tree.plan)
    begun = {
        "text_hash": tree.text_hash, "read_at": clock.now().isoformat(),
        "supervisor": queries.own_supervisor(request.user, people),
    }  # fmt: skip
    return SignForm(request.POST if request.method == "POST" else None, people=people, initial=begun)


def _told_what_changed(
    request: StaffRequest, page: dict[str, Any], tree: queries.PlanTree, read_at: dt.datetime
) -> HttpResponse:
    """Nothing is signed: the page says what was changed since it was read, and by whom, and stands on the new text."""
    again = {**request.POST.dict(), "text_hash": tree.text_hash, "read_at": clock.now().isoformat()}
    fresh = SignForm(again, people=list(page["form"].people.values()))
    told = {"form": fresh, "changed": True, "changes": queries.changed_since(tree.plan, read_at)}
    return render(request, "treatment_plans/sign.html", {**page, **told}, status=409)


def _sign_page(chart: Chart, tree: queries.PlanTree, form: SignForm) -> dict[str, Any]:
    today = clock.today(chart.episode(tree.plan.episode_id).zone)
    return {
        **here(chart), "tree": tree, "form": form, "missing": queries.missing(tree, today),
        "hints": queries.hints(chart, tree), "check": queries.check(chart, tree), "may_plan": True,
    }  # fmt: skip


@require_GET
@opens_chart(to=Do.SEE_PLAN)
def shown(request: StaffRequest, chart: Chart, plan: str, shown: str) -> HttpResponse:
    """The words that somebody was shown when they signed or said no, as they are kept; and whether they still are."""
    row, tree = queries.shown_row(chart, shown, plan), queries.tree(chart, plan)
    whole = row.is_whole and row.signature.text_hash == tree.text_hash
    page = {**here(chart), "tree": tree, "shown": row, "whole": whole}
    return render(request, "treatment_plans/shown.html", page)


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.SIGN_PLAN)
def client_signature(request: StaffRequest, chart: Chart, plan: str) -> HttpResponse:
    """The client signs, or declines to, a plan that was signed before."""
    client = client_of(request)
    tree = queries.tree(chart, plan)
    if not tree.is_signed:
        return redirect("treatment_plans:sign", client, plan)
    form = ClientSignatureForm(request.POST if request.method == "POST" else None)
    spoken = request.POST.get("language") or request.GET.get("language") or chart.client.language
    copy = queries.plain_copy(tree, spoken if spoken in Language.values else "en")
    page = {**here(chart), "tree": tree, "form": form, "copy": copy}
    if request.method == "GET" or not form.is_valid():
        return render(
            request, "treatment_plans/client_signature.html", page, status=422 if form.is_bound else 200
        )
    try:
        actions.sign_as_client(chart, plan=tree.plan, language=copy.language, **form.cleaned_data)
    except ValidationError as refused:
        form.add_error(None, refused)
        return render(request, "treatment_plans/client_signature.html", page, status=422)
    messages.success(request, _("The signature is on file."))
    return redirect("treatment_plans:show", client, plan)
