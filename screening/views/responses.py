"""What is done about a positive screen: the page that ends its response, and how it ended before."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from clinic.access.chart import Chart
from clinic.access.policy import Do
from clinic.access.views import opens_chart
from clinic.kit import clock
from clinic.record.models import StaleEdit
from clinic.record.queries import banner
from screening import actions, queries
from screening.forms import DeferForm, RefuteForm
from screening.models import ScreenResponse


@require_GET
@opens_chart(to=Do.OPEN_CHART)
def response(request: HttpRequest, chart: Chart, response: str) -> HttpResponse:
    """One positive screen: how it stands, the four ways to answer it, and what happened before."""
    page = _page(chart, queries.response(chart, response))
    return render(request, "screening/response.html", page)


@require_POST
@opens_chart(to=Do.RESPOND)
def defer(request: HttpRequest, chart: Chart, response: str) -> HttpResponse:
    """The answer is put off until a day, with the reason."""
    page = _page(chart, queries.response(chart, response))
    form = page["defer"] = page["form"] = DeferForm(request.POST)
    try:
        if form.is_valid():
            actions.defer_response(chart, response=page["row"], **form.cleaned_data)
            messages.success(request, _("Put off. It comes back on the list on that day."))
            return redirect("caseload:chart", client=str(page["banner"].public_id))
    except ValidationError as refused:
        form.add_error(None, refused)
    except StaleEdit as stale:
        return _late(request, page["banner"], stale.theirs, form)
    return render(request, "screening/response.html", page, status=422)


@require_POST
@opens_chart(to=Do.RESPOND)
def refute(request: HttpRequest, chart: Chart, response: str) -> HttpResponse:
    """The screen was looked into and is not confirmed, with the reason."""
    page = _page(chart, queries.response(chart, response))
    form = page["refute"] = page["form"] = RefuteForm(request.POST)
    if not form.is_valid():
        return render(request, "screening/response.html", page, status=422)
    try:
        actions.leave_unconfirmed(chart, response=page["row"], **form.cleaned_data)
    except StaleEdit as stale:
        return _late(request, page["banner"], stale.theirs, form)
    messages.success(request, _("Answered: not confirmed. It has left the list."))
    return redirect("caseload:chart", client=str(page["banner"].public_id))


def _page(chart: Chart, row: ScreenResponse) -> dict[str, Any]:
    """Everything that the page shows, read before anything is tried: a refused act ends the transaction's reading."""
    today = clock.today(chart.episode(row.episode_id).zone)
    return {
        "banner": banner(chart), "row": row, "said": queries.said_of(row.screen), "waits": row.waits(today),
        "stands": queries.ended_in_words(row), "steps": _steps(row), "defer": _defer_form(row, today),
        "refute": RefuteForm(initial={"version": row.version}, auto_id="refute-%s"),
        "may_respond": chart.permits(Do.RESPOND, row.episode_id), "may_plan": chart.permits(Do.PLAN),
        "may_refer": chart.permits(Do.REFER), "of_harm": row.instrument == queries.SAFETY,
    }  # fmt: skip


def _defer_form(row: ScreenResponse, today: dt.date) -> forms.Form:
    return DeferForm(
        initial={"version": row.version, "until": today + dt.timedelta(days=14)}, auto_id="defer-%s"
    )


def _steps(row: ScreenResponse) -> list[dict[str, Any]]:
    return [
        {"step": step, "stands": queries.ended_in_words(step), "first": number == 0}
        for number, step in enumerate(queries.response_steps(row))
    ]


def _late(request: HttpRequest, who: Any, theirs: Any, form: forms.Form) -> HttpResponse:
    """409: someone answered it first. What was typed is shown, so that it is not lost."""
    mine = [
        {"label": form[name].label, "value": value}
        for name, value in form.cleaned_data.items()
        if name != "version"
    ]
    page = {
        "banner": who, "mine": mine, "href": reverse("screening:response", args=[who.public_id, theirs.public_id]),
        "what": _("Someone answered this screen first (%(how)s).") % {"how": queries.ended_in_words(theirs)},
    }  # fmt: skip
    return render(request, "screening/late.html", page, status=409)
