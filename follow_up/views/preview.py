"""What a recipient would see under a consent that nobody has signed yet: the packet's own items and filter."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from clinic.access.chart import Chart
from clinic.access.models import Handover
from clinic.access.policy import Do
from clinic.access.views import opens_chart, opens_handed
from clinic.consent.models import Category, Offer, Purpose
from clinic.consent.queries import offer as offer_of
from clinic.consent.queries import would_cover
from clinic.consent.writing import would_be
from clinic.record.queries import banner
from follow_up import queries


@require_GET
@opens_chart(to=Do.RELEASE)
def preview(request: HttpRequest, chart: Chart, offer: str) -> HttpResponse:
    """For staff and client together, before signing. Nothing leaves; the look is on the ledger."""
    shown = banner(chart)
    page = {"banner": shown, **what_they_would_see(chart, offer_row(chart, offer))}
    return render(request, "follow_up/preview.html", page)


def offer_row(chart: Chart, public_id: str) -> Offer:
    """The prepared consent of that id; 404 for any other."""
    try:
        return offer_of(chart, public_id)
    except Offer.DoesNotExist:
        raise Http404 from None


def what_they_would_see(chart: Chart, row: Offer) -> dict[str, Any]:
    """What goes and what stays, by kind; a kind that was chosen and is empty says so, where all it names is open here.

    The chart's banner must have been read.
    """
    consent = would_be(chart, row)
    purpose = Purpose(consent.purposes[0])
    kept, held = would_cover(chart, consent, purpose, queries.offered_items(chart))
    whole = {*consent.programs} <= {one.program_id for one in chart.episodes}
    chosen = (
        {*consent.categories} - {Category.REASON} if whole else set()
    )  # the reason is written when it is sent
    groups = [(one, [item for item in kept if item.category == one]) for one in Category]
    return {
        "offer": row, "consent": consent,
        "groups": [(one.label, items) for one, items in groups if items or one in chosen],
        "held": [(item, _(why)) for item, why in held], "purpose": purpose.label,
    }  # fmt: skip


@require_GET
@opens_handed(kind="consent")
def client_preview(request: HttpRequest, chart: Chart, handover: Handover) -> HttpResponse:
    """The same in the client's own hands: their episode's part of it. Nothing leaves; the look is on the ledger."""
    banner(chart)
    row = offer_row(chart, str(handover.thing))
    return render(request, "follow_up/client_preview.html", what_they_would_see(chart, row))
