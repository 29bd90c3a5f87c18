"""What the clinic has chosen for its questionnaires: which are offered, which reading holds, how often one rates."""

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
from screening import queries
from screening.forms import ChoicesForm


@require_http_methods(["GET", "POST"])
@opens_office(to=Do.MANAGE_STAFF)
def choices(request: StaffRequest, office: Office) -> HttpResponse:
    """The clinic's choices among what is published; each change holds from now on."""
    now = queries.stored_choices()
    form = ChoicesForm(request.POST if request.method == "POST" else None, now=now)
    if request.method == "POST" and form.is_valid():
        if form.value != form.stored(now):
            change_setting(office, name=queries.CHOICES, value=form.value)
        messages.success(request, _("Saved. It holds from now on; screens on file stay as they were."))
        return redirect("screening:choices")
    page: dict[str, Any] = {"form": form, "forms": form.sections()}
    return render(request, "screening/choices.html", page, status=422 if form.errors else 200)
