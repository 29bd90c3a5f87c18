"""The client's own pages: one question a screen, each answer a button, no score, and a way out on every page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from clinic.access.chart import Chart
from clinic.access.models import Handover
from clinic.access.views import opens_handed
from screening import queries


@require_GET
@opens_handed(kind="screening")
def client_start(request: HttpRequest, chart: Chart, handover: Handover) -> HttpResponse:
    """What this is, how long it takes, who will see it, and that every question may be left out."""
    sitting = queries.sitting(chart, str(handover.thing))
    return render(request, "screening/client_start.html", {"sitting": sitting, "called": chart.client.called})
