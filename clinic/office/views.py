from django.conf import settings
from django.contrib import messages as notices
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.access import handed
from clinic.access.chart import Chart, Office, Refused
from clinic.access.door import open_chart, open_desk, refuse, saw
from clinic.access.models import Ending
from clinic.access.policy import Do, may_at_all
from clinic.access.views import (
    opens_chart,
    opens_itself,
    opens_nothing,
    opens_office,
    opens_to_clients,
    over,
)
from clinic.kit.http import StaffRequest
from clinic.office import actions, queries
from clinic.office.forms import NewPinForm, OnCallForm, PinForm, SettingsForm, StaffForm
from clinic.people.models import Role
from clinic.people.queries import setting, settings_now, sites
from clinic.record.queries import banner

FIRST_PAGES = [
    (Do.REVIEW_CASELOAD, "caseload:review"),
    (Do.SEE_OWN_CASELOAD, "caseload:mine"),
    (Do.REGISTER, "intake:desk"),
    (Do.SEE_ACCESS, "office:access_search"),
    (Do.MANAGE_STAFF, "office:staff"),
]


@require_GET
@opens_nothing
def home(request: StaffRequest) -> HttpResponse:
    """Each role's first page in the morning."""
    for do, route in FIRST_PAGES:
        if may_at_all(request.user, do):
            return redirect(route)
    return render(request, "office/no_role.html")


@login_not_required
@opens_nothing
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form is too old: says so and how to go on; nothing was done."""
    if held := handed.of_session(request):
        return over(request, held)
    return render(request, "403_csrf.html", status=403)


@require_GET
@opens_office(to=Do.READ_MESSAGES)
def messages(request: StaffRequest, office: Office) -> HttpResponse:
    """The demo's mail: what the loopback sink received, newest first."""
    if not settings.DEMO:
        raise Http404
    return render(request, "office/messages.html", {"messages_sent": queries.sink_messages()})


@require_GET
@opens_chart(to=Do.SEE_ACCESS)
def access(request: StaffRequest, chart: Chart) -> HttpResponse:
    """Who opened this client's record, when, and why they could."""
    page = {
        "banner": banner(chart),
        "days": queries.access_report(chart),
        "may_hold": chart.permits(Do.HOLD),
    }
    return render(request, "office/access.html", page)


@require_http_methods(["GET", "POST"])
@opens_itself(to=Do.SEE_ACCESS)
def access_search(request: StaffRequest) -> HttpResponse:
    """Find the client whose account of access is asked for; the privacy officer sees recent refusals too.

    The words come in a POST: names stand in no URL, and so in no server's log.
    """
    if not may_at_all(request.user, Do.SEE_ACCESS):
        refuse(request.user, Do.SEE_ACCESS, act="open_office", route="office:access_search")
        raise Refused(Do.SEE_ACCESS)
    words, found = request.POST.get("q", "").strip()[:200], []
    if words:
        with open_desk(request.user, to=Do.SEARCH, route="office:access_search") as desk:
            found = queries.find_in_directory(words)
            saw(desk, [entry.client_id for entry in found], words)
    refusals = queries.recent_refusals() if request.user.holds(Role.PRIVACY) else []
    return render(request, "office/access_search.html", {"q": words, "found": found, "refusals": refusals})


@require_http_methods(["GET", "POST"])
@opens_office(to=Do.MANAGE_STAFF)
def staff(request: StaffRequest, office: Office) -> HttpResponse:
    """Who works here; add a colleague."""
    form = StaffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = actions.add_staff(office, **form.cleaned_data)
        notices.success(request, _("%(name)s can sign in now.") % {"name": person.name})
        return redirect("office:staff")
    page = {"form": form, "people": queries.everyone()}
    return render(request, "office/staff.html", page, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@opens_office(to=Do.SET_ON_CALL)
def on_call(request: StaffRequest, office: Office) -> HttpResponse:
    """Who is asked for each of the supervisor's programs when nobody of the team is there."""
    programs = request.user.programs_as(Role.SUPERVISOR)
    form = OnCallForm(request.POST or None, programs=programs)
    if request.method == "POST" and form.is_valid():
        row = actions.set_on_call(office, **form.cleaned_data)
        told = {"who": row.staff.name, "program": row.program.name}
        notices.success(request, _("%(who)s is on call for %(program)s from now on.") % told)
        return redirect("office:on_call")
    page = {"form": form, "programs": queries.on_call_rows(programs)}
    return render(request, "office/on_call.html", page, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@opens_office(to=Do.MANAGE_STAFF)
def clinic_settings(request: StaffRequest, office: Office) -> HttpResponse:
    """What this clinic decides for itself."""
    now = settings_now([*SettingsForm.base_fields, "minor_rule"])
    form = SettingsForm(request.POST or None, initial=now, sites=sites())
    if request.method == "POST" and form.is_valid():
        for name, value in form.changes(now).items():
            actions.change_setting(office, name=name, value=value)
        notices.success(request, _("Saved. It holds from now on."))
        return redirect("office:settings")
    return render(request, "office/settings.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@opens_nothing
def me(request: StaffRequest) -> HttpResponse:
    """One's own settings: the PIN that takes a tablet back."""
    form = NewPinForm(request.POST or None, who=request.user)
    if request.method == "POST" and form.is_valid():
        actions.set_pin(request.user, pin=form.cleaned_data["new_pin"])
        notices.success(
            request, _("Your PIN is set. It takes a tablet back from a client, and nothing else.")
        )
        return redirect("office:me")
    return render(request, "office/me.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@opens_itself(to=Do.HAND_OVER)
def hand_over(request: StaffRequest, client: str, kind: str, thing: str) -> HttpResponse:
    """The tablet passes to the client: the sign-in here ends, and this browser opens that one thing and no other."""
    if kind not in handed.HANDED:
        raise Http404
    what = handed.HANDED[kind]
    with open_chart(request.user, client, to=what.by, route="office:hand_over") as chart:
        place = handed.place_of(chart, kind, thing)
        handover, _token = handed.hand_over(chart, place=place, kind=kind, thing=thing)
    handed.begin(request, handover)
    return redirect(what.start)


@require_http_methods(["GET", "POST"])
@opens_to_clients
def hand_back(request: HttpRequest) -> HttpResponse:
    """ "Give the tablet back": thanks the client; takes the PIN of the colleague who handed it over."""
    if request.user.is_authenticated:
        return redirect("home")
    held = handed.of_session(request)
    if held is None:
        return over(request)
    form = PinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if handed.come_back(request, held, form.cleaned_data["pin"]):
            return redirect(_where_it_lies(held))
        form.add_error("pin", _("This is not the PIN. Try again, or sign in with your password."))
    with override(held.language):
        page = {"form": form, "held": held, "start": held.is_live and reverse(handed.HANDED[held.kind].start)}
        return render(request, "client/hand_back.html", page, status=422 if form.errors else 200)


def _where_it_lies(held: handed.Handover) -> str:
    route, name = handed.HANDED[held.kind].back
    return reverse(route, kwargs={"client": str(held.client), name: str(held.thing)})


@require_POST
@opens_to_clients
def speak(request: HttpRequest) -> HttpResponse:
    """The client's pages in the other language, at the same place; what was answered stays."""
    held = handed.of_session(request)
    if held is None:
        return over(request)
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        handed.speak(held, language)
    back = request.POST.get("back", "")
    ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back if ours else "office:hand_back")


@require_http_methods(["GET", "POST"])
@opens_to_clients
def leave(request: HttpRequest) -> HttpResponse:
    """The quick exit: this browser forgets the page at once and shows a neutral one. What was answered is kept."""
    where = request.session.get("handover_exit") or setting("quick_exit_url")
    held = handed.of_session(request)
    if held is not None and not held.by_link:
        handed.end(held, Ending.IDLE)
    if not request.user.is_authenticated:
        handed.leave(request)
    response = redirect(where)
    response.delete_cookie("visit", path="/v/")  # whoever picks this phone up finds a link that is over
    return response
