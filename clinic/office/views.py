from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from clinic.access.policy import Do, may_at_all
from clinic.access.views import opens_desk, opens_nothing
from clinic.kit.http import StaffRequest
from clinic.office import queries

FIRST_PAGES = [
    (Do.REVIEW_CASELOAD, "caseload:review"),
    (Do.SEE_OWN_CASELOAD, "caseload:mine"),
    (Do.REGISTER, "intake:desk"),
    (Do.SEE_ACCESS, "office:access_search"),
    (Do.MANAGE_STAFF, "office:staff"),
]


@opens_nothing
def home(request: StaffRequest) -> HttpResponse:
    """Each role's first page in the morning."""
    for do, route in FIRST_PAGES:
        if may_at_all(request.user, do):
            return redirect(route)
    return render(request, "office/no_role.html")


@login_not_required
@opens_nothing
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form is too old: says so and how to go on; nothing was done."""
    return render(request, "403_csrf.html", status=403)


@opens_desk(to=Do.READ_MESSAGES)
def messages(request: StaffRequest, desk: Any) -> HttpResponse:
    """The demo's mail: what the loopback sink received, newest first."""
    if not settings.DEMO:
        raise Http404
    return render(request, "office/messages.html", {"messages_sent": queries.sink_messages()})
