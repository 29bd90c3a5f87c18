"""The client's own pages: a consent read in plain words, signed, refused, or left for another day."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from clinic.access import handed
from clinic.access.chart import Chart
from clinic.access.models import Handover
from clinic.access.views import opens_handed
from clinic.consent import actions
from clinic.consent.forms import ClientSignForm
from clinic.consent.models import Answer, Offer
from clinic.consent.views.offers import GONE_ON, as_shown, found


@require_http_methods(["GET", "POST"])
@opens_handed(kind="consent")
def client_start(request: HttpRequest, chart: Chart, handover: Handover) -> HttpResponse:
    """The whole text, what it means, and three answers of which none is the wrong one. Answered, it says how."""
    row = found(chart, str(handover.thing))
    if (
        request.method == "POST"
        and row.is_open
        and request.POST.get("choice") in (Answer.DECLINED, Answer.LATER)
    ):
        actions.answer_offer(
            chart, offer=row, answer=request.POST["choice"], said=request.POST.get("said", "")
        )
        return _done(handover)
    if not row.is_open:
        return redirect("consent:client_done")
    page: dict[str, Any] = {
        "offer": row,
        "called": chart.client.called,
        **as_shown(chart, row, handover.language),
    }
    if request.method == "POST":
        page["errors"] = [_("Please choose one of the buttons at the end of the page")]
    return render(request, "consent/client_start.html", page, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "POST"])
@opens_handed(kind="consent")
def client_sign(request: HttpRequest, chart: Chart, handover: Handover) -> HttpResponse:
    """The name, typed or drawn. Sent twice, by a finger or after a lost network, it is signed once."""
    row = found(chart, str(handover.thing))
    if not row.is_open:
        return redirect("consent:client_done")
    known: dict[str, Any] = {"signer_name": row.terms["patient_name"]}
    form = ClientSignForm(request.POST or None, chart=chart, programs=row.terms["programs"], initial=known)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            status = _sign(chart, row, form, handover.language)
        if status == 302:
            return _done(handover)
    page = {"offer": row, "form": form, **as_shown(chart, row, handover.language)}
    return render(request, "consent/client_sign.html", page, status=status)


def _sign(chart: Chart, row: Offer, form: ClientSignForm, language: str) -> int:
    given: dict[str, Any] = dict(form.cleaned_data)
    seen, drawn = given.pop("seen"), given.pop("drawn")
    try:
        actions.sign_offer(chart, offer=row, seen=seen, drawn=drawn, signer=given, language=language)
    except actions.Changed:
        form.add_error(None, _(GONE_ON))
        return 409
    except actions.Deficient as lacking:
        for _name, told in lacking.missing:
            form.add_error(None, _(told))
        return 422
    except actions.NotOpen:  # somebody else wrote down an answer meanwhile: the last page says which
        return 302
    return 302


def _done(handover: Handover) -> HttpResponse:
    if handover.by_link:
        handed.finish(handover)
    return redirect("consent:client_done")


@require_GET
@opens_handed(kind="consent")
def client_done(request: HttpRequest, chart: Chart, handover: Handover) -> HttpResponse:
    """What was answered. Back leads here too: it is signed, and shows that it is."""
    row = found(chart, str(handover.thing))
    if row.answer == Answer.WAITING:
        return redirect("consent:client_start")
    page = {"offer": row, **as_shown(chart, row, handover.language)}
    return render(request, "consent/client_done.html", page)
