"""The client's rights: the notice, restrictions, the account of what left, complaints; and telling without a consent."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.access.chart import Chart, ChartNotFound, OpenEpisode
from clinic.access.door import open_caseload
from clinic.access.policy import Do
from clinic.access.views import opens_chart, opens_itself
from clinic.consent import actions, queries, rules
from clinic.consent.forms import ComplaintForm, NoticeForm, OutcomeForm, RestrictForm, TellForm, WhyForm
from clinic.consent.models import Complaint, Ground, NoticeWay, Restriction
from clinic.consent.views.offers import asked_language
from clinic.consent.views.paper import as_pdf
from clinic.kit import clock
from clinic.kit.http import StaffRequest
from clinic.kit.pdf import render_pdf
from clinic.record.queries import banner, self_pays


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.CONSENT)
def notice(request: HttpRequest, chart: Chart) -> HttpResponse:
    """The patient notice of 42 CFR 2.22, read together; how it was given, and what the client said."""
    shown, place, language = banner(chart), _place(request, chart), asked_language(request, chart)
    form = NoticeForm(request.POST or None, initial={"way": NoticeWay.PAPER})
    if request.method == "POST" and form.is_valid():
        row = actions.give_notice(chart, place=place, language=language, **form.cleaned_data)
        given = _("Written down. The client can have a copy at any time.")
        messages.success(request, given if row.is_given else _("Written down. It comes back on the list."))
        return redirect("consent:list", client=str(shown.public_id))
    page = {
        "banner": shown, "form": form, "place": place, "places": _part2(chart), "language": language,
        "languages": rules.LANGUAGES, "notice": queries.notice_for(place, language),
        "given": list(queries.notices(chart)[:20]),
    }  # fmt: skip
    return render(request, "consent/notice.html", page, status=422 if form.errors else 200)


def _part2(chart: Chart) -> list[OpenEpisode]:
    """The episodes that the notice is about: those of Part 2 programs. Nobody else is told that there is one."""
    if not (places := [place for place in chart.episodes if place.part2]):
        raise ChartNotFound
    return places


def _place(request: HttpRequest, chart: Chart) -> OpenEpisode:
    asked = request.POST.get("episode") or request.GET.get("episode")
    places = [place for place in _part2(chart) if chart.permits(Do.CONSENT, place.id)] or _part2(chart)
    running = [place for place in places if place.ends_on is None] or places
    return next((place for place in places if str(place.public_id) == asked), running[-1])


@require_GET
@opens_chart(to=Do.CONSENT)
def notice_paper(request: StaffRequest, chart: Chart) -> HttpResponse:
    """The notice on paper, for the client, in English or Spanish. It names no client."""
    language = asked_language(request, chart)
    with translation.override(language):
        text = queries.notice_for(_place(request, chart), language)
        return as_pdf(render_pdf("consent/notice_pdf.html", {"notice": text, "language": language}))


@require_GET
@opens_itself(to=Do.CONSENT)
def notices(request: StaffRequest) -> HttpResponse:
    """Everybody in a Part 2 program who has not been given the notice, the longest admitted first."""
    with open_caseload(
        request.user, to=Do.CONSENT, route="consent:notices", only=queries.with_no_notice()
    ) as opened:
        page = {"rows": queries.without_notice(opened), "today": clock.today()}
        return render(request, "consent/notices.html", page)


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.CONSENT)
def restrict(request: HttpRequest, chart: Chart) -> HttpResponse:
    """The client asks us not to share something; our answer. Paid in full, a health plan is not told."""
    form, shown = RestrictForm(request.POST or None, chart=chart), banner(chart)
    # Read first: a verb that refuses takes its transaction with it, and the page with the reason reads nothing after it.
    page = {
        "banner": shown,
        "form": form,
        "rows": list(queries.restrictions(chart)[:50]),
        "self_pays": list(self_pays(chart)),
    }
    if request.method == "POST":
        receiver: Any = form.fields["recipient"]
        receiver.choices = list(receiver.choices)
    if request.method == "POST" and form.is_valid():
        try:
            actions.restrict(chart, place=chart.home(Do.CONSENT), **form.cleaned_data)
            messages.success(request, _("Written down. It holds from now on."))
            return redirect("consent:restrict", client=str(shown.public_id))
        except actions.MustAgree as must:
            form.add_error("agreed", str(must))
        except actions.Unwritten as lacking:
            form.add_error("reason", lacking.missing[0][1])
    return render(request, "consent/restrict.html", page, status=422 if form.errors else 200)


@require_POST
@opens_chart(to=Do.CONSENT)
def restriction_end(request: HttpRequest, chart: Chart, restriction: str) -> HttpResponse:
    """A restriction ends, as the client agreed or asked."""
    try:
        row = queries.restriction(chart, restriction)
    except Restriction.DoesNotExist:
        raise Http404 from None
    form = WhyForm(request.POST)
    if form.is_valid() and row.holds:
        actions.end_restriction(chart, restriction=row, why=form.cleaned_data["why"])
        messages.success(request, _("The restriction has ended."))
    elif row.holds:
        messages.error(request, _("Say how the client agreed or asked."))
    return redirect("consent:restrict", client=str(chart.client.public_id))


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.RELEASE)
def tell(request: StaffRequest, chart: Chart) -> HttpResponse:
    """Something is told without a consent: on which ground, what that permits, and all that must be written down."""
    shown = banner(chart)
    form = TellForm(request.POST or None, initial={"discloser": request.user.signing_name})
    if request.method == "POST" and form.is_valid():
        given: dict[str, Any] = dict(form.cleaned_data)
        actions.tell_without_consent(
            chart, place=chart.home(Do.RELEASE), ground=given.pop("ground"), told=given
        )
        messages.success(request, _("Written down."))
        return redirect("consent:tell", client=str(shown.public_id))
    part2 = any(place.part2 for place in chart.episodes)
    page = {
        "banner": shown, "form": form, "rows": list(queries.told(chart)[:50]), "limited": bool(queries.limits(chart)),
        "grounds": [(label, rules.BASES[name], rules.BASES[name].source(part2)) for name, label in Ground.choices],
        "no_further": _(rules.NO_FURTHER),
    }  # fmt: skip
    return render(request, "consent/tell.html", page, status=422 if form.errors else 200)


@require_GET
@opens_chart(to=Do.CONSENT)
def accounting(request: HttpRequest, chart: Chart) -> HttpResponse:
    """Who got what from the record in the last three years, for the client to see (42 CFR 2.25)."""
    page = {"banner": banner(chart), "rows": queries.account(chart), "told": list(queries.told(chart)[:100])}
    return render(request, "consent/accounting.html", page)


@require_GET
@opens_chart(to=Do.CONSENT)
def accounting_paper(request: StaffRequest, chart: Chart) -> HttpResponse:
    """The same on paper, for the client to take along, in English or Spanish."""
    language = asked_language(request, chart)
    with translation.override(language):
        page = {
            "banner": banner(chart), "rows": queries.account(chart), "told": list(queries.told(chart)[:100]),
            "printed_by": request.user.signing_name, "language": language,
        }  # fmt: skip
        return as_pdf(render_pdf("consent/accounting_pdf.html", page))


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.CONSENT)
def complain(request: HttpRequest, chart: Chart) -> HttpResponse:
    """A complaint about privacy, in the person's own words; it goes to the privacy officer."""
    form, shown = ComplaintForm(request.POST or None), banner(chart)
    if request.method == "POST" and form.is_valid():
        actions.record_complaint(chart, place=chart.home(Do.CONSENT), **form.cleaned_data)
        messages.success(request, _("Written down. The privacy officer has it on the list."))
        return redirect("consent:complain", client=str(shown.public_id))
    page = {"banner": shown, "form": form, "rows": list(queries.complaints(chart)[:50])}
    return render(request, "consent/complain.html", page, status=422 if form.errors else 200)


@require_GET
@opens_itself(to=Do.SEE_COMPLAINTS)
def complaints(request: StaffRequest) -> HttpResponse:
    """Complaints that wait for the privacy officer, the longest waiting first."""
    with open_caseload(
        request.user, to=Do.SEE_COMPLAINTS, route="consent:complaints", only=queries.with_complaints()
    ) as opened:
        page = {"rows": list(queries.complaints(opened, still_open=True)[:200]), "today": clock.today()}
        return render(request, "consent/complaints.html", page)


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.SEE_COMPLAINTS)
def complaint(request: HttpRequest, chart: Chart, complaint: str) -> HttpResponse:
    """One complaint, and what became of it."""
    try:
        row = queries.complaint(chart, complaint)
    except Complaint.DoesNotExist:
        raise Http404 from None
    form = OutcomeForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and row.answered_on is None:
        actions.answer_complaint(chart, complaint=row, outcome=form.cleaned_data["outcome"])
        messages.success(request, _("Answered. It has left the list."))
        return redirect("consent:complaints")
    page = {"banner": banner(chart), "row": row, "form": form}
    return render(request, "consent/complaint.html", page, status=422 if form.errors else 200)
