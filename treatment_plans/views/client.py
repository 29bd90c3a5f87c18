"""The client's own pages: their plan in plain words, what they want to say about it, their signature or their no."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from clinic.access.chart import Chart
from clinic.access.models import Handover
from clinic.access.views import opens_handed
from clinic.record.models import StaleEdit
from treatment_plans import actions, queries
from treatment_plans.forms import ClientSayForm, ClientSignForm


def _page(chart: Chart, handover: Handover) -> dict[str, Any]:
    tree = queries.tree(chart, handover.thing)
    return {"tree": tree, "copy": queries.plain_copy(tree, handover.language), "called": chart.client.called}


@require_GET
@opens_handed(kind="plan")
def client_start(request: HttpRequest, chart: Chart, handover: Handover) -> HttpResponse:
    """The whole plan on one page, a way to say something at each part, and what happens next."""
    return render(
        request,
        "treatment_plans/client_start.html",
        {**_page(chart, handover), "told": request.GET.get("told", "")},
    )


@require_http_methods(["GET", "POST"])
@opens_handed(kind="plan")
def client_say(request: HttpRequest, chart: Chart, handover: Handover) -> HttpResponse:
    """What the client wants to say about a part: kept word for word, beside the plan."""
    page = _page(chart, handover)
    asked = request.POST.get("section", request.GET.get("about", ""))
    form = ClientSayForm(request.POST if request.method == "POST" else None, initial={"section": asked})
    part = next((one for one in page["copy"].sections if one.key == asked), None)
    if form.is_valid():
        try:
            actions.say_about_plan(
                chart, plan=page["tree"].plan, language=handover.language, **form.cleaned_data
            )
            return redirect(f"{reverse('treatment_plans:client_start')}?told=said")
        except ValidationError as refused:
            form.add_error(None, refused)
    status = 422 if form.is_bound else 200
    return render(
        request, "treatment_plans/client_say.html", {**page, "form": form, "part": part}, status=status
    )


@require_http_methods(["GET", "POST"])
@opens_handed(kind="plan")
def client_sign(request: HttpRequest, chart: Chart, handover: Handover) -> HttpResponse:
    """The client signs exactly what they read, or says no and why, if they like. Nothing waits for it."""
    page = _page(chart, handover)
    form = ClientSignForm(
        request.POST if request.method == "POST" else None, initial={"body_hash": page["copy"].body_hash}
    )
    page = {**page, "form": form, "no": "no" in request.GET or "no" in request.POST}
    if form.is_valid():
        told = {**form.cleaned_data, "plan": page["tree"].plan, "language": handover.language}
        told["declined_reason"] = (told["declined_reason"] or "–") if page["no"] else ""
        try:
            actions.sign_shown_plan(chart, **told)
            return redirect(f"{reverse('treatment_plans:client_start')}?told=signed")
        except StaleEdit:
            fresh = ClientSignForm({**request.POST.dict(), "body_hash": page["copy"].body_hash})
            page = {**page, "form": fresh, "changed": True}
            return render(request, "treatment_plans/client_sign.html", page, status=409)
        except ValidationError as refused:
            form.add_error(None, refused)
    return render(request, "treatment_plans/client_sign.html", page, status=422 if form.is_bound else 200)
