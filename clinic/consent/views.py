"""Consents of one client, the packets that left, and the worklist of messages that need a person."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.access.chart import Chart
from clinic.access.door import open_caseload
from clinic.access.policy import Do
from clinic.access.views import opens_chart, opens_itself
from clinic.consent import actions, queries, words
from clinic.consent.forms import ConsentForm, RecipientForm, RevokeForm
from clinic.consent.models import Consent, ConsentKind, Method, Outbound, Packet, Recipient, Status
from clinic.kit import clock
from clinic.kit.http import StaffRequest
from clinic.kit.pdf import render_pdf
from clinic.record.queries import banner


@require_GET
@opens_chart(to=Do.CONSENT)
def listing(request: HttpRequest, chart: Chart) -> HttpResponse:
    """Every consent of the client, how each stands, and what left."""
    page = {
        "banner": banner(chart),
        "standings": queries.consents(chart),
        "disclosures": list(queries.disclosures(chart)[:50]),
        "kinds": ConsentKind.choices,
    }
    return render(request, "consent/list.html", page)


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.CONSENT)
def record(request: StaffRequest, chart: Chart) -> HttpResponse:
    """A new consent: read with the client, signed on the screen. What is missing is named; what is typed is kept."""
    kind = request.POST.get("kind") or request.GET.get("kind")
    kind = ConsentKind.TPO if kind == ConsentKind.TPO else ConsentKind.GENERAL
    shown = banner(chart)
    if request.method != "POST":
        return _consent_page(request, chart, shown, kind, _started(request, chart, kind))
    form = ConsentForm(request.POST, chart=chart, kind=kind)
    if "keep" in request.POST:
        actions.save_draft(chart, kind=kind, body=form.as_draft())
        messages.success(request, _("Kept. It is here for you when you come back."))
        return redirect("consent:list", client=str(shown.public_id))
    if not form.is_valid():
        actions.save_draft(chart, kind=kind, body=form.as_draft())
        return _consent_page(request, chart, shown, kind, form)
    given = dict(form.cleaned_data)
    consent = actions.sign_consent(
        chart, recipient=given.pop("recipient"), drawn=given.pop("drawn"), given=given
    )
    messages.success(request, _("Signed. The consent holds from now on."))
    if (after := request.POST.get("next", "")) and _is_ours(request, after):
        return redirect(after)
    return redirect("consent:show", client=str(shown.public_id), consent=str(consent.public_id))


def _started(request: StaffRequest, chart: Chart, kind: str) -> ConsentForm:
    """The form as this person left it, or with what is known already."""
    client, kept = chart.client, queries.draft(chart, request.user.pk, kind)
    name = f"{client.given_name} {client.family_name}".strip()
    known: dict[str, Any] = {
        "kind": kind, "patient_name": name, "signer_name": name, "signed_on": queries.today_of(chart),
        "programs": [e.program_id for e in chart.episodes if e.ends_on is None],
    }  # fmt: skip
    if kept:
        known |= {field: value for field, value in kept.body.items() if value not in ("", [])}
    asked = request.GET
    if "recipient" in asked:
        known |= {"recipient": asked["recipient"], "purposes": asked.getlist("purpose")}
    if "category" in asked:
        known["categories"] = asked.getlist("category")
    return ConsentForm(initial=known, chart=chart, kind=kind)


def _consent_page(
    request: StaffRequest, chart: Chart, shown: Any, kind: str, form: ConsentForm
) -> HttpResponse:
    page = {
        "banner": shown, "form": form, "kind": kind, "is_tpo": kind == ConsentKind.TPO,
        "revocation_words": words.revocation_words(), "redisclosure_words": words.redisclosure_words(),
        "consequences_words": words.consequences_words(), "tpo_class": words.tpo_class(),
        "next": request.POST.get("next") or request.GET.get("next", ""),
    }  # fmt: skip
    return render(request, "consent/record.html", page, status=422 if form.is_bound else 200)


def _is_ours(request: HttpRequest, url: str) -> bool:
    return url_has_allowed_host_and_scheme(url, allowed_hosts=None) and url.startswith("/")


@require_POST
@opens_chart(to=Do.CONSENT, look=False)
def draft(request: StaffRequest, chart: Chart) -> HttpResponse:
    """What is typed so far is kept."""
    kind = ConsentKind.TPO if request.POST.get("kind") == ConsentKind.TPO else ConsentKind.GENERAL
    form = ConsentForm(request.POST, chart=chart, kind=kind)
    kept = actions.save_draft(chart, kind=kind, body=form.as_draft())
    return JsonResponse({"saved_at": kept.saved_at.isoformat()})


@require_GET
@opens_chart(to=Do.CONSENT)
def show(request: HttpRequest, chart: Chart, consent: str) -> HttpResponse:
    """One consent as it was signed, how it stands, and what it was used for."""
    standing = _found(chart, consent)
    page = {
        "banner": banner(chart), "standing": standing, "consent": standing.consent,
        "title": words.title(standing.consent), "parts": words.parts(standing.consent),
        "signature": queries.signature(chart, standing.consent),
        "packets": list(queries.packets(chart, standing.consent.pk)[:20]), "may_release": chart.permits(Do.RELEASE),
    }  # fmt: skip
    return render(request, "consent/show.html", page)


def _found(chart: Chart, public_id: str) -> queries.Standing:
    try:
        return queries.consent(chart, public_id)
    except Consent.DoesNotExist:
        raise Http404 from None


@require_GET
@opens_chart(to=Do.CONSENT)
def consent_pdf(request: StaffRequest, chart: Chart, consent: str) -> HttpResponse:
    """The consent on paper, for the client to take along."""
    standing = _found(chart, consent)
    pdf = render_pdf("consent/consent_pdf.html", {
        "banner": banner(chart), "standing": standing, "title": words.title(standing.consent),
        "parts": words.parts(standing.consent), "consent": standing.consent,
        "signature": queries.signature(chart, standing.consent), "printed_by": request.user.signing_name,
    })  # fmt: skip
    return _as_pdf(pdf)


def _as_pdf(pdf: bytes) -> HttpResponse:
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": 'inline; filename="document.pdf"'},
    )


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.CONSENT)
def revoke(request: HttpRequest, chart: Chart, consent: str) -> HttpResponse:
    """The client takes the consent back; the page says first what that stops and what it cannot."""
    standing = _found(chart, consent)
    form = RevokeForm(request.POST or None)
    shown = banner(chart)
    if standing.state == "revoked":
        return redirect("consent:show", client=str(shown.public_id), consent=consent)
    waiting = list(queries.waiting_under(chart, standing.consent.pk))
    if request.method == "POST" and form.is_valid():
        actions.revoke_consent(chart, consent=standing.consent, text=form.cleaned_data["text"])
        messages.success(request, _("Taken back. Nothing more leaves under this consent."))
        return redirect("consent:show", client=str(shown.public_id), consent=consent)
    page = {
        "banner": shown, "standing": standing, "form": form, "waiting": waiting, "title": words.title(standing.consent),
        "gone": list(queries.disclosures(chart, standing.consent.pk)[:20]),
    }  # fmt: skip
    return render(request, "consent/revoke.html", page, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.CONSENT)
def recipients(request: HttpRequest, chart: Chart) -> HttpResponse:
    """Outside recipients: found, added, checked."""
    form = RecipientForm(request.POST or None)
    shown = banner(chart)
    if request.method == "POST" and form.is_valid():
        added = actions.add_recipient(chart, **form.cleaned_data)
        messages.success(request, _("%(who)s is in the list.") % {"who": added.title})
        after = request.POST.get("next", "")
        return redirect(after if _is_ours(request, after) else request.path)
    page = {
        "banner": shown, "form": form, "recipients": queries.recipients(request.GET.get("q", "").strip())[:100],
        "q": request.GET.get("q", ""), "next": request.POST.get("next") or request.GET.get("next", ""),
    }  # fmt: skip
    return render(request, "consent/recipients.html", page, status=422 if form.errors else 200)


@require_POST
@opens_chart(to=Do.CONSENT)
def checked(request: HttpRequest, chart: Chart, recipient: str) -> HttpResponse:
    """Somebody called them: the address and e-mail are right."""
    try:
        actions.verify_recipient(chart, recipient=queries.recipient(recipient))
    except Recipient.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("Marked as checked today."))
    return redirect("consent:recipients", client=str(chart.client.public_id))


@require_GET
@opens_chart(to=Do.RELEASE)
def packet(request: HttpRequest, chart: Chart, packet: str) -> HttpResponse:
    """The packet's bytes, to print. Its consent is asked again: taken back or ended, nothing comes out (2.31(c))."""
    try:
        found = queries.packet(chart, packet)
    except Packet.DoesNotExist:
        raise Http404 from None
    standing = queries.standing_of(chart, found.consent_id)
    if not standing.is_live or found.method != Method.PRINT:
        page = {"banner": banner(chart), "packet": found, "standing": standing}
        return render(request, "consent/packet_shut.html", page, status=409)
    return _as_pdf(bytes(actions.print_packet(chart, packet=found).pdf))


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
