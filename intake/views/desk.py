"""The front desk: find or register, and the page that says how a client may be reached."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.access.chart import Chart, ChartNotFound, Desk, Refused
from clinic.access.door import open_admission, open_desk, open_registration, refuse
from clinic.access.policy import Do, lines, may_at_all
from clinic.access.views import once, opens_desk, opens_itself
from clinic.kit.http import StaffRequest
from intake import actions, queries
from intake.actions import AlreadyHere
from intake.forms import PlaceForm, RegisterForm
from intake.rules import read_typed


@require_http_methods(["GET", "POST"])
@opens_desk(to=Do.SEARCH)
def desk(request: StaffRequest, desk: Desk) -> HttpResponse:
    """One box that searches while typing; what finds nobody becomes a new record. The words never stand in a URL."""
    words = request.POST.get("q", "").strip()[:200]
    context: dict[str, Any] = {
        "q": words,
        "may_register": may_at_all(request.user, Do.REGISTER),
        "may_merge": may_at_all(request.user, Do.MERGE),
        "may_wait": may_at_all(request.user, Do.KEEP_WAITING),
    }
    if words:
        context["found"] = queries.search(desk, words)
        context["new_name"] = read_typed(words).name
    template = "intake/_matches.html" if request.htmx else "intake/desk.html"
    return render(request, template, context)


@require_http_methods(["GET", "POST"])
@opens_itself(to=Do.REGISTER)
def register_page(request: StaffRequest) -> HttpResponse:
    """One page for someone new. From the desk it comes with what was typed there."""
    programs = my_programs(request)
    if request.method != "POST" or "q" in request.POST:
        form = RegisterForm(initial=_from_desk(request), programs=programs)
        form.begin_at("given_name", "birth", "program", "clinician")
        return render(request, "intake/register.html", {"form": form})
    form = RegisterForm(request.POST, programs=programs)
    if not form.is_valid():
        return render(request, "intake/register.html", {"form": form}, status=422)
    with open_registration(request.user, form.cleaned_data["program"], route="intake:register") as chart:
        answer = once(request, lambda: _registered(request, chart, form))
    tell_of_twins(request, answer, chart)
    return answer


def tell_of_twins(request: StaffRequest, answer: HttpResponse, chart: Chart) -> None:
    """Two colleagues registered the same person at the same moment: the later one is told. Advice, never a barrier.

    Whoever was on the page already when this one was filled in is not told of again.
    """
    if answer.status_code != 302:
        return
    known = set(request.POST.getlist("shown"))
    with open_desk(request.user, to=Do.SEARCH, route="intake:alike") as desk:
        found = queries.twins(desk, chart.client_id)
    for one in found:
        if str(one.public_id) not in known:
            messages.warning(
                request,
                _(
                    "Someone very like this person is here too, with the ID ending %(ending)s. Compare the two."
                )
                % {"ending": one.id_ending},
            )


def _registered(request: StaffRequest, chart: Chart, form: RegisterForm) -> HttpResponse:
    client = actions.register_client(chart, **form.given())
    messages.success(request, _("Registered. Next: %(next)s") % {"next": _next_step(form)})
    return redirect("intake:contact", client.public_id)


def _next_step(form: RegisterForm) -> str:
    told = form.cleaned_data
    if not told["phone"] and not told["email"]:
        return _("ask for a safe way to be reached.")
    if not told["visit_on"]:
        return _("book the first appointment.")
    return _("go through the consents.")


def my_programs(request: StaffRequest, route: str = "intake:register") -> list[int]:
    """Where this person may register. Raises Refused, recorded, where that is nowhere."""
    roles = {role for role, _relation in lines(request.user, Do.REGISTER)}
    held = {program for role in roles for program in request.user.programs_as(role)}
    if not held:
        refuse(request.user, Do.REGISTER, act="open_registration", route=route)
        raise Refused(Do.REGISTER)
    return sorted(held)


def _from_desk(request: StaffRequest) -> dict[str, Any]:
    typed = read_typed(request.POST.get("q", "")[:200])
    birth = typed.birth.isoformat() if typed.birth else ""
    return {"given_name": typed.given, "family_name": typed.family, "birth": birth}


@require_POST
@opens_desk(to=Do.SEARCH)
def alike(request: StaffRequest, desk: Desk) -> HttpResponse:
    """While someone new is typed in: who may be the same person. Advice only."""
    told = {name: request.POST.get(name, "").strip()[:120] for name in ("given_name", "family_name", "phone")}
    birth = read_typed(request.POST.get("birth", "")[:40]).birth
    if typed := request.POST.get("name", "").strip()[:200]:  # a walk-in's one box
        one = read_typed(typed)
        told |= {"given_name": one.given, "family_name": one.family}
        birth = one.birth
    if not (any(told.values()) or birth):
        return HttpResponse()
    found = queries.lookalikes(
        desk,
        given=told["given_name"],
        family=told["family_name"],
        other_names=request.POST.get("chosen_name", "")[:120],
        birth=birth,
        phone=told["phone"],
    )
    context = {"found": found, "may_register": may_at_all(request.user, Do.REGISTER)}
    return render(request, "intake/_alike.html", context)


@require_GET
@opens_itself(to=Do.REGISTER)
def program_fields(request: StaffRequest) -> HttpResponse:
    """Who can be the clinician, and the clock of the first appointment, in the program chosen."""
    form = PlaceForm(initial={"program": request.GET.get("program", "")}, programs=my_programs(request))
    return render(request, "intake/_program_fields.html", {"form": form})


@require_GET
@opens_itself(to=Do.SEARCH)
def found(request: StaffRequest, client: str) -> HttpResponse:
    """Where a match leads. Every row of the list has this one link, so that no row tells whose client somebody is."""
    with open_desk(request.user, to=Do.SEARCH, route="intake:found") as desk:
        one = queries.one_entry(desk, client)
    if one is None:
        raise ChartNotFound
    if one.mine:
        return redirect("intake:contact", client)
    if may_at_all(request.user, Do.REGISTER):
        return redirect("intake:admit", client)
    return render(request, "intake/not_open.html", {"found": [one]})


@require_http_methods(["GET", "POST"])
@opens_itself(to=Do.REGISTER)
def admit_page(request: StaffRequest, client: str) -> HttpResponse:
    """Someone found at the desk begins in a program of one's own: one record, whatever else they are in."""
    form = PlaceForm(request.POST if request.method == "POST" else None, programs=my_programs(request))
    if form.is_bound and form.is_valid():
        try:
            return _admitted(request, client, form)
        except AlreadyHere:
            form.add_error("program", _("This person is in this program already."))
    with open_desk(request.user, to=Do.SEARCH, route="intake:admit") as desk:
        found = queries.one_entry(desk, client)
    if found is None:
        raise ChartNotFound
    status = 422 if form.errors else 200
    return render(request, "intake/admit.html", {"form": form, "found": [found]}, status=status)


def _admitted(request: StaffRequest, client: str, form: PlaceForm) -> HttpResponse:
    program = form.cleaned_data["program"]
    with open_admission(request.user, client, program, route="intake:admit") as chart:

        def begin() -> HttpResponse:
            actions.admit_client(chart, **form.place())
            messages.success(request, _("Begun in your program."))
            return redirect("intake:contact", client)

        return once(request, begin)
