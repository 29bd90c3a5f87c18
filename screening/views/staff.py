"""The staff's pages of the screening room: the list, one form, what came of it, the set, the safety step, corrections."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.access.chart import Chart, ChartNotFound
from clinic.access.policy import Do
from clinic.access.views import opens_chart
from clinic.kit import clock
from clinic.people.models import Role
from clinic.people.queries import colleagues
from clinic.record.models import Language, StaleEdit
from clinic.record.queries import banner
from screening import actions, queries
from screening.forms import PageForm, ReasonForm, SafetyStepForm, left_blank, new_marks, read_answers
from screening.models import Answering, Mode, Screen, Sitting


@dataclass
class _Form:
    """One instrument being asked: what every answer to it needs."""

    request: HttpRequest
    instrument: Any
    banner: Any
    sitting: Sitting | None
    context: dict[str, Any] | None = None

    def page(self, **more: Any) -> dict[str, Any]:
        names = self.sitting.instruments if self.sitting else []
        known = (
            {"part": names.index(self.instrument.id) + 1, "parts": len(names)}
            if self.instrument.id in names
            else {}
        )
        return {
            "banner": self.banner,
            "sitting": self.sitting,
            "client": _client(self.request),
            **known,
            **more,
        }


OWNERS = (Role.CLINICIAN, Role.PRESCRIBER, Role.SUPERVISOR)
STEP = ("told", "asked", "done")


@require_GET
@opens_chart(to=Do.OPEN_CHART)
def screens(request: HttpRequest, chart: Chart) -> HttpResponse:
    """Every screen of the chart, what is begun, and what to ask next."""
    who, flows, rows = banner(chart), _flows(chart), queries.screens(chart)
    due = queries.due_sets(chart, clock.today(chart.episodes[0].zone)).get(chart.client_id)
    page = {
        "banner": who,
        **flows,
        "screens": [(row, queries.headline(row)) for row in rows],
        "begun": [(row, queries.instrument(row.instrument)) for row in queries.answerings(chart)],
        "sittings": queries.open_sittings(chart),
        "steps": queries.safety_steps(chart),
        "groups": queries.offered_groups(chart, [one.form.id for one in due.now] if due else ()),
        "due": due,
        "held": queries.held_back(chart, clock.today()),
        "agreed": queries.agreed(chart),
        "may_screen": chart.permits(Do.SCREEN),
        "spanish": chart.client.language == Language.SPANISH,
    }
    return render(request, "screening/home.html", page)


@require_POST
@opens_chart(to=Do.SCREEN)
def start(request: HttpRequest, chart: Chart) -> HttpResponse:
    """Begin a set of the chosen instruments, in the clinic's order."""
    chosen = [form.id for form in queries.offered(chart) if form.id in request.POST.getlist("instrument")]
    if not chosen:
        messages.error(request, _("Choose at least one questionnaire."))
        return _to(request, "home")
    spoken = Language.SPANISH if request.POST.get("language") == "es" else Language.ENGLISH
    sitting = actions.start_sitting(chart, instruments=chosen, language=spoken)
    return _ask(request, chosen[0], sitting)


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.SCREEN)
def answer(request: HttpRequest, chart: Chart, instrument: str) -> HttpResponse:
    """One instrument: fill it in; posted, it is finished and the next of the set follows."""
    today, of_set = clock.today(chart.home(Do.SCREEN).zone), _sitting(request, chart)
    begun = queries.answering(chart, instrument, of_set)
    form = begun.form if begun else queries.asked_here(chart, instrument)
    asked = _Form(request, form, banner(chart), of_set)
    if request.method != "POST":
        return _sheet_page(asked, chart, begun, today)
    marks = PageForm(request.POST, today=today)
    told = asked.context = queries.context(chart, form, chart.client_id)
    answers, errors = read_answers(form, request.POST, told)
    if errors or not marks.is_valid():
        return _wrong(asked, marks, answers, errors)
    page = actions.AnswerPage(instrument=form.id, sitting=asked.sitting, **_marks(marks))
    try:
        kept = actions.keep_answers(chart, page=page, answers=answers)
    except StaleEdit as stale:
        return _conflict(asked, marks, answers, stale.theirs)
    blank = left_blank(form, answers)
    if blank and "incomplete" not in request.POST:
        return _wrong(asked, marks, answers, blank, unfinished=True)
    return _after(request, chart, actions.complete_screen(chart, answering=kept))


@require_POST
@opens_chart(to=Do.SCREEN, look=False)
def keep(request: HttpRequest, chart: Chart, instrument: str) -> HttpResponse:
    """One more answer is on the server: says when, and shows the safety step the moment it is needed."""
    of_set = _sitting(request, chart)
    begun = queries.answering(chart, instrument, of_set)
    form = begun.form if begun else queries.instrument(instrument)
    marks = PageForm(request.POST, today=clock.today(chart.home(Do.SCREEN).zone))
    answers, errors = read_answers(form, request.POST, queries.context(chart, form, chart.client_id))
    if errors or not marks.is_valid():
        wrong = [*errors.values(), *(error for found in marks.errors.values() for error in found)]
        return render(request, "screening/_not_kept.html", {"wrong": wrong}, status=422)
    page = actions.AnswerPage(instrument=form.id, sitting=of_set, **_marks(marks))
    try:
        kept = actions.keep_answers(chart, page=page, answers=answers)
    except StaleEdit:
        return render(request, "screening/_not_kept.html", {"stale": True}, status=409)
    flags = queries.open_flags(chart, [kept.screen_id])
    shown = {"saved_at": kept.saved_at, "flags": flags, "client": _client(request)}
    return render(request, "screening/_kept.html", shown)


@require_GET
@opens_chart(to=Do.OPEN_CHART)
def screen(request: HttpRequest, chart: Chart, screen: str) -> HttpResponse:
    """What one screen came to, the change since the one before, and what to do next."""
    row = queries.screen(chart, screen)
    page = {
        "banner": banner(chart),
        "result": queries.result(row, queries.trends(chart), queries.clinic_choices(chart)),
        "stands": queries.standing(chart, [row]).get(row.thread),
        "next_forms": queries.next_forms(chart, [row]),
        "flags": queries.open_flags(chart, [row.thread]),
        "client": _client(request),
        "may_screen": chart.permits(Do.SCREEN, row.episode_id),
        "may_plan": chart.permits(Do.SEE_PLAN),
    }
    return render(request, "screening/screen.html", page)


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.OPEN_CHART)
def sitting(request: HttpRequest, chart: Chart, sitting: str) -> HttpResponse:
    """The whole set: what is done with its results, what is still to be asked; it is ended here."""
    row, who = queries.sitting(chart, sitting), banner(chart)
    done = queries.sitting_screens(chart, row)
    flags, results = queries.sitting_flags(chart, row), _results(chart, row, done)
    form, following = ReasonForm(_posted(request)), queries.next_forms(chart, list(done.values()))
    needs_reason = bool(flags) or any(one.is_safety for one in following)
    if request.method == "POST" and row.closed_at is None and (form.is_valid() or not needs_reason):
        actions.close_sitting(chart, sitting=row, reason=form.cleaned_data.get("reason", ""))
        messages.success(request, _("The set is closed."))
        return _to(request, "home")
    page = {
        "banner": who, "sitting": row, "flags": flags, "form": form, "next": _next(row, done), "next_forms": following,
        "needs_reason": needs_reason,
        "results": results, "may_screen": chart.permits(Do.SCREEN, row.episode_id),
        "may_plan": chart.permits(Do.SEE_PLAN), "client": _client(request), "in_hand": queries.in_hand(row),
        "how_far": queries.how_far(row),
    }  # fmt: skip
    return render(request, "screening/sitting.html", page, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.ANSWER_FLAG)
def safety(request: HttpRequest, chart: Chart, flag: str) -> HttpResponse:
    """The safety step: who was told, what was asked, what was done, next contact, owner."""
    row, who = queries.flag(chart, flag), banner(chart)
    place = chart.episode(row.episode_id)
    known = colleagues([place.program_id], *OWNERS)
    first = {"owner": chart.who.pk, "next_contact_on": clock.today(place.zone)}
    form = SafetyStepForm(_posted(request), initial=first, colleagues=known, today=clock.today(place.zone))
    source = queries.screen_of(chart, row)
    said = queries.said_in_words(source.instrument, source.answers) if source else ""
    page = {
        "banner": who, "flag": row, "source": source, "said": said, "form": form,
        "steps": queries.safety_steps(chart, row),
    }  # fmt: skip
    if request.method != "POST" or not form.is_valid():
        return render(request, "screening/safety.html", page, status=422 if form.errors else 200)
    try:
        actions.file_safety_step(chart, flag=row, **form.cleaned_data)
    except StaleEdit:
        mine = [{"label": form[name].label, "value": form.cleaned_data[name]} for name in STEP]
        return _late(request, who, _("Someone answered this flag already."), "safety", mine=mine, flag=flag)
    messages.success(request, _("The safety step is on file, and the flag is answered."))
    return _after(request, chart, source) if source else _go_on(request, chart, row.source_id)


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.SCREEN)
def correct(request: HttpRequest, chart: Chart, screen: str) -> HttpResponse:
    """A finished screen is corrected by another one that says why; the first stays as it was."""
    row, who = queries.screen(chart, screen), banner(chart)
    form = queries.instrument(row.instrument)
    told, answers = row.score.get("context"), row.answers
    errors: dict[str, Any] = {}
    if request.method == "POST":
        answers, errors = read_answers(form, request.POST, told)
    why = ReasonForm(_posted(request))
    if request.method == "POST" and why.is_valid() and not errors:
        try:
            newer = actions.correct_screen(chart, screen=row, answers=answers, **why.cleaned_data)
        except StaleEdit:
            return _late(request, who, _("Someone corrected this form already."), "screen", screen=screen)
        messages.success(request, _("The correction is on file; the first form stays as it was."))
        return _to(request, "screen", screen=newer.public_id)
    page = {
        "banner": who, "row": row, "sheet": queries.sheet(form, answers, row.language, errors, told), "form": why,
        "errors": _listed(errors),
    }  # fmt: skip
    return render(request, "screening/correct.html", page, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.SCREEN)
def in_error(request: HttpRequest, chart: Chart, screen: str) -> HttpResponse:
    """A screen was entered in error: it stays to be read and no longer counts."""
    row, who = queries.screen(chart, screen), banner(chart)
    form = ReasonForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.mark_in_error(chart, screen=row, **form.cleaned_data)
        except StaleEdit:
            return _late(request, who, _("Someone marked this form already."), "screen", screen=screen)
        messages.success(request, _("The form is marked as entered in error."))
        return _to(request, "home")
    page = {"banner": who, "row": row, "instrument": queries.instrument(row.instrument), "form": form}
    return render(request, "screening/in_error.html", page, status=422 if form.errors else 200)


def _flows(chart: Chart) -> dict[str, Any]:
    """The withdrawal scales that are being rated, and those that may be begun."""
    flows = queries.running_flows(chart)
    running = {name for name, _title, _due in flows}
    scales = [form for form in queries.offered(chart) if form.use == "withdrawal" and form.id not in running]
    return {"flows": flows, "scales": scales}


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _client(request: HttpRequest) -> str:
    return str(request.resolver_match.kwargs["client"]) if request.resolver_match else ""


def _to(request: HttpRequest, name: str, **kwargs: Any) -> HttpResponse:
    return redirect(f"screening:{name}", client=_client(request), **kwargs)


def _late(
    request: HttpRequest, who: Any, what: str, name: str, *, mine: Any = (), **kwargs: Any
) -> HttpResponse:
    """409: someone did it first. What was typed is shown, so that it is not lost; nothing is overwritten."""
    href = reverse(f"screening:{name}", kwargs={"client": _client(request), **kwargs})
    page = {"banner": who, "what": what, "href": href, "mine": mine}
    return render(request, "screening/late.html", page, status=409)


def _ask(request: HttpRequest, instrument: str, sitting: Sitting) -> HttpResponse:
    response = _to(request, "answer", instrument=instrument)
    response["Location"] += f"?set={sitting.public_id}"
    return response


def _sitting(request: HttpRequest, chart: Chart) -> Sitting | None:
    named = request.POST.get("set") or request.GET.get("set")
    if not named:
        return None
    try:
        return queries.sitting(chart, str(UUID(named)))
    except ValueError:
        raise ChartNotFound from None


def _marks(form: PageForm) -> dict[str, Any]:
    return {**form.cleaned_data, "tab": str(form.cleaned_data["tab"])}


def _sheet_page(asked: _Form, chart: Chart, begun: Answering | None, today: Any) -> HttpResponse:
    how = Mode.PAPER if asked.request.GET.get("how") == "paper" else Mode.STAFF
    marks = {**new_marks(), "taken_on": today, "mode": how}
    if begun:
        marks |= {"screen_id": begun.screen_id, "seen": begun.version}
        asked_by = begun.mode if begun.mode in (Mode.STAFF, Mode.PAPER) else how
        marks |= {"taken_on": begun.taken_on, "mode": asked_by}
        asked.sitting = asked.sitting or begun.sitting
    spoken = begun.language if begun else asked.sitting.language if asked.sitting else chart.client.language
    answers = begun.answers if begun else {}
    told = queries.context(chart, asked.instrument, chart.client_id)
    sheet = queries.sheet(asked.instrument, answers, asked.request.GET.get("lang", spoken), context=told)
    shown = PageForm(initial={**marks, "language": sheet.language}, today=today)
    flags = queries.open_flags(chart, [begun.screen_id]) if begun else []
    page = asked.page(sheet=sheet, marks=shown, flags=flags, begun=begun)
    return render(asked.request, "screening/answer.html", page)


def _wrong(
    asked: _Form, marks: PageForm, answers: dict[str, Any], wrong: dict[str, str], *, unfinished: bool = False
) -> HttpResponse:
    spoken = asked.request.POST.get("language", "en")
    sheet = queries.sheet(asked.instrument, answers, spoken, wrong, asked.context)
    page = asked.page(
        sheet=sheet, marks=marks, form=marks, errors=_listed(wrong), unfinished=unfinished, flags=[]
    )
    return render(asked.request, "screening/answer.html", page, status=422)


def _conflict(asked: _Form, marks: PageForm, answers: dict[str, Any], theirs: Any) -> HttpResponse:
    """Two pages wrote the same form: both are shown, and nothing is overwritten. A finished one is simply shown."""
    if isinstance(theirs, Screen) and theirs.answers == answers:
        return _to(asked.request, "screen", screen=theirs.public_id)
    page = asked.page(
        sheet=queries.sheet(asked.instrument, answers),
        theirs=theirs,
        marks=marks.cleaned_data,
        finished=isinstance(theirs, Screen),
        differences=queries.differences(asked.instrument, answers, theirs.answers),
        posted=[(name, one) for name, value in answers.items() for one in _posted_values(value)],
    )
    return render(asked.request, "screening/conflict.html", page, status=409)


def _posted_values(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value == "skipped" else [value]


def _listed(errors: dict[str, str]) -> list[dict[str, str]]:
    return [{"href": f"#{name}-0", "text": text} for name, text in errors.items()]


def _next(sitting: Sitting, done: dict[str, Screen]) -> str:
    return next((name for name in sitting.instruments if name not in done), "")


def _after(request: HttpRequest, chart: Chart, screen: Screen) -> HttpResponse:
    """Where a finished screen leads: the next of its set, the set's results, or its own."""
    if screen.sitting is None:
        return _to(request, "screen", screen=screen.public_id)
    done = queries.sitting_screens(chart, screen.sitting)
    following, asked_for = _next(screen.sitting, done), queries.next_forms(chart, [screen])
    if following and not asked_for:
        return _ask(request, following, screen.sitting)
    return _to(request, "sitting", sitting=screen.sitting.public_id)


def _go_on(request: HttpRequest, chart: Chart, screen_id: UUID) -> HttpResponse:
    """Back to the form that is still being filled in, if it is this person's; else to the list."""
    for begun in queries.answerings(chart):
        if begun.screen_id == screen_id:
            return _to(request, "answer", instrument=begun.instrument)
    return _to(request, "home")


def _results(chart: Chart, sitting: Sitting, done: dict[str, Screen]) -> list[Any]:
    trends, here = queries.trends(chart), queries.clinic_choices(chart)
    standing = queries.standing(chart, list(done.values()))
    return [
        (queries.instrument(name), queries.result(done[name], trends, here), standing.get(done[name].thread))
        if name in done
        else (queries.instrument(name), None, None)
        for name in sitting.instruments
    ]
