"""Typing is kept as it goes, per form and person; who else has the draft open is said."""

from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clinic.access.chart import Chart
from clinic.access.policy import Do
from clinic.access.views import opens_chart
from clinic.kit import clock
from clinic.kit.http import StaffRequest
from treatment_plans import actions
from treatment_plans.queries.parts import plan_row
from treatment_plans.views.looks import client_of

LATELY = 120  # seconds; every save and every refresh of the task list says again that someone is there
NOT_TYPED = ("csrfmiddlewaretoken", "_once", "let_go")


@require_POST
@opens_chart(to=Do.PLAN, look=False)
def keep(request: StaffRequest, chart: Chart, plan: str, key: str) -> HttpResponse:
    """What is typed into a form is kept for this person; or, with `let_go`, is no longer wanted."""
    row = plan_row(chart, plan)
    if "let_go" in request.POST:
        actions.let_part_go(chart, plan=row, key=key)
        messages.success(request, _("What you had begun is gone."))
        return redirect("treatment_plans:edit", client_of(request), plan)
    body = {name: str(value)[:20_000] for name, value in request.POST.dict().items() if name not in NOT_TYPED}
    try:
        actions.keep_part(chart, plan=row, key=key, body=body)
    except ValidationError:  # signed meanwhile: the form itself says so when it is sent
        return HttpResponse(status=409)
    return HttpResponse(status=204)


def others_editing(request: StaffRequest, plan: Any) -> list[str]:
    """Who else has been writing in this draft in the last two minutes; says too that `request.user` is there."""
    key, now = f"plan-editing:{plan.public_id}", clock.now().timestamp()
    there: dict[int, tuple[str, float]] = cache.get(key) or {}
    there = {pk: seen for pk, seen in there.items() if now - seen[1] < LATELY}
    there[request.user.pk] = (request.user.signing_name, now)
    cache.set(key, there, LATELY)
    return sorted(name for pk, (name, _at) in there.items() if pk != request.user.pk)
