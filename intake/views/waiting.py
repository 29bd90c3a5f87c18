"""The program's waiting list, and one person's place on it."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET, require_http_methods

from clinic.access.chart import Caseload, Chart, ChartNotFound, Refused
from clinic.access.door import open_admission, open_caseload, open_desk, refuse
from clinic.access.policy import Do, lines
from clinic.access.views import once, opens_chart, opens_itself
from clinic.kit import clock
from clinic.kit.http import StaffRequest
from clinic.record.models import WaitingPlace
from clinic.record.queries import banner
from intake import actions, queries
from intake.actions import AlreadyHere, NotWaiting, TooEarly
from intake.forms import (
    AdmitForm,
    InterimForm,
    KeepForm,
    LeaveListForm,
    OfferForm,
    PriorityForm,
    WaitForm,
)


@require_GET
@opens_itself(to=Do.SEE_WAITING)
def waiting_list(request: StaffRequest) -> HttpResponse:
    """Who waits for which program: the most urgent first, then whoever has waited longest."""
    only = queries.is_waiting()
    with open_caseload(request.user, to=Do.SEE_WAITING, route="intake:waiting", only=only) as caseload:
        return _list(request, caseload)


def _list(request: StaffRequest, caseload: Caseload) -> HttpResponse:
    everyone = queries.waiting_lines(caseload)
    programs = sorted({line.program for line in everyone})
    chosen = request.GET.get("program", "")
    shown = [line for line in everyone if not chosen or line.program == chosen]
    page = {"lines": shown, "programs": programs, "chosen": chosen, "all_count": len(everyone)}
    return render(request, "intake/waiting.html", page)


@require_http_methods(["GET", "POST"])
@opens_itself(to=Do.KEEP_WAITING)
def wait_for(request: StaffRequest, client: str) -> HttpResponse:
    """Someone found at the desk goes on the waiting list of a program of one's own."""
    programs = _my_programs(request)
    today = clock.today()
    form = WaitForm(request.POST or None, programs=programs, earliest=queries.LONG_AGO, today=today)
    if form.is_bound and form.is_valid():
        try:
            return _asked(request, client, form)
        except AlreadyHere:
            form.add_error("program", _("This person is in this program, or on its list, already."))
    with open_desk(request.user, to=Do.SEARCH, route="intake:wait_for") as desk:
        found = queries.one_entry(desk, client)
    if found is None:
        raise ChartNotFound
    page = {"form": form, "found": [found]}
    return render(request, "intake/wait_for.html", page, status=422 if form.errors else 200)


def _my_programs(request: StaffRequest) -> list[int]:
    """Where this person keeps the list. Raises Refused, recorded, where that is nowhere."""
    roles = {role for role, _relation in lines(request.user, Do.KEEP_WAITING)}
    held = {program for role in roles for program in request.user.programs_as(role)}
    if not held:
        refuse(request.user, Do.KEEP_WAITING, act="open_registration", route="intake:wait_for")
        raise Refused(Do.KEEP_WAITING)
    return sorted(held)


def _asked(request: StaffRequest, client: str, form: WaitForm) -> HttpResponse:
    told = form.cleaned_data
    door = open_admission(request.user, client, told["program"], to=Do.KEEP_WAITING, route="intake:wait_for")
    with door as chart:

        def ask() -> HttpResponse:
            actions.ask_for_place(
                chart,
                place=chart.episodes[0],
                asked_on=told["on"],
                priority=told["priority"],
                words=told["words"],
            )
            messages.success(request, _("On the waiting list."))
            return redirect("intake:waiting")

        return once(request, ask)


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.KEEP_WAITING)
def waiting_place(request: StaffRequest, chart: Chart, place: str) -> HttpResponse:
    """One place on the list: what was done meanwhile, and what happens next."""
    row = queries.waiting_place(chart, place)
    if row is None:
        raise Http404
    what = request.POST.get("what", "")
    forms = _forms(request, chart, row, what)
    page: dict[str, Any] = {
        "banner": banner(chart), "row": row, "forms": forms, "line": queries.waiting_line(chart, row),
        "contacts": queries.interim_contacts(chart, row), "has_errors": any(form.errors for form in forms.values()),
    }  # fmt: skip
    here, error = chart.client.public_id, ""
    if request.method == "POST" and what in forms and forms[what].is_valid():
        try:
            _do(chart, row, what, forms[what].cleaned_data, request.POST.get("version", ""))
            messages.success(request, SAID[what])
            over = what in ("admit", "leave")
            return redirect("intake:waiting") if over else redirect("intake:waiting_place", here, place)
        except NotWaiting:
            error = _("This place on the list is closed already.")
        except TooEarly:
            error = _("Choose a day from when they asked on.")
    page |= {"error": error, "has_errors": bool(error) or page["has_errors"]}
    return render(request, "intake/waiting_place.html", page, status=422 if page["has_errors"] else 200)


def _forms(request: StaffRequest, chart: Chart, row: WaitingPlace, what: str) -> dict[str, Form]:
    """The page's small forms by what they do; the one that was sent holds what was typed."""
    today = clock.today(chart.episode(row.episode_id).zone)
    days = {"earliest": row.asked_on, "today": today}

    def of(name: str) -> Any:
        return request.POST if what == name else None

    return {
        "contact": InterimForm(of("contact"), prefix="contact", **days),
        "offer": OfferForm(of("offer"), prefix="offer", initial={"offered_for": today}),
        "admit": AdmitForm(of("admit"), prefix="admit", **days),
        "priority": PriorityForm(of("priority"), prefix="priority", initial={"priority": row.priority, "words": row.words}),
        "keep": KeepForm(of("keep"), prefix="keep"),
        "leave": LeaveListForm(of("leave"), prefix="leave"),
    }  # fmt: skip


def _do(chart: Chart, row: WaitingPlace, what: str, told: dict[str, Any], version: str) -> None:
    at = int(version) if version.isdecimal() else 0
    if what == "contact":
        actions.note_contact(chart, waiting=row, **told)
    elif what == "offer":
        actions.offer_place(chart, waiting=row, version=at, **told)
    elif what == "admit":
        actions.admit_from_list(chart, waiting=row, version=at, **told)
    elif what == "priority":
        actions.set_priority(chart, waiting=row, version=at, **told)
    elif what == "keep":
        actions.keep_waiting(chart, waiting=row, words=told["words"], version=at)
    else:
        actions.leave_list(chart, waiting=row, version=at, **told)


SAID = {
    "contact": lazy("Noted."),
    "offer": lazy("Offered."),
    "admit": lazy("Admitted. The episode has begun."),
    "priority": lazy("Saved."),
    "keep": lazy("They stay on the list."),
    "leave": lazy("Off the list."),
}
