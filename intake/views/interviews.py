"""The interview as staff take it: its parts in any order, one whole part on a page, the summary read together."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.access.chart import Chart, ChartNotFound
from clinic.access.policy import Do
from clinic.access.views import opens_chart
from clinic.consent.giving import give_link
from clinic.consent.queries import link_ways
from clinic.kit import clock
from clinic.kit.http import StaffRequest
from clinic.kit.pdf import PdfUnavailable, render_pdf
from clinic.record.models import Language, SignerRole, StaleEdit
from clinic.record.queries import banner
from intake import actions, queries, rules
from intake.forms import ConfirmForm, DisagreeForm, NoticeForm, QuietForm, read_told
from intake.models import Interview, NoteChoice, Way


def _client(request: StaffRequest) -> str:
    return str(request.resolver_match.kwargs["client"]) if request.resolver_match else ""


def _here(chart: Chart) -> dict[str, Any]:
    shown = banner(chart)
    return {"banner": shown, "client_id": shown.public_id}


def _to(request: StaffRequest, name: str, *args: Any) -> HttpResponse:
    return redirect(f"intake:{name}", _client(request), *args)


def _language() -> str:
    return "es" if (get_language() or "").startswith("es") else "en"


@require_GET
@opens_chart(to=Do.SEE_INTERVIEW)
def interview_home(request: StaffRequest, chart: Chart) -> HttpResponse:
    """Every version of the interview, and how to begin one."""
    rows = queries.interviews(chart)
    page = {
        **_here(chart), "interviews": rows, "open": next((row for row in rows if not row.is_confirmed), None),
        "may_interview": chart.permits(Do.INTERVIEW), "languages": Language.choices, "notices": queries.notices_of(chart),
        "spoken": chart.client.language,
    }  # fmt: skip
    return render(request, "intake/interview_home.html", page)


@require_POST
@opens_chart(to=Do.INTERVIEW)
def interview_start(request: StaffRequest, chart: Chart) -> HttpResponse:
    """An interview is begun and opened."""
    spoken = request.POST.get("language")
    language = spoken if spoken in Language.values else chart.client.language
    try:
        row = actions.start_interview(chart, language=language)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return _to(request, "interview_home")
    return _to(request, "interview", row.public_id)


@require_GET
@opens_chart(to=Do.SEE_INTERVIEW)
def interview(request: StaffRequest, chart: Chart, interview: str) -> HttpResponse:
    """The parts as a task list, in any order; a confirmed interview is its summary."""
    row = queries.interview(chart, interview)
    if row.is_confirmed:
        return _to(request, "interview_summary", row.public_id)
    whole = queries.held(chart, row)
    may = chart.permits(Do.INTERVIEW, row.episode_id)
    page = {
        **_here(chart), "interview": row, "parts": queries.parts(whole, _language()), "may_interview": may,
        "notices": queries.notices_of(chart), "told": sum(bool(one.state) for one in whole.answers.values()),
        "link": queries.live_link(row) if may else None, "zone": chart.episode(row.episode_id).zone,
    }  # fmt: skip
    return render(request, "intake/interview.html", page)


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.INTERVIEW)
def interview_link(request: StaffRequest, chart: Chart, interview: str) -> HttpResponse:
    """By which ways the interview may go; posted, the link is sent, shown once or withdrawn, or the reason why not is said."""
    row = queries.interview(chart, interview)
    if request.POST.get("withdraw"):
        actions.withdraw_interview(chart, interview=row)
        messages.success(request, _("The link is withdrawn. What was told is kept."))
        return _to(request, "interview", row.public_id)
    if row.is_confirmed:
        return _to(request, "interview_summary", row.public_id)
    if request.method == "POST":
        return _give_link(request, chart, row)
    ways, born = link_ways(chart, chart.episode(row.episode_id)), chart.client.has_birth_date
    page = {**_here(chart), "interview": row, "ways": ways, "born": born}
    return render(request, "intake/interview_link.html", page)


def _give_link(request: StaffRequest, chart: Chart, row: Interview) -> HttpResponse:
    def show() -> HttpResponse:
        page = {**_here(chart), "interview": row, "address": actions.show_interview(chart, interview=row)}
        return render(request, "intake/interview_link_shown.html", page)

    return give_link(
        request,
        send=lambda way: actions.send_interview(chart, interview=row, way=way),
        show=show,
        back=lambda: _to(request, "interview", row.public_id),
    )


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.INTERVIEW)
def interview_part(request: StaffRequest, chart: Chart, interview: str, topic: str) -> HttpResponse:
    """One whole part on a page, every answer kept as it is given; what was told before is there to be confirmed."""
    row, part, whole = _part(chart, interview, topic)
    if row.is_confirmed:
        return _to(request, "interview_summary", row.public_id)
    if request.method == "POST":
        return _save_part(request, chart, whole, part)
    if part.sensitive and any(key.startswith(f"{part.id}.") for key in whole.answers):
        actions.open_part(chart, interview=row, part=part.id)
    return render(request, "intake/interview_part.html", _part_page(chart, whole, part))


def _part(chart: Chart, interview: str, topic: str) -> tuple[Interview, rules.Part, queries.Held]:
    whole = queries.held(chart, queries.interview(chart, interview))
    part = queries.part_of(whole, topic)
    return whole.row, part, queries.with_registered(chart, whole, part)


def _part_page(
    chart: Chart, whole: queries.Held, part: rules.Part, wrong: dict[str, str] | None = None, data: Any = None
) -> dict[str, Any]:
    language = _language()
    place = chart.episode(whole.row.episode_id)
    every = queries.parts(whole, language)
    state = next(one for one in every if one.part.id == part.id)
    names = [one.part.id for one in every]
    following = names[(names.index(part.id) + 1) % len(names)]
    return {
        **_here(chart), "interview": whole.row, "part": part, "state": state, "title": part.words("title", language),
        "why": part.words("why", language), "who": part.words("who", language), "note": part.words("note", language),
        "sheet": queries.sheet(whole, part, language, wrong or {}, data), "tab": (data or {}).get("tab") or str(uuid4()),
        "following": next(one for one in every if one.part.id == following),
        "errors": [{"href": f"#{key}", "text": text} for key, text in (wrong or {}).items()],
        "has_errors": bool(wrong),
        "notices": queries.notices_of(chart), "may_interview": True, "today": clock.today(place.zone),
        "quiet_form": QuietForm(today=clock.today(place.zone)),
    }  # fmt: skip


def _save_part(request: StaffRequest, chart: Chart, whole: queries.Held, part: rules.Part) -> HttpResponse:
    told, wrong = read_told(whole, rules.every_step(part), request.POST)
    page = _part_page(chart, whole, part, wrong, request.POST)
    if wrong:
        return render(request, "intake/interview_part.html", page, status=422)
    try:
        actions.tell(
            chart, interview=whole.row, told=told, way=Way.STAFF, tab=request.POST.get("tab", "")[:36]
        )
    except StaleEdit as stale:
        page["conflicts"] = [queries.conflict(whole, part, told, stale.theirs, _language())]
        return render(request, "intake/interview_part.html", page, status=409)
    following = request.POST.get("go")
    if following and following in whole.form.by_id:
        return _to(request, "interview_part", whole.row.public_id, following)
    return _to(request, "interview", whole.row.public_id)


@require_POST
@opens_chart(to=Do.INTERVIEW, look=False)
def interview_keep(request: StaffRequest, chart: Chart, interview: str, topic: str) -> HttpResponse:
    """What is on the page so far is kept: 204, or 422 and 409 where the page itself will say more."""
    row, part, whole = _part(chart, interview, topic)
    told, wrong = read_told(whole, rules.every_step(part), request.POST)
    try:
        actions.tell(chart, interview=row, told=told, way=Way.STAFF, tab=request.POST.get("tab", "")[:36])
    except (StaleEdit, ValidationError):
        return HttpResponse(status=409)
    return HttpResponse(status=422 if wrong else 204)


@require_POST
@opens_chart(to=Do.INTERVIEW)
def interview_note(request: StaffRequest, chart: Chart, interview: str, topic: str) -> HttpResponse:
    """The content note was read out, and this is what the client chose."""
    row, part, _whole = _part(chart, interview, topic)
    choice = request.POST.get("choice", "")
    if choice not in NoteChoice.values:
        return _to(request, "interview_part", row.public_id, part.id)
    try:
        actions.choose_note(chart, interview=row, part=part.id, choice=choice, way=Way.STAFF)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    if choice == NoteChoice.CONTINUE:
        return _to(request, "interview_part", row.public_id, part.id)
    return _to(request, "interview", row.public_id)


@require_POST
@opens_chart(to=Do.INTERVIEW)
def interview_quiet(request: StaffRequest, chart: Chart, interview: str, topic: str) -> HttpResponse:
    """Not to be asked before a day; or the client wants to talk about it again."""
    row, part, whole = _part(chart, interview, topic)
    if "lift" in request.POST:
        if quiet := queries.quiet_topic(chart, row, part.id):
            actions.lift_quiet(chart, quiet=quiet)
        return _to(request, "interview_part", row.public_id, part.id)
    form = QuietForm(request.POST, today=clock.today(whole.zone))
    if not form.is_valid():
        page = {**_part_page(chart, whole, part), "quiet_form": form, "form": form}
        return render(request, "intake/interview_part.html", page, status=422)
    actions.set_quiet(chart, interview=row, topic=part.id, **form.cleaned_data)
    messages.success(request, _("Kept. Nobody is asked to bring this up before that day."))
    return _to(request, "interview", row.public_id)


@require_GET
@opens_chart(to=Do.SEE_INTERVIEW)
def interview_summary(request: StaffRequest, chart: Chart, interview: str) -> HttpResponse:
    """What was said, to be read together; the detail of hard parts stays shut until someone opens it."""
    return _summary(request, chart, queries.held(chart, queries.interview(chart, interview)))


@require_GET
@opens_chart(to=Do.SEE_INTERVIEW)
def interview_opened(request: StaffRequest, chart: Chart, interview: str, topic: str) -> HttpResponse:
    """The summary with the detail of one hard part; that it was opened is on the ledger."""
    whole = queries.held(chart, queries.interview(chart, interview))
    part = queries.part_of(whole, topic)
    actions.open_part(chart, interview=whole.row, part=part.id)
    return _summary(request, chart, whole, part.id)


def _summary(
    request: StaffRequest,
    chart: Chart,
    held: queries.Held,
    opened: str = "",
    form: Any = None,
    status: int = 200,
) -> HttpResponse:
    row, whole = held.row, queries.summary(held)
    signed = queries.confirmations(row)
    page = {
        **_here(chart), "interview": row, "summary": whole, "opened": opened, "language": _language(), "signed": signed,
        "may_interview": chart.permits(Do.INTERVIEW, row.episode_id),
        "client_confirmed": any(s.role == SignerRole.CLIENT and s.text_hash == whole.text_hash for s in signed),
        "form": form or ConfirmForm(initial={"text_hash": whole.text_hash}),
    }  # fmt: skip
    return render(request, "intake/interview_summary.html", page, status=status)


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.INTERVIEW)
def interview_disagree(request: StaffRequest, chart: Chart, interview: str, question: str) -> HttpResponse:
    """What the client says is not right about one line, word for word."""
    row = queries.interview(chart, interview)
    line = queries.summary(queries.held(chart, row)).line(question)
    if line is None:
        raise ChartNotFound
    form = DisagreeForm(request.POST if request.method == "POST" else None)
    page = {**_here(chart), "interview": row, "statement": line.statement(_language()), "form": form}
    if request.method != "POST" or not form.is_valid():
        return render(request, "intake/interview_disagree.html", page, status=422 if form.errors else 200)
    try:
        actions.disagree(chart, interview=row, question=question, way=Way.STAFF, **form.cleaned_data)
    except ValidationError as refused:
        form.add_error(None, refused.messages[0])
        return render(request, "intake/interview_disagree.html", page, status=422)
    messages.success(request, _("Kept, word for word, beside the line."))
    return _to(request, "interview_summary", row.public_id)


@require_POST
@opens_chart(to=Do.INTERVIEW)
def interview_confirm(request: StaffRequest, chart: Chart, interview: str) -> HttpResponse:
    """The colleague confirms, and the client with them or later; with both it is frozen."""
    row = queries.interview(chart, interview)
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        return _summary(request, chart, queries.held(chart, row), form=form, status=422)
    try:
        row = actions.confirm(chart, interview=row, **form.cleaned_data)
    except (StaleEdit, ValidationError) as refused:
        told = getattr(
            refused,
            "messages",
            [_("The summary has changed since you read it. Read it again, then confirm.")],
        )
        messages.error(request, " ".join(told))
        return _to(request, "interview_summary", interview)
    messages.success(
        request,
        _("Confirmed by both. It does not change any more.") if row.is_confirmed
        else _("You have confirmed it. It is frozen once the client has, too."),
    )  # fmt: skip
    return _to(request, "interview_summary", row.public_id)


@require_GET
@opens_chart(to=Do.SEE_INTERVIEW)
def interview_print(request: StaffRequest, chart: Chart, interview: str) -> HttpResponse:
    """The summary as a PDF, by itself or with the detail of the hard parts; that it was printed is on the ledger."""
    row = queries.interview(chart, interview)
    detail = request.GET.get("detail") == "1"
    page = {
        "banner": banner(chart), "interview": row, "summary": queries.summary(queries.held(chart, row)), "detail": detail,
        "signed": queries.confirmations(row), "language": row.language, "printed_by": request.user.signing_name,
        "draft": not row.is_confirmed,
    }  # fmt: skip
    actions.print_interview(chart, interview=row, detail=detail)
    try:
        written = render_pdf("intake/interview_pdf.html", page)
    except PdfUnavailable:
        messages.error(request, _("This machine cannot make PDFs. Print this page from the browser instead."))
        return _to(request, "interview_summary", row.public_id)
    name = f'inline; filename="interview-{row.version_no}.pdf"'
    return HttpResponse(written, content_type="application/pdf", headers={"Content-Disposition": name})


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.INTERVIEW)
def notice(request: StaffRequest, chart: Chart, notice: str) -> HttpResponse:
    """What an answer led to: the form to take now, or what was done in words."""
    row = queries.notice(chart, notice)
    shown = queries.one_notice(row)
    form = NoticeForm(request.POST if request.method == "POST" else None)
    page = {**_here(chart), "notice": shown, "form": form, "interview": row.interview,
            "may_screen": chart.permits(Do.SCREEN, row.episode_id), "offered": queries.is_offered(row.instrument)}  # fmt: skip
    if request.method != "POST" or not form.is_valid():
        return render(request, "intake/interview_notice.html", page, status=422 if form.errors else 200)
    try:
        actions.close_notice(chart, notice=row, **form.cleaned_data)
    except StaleEdit:
        messages.error(request, _("Someone saw to this already; what they wrote stands."))
        return redirect(reverse("intake:notice", args=[_client(request), notice]))
    messages.success(request, _("On file. The notice has left the chart."))
    return _to(request, "interview", row.interview.public_id)
