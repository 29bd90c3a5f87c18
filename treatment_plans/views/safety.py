"""The safety plan, and the relapse and overdose plan: read in one click, written together, given to the client."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.access.chart import Chart, Refused
from clinic.access.models import Handover
from clinic.access.policy import Do
from clinic.access.views import opens_chart, opens_handed
from clinic.kit import clock
from clinic.kit.http import StaffRequest
from clinic.record.models import Language, StaleEdit
from treatment_plans import actions, queries
from treatment_plans.forms import GiveForm, NotTodayForm, page_form
from treatment_plans.models import GivenHow
from treatment_plans.views.keeping import others_editing
from treatment_plans.views.looks import client_of, here, over, pdf_of


def _on_page(chart: Chart, which: str, row: Any) -> dict[str, Any]:
    """What every page about one version shows: whose, its words, what may be done with it."""
    place = getattr(row, "episode_id", None)
    return {
        **here(chart), "which": which, "row": row, "after": queries.AFTER[which],
        "copy": queries.page_copy(row, "en") if row else None, "may_keep": chart.permits(Do.KEEP_SAFETY, place),
    }  # fmt: skip


@require_GET
@opens_chart(to=Do.SEE_SAFETY)
def page_home(request: StaffRequest, chart: Chart, which: str) -> HttpResponse:
    """The version that holds, to be read at once; the draft, the earlier ones, when it was given; or how to begin."""
    listed = queries.page_versions(chart, which)
    shown = next((v for v in listed if v.holds), None) or next(iter(listed), None)
    page = {
        **_on_page(chart, which, shown.row if shown else None), "shown": shown, "versions": listed,
        "draft": next((v for v in listed if not v.is_finished), None), "given": queries.given_rows(chart, which),
        "ask": queries.safety_ask(chart) if which == "safety" and chart.permits(Do.KEEP_SAFETY) else None,
    }  # fmt: skip
    return render(request, "treatment_plans/safety_home.html", page)


@require_GET
@opens_chart(to=Do.SEE_SAFETY)
def page(request: StaffRequest, chart: Chart, which: str, page: str) -> HttpResponse:
    """One version as it stands, be it an earlier one."""
    row = queries.page_row(chart, which, page)
    listed = queries.page_versions(chart, which)
    shown = next(v for v in listed if v.row.pk == row.pk)
    return render(
        request, "treatment_plans/safety_version.html", {**_on_page(chart, which, row), "shown": shown}
    )


@require_POST
@opens_chart(to=Do.KEEP_SAFETY, look=False)
def page_start(request: StaffRequest, chart: Chart, which: str) -> HttpResponse:
    """A draft is begun, or the one that is there is gone on with."""
    if not queries.is_page(which):
        raise Http404
    asked = request.POST.get("episode", "")
    place = chart.episode(asked) if asked else queries.page_home(chart, which)
    if place is None:
        raise Refused(Do.KEEP_SAFETY)
    row = (
        actions.start_safety_plan(chart)
        if which == "safety"
        else actions.start_relapse_plan(chart, place=place)
    )
    return redirect("treatment_plans:page_edit", client_of(request), which, row.public_id)


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.KEEP_SAFETY)
def page_edit(request: StaffRequest, chart: Chart, which: str, page: str) -> HttpResponse:
    """The draft as it is written: kept while typed, finished by a button; a stale save shows both texts."""
    row = queries.page_row(chart, which, page)
    if row.is_finished:
        return HttpResponse(status=409) if _is_autosave(request) else _home(request, which)
    form = page_form(which, row, request.POST if request.method == "POST" else None)
    shown = {**_on_page(chart, which, row), "form": form, "editing": others_editing(request, row)}
    if not form.is_valid():
        return render(
            request, "treatment_plans/safety_edit.html", shown, status=422 if form.is_bound else 200
        )
    try:
        row = actions.change_page(chart, page=row, version=form.cleaned_data["version"] or 0, **form.given())
        return _kept(request, chart, which, row)
    except StaleEdit as stale:
        conflicts = over(form, stale.theirs)
        return render(
            request, "treatment_plans/safety_edit.html", {**shown, "conflicts": conflicts}, status=409
        )
    except ValidationError as refused:
        form.add_error(None, refused)
    return render(request, "treatment_plans/safety_edit.html", shown, status=422)


def _is_autosave(request: StaffRequest) -> bool:
    return bool(request.headers.get("X-Entwine-Fetch"))


def _home(request: StaffRequest, which: str) -> HttpResponse:
    return redirect("treatment_plans:page_home", client_of(request), which)


def _kept(request: StaffRequest, chart: Chart, which: str, row: Any) -> HttpResponse:
    """It is saved: the page goes on, or the version is finished by the same button."""
    if _is_autosave(request):
        return HttpResponse(status=204, headers={"X-Entwine-Version": str(row.version)})
    if "finish" not in request.POST:
        return redirect("treatment_plans:page_edit", client_of(request), which, row.public_id)
    actions.finish_page(chart, page=row)
    messages.success(request, _("Finished. Now give it to the client."))
    return redirect("treatment_plans:page_give", client_of(request), which, row.public_id)


@require_POST
@opens_chart(to=Do.KEEP_SAFETY, look=False)
def page_discard(request: StaffRequest, chart: Chart, which: str, page: str) -> HttpResponse:
    """The draft is gone; what held goes on holding."""
    row = queries.page_row(chart, which, page)
    try:
        actions.discard_page(chart, page=row)
        messages.success(request, _("The draft was discarded."))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return _home(request, which)


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.KEEP_SAFETY)
def page_give(request: StaffRequest, chart: Chart, which: str, page: str) -> HttpResponse:
    """How the client gets it: on paper, on the tablet, read aloud; kept with day, name and language."""
    row = queries.page_row(chart, which, page)
    form = GiveForm(
        request.POST if request.method == "POST" else None, initial={"language": chart.client.language}
    )
    shown = {**_on_page(chart, which, row), "form": form}
    if form.is_valid():
        try:
            given = actions.give_page(chart, page=row, **form.cleaned_data)
            if given.how == GivenHow.TABLET:
                return redirect("treatment_plans:given", client_of(request), given.public_id)
            messages.success(request, _("It is on file that the client has it."))
            return _home(request, which)
        except ValidationError as refused:
            form.add_error(None, refused)
    return render(request, "treatment_plans/safety_give.html", shown, status=422 if form.is_bound else 200)


@require_GET
@opens_chart(to=Do.KEEP_SAFETY)
def given(request: StaffRequest, chart: Chart, given: str) -> HttpResponse:
    """One giving: the tablet is handed over from here, and this is where it comes back to."""
    row = queries.given_row(chart, given)
    which = "safety" if row.safety_id else "relapse"
    shown = {**_on_page(chart, which, row.page), "given": row}
    shown["may_hand"] = chart.permits(Do.HAND_OVER, row.episode_id)
    return render(request, "treatment_plans/safety_given.html", shown)


@require_GET
@opens_chart(to=Do.SEE_SAFETY)
def page_print(request: StaffRequest, chart: Chart, which: str, page: str) -> HttpResponse:
    """One printed page, in English or Spanish; that it was printed is on the ledger before it is sent."""
    row = queries.page_row(chart, which, page)
    asked = request.GET.get("language", chart.client.language)
    language = asked if asked in Language.values else "en"
    copy = queries.page_copy(row, language, phone=chart.client.site.phone)
    shown = {
        **here(chart),
        "copy": copy,
        "row": row,
        "draft": not row.is_finished,
        "after": queries.AFTER[which],
    }
    actions.print_page(chart, page=row)
    with override(language):
        name = f"my-page-{row.version_no}"
        return pdf_of(request, "plain_safety", shown, name, which, back="treatment_plans:page_home")


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.KEEP_SAFETY)
def asked(request: StaffRequest, chart: Chart) -> HttpResponse:
    """A critical answer asks for a safety plan: draw it up, go over the one there is, or say why not today."""
    ask = queries.safety_ask(chart)
    if ask is None:
        messages.info(request, _("Nothing asks for a safety plan now."))
        return _home(request, "safety")
    place = chart.episode(ask.episode_id)
    form = NotTodayForm(
        request.POST if request.method == "POST" else None,
        initial={"again_on": clock.today(place.zone) + dt.timedelta(days=1)},
    )
    shown = {**here(chart), "form": form, "ask": ask, "told": ask.text(place.zone)}
    if form.is_valid():
        try:
            flag = queries.asking_flag(chart, ask)
            actions.put_off_safety_plan(chart, flag=flag, **form.cleaned_data)
            messages.success(request, _("The reason is on file."))
            return redirect("caseload:chart", client_of(request))
        except ValidationError as refused:
            form.add_error(None, refused)
    return render(request, "treatment_plans/safety_asked.html", shown, status=422 if form.is_bound else 200)


@require_GET
@opens_handed(kind="safety")
def client_safety(request: HttpRequest, chart: Chart, handover: Handover) -> HttpResponse:
    """The page in the client's hands, in their language; nothing has to be done with it."""
    row = queries.given_row(chart, handover.thing)
    copy = queries.page_copy(row.page, handover.language, phone=handover.made_by.site.phone)
    return render(
        request, "treatment_plans/client_safety.html", {"copy": copy, "called": chart.client.called}
    )
