"""The page that says how a client may be reached, and its forms."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.access.chart import Chart
from clinic.access.policy import Do
from clinic.access.views import opens_chart
from clinic.kit.http import StaffRequest
from clinic.record.models import Channel, Contact, StaleEdit
from clinic.record.queries import banner
from intake import actions, queries
from intake.forms import ContactForm


@require_GET
@opens_chart(to=Do.SEE_CONTACT)
def contact(request: StaffRequest, chart: Chart) -> HttpResponse:
    """The front desk's page of a client: who, how to reach them, who cares for them, when they come next."""
    context = {
        **around(chart),
        "contacts": queries.ways_to_reach(chart),
        "around": queries.home_and_team(chart),
        "visits": queries.next_appointments(chart),
        "may_set": chart.permits(Do.SET_CONTACT),
        "may_book": chart.permits(Do.BOOK),
        "may_consent": chart.permits(Do.CONSENT),
        "may_see_interview": chart.permits(Do.SEE_INTERVIEW),
        "may_register": chart.permits(Do.REGISTER),
        "may_take": chart.permits(Do.TAKE_DETAILS),
        "never": queries.never_told(chart),
        "may_move": chart.permits(Do.MOVE_EPISODE),
    }
    return render(request, "intake/contact.html", context)


def around(chart: Chart) -> dict[str, Any]:
    """The banner: full for those who open the chart, identity only for everyone else (NHS CUI)."""
    clinical = chart.permits(Do.OPEN_CHART)
    here = banner(chart)
    url = reverse("caseload:chart" if clinical else "intake:contact", args=[here.public_id])
    return {"banner": here, "banner_plain": not clinical, "banner_url": url, "may_open": clinical}


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.SET_CONTACT)
def contact_new(request: StaffRequest, chart: Chart) -> HttpResponse:
    """One more way to reach the client."""
    form = ContactForm(request.POST or None, initial={"channel": Channel.PHONE})
    if request.method == "POST" and form.is_valid():
        actions.add_contact(chart, **form.told())
        return _back(request, chart)
    return _contact_page(request, {**around(chart), "form": form})


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.SET_CONTACT)
def contact_edit(request: StaffRequest, chart: Chart, contact: str) -> HttpResponse:
    """What was told of one way to reach the client; where someone saved first, both are shown."""
    row = _contact(chart, contact)
    form = ContactForm(request.POST) if request.method == "POST" else ContactForm.of(row)
    page = {
        **around(chart),
        "form": form,
        "row": row,
    }  # read before the verb: after a StaleEdit nothing can be
    if not form.is_bound or not form.is_valid():
        return _contact_page(request, page)
    try:
        actions.change_contact(chart, contact=row, version=form.cleaned_data["version"] or 0, **form.told())
    except StaleEdit as stale:
        return _contact_page(request, page | _conflict(form, stale.theirs), status=409)
    return _back(request, chart)


@require_POST
@opens_chart(to=Do.SET_CONTACT)
def contact_end(request: StaffRequest, chart: Chart, contact: str) -> HttpResponse:
    """This number or address is not used any more."""
    row = _contact(chart, contact)
    answer = redirect("intake:contact", chart.client.public_id)
    try:
        actions.end_contact(chart, contact=row, version=int(request.POST.get("version") or 0))
    except (StaleEdit, ValueError):
        messages.warning(request, _("Someone changed this contact a moment ago. Look at it again first."))
    return answer


def _contact(chart: Chart, public_id: str) -> Contact:
    row = queries.current_contacts(chart).filter(public_id=public_id).first()
    if row is None:
        raise Http404
    return row


def _contact_page(request: StaffRequest, page: dict[str, Any], *, status: int = 200) -> HttpResponse:
    wrong = page["form"].is_bound and page["form"].errors
    return render(request, "intake/contact_form.html", page, status=422 if wrong else status)


def _conflict(form: ContactForm, theirs: Any) -> dict[str, Any]:
    """Both texts, and the form with what was typed, now over the newer version."""
    mine = form.told()
    conflicts = [
        {"label": form.fields[name].label, "mine": _said(mine[name]), "theirs": _said(getattr(theirs, name))}
        for name in ContactForm.FIELDS
        if mine[name] != getattr(theirs, name)
    ]
    again = ContactForm(initial={**mine, "version": theirs.version})
    return {"form": again, "row": theirs, "conflicts": conflicts}


def _said(value: Any) -> Any:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(str(WEEKDAYS[day]) for day in value if day in WEEKDAYS)
    return value


def _back(request: StaffRequest, chart: Chart) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect("intake:contact", chart.client.public_id)
