"""The clinic's own clocks: when a plan is due and when it is reviewed, by rule and level of care."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clinic.access.chart import Office
from clinic.access.policy import Do
from clinic.access.views import opens_office
from clinic.kit.http import StaffRequest
from clinic.office.actions import change_setting
from clinic.people.queries import settings_now
from treatment_plans.forms import ClocksForm


@require_http_methods(["GET", "POST"])
@opens_office(to=Do.MANAGE_STAFF)
def clocks(request: StaffRequest, office: Office) -> HttpResponse:
    """Whose rule is followed, and the clinic's own days by level of care; each change holds from now on."""
    now = settings_now([*ClocksForm.PLAIN, *ClocksForm.BY_LEVEL])
    form = ClocksForm(request.POST if request.method == "POST" else None, now=now)
    if form.is_valid():
        for name, value in form.changes().items():
            change_setting(office, name=name, value=value)
        messages.success(request, _("Saved. It holds from now on."))
        return redirect("treatment_plans:clocks")
    page: dict[str, Any] = {"form": form, "rows": form.rows()}
    return render(request, "treatment_plans/clocks.html", page, status=422 if form.is_bound else 200)
