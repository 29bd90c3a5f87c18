"""The formulation's own pages: the map with its list twin, its words, its paper."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.access.chart import Chart, ChartNotFound, OpenEpisode
from clinic.access.policy import Do
from clinic.access.views import opens_chart
from clinic.kit.http import StaffRequest
from clinic.kit.pdf import PdfUnavailable, render_pdf
from clinic.people.queries import setting
from clinic.record.models import Problem, StaleEdit
from treatment_plans import actions, queries, rules
from treatment_plans.forms import InsightForm, MapLinkForm, MapWordsForm, NodeForm
from treatment_plans.queries.formulation_offers import common_offers, map_offers, taken_up_by
from treatment_plans.queries.parts import home_of
from treatment_plans.queries.suggestions import listed_problem, positive_screen
from treatment_plans.views.looks import client_of, here, over


@require_GET
@opens_chart(to=Do.SEE_PLAN)
def formulation(request: StaffRequest, chart: Chart) -> HttpResponse:
    """The map that serves both sides best; or how to begin, with what is there already."""
    found = queries.maps_of(chart)
    if found:
        return _show(request, chart, found[0], found[1:])
    homes = queries.homes(chart)
    page = {
        **here(chart), "map": None, "homes": homes, "may_plan": bool(homes),
        "offers": map_offers(chart, None, homes[0]) if homes else [],
    }  # fmt: skip
    return render(request, "treatment_plans/formulation_begin.html", page)


@require_GET
@opens_chart(to=Do.SEE_PLAN)
def formulation_map(request: StaffRequest, chart: Chart, map: str) -> HttpResponse:
    """One map, with everything on it."""
    return _show(request, chart, queries.map_of(chart, map), [])


def _show(request: StaffRequest, chart: Chart, found: queries.Map, others: list[queries.Map]) -> HttpResponse:
    place = chart.episode(found.row.episode_id)
    may_plan = chart.permits(Do.PLAN, place.id)
    page = {**here(chart), "map": found, "place": place, "others": [(one, chart.episode(one.row.episode_id)) for one in others],
            "may_plan": may_plan, "undo": request.session.pop("formulation_undo", None)}  # fmt: skip
    if may_plan:
        page |= {
            "offers": map_offers(chart, found, place), "common": common_offers(found),
            "node_form": NodeForm(auto_id="new-node-%s"), "insight_form": InsightForm(auto_id="new-insight-%s"),
            "link_form": MapLinkForm(auto_id="new-link-%s", nodes=found.nodes),
        }  # fmt: skip
    return render(request, "treatment_plans/formulation.html", page)


@require_POST
@opens_chart(to=Do.PLAN, look=False)
def begin_formulation(request: StaffRequest, chart: Chart) -> HttpResponse:
    """The map is begun; with `key`, what was offered is on it at once."""
    place = home_of(chart, request.POST.get("episode", "")) or next(iter(queries.homes(chart)), None)
    row = actions.begin_formulation(chart, place=place)
    return _take(request, chart, queries.map_of(chart, row.public_id))


@require_POST
@opens_chart(to=Do.PLAN, look=False)
def suggest_node(request: StaffRequest, chart: Chart, map: str) -> HttpResponse:
    """What was offered is on the map: problems of the list, or a positive screen as a new problem."""
    return _take(request, chart, queries.map_of(chart, map))


def _take(request: StaffRequest, chart: Chart, found: queries.Map) -> HttpResponse:
    place = chart.episode(found.row.episode_id)
    try:
        for key in request.POST.getlist("key"):
            what, _sep, of = key.partition(":")
            problem = _from_screen(chart, place, of) if what == "screen" else listed_problem(chart, of)
            actions.put_problem(chart, formulation=found.row, problem=problem)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return redirect("treatment_plans:formulation_map", client_of(request), found.public_id)


def _from_screen(chart: Chart, place: OpenEpisode, instrument: str) -> Problem:
    """The listed problem that is about what a positive screen asks; a new one where there is none yet."""
    if instrument not in rules.TOPICS:
        raise ChartNotFound
    listed = taken_up_by(chart, instrument)
    if listed is not None:
        return listed
    screen, topic = positive_screen(chart, instrument), rules.TOPICS[instrument]
    return actions.list_problem(
        chart, place=place, text=_(topic.problem), domain=topic.domain, source="screen",
        said_by=screen.source[:80], source_part2=screen.part2,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.PLAN)
def formulation_words(request: StaffRequest, chart: Chart, map: str) -> HttpResponse:
    """How it hangs together in the client's words, over the version that was shown."""
    found = queries.map_of(chart, map)
    form = MapWordsForm(request.POST or None, initial=MapWordsForm.of(found))
    page = {**here(chart), "form": form, "map": found, "title": _("How it hangs together")}
    if request.method == "GET" or not form.is_valid():
        return render(
            request, "treatment_plans/formulation_form.html", page, status=422 if form.is_bound else 200
        )
    try:
        version = form.cleaned_data["version"] or 0
        actions.change_formulation(chart, formulation=found.row, version=version, **form.given())
    except StaleEdit as stale:
        page["conflicts"] = over(form, stale.theirs)
        return render(request, "treatment_plans/formulation_form.html", page, status=409)
    except ValidationError as refused:
        form.add_error(None, refused)
        return render(request, "treatment_plans/formulation_form.html", page, status=422)
    return to_map(request, map, "words")


@require_POST
@opens_chart(to=Do.PLAN, look=False)
def move_node(request: StaffRequest, chart: Chart, map: str, piece: str) -> HttpResponse:
    """A box was dragged or pushed by the arrow keys: the drawing as it stands now. 409 where someone moved it first."""
    node = queries.piece_row(chart, "node", piece, map)
    told = [request.POST.get(name, "") for name in ("version", "x", "y")]
    if not all(value.isascii() and value.isdigit() and len(value) < 7 for value in told):
        return HttpResponse(status=422)
    version, x, y = (int(value) for value in told)
    try:
        actions.move_node(chart, node=node, version=version, x=x, y=y)
    except StaleEdit:
        return HttpResponse(status=409)
    page = {"map": queries.map_of(chart, map), "client_id": client_of(request), "may_plan": True}
    return render(request, "treatment_plans/_formulation_drawing.html", page)


@require_POST
@opens_chart(to=Do.PLAN, look=False)
def tidy_map(request: StaffRequest, chart: Chart, map: str) -> HttpResponse:
    """Every box stands where the drawing would put it."""
    actions.tidy_map(chart, formulation=queries.map_row(chart, map))
    return to_map(request, map, "map")


def to_map(request: StaffRequest, map: str, anchor: str) -> HttpResponse:
    """Back to the map, at that place."""
    return redirect(f"{reverse('treatment_plans:formulation_map', args=[client_of(request), map])}#{anchor}")


@require_GET
@opens_chart(to=Do.SEE_PLAN)
def formulation_pdf(request: StaffRequest, chart: Chart, map: str) -> HttpResponse:
    """The map on paper, its list after it; that it was printed is on the ledger before it is sent."""
    found = queries.map_of(chart, map)
    page: dict[str, Any] = {
        **here(chart), "map": found, "place": chart.episode(found.row.episode_id), "paper": setting("paper"),
        "printed_by": request.user.signing_name,
    }  # fmt: skip
    actions.print_formulation(chart, formulation=found.row)
    try:
        written = render_pdf("treatment_plans/formulation_pdf.html", page)
    except PdfUnavailable:
        messages.error(request, _("This machine cannot make PDFs. Print this page from the browser instead."))
        return to_map(request, map, "map")
    told = {"Content-Disposition": 'inline; filename="formulation.pdf"'}
    return HttpResponse(written, content_type="application/pdf", headers=told)
