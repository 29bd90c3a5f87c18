"""What stands on the map: added, changed, removed, put back, each by a form that needs neither pointer nor drawing."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from clinic.access.chart import Chart, ChartNotFound
from clinic.access.policy import Do
from clinic.access.views import opens_chart
from clinic.kit.http import StaffRequest
from clinic.record.models import StaleEdit
from treatment_plans import actions, queries
from treatment_plans.forms import EvidenceForm, InsightForm, MapLinkForm, NodeForm
from treatment_plans.models import NodeKind
from treatment_plans.queries.formulation_offers import in_words, screen_of, screens_for
from treatment_plans.views.formulation import to_map
from treatment_plans.views.looks import client_of, here, over

TITLES = {
    "node": (_("Add to the map"), _("Change this")),
    "link": (_("Draw a link"), _("Change the link")),
    "insight": (_("Add what the client knows"), _("Change this")),
}


def _form(sort: str, found: queries.Map, data: Any, initial: dict[str, Any], *, changing: bool) -> Any:
    if sort == "link":
        return MapLinkForm(data, initial=initial, nodes=None if changing else found.nodes)
    if sort == "node":
        return NodeForm(data, initial=initial, problems=not changing)
    if sort == "insight":
        return InsightForm(data, initial=initial)
    raise ChartNotFound


def _page(chart: Chart, found: queries.Map, sort: str, form: forms.Form, *, changing: bool) -> dict[str, Any]:
    return {**here(chart), "map": found, "form": form, "title": TITLES[sort][changing], "sort": sort}


def _answer(request: StaffRequest, page: dict[str, Any], status: int) -> HttpResponse:
    return render(request, "treatment_plans/formulation_form.html", page, status=status)


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.PLAN)
def add_piece(request: StaffRequest, chart: Chart, map: str, sort: str) -> HttpResponse:
    """A node, a link or an insight is on the map. A link may come with its ends and words offered."""
    found = queries.map_of(chart, map)
    offered = {
        name: request.GET.get(name, "")[:300] for name in ("from_node", "to_node", "verb", "how", "kind")
    }
    form = _form(sort, found, request.POST or None, offered, changing=False)
    page = _page(chart, found, sort, form, changing=False)
    if request.method == "GET" or not form.is_valid():
        return _answer(request, page, 422 if form.is_bound else 200)
    adds: dict[str, Callable[..., Any]] = {
        "node": actions.add_node, "link": actions.draw_link, "insight": actions.add_insight,
    }  # fmt: skip
    try:
        made = adds[sort](chart, formulation=found.row, **_ends(chart, map, sort, form.given()))
    except ValidationError as refused:
        form.add_error(None, refused)
        return _answer(request, page, 422)
    return to_map(request, map, f"{sort}-{made.public_id}")


def _ends(chart: Chart, map: str, sort: str, given: dict[str, Any]) -> dict[str, Any]:
    """What the verb takes: rows for the ids that a link's form carries."""
    if sort == "link":
        for name in ("from_node", "to_node"):
            given[name] = queries.piece_row(chart, "node", given[name], map)
    return given


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.PLAN)
def change_piece(request: StaffRequest, chart: Chart, map: str, sort: str, piece: str) -> HttpResponse:
    """It is changed over the version that was shown; a stale save shows both texts and keeps what was typed."""
    found, row = queries.map_of(chart, map), queries.piece_row(chart, sort, piece, map)
    if sort == "node" and row.kind == NodeKind.PROBLEM:  # its words are the list's, and are changed there
        return redirect("treatment_plans:problems", client_of(request))
    names = {"node": ("text", "kind"), "link": ("verb", "how"), "insight": ("kind", "words")}.get(sort, ())
    initial = {name: getattr(row, name) for name in ("version", *names)}
    form = _form(sort, found, request.POST or None, initial, changing=True)
    page = {**_page(chart, found, sort, form, changing=True), "piece": row}
    if request.method == "GET" or not form.is_valid():
        return _answer(request, page, 422 if form.is_bound else 200)
    changes: dict[str, Callable[..., Any]] = {
        "node": actions.change_node, "link": actions.redraw_link, "insight": actions.change_insight,
    }  # fmt: skip
    try:
        changes[sort](chart, **{sort: row}, version=form.cleaned_data["version"] or 0, **form.given())
    except StaleEdit as stale:
        return _answer(request, {**page, "conflicts": over(form, stale.theirs)}, 409)
    except ValidationError as refused:
        form.add_error(None, refused)
        return _answer(request, page, 422)
    return to_map(request, map, f"{sort}-{piece}")


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.PLAN)
def remove_piece(request: StaffRequest, chart: Chart, map: str, sort: str, piece: str) -> HttpResponse:
    """Says what would go with it; then it is off the map, and one click puts it back."""
    found, row = queries.map_of(chart, map), queries.piece_row(chart, sort, piece, map)
    node = next((one for one in found.nodes if one.public_id == piece), None)
    going = [*found.links_from(node), *found.links_to(node)] if node else []
    if request.method == "GET":
        link = next((one for one in found.links if one.public_id == piece), None)
        page = {
            **here(chart),
            "map": found,
            "sort": sort,
            "piece": row,
            "node": node,
            "link": link,
            "going": going,
        }
        return render(request, "treatment_plans/formulation_remove.html", page)
    actions.remove_piece(chart, piece=row)
    request.session["formulation_undo"] = {"sort": sort, "piece": piece}
    return to_map(request, map, "undo")


@require_POST
@opens_chart(to=Do.PLAN, look=False)
def put_back(request: StaffRequest, chart: Chart, map: str, sort: str, piece: str) -> HttpResponse:
    """What was removed is there again, with what went with it."""
    row = queries.piece_row(chart, sort, piece, map)
    try:
        actions.put_back(chart, piece=row)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return to_map(request, map, f"{sort}-{piece}")


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.PLAN)
def add_evidence(request: StaffRequest, chart: Chart, map: str, link: str) -> HttpResponse:
    """A link rests on a questionnaire, on what was recorded, or on the client's words."""
    found, row = queries.map_of(chart, map), queries.piece_row(chart, "link", link, map)
    place = chart.episode(found.row.episode_id)
    listed = [(str(one.public_id), in_words(one)) for one in screens_for(chart, place)]
    form = EvidenceForm(request.POST or None, screens=listed, initial={"kind": "words"})
    shown = next((one for one in found.links if one.public_id == link), None)
    page = {
        **here(chart),
        "map": found,
        "form": form,
        "title": _("What it rests on"),
        "sort": "evidence",
        "link": shown,
    }
    if request.method == "GET" or not form.is_valid():
        return _answer(request, page, 422 if form.is_bound else 200)
    try:
        screen = screen_of(chart, place, form.cleaned_data.get("screen", ""))
        told = {**form.given(), "screen": screen}
        if screen is not None:
            told["words"], told["on"] = told["words"] or in_words(screen), told["on"] or screen.date
        actions.add_evidence(chart, link=row, **told)
    except ValidationError as refused:
        form.add_error(None, refused)
        return _answer(request, page, 422)
    return to_map(request, map, f"link-{link}")
