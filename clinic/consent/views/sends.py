"""Packets that are handed out, and the worklist of messages that need a person."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from clinic.access.chart import Chart
from clinic.access.door import open_caseload
from clinic.access.policy import Do
from clinic.access.views import opens_chart, opens_itself
from clinic.consent import actions, queries
from clinic.consent.models import Method, Outbound, Packet, Status
from clinic.consent.views.paper import as_pdf
from clinic.kit import clock
from clinic.kit.http import StaffRequest
from clinic.record.queries import banner


@require_GET
@opens_chart(to=Do.RELEASE)
def packet(request: HttpRequest, chart: Chart, packet: str) -> HttpResponse:
    """The packet's bytes, to print. Its consent is asked again: taken back or ended, nothing comes out (2.31(c))."""
    try:
        found = queries.packet(chart, packet)
    except Packet.DoesNotExist:
        raise Http404 from None
    standing = queries.standing_of(chart, found.consent_id)
    against = queries.why_shut(chart, found)
    if against or found.method != Method.PRINT:
        page = {
            "banner": banner(chart),
            "packet": found,
            "standing": standing,
            "against": _(against) if against else "",
        }
        return render(request, "consent/packet_shut.html", page, status=409)
    return as_pdf(bytes(actions.print_packet(chart, packet=found).pdf))


@require_GET
@opens_itself(to=Do.SEE_WORKLIST)
def worklist(request: StaffRequest) -> HttpResponse:
    """Messages that no machine may decide about: not delivered, or nobody knows."""
    with open_caseload(
        request.user, to=Do.SEE_WORKLIST, route="consent:worklist", only=queries.with_deliveries()
    ) as opened:
        page = {"deliveries": list(queries.deliveries(opened)), "now": clock.now(), "unknown": Status.UNKNOWN}
        return render(request, "consent/worklist.html", page)


@require_POST
@opens_chart(to=Do.SEE_WORKLIST)
def settle(request: HttpRequest, chart: Chart, outbound: str) -> HttpResponse:
    """A person decides about one of them."""
    choice = request.POST.get("choice", "")
    try:
        row = queries.outbound(chart, outbound)
    except Outbound.DoesNotExist:
        raise Http404 from None
    if choice in ("again", "sent", "stop"):
        actions.settle_delivery(chart, outbound=row, choice=choice)
        messages.success(request, _("Done. It has left this list."))
    return redirect("consent:worklist")
