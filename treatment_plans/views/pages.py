"""The plan's pages: what holds now, the draft being drawn up, a version as it stands, its printed copy."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.access.chart import Chart
from clinic.access.policy import Do
from clinic.access.views import opens_chart
from clinic.kit import clock
from clinic.kit.http import StaffRequest
from clinic.kit.words import in_one_language
from clinic.record.queries import banner
from treatment_plans import actions, queries
from treatment_plans.forms import FrameForm, LinkForm, ProblemForm, StrengthsForm, WordsForm
from treatment_plans.models import Plan
from treatment_plans.queries.parts import home_of, kept_parts, plan_row
from treatment_plans.views.keeping import others_editing
from treatment_plans.views.looks import client_of, here, judged, over, pdf_of, tasks_of, trend_of
from treatment_plans.views.parts import KINDS, keep_key, part_title

WORDS: dict[str, type[WordsForm]] = {"strengths": StrengthsForm, "frame": FrameForm}


@require_GET
@opens_chart(to=Do.SEE_PLAN)
@in_one_language()
def home(request: StaffRequest, chart: Chart) -> HttpResponse:
    """The plan that holds, the draft that waits, and every version; or how to begin, with what suggests itself."""
    listed = queries.versions(chart)
    draft = next((v for v in listed if v.frozen_at is None), None)
    tree = queries.current_plan(chart) or (queries.tree(chart, draft.public_id) if draft else None)
    page = {
        **here(chart), "tree": tree, "plan_map": queries.map_of_plan(tree), "draft": draft, "versions": listed, "trend": trend_of(chart, tree) if tree else None,
        "suggestions": [] if tree else queries.suggestions(chart, None), **judged(chart, tree),
        "homes": queries.homes(chart), "may_plan": chart.permits(Do.PLAN), "may_sign": chart.permits(Do.SIGN_PLAN),
        "review_on": queries.review_day(tree) if tree and tree.is_signed else None,
    }  # fmt: skip
    return render(request, "treatment_plans/home.html", page)


@require_POST
@opens_chart(to=Do.PLAN, look=False)
def start(request: StaffRequest, chart: Chart) -> HttpResponse:
    """A draft is begun and opened."""
    place = home_of(chart, request.POST.get("episode", ""))
    try:
        plan = actions.start_plan(chart, episode=place)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect("treatment_plans:home", client_of(request))
    return redirect("treatment_plans:edit", client_of(request), plan.public_id)


@require_GET
@opens_chart(to=Do.SEE_PLAN)
@in_one_language()
def show(request: StaffRequest, chart: Chart, plan: str) -> HttpResponse:
    """One version as it stands: signed, it is frozen; a draft is marked as one."""
    tree = queries.tree(chart, plan)
    place = tree.plan.episode_id
    if tree.in_error and not chart.permits(
        Do.SEE_ACCESS, place
    ):  # law.md, section 7, R4: out of the care view
        return render(request, "treatment_plans/in_error.html", {**here(chart), "tree": tree}, status=410)
    page = {
        **here(chart), "tree": tree, "plan_map": queries.map_of_plan(tree), "trend": trend_of(chart, tree), "may_plan": chart.permits(Do.PLAN, place),
        "may_sign": chart.permits(Do.SIGN_PLAN, place), **judged(chart, tree),
    }  # fmt: skip
    return render(request, "treatment_plans/show.html", page)


@require_GET
@opens_chart(to=Do.PLAN)
@in_one_language()
def edit(request: StaffRequest, chart: Chart, plan: str) -> HttpResponse:
    """The one page on which the plan is drawn up."""
    tree = queries.tree(chart, plan)
    if tree.is_signed:
        return redirect("treatment_plans:show", client_of(request), plan)
    return render(request, "treatment_plans/edit.html", _edit_page(request, chart, tree))


def _fresh(form: Any, place: str, draft: queries.PlanTree, kept: dict[str, Any], **more: Any) -> Any:
    """An empty form, or what was typed into it and not saved."""
    key = keep_key(place, draft.plan)
    row = kept.get(key)
    made = form(auto_id=f"{place}-%s", initial=row.body if row else {}, **more)
    made.kept_as, made.kept_at = key, row.saved_at if row else None
    return made


def _unfinished(tree: queries.PlanTree, kept: dict[str, Any]) -> list[dict[str, Any]]:
    """Forms of this draft's parts that someone began and did not save: what they are, since when, how to go on."""
    found = []
    parts = {str(part.public_id) for part in tree.parts}
    for key, row in kept.items():
        way, kind, of = key.split("-", 2)
        if of in parts and kind in KINDS:
            found.append(
                {
                    "title": part_title(kind, changing=way == "change"),
                    "way": way,
                    "kind": kind,
                    "of": of,
                    "at": row.saved_at,
                    "key": key,
                }
            )
    return found


def _edit_page(request: StaffRequest, chart: Chart, tree: queries.PlanTree) -> dict[str, Any]:
    kept = kept_parts(chart)
    return {
        **here(chart), "tree": tree, "tasks": tasks_of(tree, clock.today(chart.episode(tree.plan.episode_id).zone)),
        "suggestions": queries.suggestions(chart, tree), "strengths_form": StrengthsForm.of(tree.plan, "strengths"),
        "frame_form": FrameForm.of(tree.plan, "frame"), "problem_form": _fresh(ProblemForm, "new-problem", tree, kept),
        "link_form": _fresh(LinkForm, "new-link", tree, kept, tree=tree), "unfinished": _unfinished(tree, kept), "place": chart.episode(tree.plan.episode_id), "editing": others_editing(request, tree.plan),
    }  # fmt: skip


@require_POST
@opens_chart(to=Do.PLAN, look=False)
def keep_words(request: StaffRequest, chart: Chart, plan: str, section: str) -> HttpResponse:
    """A section's words, as they are typed (autosave) or by its button; a stale save shows both texts."""
    if section not in WORDS:
        raise Http404
    form = WORDS[section](request.POST, auto_id=f"{section}-%s")
    row = plan_row(chart, plan, lock=True)
    page = {**here(chart), "form": form, "section": section, "plan": row}
    if not form.is_valid():
        return render(request, "treatment_plans/words.html", page, status=422)
    stands_on = form.stands_on(row)
    if form.cleaned_data["version"] != stands_on and form.changes(row):
        conflicts = over(form, row, stands_on)
        return render(request, "treatment_plans/words.html", {**page, "conflicts": conflicts}, status=409)
    try:
        row = _keep(chart, row, form.changes(row))
    except ValidationError as refused:
        form.add_error(None, refused)
        return render(request, "treatment_plans/words.html", page, status=422)
    if request.headers.get("X-Entwine-Fetch"):
        return HttpResponse(status=204, headers={"X-Entwine-Version": str(form.stands_on(row))})
    return redirect(f"{reverse('treatment_plans:edit', args=[client_of(request), plan])}#{section}")


def _keep(chart: Chart, plan: Plan, changes: dict[str, Any]) -> Plan:
    return actions.change_plan(chart, plan=plan, version=plan.version, **changes) if changes else plan


@require_GET
@opens_chart(to=Do.PLAN, look=False)
def tasks(request: StaffRequest, chart: Chart, plan: str) -> HttpResponse:
    """The task list as it stands now, for the page it belongs to."""
    tree = queries.tree(chart, plan)
    today = clock.today(chart.episode(tree.plan.episode_id).zone)
    page = {"tasks": tasks_of(tree, today), "tree": tree, "client_id": client_of(request)}
    page["editing"] = others_editing(request, tree.plan)
    return render(request, "treatment_plans/_tasks.html", page)


@require_POST
@opens_chart(to=Do.PLAN, look=False)
def new_version(request: StaffRequest, chart: Chart, plan: str) -> HttpResponse:
    """A draft with a copy of everything in the signed plan."""
    client = client_of(request)
    try:
        draft = actions.new_version(chart, plan=plan_row(chart, plan))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect("treatment_plans:home", client)
    return redirect("treatment_plans:edit", client, draft.public_id)


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.PLAN)
def discard(request: StaffRequest, chart: Chart, plan: str) -> HttpResponse:
    """Asks once, then the draft is gone."""
    client = client_of(request)
    draft = plan_row(chart, plan)
    if request.method == "GET" and not draft.is_signed:
        page = {**here(chart), "plan": draft}
        return render(request, "treatment_plans/discard.html", page)
    try:
        actions.discard_draft(chart, plan=draft)
        messages.success(request, _("The draft was discarded."))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return redirect("treatment_plans:home", client)


@require_GET
@opens_chart(to=Do.SEE_PLAN)
def print_pdf(request: StaffRequest, chart: Chart, plan: str) -> HttpResponse:
    """The plan as a PDF, inside the house; that it was printed is on the ledger before it is sent."""
    tree = queries.tree(chart, plan)
    page = {
        "banner": banner(chart),
        "tree": tree,
        "plan_map": queries.map_of_plan(tree),
        "trend": trend_of(chart, tree),
    }
    actions.print_plan(chart, plan=tree.plan)
    told = {**page, "printed_by": request.user.signing_name, "draft": not tree.is_signed}
    return pdf_of(request, "plan", told, f"plan-{tree.plan.version_no}", plan)
