"""The client's own pages: one question a screen, each answer a button, no score, and a way out on every page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from clinic.access import handed
from clinic.access.chart import Chart
from clinic.access.models import Handover
from clinic.access.views import opens_handed
from clinic.record.models import StaleEdit
from screening import actions, queries, rules
from screening.forms import read_item
from screening.queries.walk import Step, Walk


@require_GET
@opens_handed(kind="screening")
def client_start(request: HttpRequest, chart: Chart, handover: Handover) -> HttpResponse:
    """What this is, how long it takes, who will see it, and that every question may be left out."""
    walk = _walk(chart, handover)
    page = {"walk": walk, "progress": walk.progress(), "called": chart.client.called, "here": walk.here}
    return render(request, "screening/client_start.html", page)


@require_GET
@opens_handed(kind="screening", look=False)
def client_go(request: HttpRequest, chart: Chart, handover: Handover) -> HttpResponse:
    """On with it: to the first question that waits, wherever the others were answered."""
    return _to(_walk(chart, handover).here)


@require_http_methods(["GET", "POST"])
@opens_handed(kind="screening", look=False)
def client_item(
    request: HttpRequest, chart: Chart, handover: Handover, instrument: str, item: str
) -> HttpResponse:
    """One question. Each answer is a button: one press keeps it and goes on."""
    walk = _walk(chart, handover)
    asked = walk.question(instrument, item, handover.language)
    if request.method != "POST":
        return _question(request, walk, asked)
    answer = read_item(asked.form, item, request.POST)
    if answer is None:
        wrong = _("Please choose one of the answers below. “I'd rather not say” is one of them.")
        return _question(request, walk, asked, errors=[{"href": "#answers", "text": wrong}])
    if not _keep(chart, handover, walk, instrument, {item: answer}, asked.language):
        return redirect("screening:client_go")
    if item in rules.critical(asked.form, {item: answer}):
        return redirect("screening:client_support", instrument=instrument, item=item)
    if request.POST.get("back") == "check":
        return redirect("screening:client_check")
    return _to(_walk(chart, handover).after(instrument, item))


@require_http_methods(["GET", "POST"])
@opens_handed(kind="screening", look=False)
def client_note(
    request: HttpRequest, chart: Chart, handover: Handover, instrument: str, item: str
) -> HttpResponse:
    """Before something painful: what it is about, and the choice to go on, to leave it out, or to talk first."""
    walk = _walk(chart, handover)
    asked = walk.question(instrument, item, handover.language)
    part = [one for one in walk.part(instrument, item) if one in walk.unasked(asked.form)]
    if request.method == "POST" and request.POST.get("choice") == "skip":
        _keep(chart, handover, walk, instrument, dict.fromkeys(part, rules.DECLINED), asked.language)
        return _to(_walk(chart, handover).here)
    page = {"step": walk.step(instrument, item), "many": len(part), "progress": walk.progress(instrument)}
    return render(request, "screening/client_note.html", page)


@require_GET
@opens_handed(kind="screening", look=False)
def client_support(
    request: HttpRequest, chart: Chart, handover: Handover, instrument: str, item: str
) -> HttpResponse:
    """A calm page: whom to call, that staff are there; then on. It opens after a critical answer, or when asked for."""
    walk = _walk(chart, handover)
    form = walk.form(instrument)
    told = item in rules.critical(form, walk.answers.get(instrument, {}))
    onward = _address(walk.after(instrument, item) if told else walk.here)
    return render(request, "screening/client_support.html", {"told": told, "onward": onward})


@require_http_methods(["GET", "POST"])
@opens_handed(kind="screening", look=False)
def client_not_today(request: HttpRequest, chart: Chart, handover: Handover) -> HttpResponse:
    """ "Not today" is an answer to the whole set: said, it is kept as the client's wish, and nothing more is asked."""
    walk = _walk(chart, handover)
    if request.method == "POST":
        actions.say_not_today(chart, sitting=walk.sitting)
        handed.decline(handover)
        return redirect("office:hand_back")
    return render(request, "screening/client_not_today.html", {"progress": walk.progress()})


@require_http_methods(["GET", "POST"])
@opens_handed(kind="screening", look=False)
def client_check(request: HttpRequest, chart: Chart, handover: Handover) -> HttpResponse:
    """All answers to look over; sent, they are finished, and what was in the client's hands is so no more."""
    walk = _walk(chart, handover)
    if walk.here is not None:
        return _to(walk.here)
    if request.method == "POST":
        begun = queries.set_answerings(chart, walk.sitting)
        for form in walk.left:
            actions.complete_screen(chart, answering=begun[form.id])
        handed.finish(handover)
        return redirect("office:hand_back")
    return render(request, "screening/client_check.html", {"said": walk.said(handover.language)})


def _walk(chart: Chart, handover: Handover) -> Walk:
    return queries.walk(chart, queries.open_sitting(chart, str(handover.thing)))


def _keep(
    chart: Chart, handover: Handover, walk: Walk, instrument: str, answers: dict[str, Any], language: str
) -> bool:
    """Whether the answers are kept; False when the form was finished meanwhile, by staff or on another screen."""
    try:
        actions.answer_item(
            chart, sitting=walk.sitting, instrument=instrument, answers=answers, mode=handover.way, language=language
        )  # fmt: skip
    except StaleEdit:
        return False
    return True


def _question(request: HttpRequest, walk: Walk, asked: Any, errors: Any = ()) -> HttpResponse:
    name, item = asked.form.id, asked.view.id
    page = {
        "question": asked,
        "errors": errors,
        "progress": walk.progress(name),
        "before": _address(walk.before(name, item)) if walk.before(name, item) else "",
        "back": request.GET.get("back", ""),
    }
    return render(request, "screening/client_item.html", page, status=422 if errors else 200)


def _address(step: Step | None) -> str:
    """Where a step is asked: at its content note, where a painful part begins; at the end, the answers."""
    if step is None:
        return reverse("screening:client_check")
    name = "screening:client_note" if step.topic else "screening:client_item"
    return reverse(name, kwargs={"instrument": step.instrument, "item": step.item})


def _to(step: Step | None) -> HttpResponse:
    return redirect(_address(step))
