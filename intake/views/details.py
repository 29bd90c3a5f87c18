"""The registration as a task list in any order: one page a part, kept while it is typed, nothing asked twice."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.access.chart import Chart, Refused
from clinic.access.policy import Do
from clinic.access.views import opens_chart
from clinic.kit.http import StaffRequest
from clinic.record.queries import fact_history
from intake import actions, queries
from intake.forms.details import SOURCES, Answers
from intake.queries import Asked
from intake.rules import Said, Section, answer_words, catalogue
from intake.views.contact import around
from intake.views.people import KEPT, keep_form

VERBS = {Do.TAKE_DETAILS: actions.record_detail, Do.TAKE_HISTORY: actions.record_history}
NONE_TOPICS = {
    "contact_told": "intake:contact",
    "address_told": "intake:addresses",
    "supports_told": "intake:supports",
}


@require_GET
@opens_chart(to=Do.TAKE_DETAILS)
def registration(request: StaffRequest, chart: Chart) -> HttpResponse:
    """What is still to ask, in any order; for someone who walked in, the safety check first."""
    page = around(chart)
    todo, arrival = queries.door_tasks(chart), queries.arrival(chart)
    tasks = queries.registration_tasks(chart)
    context = {
        **page,
        "tasks": tasks,
        "done": sum(task.state == "done" for task in tasks),
        "todo": [(task, queries.may_see_task(chart, task)) for task in todo],
        "first": next((task for task in todo if task.code == "safety_check"), None),
        "may_screen": chart.permits(Do.SCREEN),
        "arrival": arrival,
        **_who_starts(chart, arrival, todo),
        "mine": request.user.pk,
    }
    return render(request, "intake/registration.html", context)


def _who_starts(chart: Chart, arrival: Any, todo: list[Any]) -> dict[str, Any]:
    """Whoever looks may start the safety check, or whom they may ask to."""
    if arrival is None or not any(task.code == "safety_check" for task in todo) or chart.permits(Do.SCREEN):
        return {}
    if queries.may_care(chart, arrival):
        return {"may_care": True}
    return {"starters": queries.who_may_start(chart, arrival)}


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.TAKE_DETAILS)
def details(request: StaffRequest, chart: Chart, details: str) -> HttpResponse:
    """One part: what was told already, and what is still to ask. Each answer may be declined."""
    section = _section(chart, details)
    asked = queries.asked_in(chart, section)
    if request.method != "POST":
        kept = queries.kept_details(chart, request.user.pk, section.key)
        typed = kept.body if kept else None
        return _details_page(
            request, chart, section, queries.asked_in(chart, section, typed), saved_at=kept and kept.saved_at
        )
    answers = Answers(asked, request.POST)
    if answers.wrong:
        return _details_page(
            request,
            chart,
            section,
            queries.asked_in(chart, section, answers.typed, answers.wrong),
            status=422,
        )
    if conflicts := answers.conflicts(asked):
        return _details_page(
            request, chart, section, _over(asked, answers), conflicts=_both(conflicts, answers), status=409
        )
    _record(chart, section, answers)
    return _go_on(request, chart, section)


def _section(chart: Chart, key: str) -> Section:
    try:
        section = catalogue().section(key)
    except KeyError:
        raise Http404 from None
    if section.part != queries.details.PART or not section.minutes:
        raise Http404
    if not chart.permits(Do(section.act)):
        raise Refused(Do(section.act))
    return section


def _record(chart: Chart, section: Section, answers: Answers) -> None:
    for topic, said in answers.said.items():
        VERBS[Do(section.act)](chart, topic=topic, said=said, seen=answers.seen[topic], source=answers.source)
    actions.drop_details(chart, key=section.key)


def _over(asked: list[Asked], answers: Answers) -> list[Asked]:
    """The questions with what was typed, over the answers as they stand now."""
    return [
        Asked(
            one.question, one.told, tuple(answers.typed.get(one.question.topic, one.codes)),
            "".join(answers.typed.get(f"{one.question.topic}_text", [one.text])[:1]), one.stale,
        )
        for one in asked
    ]  # fmt: skip


def _both(conflicts: list[Asked], answers: Answers) -> list[dict[str, Any]]:
    return [
        {
            "label": one.question.title,
            "mine": _as_words(one, answers.said[one.question.topic]),
            "theirs": _as_words(one, one.told),
        }
        for one in conflicts
    ]


def _as_words(one: Asked, said: Any) -> str:
    return answer_words(one.question, said) or str(STATES.get(said.answer, ""))


STATES = {
    "declined": _lazy("Prefer not to say"),
    "unknown": _lazy("Not known"),
    "not_today": _lazy("Not today"),
}


def _details_page(
    request: StaffRequest,
    chart: Chart,
    section: Section,
    asked: list[Asked],
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    errors = [
        {"href": f"#id_{one.question.topic}", "text": f"{one.question.title}: {one.wrong}"}
        for one in asked
        if one.wrong
    ]
    context = {
        **around(chart), "section": section, "asked": asked, "errors": errors, "sources": SOURCES,
        "has_errors": bool(errors), **more,
    }  # fmt: skip
    return render(request, "intake/details.html", context, status=status)


def _go_on(request: StaffRequest, chart: Chart, section: Section) -> HttpResponse:
    """To the page again where something new is asked because of an answer, or was confirmed by itself; else to the list."""
    client = chart.client.public_id
    left = [one for one in queries.asked_in(chart, section) if not one.known]
    if request.POST.get("confirm") or (left and any(one.question.when for one in left)):
        return redirect("intake:details", client, section.key)
    messages.success(request, _("Saved: %(part)s.") % {"part": section.title.lower()})
    return redirect("intake:registration", client)


@require_POST
@opens_chart(to=Do.TAKE_DETAILS, look=False)
def details_keep(request: StaffRequest, chart: Chart, details: str) -> HttpResponse:
    """What is typed so far, kept for this person alone."""
    if details in KEPT:
        return keep_form(request, chart, details)
    section = _section(chart, details)
    answers = Answers(queries.asked_in(chart, section), request.POST)
    actions.keep_details(chart, key=section.key, body=answers.typed)
    return HttpResponse(status=204)


@require_POST
@opens_chart(to=Do.TAKE_DETAILS)
def details_none(request: StaffRequest, chart: Chart, topic: str) -> HttpResponse:
    """There is no address, no safe way, nobody to name; or they prefer not to say."""
    if topic not in NONE_TOPICS:
        raise Http404
    told = queries.current(chart, topic)
    said = Said("declined") if request.POST.get("answer") == "declined" else Said("answered", ("none",))
    actions.record_detail(chart, topic=topic, said=said, seen=told.seen if told else "")
    messages.success(request, _("Saved."))
    return redirect("intake:registration", chart.client.public_id)


@require_GET
@opens_chart(to=Do.TAKE_DETAILS)
def told_before(request: StaffRequest, chart: Chart, topic: str) -> HttpResponse:
    """Every answer that was ever given to one question, with date and who asked."""
    try:
        question, section = catalogue().question(topic), catalogue().home_of(topic)
    except KeyError:
        raise Http404 from None
    if section.part != queries.details.PART:
        raise Http404
    if not chart.permits(Do(section.act)):
        raise Refused(Do(section.act))
    rows = [
        (told, answer_words(question, told) or STATES.get(told.answer, ""))
        for told in fact_history(chart, topic)
    ]
    context = {**around(chart), "question": question, "section": section, "rows": rows}
    return render(request, "intake/told_before.html", context)
