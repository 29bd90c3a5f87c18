"""Someone walks in: one screen, and the list of what is still to do that any colleague can take up."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.access.chart import Caseload, Chart
from clinic.access.door import open_caseload, open_registration
from clinic.access.policy import Do, may_at_all
from clinic.access.views import once, opens_chart, opens_itself
from clinic.kit import clock
from clinic.kit.http import StaffRequest
from clinic.people.models import Staff
from intake import actions, queries
from intake.forms import WalkInForm
from intake.models import Arrival
from intake.views.desk import my_programs, tell_of_twins


@require_http_methods(["GET", "POST"])
@opens_itself(to=Do.REGISTER)
def walk_in(request: StaffRequest) -> HttpResponse:
    """A name or none and about how old: the rest is prefilled, and nothing else is asked before care."""
    programs = my_programs(request, "intake:walk_in")
    if request.method != "POST" or "q" in request.POST:
        return _walk_in_page(request, WalkInForm(initial=_prefilled(request, programs), programs=programs))
    form = WalkInForm(request.POST, programs=programs)
    if not form.is_valid():
        return _walk_in_page(request, form, status=422)
    with open_registration(request.user, form.cleaned_data["program"], route="intake:walk_in") as chart:
        answer = once(request, lambda: _walked_in(request, chart, form))
    tell_of_twins(request, answer, chart)
    return answer


def _walked_in(request: StaffRequest, chart: Chart, form: WalkInForm) -> HttpResponse:
    client = actions.register_walk_in(chart, **form.given())
    messages.success(request, _("Registered. The safety check comes next; the rest can wait."))
    return redirect("intake:registration", client.public_id)


def _prefilled(request: StaffRequest, programs: list[int]) -> dict[str, Any]:
    """The program at the worker's own site where there is one, and a number to write on paper."""
    return {
        "name": request.POST.get("q", "")[:200],
        "program": queries.first_program(programs, request.user.site_id),
        "temporary_id": actions.draw_temporary_id(request.user),
    }


def _walk_in_page(request: StaffRequest, form: WalkInForm, *, status: int = 200) -> HttpResponse:
    if not form.is_bound:
        form.begin_at("name", "about_age")
    context = {"form": form, "now": clock.now(), "temporary_id": form["temporary_id"].value()}
    return render(request, "intake/walk_in.html", context, status=status)


@require_GET
@opens_itself(to=Do.PICK_UP)
def arrivals(request: StaffRequest) -> HttpResponse:
    """Everyone who walked in to one's own programs and has something open, with who has it."""
    opening = open_caseload(
        request.user, to=Do.PICK_UP, route="intake:arrivals", only=queries.with_arrivals()
    )
    with opening as caseload:
        return _arrivals_page(request, caseload)


def _arrivals_page(request: StaffRequest, caseload: Caseload) -> HttpResponse:
    found = queries.walk_ins(caseload)
    context = {
        "waiting": found,
        "mine": request.user.pk,
        "may_register": may_at_all(request.user, Do.REGISTER),
    }
    return render(request, "intake/arrivals.html", context)


@require_POST
@opens_chart(to=Do.PICK_UP)
def pick_up(request: StaffRequest, chart: Chart, task: str) -> HttpResponse:
    """One's own from now on; whoever of care takes up the safety check goes straight to it."""
    row = queries.arrival(chart)
    wanted = next((one for one in queries.door_tasks(chart) if one.code == task), None)
    if row is None or wanted is None:
        raise Http404
    asked = _asked(chart, row, request.POST.get("to", ""))
    actions.pick_up(chart, arrival=row, task=task, staff=asked)
    if asked is not None:
        messages.success(
            request, _("%(name)s has it and finds it first of all.") % {"name": asked.signing_name}
        )
        return redirect("intake:registration", chart.client.public_id)
    messages.success(request, _("You have it: %(task)s.") % {"task": wanted.text.lower()})
    if request.POST.get("go") and queries.may_care(chart, row):
        return redirect(wanted.kind.route, *wanted.args)
    return redirect("intake:arrivals")


def _asked(chart: Chart, row: Arrival, to: str) -> Staff | None:
    """The clinician of the program who is asked to start; 404 for anyone else."""
    if not to:
        return None
    found = next((one for one in queries.who_may_start(chart, row) if str(one.public_id) == to), None)
    if found is None:
        raise Http404
    return found
