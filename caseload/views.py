from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from caseload import actions, queries
from caseload.forms import AskForm, CadenceForm, DischargeForm, LeaveForm, LevelForm, TeamForm, TransferForm
from clinic.access.chart import Caseload, Chart, Office, OpenEpisode
from clinic.access.door import Job, open_chart, open_office
from clinic.access.policy import Do, lines
from clinic.access.rare import open_transfer
from clinic.access.views import once, opens_caseload, opens_chart, opens_itself, opens_office
from clinic.kit import clock
from clinic.kit.http import StaffRequest
from clinic.kit.pdf import PdfUnavailable, render_pdf
from clinic.kit.words import in_one_language
from clinic.office.actions import change_setting
from clinic.people.models import Role
from clinic.people.queries import colleagues, setting, staff_with_duties
from clinic.record.queries import banner
from intake import actions as intake_acts
from intake import queries as intake
from intake.actions import EndedAlready
from screening import queries as screening
from treatment_plans import queries as treatment_plans

WHY = ["all", "now", "overdue", "listed"]
CARERS = (Role.CLINICIAN, Role.PRESCRIBER, Role.PEER)


@require_GET
@opens_caseload(to=Do.REVIEW_CASELOAD)
@in_one_language()
def review(request: HttpRequest, caseload: Caseload) -> HttpResponse:
    """The supervisor's morning: every client of her programs, what cannot wait first."""
    return _list(request, caseload, "review")


@require_GET
@opens_caseload(to=Do.REVIEW_CASELOAD)
@in_one_language()
def responses(request: HttpRequest, caseload: Caseload) -> HttpResponse:
    """Every positive screen of the supervisor's programs that is not answered for good, and how many were in time."""
    today = clock.today()
    page = {
        "rows": queries.open_responses(caseload, today), "today": today,
        "share": screening.answered_share(caseload, today, int(setting("response_days"))),
    }  # fmt: skip
    return render(request, "caseload/responses.html", page)


@require_GET
@opens_caseload(to=Do.SEE_OWN_CASELOAD)
@in_one_language()
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


# What the chart leads to, where its reader may.
WAYS_ON = (
    Do.SCREEN, Do.PLAN, Do.CONSENT, Do.REFER, Do.BOOK, Do.SEE_ACCESS, Do.SEE_INTERVIEW, Do.MOVE_EPISODE, Do.SEE_CONTACT,
)  # fmt: skip


@require_GET
@opens_chart(to=Do.OPEN_CHART)
@in_one_language()
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
        "may": {do.value: chart.permits(do) for do in WAYS_ON},
    }
    return render(request, "caseload/chart.html", page)


SPANS = (0, 12, 6, 3)  # months that the joint picture reaches back; 0 is all


def _pictured(request: HttpRequest, chart: Chart) -> dict[str, Any]:
    asked = request.GET.get("months", "")
    months = int(asked) if asked in map(str, SPANS) else 0
    today = clock.today(chart.episodes[0].zone)
    return {"banner": banner(chart), "picture": queries.picture(chart, today, months), "months": months}


@require_GET
@opens_chart(to=Do.OPEN_CHART)
@in_one_language()
def picture(request: HttpRequest, chart: Chart) -> HttpResponse:
    """Both sides, withdrawal and what was done on one time axis, every change called by its published rule."""
    page = _pictured(request, chart)
    words = {0: _("From the start"), 12: _("12 months"), 6: _("6 months"), 3: _("3 months")}
    tabs = [
        {"label": words[n], "url": f"?months={n}" if n else "?", "current": page["months"] == n}
        for n in SPANS
    ]
    return render(request, "caseload/picture.html", {**page, "tabs": tabs})


@require_GET
@opens_chart(to=Do.OPEN_CHART)
def picture_print(request: StaffRequest, chart: Chart) -> HttpResponse:
    """The same on paper, inside the house; that it was printed is on the ledger before it is sent."""
    page = _pictured(request, chart)
    actions.print_picture(chart, months=page["months"])
    page |= {"printed_by": request.user.signing_name, "paper": setting("paper")}
    try:
        written = render_pdf("caseload/picture_pdf.html", page)
    except PdfUnavailable:
        messages.error(request, _("This machine cannot make PDFs. Print this page from the browser instead."))
        return redirect("caseload:picture", chart.client.public_id)
    told = {"Content-Disposition": 'inline; filename="picture.pdf"'}
    return HttpResponse(written, content_type="application/pdf", headers=told)


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
    page: dict[str, Any] = {
        "banner": banner(chart),
        "form": form,
        "cards": queries.episode_cards(chart),
        "place": place,
        "members": queries.team_then_and_now(place),
    }
    if request.method == "POST" and form.is_valid():
        try:
            joined = actions.join_team(chart, place=place, **form.cleaned_data)
        except actions.NotSoDated:
            form.add_error("starts_on", _("Choose today or a later day, and an end after it."))
        except actions.TeamOverlap:
            form.add_error("starts_on", _("They are on the team in that time already."))
        else:
            messages.success(request, _("%(who)s is on the care team.") % {"who": joined.staff.name})
            return redirect("caseload:team", client=str(chart.client.public_id))
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


@require_GET
@opens_chart(to=Do.MOVE_EPISODE)
def episodes(request: HttpRequest, chart: Chart) -> HttpResponse:
    """Where somebody was and is treated, one card an episode: level of care, team then and now, waiting, how it ended."""
    page = {
        "banner": banner(chart),
        "views": intake.episode_views(chart),
        "may_contact": chart.permits(Do.SEE_CONTACT),
    }
    return render(request, "caseload/episodes.html", page)


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.MOVE_EPISODE)
def discharge(request: StaffRequest, chart: Chart, episode: str) -> HttpResponse:
    """The episode ends, with a reason; before that, what still hangs open."""
    place = chart.episode(episode)
    form = DischargeForm(request.POST or None, earliest=place.starts_on, today=clock.today(place.zone))
    here = banner(chart)
    page = {
        "banner": here, "place": place, "form": form, "open_items": queries.hanging_open(chart, place, here.flags),
        "sees_all": chart.permits(Do.OPEN_CHART, place.id),
    }  # fmt: skip
    if not form.is_bound or not form.is_valid():
        return render(request, "caseload/discharge.html", page, status=422 if form.errors else 200)
    back = redirect("caseload:episodes", chart.client.public_id)
    verb = partial(intake_acts.discharge, chart, place=place)
    told = {name: form.cleaned_data[name] for name in ("on", "reason", "words")}
    _done(request, partial(verb, **told), _("Ended. The chart stays."))
    return back


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.MOVE_EPISODE)
def level(request: StaffRequest, chart: Chart, episode: str) -> HttpResponse:
    """From a day on another level of care is given, beside the one recommended."""
    place = chart.episode(episode)
    form = LevelForm(request.POST or None, earliest=place.starts_on, today=clock.today(place.zone))
    page = {"banner": banner(chart), "place": place, "form": form}
    if not form.is_bound or not form.is_valid():
        return render(request, "caseload/level.html", page, status=422 if form.errors else 200)
    back = redirect("caseload:episodes", chart.client.public_id)
    verb = partial(intake_acts.set_level, chart, place=place)
    _done(request, partial(verb, **form.given()), _("Saved."))
    return back


def _done(request: StaffRequest, verb: Callable[[], Any], said: str) -> None:
    """The verb is done and said; or somebody else ended the episode meanwhile, and that is said."""
    try:
        verb()
    except EndedAlready:
        messages.warning(request, _("This episode has ended. Nothing was changed."))
    else:
        messages.success(request, said)


@require_POST
@opens_chart(to=Do.KEEP_WAITING)
def not_admitted(request: StaffRequest, chart: Chart, episode: str) -> HttpResponse:
    """Somebody who was registered has no place yet: they go on the program's waiting list."""
    place = chart.episode(episode)
    if place.waiting or place.ends_on is not None:
        messages.info(request, _("They are on the list already, or the episode has ended."))
        return redirect("intake:waiting")
    row = intake_acts.ask_for_place(chart, place=place, asked_on=place.starts_on)
    messages.success(request, _("On the waiting list."))
    return redirect("intake:waiting_place", chart.client.public_id, row.public_id)


@require_http_methods(["GET", "POST"])
@opens_itself(to=Do.MOVE_EPISODE)
def transfer(request: StaffRequest, client: str, episode: str) -> HttpResponse:
    """Somebody goes on in another program: one episode ends, the next begins, the chart stays one."""
    with open_chart(request.user, client, to=Do.MOVE_EPISODE, route="caseload:transfer") as chart:
        place = chart.episode(episode)
        programs = [p for p in _programs_to_register(request) if p != place.program_id]
        form = TransferForm(
            request.POST or None, programs=programs, earliest=place.starts_on, today=clock.today(place.zone)
        )
        if not form.is_bound or not form.is_valid():
            here = banner(chart)
            page = {
                "banner": here, "place": place, "form": form, "programs": programs,
                "open_items": queries.hanging_open(chart, place, here.flags), "sees_all": chart.permits(Do.OPEN_CHART, place.id),
            }  # fmt: skip
            return render(request, "caseload/transfer.html", page, status=422 if form.errors else 200)
    return _transferred(request, client, episode, form)


def _programs_to_register(request: StaffRequest) -> list[int]:
    roles = {role for role, _relation in lines(request.user, Do.REGISTER)}
    return sorted({program for role in roles for program in request.user.programs_as(role)})


def _transferred(request: StaffRequest, client: str, episode: str, form: TransferForm) -> HttpResponse:
    told = form.cleaned_data
    back = redirect("caseload:episodes", client)
    try:
        with open_transfer(request.user, client, told["program"], route="caseload:transfer") as (chart, to):

            def move() -> HttpResponse:
                verb = partial(
                    intake_acts.transfer,
                    chart,
                    place=chart.episode(episode),
                    to=to,
                    on=told["on"],
                    words=told["words"],
                )
                _done(request, verb, _("Moved. The new episode has begun."))
                return back

            return once(request, move)
    except IntegrityError:
        messages.warning(request, _("This person is in that program already, or on its waiting list."))
        return back


@require_http_methods(["GET", "POST"])
@opens_itself(to=Do.MANAGE_STAFF)
def end_access(request: StaffRequest, person: str) -> HttpResponse:
    """What someone holds and to whom it goes, by program; then their access ends and it is theirs at once."""
    with open_office(request.user, to=Do.MANAGE_STAFF, route="caseload:end_access"):
        leaver = get_object_or_404(staff_with_duties(), public_id=person)
    form = LeaveForm(request.POST or None, leaver=leaver, work=queries.work_of(Job("pass_on"), leaver))
    if leaver.pk == request.user.pk:
        messages.error(request, _("You cannot end your own access. Ask another administrator."))
        return redirect("office:staff")
    if request.method == "POST" and form.is_valid():
        moved = actions.end_access(request.user, person=leaver, heirs=form.heirs())
        told = {"name": leaver.name, "n": moved}
        messages.success(request, _("%(name)s can no longer sign in. Handed over: %(n)s.") % told)
        return redirect("office:staff")
    page = {"leaver": leaver, "form": form}
    return render(request, "caseload/end_access.html", page, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@opens_office(to=Do.MANAGE_STAFF)
def cadence(request: StaffRequest, office: Office) -> HttpResponse:
    """How often each questionnaire is asked, by program and level of care; what is left blank is the questionnaire's own."""
    now: dict[str, Any] = setting("cadence")
    form = CadenceForm(request.POST or None, now=now, chosen=request.GET)
    if request.method == "POST" and form.is_valid():
        change_setting(office, name="cadence", value=form.changed(now))
        messages.success(request, _("Saved. It holds from now on."))
        return redirect(f"{request.path}?{form.place()}")
    page = {"form": form, "rows": form.rows()}
    return render(request, "caseload/cadence.html", page, status=422 if form.is_bound else 200)
