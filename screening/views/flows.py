"""Withdrawal over hours: the grid of one scale, its next column, and its end."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.access.chart import Chart
from clinic.access.policy import Do
from clinic.access.views import opens_chart
from clinic.kit import clock
from clinic.record.models import StaleEdit
from clinic.record.queries import banner
from screening import actions, queries
from screening.forms import PageForm, RatingForm, ReasonForm, left_blank, new_marks, read_answers


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.OPEN_CHART)
def flow(request: HttpRequest, chart: Chart, instrument: str) -> HttpResponse:
    """One withdrawal scale: its running flowsheet with the next column beside it; posted, the column is added."""
    form, who = queries.scale(instrument), banner(chart)
    running, earlier = queries.flows_of(chart, form.id)
    grid = queries.grid(chart, running, form)
    page = {"banner": who, "grid": grid, "picture": queries.hours(chart, grid), "end": ReasonForm()}
    page["earlier"] = earlier
    page |= {"may_screen": chart.permits(Do.SCREEN), "client": request.resolver_match.kwargs["client"]}  # type: ignore[union-attr]
    if request.method != "POST":
        return render(request, "screening/flow.html", page | _next_column(chart, grid))
    today = clock.today(grid.zone)
    marks, rating = PageForm(request.POST, today=today), RatingForm(request.POST)
    answers, errors = read_answers(form, request.POST)
    wrong = errors or ({} if "incomplete" in request.POST else left_blank(form, answers))
    if marks.is_valid() and rating.is_valid() and not wrong:
        return _add(request, chart, grid, marks, rating, answers)
    shown = {"sheet": queries.sheet(form, answers, errors=wrong), "marks": marks, "form": rating}
    return render(request, "screening/flow.html", page | shown | {"wrong": wrong}, status=422)


def _add(
    request: HttpRequest, chart: Chart, grid: queries.Grid, marks: PageForm, rating: RatingForm, answers: Any
) -> HttpResponse:
    told = {**marks.cleaned_data, "tab": str(marks.cleaned_data["tab"])}
    at = dt.datetime.combine(told["taken_on"], rating.cleaned_data["at_time"], ZoneInfo(grid.zone))
    try:
        page = actions.AnswerPage(instrument=grid.form.id, **told)
        kept = actions.keep_answers(chart, page=page, answers=answers)
        actions.rate_withdrawal(chart, answering=kept, at=at, vitals=rating.vitals)
    except StaleEdit:
        messages.error(request, _("This rating was changed in another window. See what is there, and go on."))
    except actions.FutureDate:
        messages.error(request, _("This time has not come yet. The answers are kept; mend the time."))
    else:
        messages.success(request, _("The rating is on file."))
    return redirect("screening:flow", request.resolver_match.kwargs["client"], grid.form.id)  # type: ignore[union-attr]


def _next_column(chart: Chart, grid: queries.Grid) -> dict[str, Any]:
    begun = queries.answering(chart, grid.form.id) if chart.permits(Do.SCREEN) else None
    now = clock.now().astimezone(ZoneInfo(grid.zone))
    first = {**new_marks(), "taken_on": now.date(), "mode": "staff", "language": "en"}
    if begun:
        first |= {"screen_id": begun.screen_id, "seen": begun.version, "taken_on": begun.taken_on}
    sheet = queries.sheet(grid.form, begun.answers if begun else {})
    marks = PageForm(initial=first, today=now.date())
    return {
        "sheet": sheet,
        "marks": marks,
        "form": RatingForm(initial={"at_time": now.time()}),
        "begun": begun,
    }


@require_GET
@opens_chart(to=Do.OPEN_CHART)
def flowsheet(request: HttpRequest, chart: Chart, flow: str) -> HttpResponse:
    """A flowsheet as it is, running or ended: to read and to print."""
    row, who = queries.flowsheet(chart, flow), banner(chart)
    grid = queries.grid(chart, row, queries.scale(row.instrument))
    page = {"banner": who, "grid": grid, "picture": queries.hours(chart, grid)}
    page["client"] = request.resolver_match.kwargs["client"]  # type: ignore[union-attr]
    return render(request, "screening/flowsheet.html", page)


@require_POST
@opens_chart(to=Do.SCREEN)
def end_flow(request: HttpRequest, chart: Chart, flow: str) -> HttpResponse:
    """The withdrawal is no longer watched, because."""
    row, form = queries.flowsheet(chart, flow), ReasonForm(request.POST)
    client = request.resolver_match.kwargs["client"]  # type: ignore[union-attr]
    if not form.is_valid():
        messages.error(request, _("Say why the flowsheet ends."))
        return redirect("screening:flow", client, row.instrument)
    try:
        actions.end_flowsheet(chart, flow=row, reason=form.cleaned_data["reason"])
        messages.success(request, _("The flowsheet is ended; it stays to be read."))
    except StaleEdit:
        messages.error(request, _("Someone ended this flowsheet already."))
    return redirect("screening:flowsheet", client, row.public_id)
