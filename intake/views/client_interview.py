"""The interview in a client's hands: parts in their own order, one question a screen, each answer a button."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from clinic.access.chart import Chart, ChartNotFound
from clinic.access.models import Handover
from clinic.access.views import opens_handed
from clinic.kit import clock
from clinic.record.models import SignerRole, StaleEdit
from intake import actions, queries, rules
from intake.forms import ClientConfirmForm, ClientDisagreeForm, read_told
from intake.models import NoteChoice

WAITS = {"weeks_2": 14, "month": 30, "months_3": 91}  # how long a client may ask us to leave a topic alone
KIND = "interview"


def _held(chart: Chart, handover: Handover) -> queries.Held:
    return queries.held(chart, queries.interview(chart, handover.thing))


@require_GET
@opens_handed(kind=KIND)
def client_start(request: HttpRequest, chart: Chart, handover: Handover) -> HttpResponse:
    """What this is, who will see it, and every part: the client chooses where to start."""
    whole = _held(chart, handover)
    parts = queries.parts(whole, handover.language)
    left = [one for one in parts if one.state in ("todo", "doing")]
    page = {
        "interview": whole.row, "called": chart.client.called, "parts": parts, "told": bool(whole.answers),
        "minutes": sum(one.part.minutes for one in left), "ready": len(parts) - len(left),
        "done": next((one for one in parts if one.part.id == request.GET.get("done")), None),
    }  # fmt: skip
    return render(request, "intake/client_start.html", page)


@require_http_methods(["GET", "POST"])
@opens_handed(kind=KIND)
def client_part(request: HttpRequest, chart: Chart, handover: Handover, topic: str) -> HttpResponse:
    """Before a part: why we ask, how long it takes, who sees it, what it is about; and what was answered in it."""
    whole = _held(chart, handover)
    part = queries.part_of(whole, topic)
    queries.with_registered(chart, whole, part)
    if whole.row.is_confirmed:
        return redirect("intake:client_start")
    if request.method == "POST":
        return _choose(request, chart, handover, whole, part)
    language = handover.language
    state = next(one for one in queries.parts(whole, language) if one.part.id == part.id)
    asked = queries.asked(whole, part, language)
    page = {
        "interview": whole.row, "part": part, "state": state, "title": state.title, "asked": asked,
        "why": part.words("why", language), "who": part.words("who", language), "note": part.words("note", language),
        "next": queries.next_open(whole, part), "count": len(asked),
    }  # fmt: skip
    return render(request, "intake/client_part.html", page)


def _choose(
    request: HttpRequest, chart: Chart, handover: Handover, whole: queries.Held, part: rules.Part
) -> HttpResponse:
    """What the client chose at the part's door: go on, skip, talk to someone, leave it for a while, take it up again."""
    choice, wait = request.POST.get("choice", ""), request.POST.get("wait", "")
    if wait in WAITS:
        until = clock.today(whole.zone) + dt.timedelta(days=WAITS[wait])
        actions.set_quiet(chart, interview=whole.row, topic=part.id, until=until)
        return redirect("intake:client_start")
    if "lift" in request.POST and (quiet := queries.quiet_topic(chart, whole.row, part.id)):
        actions.lift_quiet(chart, quiet=quiet)
        return redirect("intake:client_part", part.id)
    if choice not in NoteChoice.values:
        return redirect("intake:client_part", part.id)
    actions.choose_note(chart, interview=whole.row, part=part.id, choice=choice, way=handover.way)
    if choice == NoteChoice.TALK:
        return redirect("intake:client_talk")
    first = queries.next_open(whole, part)
    if choice == NoteChoice.CONTINUE and first:
        return redirect("intake:client_ask", part.id, first.name)
    return redirect("intake:client_start")


@require_http_methods(["GET", "POST"])
@opens_handed(kind=KIND)
def client_ask(
    request: HttpRequest, chart: Chart, handover: Handover, topic: str, question: str
) -> HttpResponse:
    """One question. Every answer, "not today" and "I would rather not say" is a button: one press keeps it and goes on."""
    whole = _held(chart, handover)
    part = queries.part_of(whole, topic)
    queries.with_registered(chart, whole, part)
    asked = queries.asked(whole, part, handover.language)
    at = next((n for n, one in enumerate(asked) if one.step.name == question), None)
    if at is None:
        raise ChartNotFound
    state = next(one for one in queries.parts(whole, handover.language) if one.part.id == part.id)
    if whole.row.is_confirmed or state.needs_note or state.quiet:
        return redirect("intake:client_part", part.id)
    page = {
        "interview": whole.row, "part": part, "title": state.title, "asked": asked[at], "number": at + 1,
        "count": len(asked), "back": asked[at - 1].step.name if at else "", "why": part.words("why", handover.language),
        "who": part.words("who", handover.language),
    }  # fmt: skip
    if request.method != "POST":
        return render(request, "intake/client_ask.html", page)
    return _answer(request, chart, handover, whole, page)


def _answer(
    request: HttpRequest, chart: Chart, handover: Handover, whole: queries.Held, page: dict[str, Any]
) -> HttpResponse:
    asked, part = page["asked"], page["part"]
    step = asked.step
    told, wrong = read_told(whole, {step.key: step}, request.POST)
    if not wrong and (not told or not told[0].state):
        wrong = {step.key: _("Please pick an answer. You can also choose “Not today”.")}
    if wrong:
        page["asked"] = queries.typed(asked, request.POST, wrong[step.key])
        page["errors"] = [{"href": "#answer", "text": wrong[step.key]}]
        return render(request, "intake/client_ask.html", page, status=422)
    try:
        actions.tell(chart, interview=whole.row, told=told, way=handover.way)
    except StaleEdit as stale:
        page |= {"asked": queries.over(asked, told[0], stale.theirs), "theirs": stale.theirs}
        return render(request, "intake/client_ask.html", page, status=409)
    following = queries.next_open(queries.held(chart, whole.row), part, after=step.key)
    if following is None:
        response = redirect("intake:client_start")
        response["Location"] += f"?done={part.id}"
        return response
    return redirect("intake:client_ask", part.id, following.name)


@require_GET
@opens_handed(kind=KIND)
def client_pause(request: HttpRequest, chart: Chart, handover: Handover) -> HttpResponse:
    """A pause, without a reproach: everything is kept, and the client may go on here or elsewhere, today or later."""
    return render(request, "intake/client_pause.html", {"talk": False})


@require_GET
@opens_handed(kind=KIND)
def client_talk(request: HttpRequest, chart: Chart, handover: Handover) -> HttpResponse:
    """The client asked to talk to someone: staff have been told, and here is who can be called now."""
    return render(request, "intake/client_pause.html", {"talk": True})


@require_http_methods(["GET", "POST"])
@opens_handed(kind=KIND)
def client_summary(request: HttpRequest, chart: Chart, handover: Handover) -> HttpResponse:
    """What the client told us, line by line; each can be disagreed with, and the whole confirmed."""
    whole = _held(chart, handover)
    summary = queries.summary(whole)
    signed = queries.confirmations(whole.row)
    form = ClientConfirmForm(
        request.POST if request.method == "POST" else None, initial={"text_hash": summary.text_hash}
    )
    page = {
        "interview": whole.row, "summary": summary, "form": form, "language": handover.language,
        "confirmed": any(s.role == SignerRole.CLIENT and s.text_hash == summary.text_hash for s in signed),
    }  # fmt: skip
    if request.method != "POST" or whole.row.is_confirmed:
        return render(request, "intake/client_summary.html", page)
    if not form.is_valid():
        return render(request, "intake/client_summary.html", page, status=422)
    try:
        actions.confirm_as_client(chart, interview=whole.row, **form.cleaned_data)
    except (StaleEdit, ValidationError):
        fresh = ClientConfirmForm(initial={"text_hash": summary.text_hash, "name": form.cleaned_data["name"]})
        return render(
            request, "intake/client_summary.html", {**page, "form": fresh, "changed": True}, status=409
        )
    return redirect("intake:client_summary")


@require_http_methods(["GET", "POST"])
@opens_handed(kind=KIND)
def client_disagree(request: HttpRequest, chart: Chart, handover: Handover, question: str) -> HttpResponse:
    """What is not right about one line, in the client's own words; it is kept as they write it."""
    whole = _held(chart, handover)
    line = queries.summary(whole).line(question)
    if line is None:
        raise ChartNotFound
    if whole.row.is_confirmed:
        return redirect("intake:client_summary")
    form = ClientDisagreeForm(request.POST if request.method == "POST" else None)
    page = {"interview": whole.row, "statement": line.statement(handover.language), "form": form}
    if request.method != "POST" or not form.is_valid():
        return render(request, "intake/client_disagree.html", page, status=422 if form.errors else 200)
    actions.disagree(chart, interview=whole.row, question=question, way=handover.way, **form.cleaned_data)
    return redirect("intake:client_summary")
