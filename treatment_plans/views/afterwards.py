"""After signing: an addendum, a correction, entered in error; the cosignature of a named supervisor."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clinic.access.chart import Chart
from clinic.access.policy import Do
from clinic.access.views import opens_chart
from clinic.kit import clock
from clinic.kit.http import StaffRequest
from treatment_plans import actions, queries
from treatment_plans.forms import CosignForm, NoteForm, ReturnForm
from treatment_plans.views.looks import client_of, here


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.SIGN_PLAN)
def note(request: StaffRequest, chart: Chart, plan: str) -> HttpResponse:
    """Something is added to a signed plan, labelled, signed and dated; the plan itself stays as it was."""
    tree = queries.tree(chart, plan)
    today = clock.today(chart.episode(tree.plan.episode_id).zone)
    form = NoteForm(
        request.POST if request.method == "POST" else None, initial={"happened_on": today, "kind": "addendum"}
    )
    page = {**here(chart), "tree": tree, "form": form}
    if form.is_valid():
        try:
            actions.add_note(chart, plan=tree.plan, **form.cleaned_data)
            messages.success(request, _("It stands beside the plan, with your name and the time."))
            return redirect("treatment_plans:home", client_of(request))
        except ValidationError as refused:
            form.add_error(None, refused)
    return render(request, "treatment_plans/note.html", page, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.SIGN_PLAN)
def ask_cosign(request: StaffRequest, chart: Chart, plan: str) -> HttpResponse:
    """A named supervisor is asked to cosign, by a day; asking someone else lets the first one off."""
    tree = queries.tree(chart, plan)
    people = queries.supervisors(chart, tree.plan)
    first = queries.own_supervisor(request.user, people)
    form = CosignForm(
        request.POST if request.method == "POST" else None, people=people, initial={"supervisor": first}
    )
    page = {**here(chart), "tree": tree, "form": form}
    if form.is_valid():
        try:
            asked = actions.ask_cosign(chart, plan=tree.plan, **form.given())
            messages.success(request, _("Asked %(who)s.") % {"who": asked.supervisor.name})
            return redirect("treatment_plans:show", client_of(request), plan)
        except ValidationError as refused:
            form.add_error(None, refused)
    return render(request, "treatment_plans/ask_cosign.html", page, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.COSIGN_PLAN)
def cosign(request: StaffRequest, chart: Chart, plan: str) -> HttpResponse:
    """The supervisor reads the plan and cosigns it, or returns it with a reason; neither changes it."""
    tree = queries.tree(chart, plan)
    form = ReturnForm(request.POST if request.method == "POST" else None)
    asked = tree.asked_cosigner
    mine = bool(asked and asked.answered_at is None and asked.staff == request.user.pk)
    page = {**here(chart), "tree": tree, "form": form, "mine": mine}
    if form.is_valid():
        words = form.cleaned_data["words"]
        try:
            if "return" in request.POST:
                actions.return_plan(chart, plan=tree.plan, words=words)
                messages.success(
                    request, _("Returned. The author reads your reason; the plan holds meanwhile.")
                )
            else:
                actions.cosign(chart, plan=tree.plan)
                messages.success(request, _("Cosigned."))
            return redirect("treatment_plans:show", client_of(request), plan)
        except ValidationError as refused:
            form.add_error(None, refused)
    return render(request, "treatment_plans/cosign.html", page, status=422 if form.is_bound else 200)
