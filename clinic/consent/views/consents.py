"""Consents of one client: given, shown, taken back, ended; and who outside may receive."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.access.chart import Chart
from clinic.access.policy import Do
from clinic.access.views import opens_chart
from clinic.consent import actions, queries, words
from clinic.consent.forms import ConsentForm, EndForm, RecipientForm, RevokeForm
from clinic.consent.models import Consent, ConsentKind, Expires, Recipient
from clinic.consent.views.paper import as_pdf
from clinic.kit.http import StaffRequest
from clinic.kit.pdf import render_pdf
from clinic.people.models import Program
from clinic.record.queries import banner


@require_GET
@opens_chart(to=Do.CONSENT)
def listing(request: HttpRequest, chart: Chart) -> HttpResponse:
    """Every consent of the client, how each stands, what is prepared, what the client's rights are, and what left."""
    page = {
        "banner": banner(chart),
        "standings": queries.consents(chart),
        "glance": queries.at_a_glance(chart),
        "disclosures": list(queries.disclosures(chart)[:50]),
        "kinds": ConsentKind.choices,
        "may_release": chart.permits(Do.RELEASE),
        "part2": any(place.part2 for place in chart.episodes),
    }
    return render(request, "consent/list.html", page)


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.CONSENT)
def record(request: StaffRequest, chart: Chart) -> HttpResponse:
    """A new consent: signed here, or prepared for the client to read. What is missing is named, what is typed kept."""
    kind, shown = _kind(request), banner(chart)
    if request.method != "POST":
        return _consent_page(request, chart, shown, kind, _started(request, chart, kind))
    form = ConsentForm(request.POST, chart=chart, kind=kind, prepare="prepare" in request.POST)
    if "keep" in request.POST:
        actions.save_draft(chart, kind=kind, body=form.as_draft())
        messages.success(request, _("Kept. It is here for you when you come back."))
        return redirect("consent:list", client=str(shown.public_id))
    if not form.is_valid():
        actions.save_draft(chart, kind=kind, body=form.as_draft())
        return _consent_page(request, chart, shown, kind, form)
    whom = {"recipient": form.cleaned_data.pop("recipient", None), "to_program": _program(form.cleaned_data)}
    if form.prepare:
        offer = actions.prepare_consent(chart, given=form.cleaned_data, **whom)
        return redirect("consent:offer", client=str(shown.public_id), offer=str(offer.public_id))
    consent = actions.sign_consent(
        chart, drawn=form.cleaned_data.pop("drawn"), given=form.cleaned_data, **whom
    )
    messages.success(request, _("Signed. The consent holds from now on."))
    if (after := request.POST.get("next", "")) and _is_ours(request, after):
        return redirect(after)
    return redirect("consent:show", client=str(shown.public_id), consent=str(consent.public_id))


def _kind(request: HttpRequest) -> str:
    kind = request.POST.get("kind") or request.GET.get("kind") or ""
    return kind if kind in ConsentKind.values else ConsentKind.GENERAL


def _program(given: dict[str, Any]) -> Program | None:
    chosen = given.pop("to_program", None)
    return Program.objects.get(pk=chosen) if chosen else None


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
        "title": _(words.TITLES[ConsentKind(kind)]), "refusing_words": words.refusing_words(kind),
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
    kind = _kind(request)
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
        **_as_signed(standing.consent), "signatures": queries.signatures(chart, standing.consent),
        "packets": list(queries.packets(chart, standing.consent.pk)[:20]), "may_release": chart.permits(Do.RELEASE),
    }  # fmt: skip
    return render(request, "consent/show.html", page)


def _as_signed(consent: Consent) -> dict[str, Any]:
    """Its title and paragraphs, in the language in which it was read and signed."""
    with translation.override(consent.language):
        return {"title": words.title(consent), "parts": words.parts(consent)}


def _found(chart: Chart, public_id: str) -> queries.Standing:
    try:
        return queries.consent(chart, public_id)
    except Consent.DoesNotExist:
        raise Http404 from None


@require_GET
@opens_chart(to=Do.CONSENT)
def consent_pdf(request: StaffRequest, chart: Chart, consent: str) -> HttpResponse:
    """The consent on paper, for the client to take along, in the language in which they signed."""
    standing = _found(chart, consent)
    page = {
        "banner": banner(chart), "standing": standing, **_as_signed(standing.consent), "consent": standing.consent,
        "signatures": queries.signatures(chart, standing.consent), "printed_by": request.user.signing_name,
    }  # fmt: skip
    with translation.override(standing.consent.language):
        return as_pdf(render_pdf("consent/consent_pdf.html", page))


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.CONSENT)
def revoke(request: HttpRequest, chart: Chart, consent: str) -> HttpResponse:
    """The client takes the consent back; the page says first what that stops and what it cannot."""
    standing = _found(chart, consent)
    form = RevokeForm(request.POST or None)
    shown = banner(chart)
    if standing.state == "revoked":
        return redirect("consent:show", client=str(shown.public_id), consent=consent)
    if request.method == "POST" and form.is_valid():
        actions.revoke_consent(chart, consent=standing.consent, **form.cleaned_data)
        messages.success(request, _("Taken back. Nothing more leaves under this consent."))
        return redirect("consent:show", client=str(shown.public_id), consent=consent)
    packets: list[Any] = list(queries.packets(chart, standing.consent.pk))
    page = {
        "banner": shown, "standing": standing, "form": form, "title": words.title(standing.consent),
        "waiting": [row for row in packets if row.still_here], "consent": standing.consent,
        "gone": list(queries.disclosures(chart, standing.consent.pk)[:20]),
        "packets": [row for row in packets if row.referral][:20], "may_refer": chart.permits(Do.REFER),
    }  # fmt: skip
    return render(request, "consent/revoke.html", page, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.CONSENT)
def end(request: HttpRequest, chart: Chart, consent: str) -> HttpResponse:
    """Staff write down that the named event has happened, or that this was no consent; nothing more leaves."""
    standing, shown = _found(chart, consent), banner(chart)
    event = standing.consent.expires_event if standing.consent.expires == Expires.EVENT else ""
    if standing.terms.ended_as or standing.state == "revoked":
        return redirect("consent:show", client=str(shown.public_id), consent=consent)
    form = EndForm(request.POST or None, names_event=bool(event), initial={"on": queries.today_of(chart)})
    if request.method == "POST" and form.is_valid():
        actions.end_consent(chart, consent=standing.consent, **form.cleaned_data)
        messages.success(request, _("Written down. Nothing more leaves under this consent."))
        return redirect("consent:show", client=str(shown.public_id), consent=consent)
    page = {
        "banner": shown,
        "standing": standing,
        "form": form,
        "event": event,
        "title": words.title(standing.consent),
    }
    return render(request, "consent/end.html", page, status=422 if form.errors else 200)


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
        "banner": shown, "form": form, "recipients": queries.recipients(chart, request.GET.get("q", "").strip())[:100],
        "q": request.GET.get("q", ""), "next": request.POST.get("next") or request.GET.get("next", ""),
    }  # fmt: skip
    return render(request, "consent/recipients.html", page, status=422 if form.errors else 200)


@require_POST
@opens_chart(to=Do.CONSENT)
def checked(request: HttpRequest, chart: Chart, recipient: str) -> HttpResponse:
    """Somebody called them: the address and e-mail are right."""
    actions.verify_recipient(chart, recipient=_recipient(recipient))
    messages.success(request, _("Marked as checked today."))
    return redirect("consent:recipients", client=str(chart.client.public_id))


def _recipient(public_id: str) -> Recipient:
    try:
        return queries.recipient(public_id)
    except Recipient.DoesNotExist:
        raise Http404 from None


@require_POST
@opens_chart(to=Do.CONSENT)
def gone(request: HttpRequest, chart: Chart, recipient: str) -> HttpResponse:
    """This recipient no longer exists: nothing leaves for them any more, and the consents that name them say so."""
    actions.end_recipient(chart, recipient=_recipient(recipient))
    messages.success(request, _("Marked as no longer there. Nothing leaves for them any more."))
    return redirect("consent:recipients", client=str(chart.client.public_id))
