from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from caseload import actions, queries
from caseload.forms import AskForm, TeamForm
from clinic.access.chart import Caseload, Chart, OpenEpisode
from clinic.access.policy import Do
from clinic.access.views import opens_caseload, opens_chart
from clinic.kit import clock
from clinic.kit.http import StaffRequest
from clinic.people.models import Role
from clinic.people.queries import colleagues
from clinic.record.queries import banner
from screening import queries as screening
from treatment_plans import queries as treatment_plans

WHY = ["all", "now", "overdue", "listed"]
CARERS = (Role.CLINICIAN, Role.PRESCRIBER, Role.PEER)


@require_GET
@opens_caseload(to=Do.REVIEW_CASELOAD)
def review(request: HttpRequest, caseload: Caseload) -> HttpResponse:
    """The supervisor's morning: every client of her programs, what cannot wait first."""
    return _list(request, caseload, "review")


@require_GET
@opens_caseload(to=Do.SEE_OWN_CASELOAD)
def mine(request: HttpRequest, caseload: Caseload) -> HttpResponse:
    """A clinician's own clients, with what is due for each."""
    return _list(request, caseload, "mine")


def _list(request: HttpRequest, caseload: Caseload, whose: str) -> HttpResponse:
    rows = queries.rows(caseload, clock.today())
    listed = [row for row in rows if row.is_listed]
    chosen = request.GET.get("show", "")
    programs = sorted({program for row in rows for program in row.programs})
    leads = sorted({row.lead for row in rows if row.lead})
    shown = listed if chosen == "listed" else rows
    for name, value in (("program", request.GET.get("program")), ("lead", request.GET.get("lead"))):
        if value:
            shown = [row for row in shown if value in (row.programs if name == "program" else [row.lead])]
    page = {
        "rows": shown, "all_count": len(rows), "listed_count": len(listed), "programs": programs, "leads": leads,
        "now_count": sum(row.urgency == 0 for row in rows), "whose": whose, "show": chosen, "today": clock.today(),
    }  # fmt: skip
    return render(request, "caseload/list.html", page)


@require_GET
@opens_chart(to=Do.OPEN_CHART)
def chart_page(request: HttpRequest, chart: Chart) -> HttpResponse:
    """One chart: what is due, the five trends on one time axis, the plan, the team."""
    today = clock.today(chart.episodes[0].zone)
    plans = treatment_plans.plan_marks(chart)
    page = {
        "banner": banner(chart),
        "due": queries.everything_due(chart, today),
        "trend": screening.trend_chart(chart, today, plans),
        "plan_signed_on": plans[-1][0] if plans else None,
        "cards": queries.episode_cards(chart),
        "may_assign": chart.permits(Do.ASSIGN_CARE),
        "may": {
            do.value: chart.permits(do)
            for do in (Do.SCREEN, Do.PLAN, Do.CONSENT, Do.REFER, Do.BOOK, Do.SEE_ACCESS)
        },
    }
    return render(request, "caseload/chart.html", page)


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.ASSIGN_CARE)
def ask(request: StaffRequest, chart: Chart) -> HttpResponse:
    """Ask a colleague to act on this client, by a day."""
    place = chart.home(Do.ASSIGN_CARE)
    # Only who may open the chart can answer: its own clinicians and prescribers, and the supervisor herself.
    team = [*queries.answering_team(chart, place), request.user.pk]
    form = AskForm(request.POST or None, colleagues=team)
    if request.method == "POST" and form.is_valid():
        sent = actions.ask_colleague(chart, place=place, **form.cleaned_data)
        messages.success(request, _("Asked %(who)s.") % {"who": sent.to.name})
        return redirect("caseload:review")
    page = {"banner": banner(chart), "form": form}
    return render(request, "caseload/ask.html", page, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.OPEN_CHART)
def ask_answer(request: HttpRequest, chart: Chart, ask: str) -> HttpResponse:
    """Answer what was asked; it leaves both caseloads."""
    row = queries.ask(chart, ask)
    if row is None:
        raise Http404
    error = ""
    if request.method == "POST":
        answer = request.POST.get("answer", "").strip()[:400]
        if answer and row.answered_on is None:
            actions.answer_ask(chart, ask=row, answer=answer)
            messages.success(request, _("Answered. It has left the list."))
            return redirect("caseload:chart", client=str(chart.client.public_id))
        error = (
            _("Write in a few words what was done.") if not answer else _("Someone answered this already.")
        )
    page = {"banner": banner(chart), "ask": row, "error": error}
    return render(request, "caseload/ask_answer.html", page, status=422 if error else 200)


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.ASSIGN_CARE)
def team(request: HttpRequest, chart: Chart) -> HttpResponse:
    """Who is on the care team; put someone on it."""
    place = _place(chart, request)
    people = list(colleagues([place.program_id], *CARERS).values_list("pk", flat=True))
    form = TeamForm(request.POST or None, colleagues=people)
    if request.method == "POST" and form.is_valid():
        joined = actions.join_team(chart, place=place, **form.cleaned_data)
        messages.success(request, _("%(who)s is on the care team.") % {"who": joined.staff.name})
        return redirect("caseload:team", client=str(chart.client.public_id))
    page: dict[str, Any] = {
        "banner": banner(chart),
        "form": form,
        "cards": queries.episode_cards(chart),
        "place": place,
    }
    return render(request, "caseload/team.html", page, status=422 if form.errors else 200)


def _place(chart: Chart, request: HttpRequest) -> OpenEpisode:
    wanted = request.GET.get("episode")
    return chart.episode(wanted) if wanted else chart.home(Do.ASSIGN_CARE)


@require_POST
@opens_chart(to=Do.ASSIGN_CARE)
def team_leave(request: HttpRequest, chart: Chart, member: str) -> HttpResponse:
    """End someone's place on the team; their access ends with it."""
    row = queries.member(chart, member)
    if row is None:
        raise Http404
    actions.leave_team(chart, member=row)
    messages.success(request, _("%(who)s is no longer on the care team.") % {"who": row.staff.name})
    return redirect("caseload:team", client=str(chart.client.public_id))
