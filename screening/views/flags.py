"""A flag is taken: "I have this"."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clinic.access.chart import Chart
from clinic.access.policy import Do
from clinic.access.views import opens_chart
from clinic.record.queries import banner
from screening import actions, queries


@require_POST
@opens_chart(to=Do.ANSWER_FLAG)
def acknowledge(request: HttpRequest, chart: Chart, flag: str) -> HttpResponse:
    """Whoever presses it has the flag. As a fragment the flag stays where it is; else the safety step follows."""
    row = queries.flag(chart, flag)
    if row.acknowledged_at is not None or not row.is_open:
        messages.info(request, _("Someone has it already, or it is answered."))
    else:
        actions.acknowledge_flag(chart, flag=row)
        messages.success(request, _("You have it. Nobody else is asked any more."))
    if request.headers.get("HX-Request"):
        return _fragment(request, chart, flag)
    return redirect("screening:safety", client=str(chart.client.public_id), flag=flag)


def _fragment(request: HttpRequest, chart: Chart, flag: str) -> HttpResponse:
    shown = banner(chart)
    now = next((one for one in shown.flags if str(one["id"]) == flag), None)
    return render(request, "kit/_flag.html", {"banner": shown, "flag": now}) if now else HttpResponse()
