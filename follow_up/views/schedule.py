"""Who comes when: for the front desk and for everyone's own day. Names, times and colleagues, nothing clinical."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.access.chart import Chart
from clinic.access.door import open_caseload
from clinic.access.policy import Do
from clinic.access.views import opens_chart, opens_itself
from clinic.kit import clock
from clinic.kit.http import StaffRequest
from clinic.people.models import Site
from clinic.record.models import Appointment
from clinic.record.queries import banner
from follow_up import actions, queries, rules
from follow_up.forms import BookForm, DayForm
from screening.queries import due_sets

VERBS = {
    "arrive": actions.mark_arrived,
    "keep": actions.keep_appointment,
    "no-show": actions.mark_no_show,
    "cancel": actions.cancel_appointment,
}


@require_GET
@opens_itself(to=Do.BOOK)
def day(request: StaffRequest) -> HttpResponse:
    """One day at one site, in order of time."""
    programs = [int(str(duty["program"])) for duty in request.user.duties]
    form = DayForm(request.GET or None, programs=programs)
    chosen: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    site: Site = chosen.get("site") or request.user.site
    on = chosen.get("on") or clock.today(site.zone)
    starts, ends = queries.day_bounds(on, site.zone)
    only = queries.with_visits(starts, ends, site.pk)
    with open_caseload(request.user, to=Do.BOOK, route="follow_up:day", only=only) as opened:
        rows = queries.visits(opened, starts, ends, site.pk)
        if chosen.get("staff"):
            rows = rows.filter(staff=chosen["staff"])
        if not form.is_bound:
            form = DayForm(initial={"on": on, "site": site.pk}, programs=programs)
        visits = list(rows[:300])
        due = due_sets(opened, on)
        for visit in visits:
            wanted = (
                due.get(opened.person(visit.client_id))
                if opened.permits(Do.SCREEN, visit.episode_id)
                else None
            )
            visit.due = wanted  # type: ignore[attr-defined]
        page = {"visits": visits, "form": form, "site": site, "on": on, "zone": site.zone}
        return render(request, "follow_up/day.html", page)


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.BOOK)
def book(request: HttpRequest, chart: Chart) -> HttpResponse:
    """Book a visit."""
    shown = banner(chart)
    form = BookForm(request.POST or None, chart=chart)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        actions.book_appointment(
            chart, place=given["place"], starts_at=given["starts_at"], staff=given["staff"], service=given["service"],
            minutes=given["minutes"],
        )  # fmt: skip
        messages.success(request, _("Booked."))
        return redirect("follow_up:book", client=str(shown.public_id))
    page = {
        "banner": shown, "banner_plain": not chart.permits(Do.OPEN_CHART), "form": form,
        "coming": list(queries.coming(chart)), "zone": chart.episodes[0].zone,
    }  # fmt: skip
    return render(request, "follow_up/book.html", page, status=422 if form.errors else 200)


@require_POST
@opens_chart(to=Do.BOOK)
def mark(request: HttpRequest, chart: Chart, appointment: str, what: str) -> HttpResponse:
    """Arrived, took place, did not come, cancelled. Marked by someone else meanwhile: it says so."""
    verb = VERBS.get(what)
    try:
        visit = queries.appointment(chart, appointment)
    except Appointment.DoesNotExist:
        raise Http404 from None
    if verb is None:
        raise Http404
    back = request.POST.get("back", "")
    if not rules.may_mark(visit.status, what):
        messages.warning(
            request, _("This visit is already marked: %(state)s.") % {"state": visit.get_status_display()}
        )
    else:
        verb(chart, appointment=visit)
        messages.success(request, _("Marked."))
    return redirect(back if back.startswith("/") and not back.startswith("//") else "follow_up:day")
