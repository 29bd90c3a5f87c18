"""A consent that is prepared: read together, signed, refused, or not today."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clinic.access.chart import Chart
from clinic.access.policy import Do
from clinic.access.views import opens_chart
from clinic.consent import actions, queries, rules, words, writing
from clinic.consent.forms import SignForm
from clinic.consent.models import Answer, Offer
from clinic.record.queries import banner

GONE_ON = "This was changed while you were reading. Please read it again; nothing was signed."


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.CONSENT)
def offer(request: HttpRequest, chart: Chart, offer: str) -> HttpResponse:
    """The prepared consent, for staff and client to read together in either language, and to sign here."""
    row, shown = found(chart, offer), banner(chart)
    if row.consent is not None:
        return redirect("consent:show", client=str(shown.public_id), consent=str(row.consent.public_id))
    language = asked_language(request, chart)
    known = {"signer_name": row.terms["patient_name"]}
    form = SignForm(request.POST or None, chart=chart, programs=row.terms["programs"], initial=known)
    status = 200
    if request.method == "POST":
        done, status = _answered(request, chart, row, form, language)
        if done is not None:
            return done
    page = {
        "banner": shown, "offer": row, "form": form, **as_shown(chart, row, language), "language": language,
        "languages": rules.LANGUAGES, "may_release": chart.permits(Do.RELEASE),
    }  # fmt: skip
    return render(request, "consent/offer.html", page, status=status)


def _answered(
    request: HttpRequest, chart: Chart, row: Offer, form: SignForm, language: str
) -> tuple[HttpResponse | None, int]:
    """Where to go after the answer; or no place, and how the page says what is missing."""
    client, choice = str(chart.client.public_id), request.POST.get("choice", "")
    try:
        if choice in (Answer.DECLINED, Answer.LATER):
            actions.answer_offer(chart, offer=row, answer=choice, said=request.POST.get("said", ""))
            messages.success(request, _("Written down. Care goes on as before."))
            return redirect("consent:list", client=client), 302
        if choice == "withdraw":
            actions.withdraw_offer(chart, offer=row)
            return redirect("consent:list", client=client), 302
        if not form.is_valid():
            return None, 422
        given: dict[str, Any] = dict(form.cleaned_data)
        consent = actions.sign_offer(
            chart,
            offer=row,
            seen=given.pop("seen"),
            drawn=given.pop("drawn"),
            signer=given,
            language=language,
        )
    except actions.Changed:
        form.add_error(None, _(GONE_ON))
        return None, 409
    except actions.NotOpen as shut:
        form.add_error(
            None, _("This was answered already: %(how)s.") % {"how": shut.offer.get_answer_display()}
        )
        return None, 409
    except actions.Deficient as lacking:
        for _name, told in lacking.missing:
            form.add_error(None, _(told))
        return None, 422
    messages.success(request, _("Signed. The consent holds from now on."))
    return redirect("consent:show", client=client, consent=str(consent.public_id)), 302


def found(chart: Chart, public_id: str) -> Offer:
    """The prepared consent of that id; 404 for any other."""
    try:
        return queries.offer(chart, public_id)
    except Offer.DoesNotExist:
        raise Http404 from None


def asked_language(request: HttpRequest, chart: Chart) -> str:
    """The language asked for on the page, or else the client's own."""
    asked = request.POST.get("lang") or request.GET.get("lang") or chart.client.language
    return asked if asked in rules.LANGUAGES else "en"


def as_shown(chart: Chart, row: Offer, language: str) -> dict[str, Any]:
    """The text that is read, in that language, and its hash, by which the signature knows what it is under."""
    consent = writing.would_be(chart, row, language)
    with translation.override(language):
        text = words.shown_text(consent)
        return {"title": words.title(consent), "parts": words.body(consent), "seen": words.sha256(text)}
