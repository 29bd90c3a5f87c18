"""Problems, links, goals, objectives and interventions: each added, changed and removed, as fragment or as full page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.access.chart import Chart, ChartNotFound
from clinic.access.policy import Do
from clinic.access.views import opens_chart
from clinic.kit import clock
from clinic.kit.http import StaffRequest
from clinic.record.models import StaleEdit
from treatment_plans import actions, queries, rules
from treatment_plans.forms import (
    GoalForm,
    InterventionForm,
    LinkForm,
    ObjectiveForm,
    ProblemForm,
    VersionForm,
)
from treatment_plans.models import Goal, Intervention, Link, Objective, PlanPart, PlanProblem
from treatment_plans.queries.parts import kept_parts, part_row
from treatment_plans.queries.suggestions import listed_problem, positive_screen
from treatment_plans.views.looks import client_of, here, over, tasks_of


@dataclass(frozen=True)
class Kind:
    """One kind of part: its rows, form and verbs, what it hangs on, and what is asked for right after it."""

    model: type[PlanPart]
    form: type[VersionForm]
    add: Callable[..., Any]
    change: Callable[..., Any]
    remove: Callable[..., None]
    parents: tuple[str, ...] = ()
    next: str = ""


KINDS = {
    "problem": Kind(PlanProblem, ProblemForm, actions.add_problem, actions.change_problem, actions.remove_problem),
    "link": Kind(Link, LinkForm, actions.link_problems, actions.change_link, actions.remove_link),
    "goal": Kind(Goal, GoalForm, actions.add_goal, actions.change_goal, actions.remove_goal, ("problem",), "objective"),
    "objective": Kind(
        Objective, ObjectiveForm, actions.add_objective, actions.change_objective, actions.remove_objective,
        ("goal",), "intervention",
    ),
    "intervention": Kind(
        Intervention, InterventionForm, actions.add_intervention, actions.change_intervention,
        actions.remove_intervention, ("objective", "link"),
    ),
}  # fmt: skip


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise Http404
    return KINDS[name]


def _parent(chart: Chart, kind: Kind, plan: str, to: str) -> tuple[str, PlanPart]:
    """What the new part hangs on, and its name as the verb takes it."""
    for name in kind.parents:
        try:
            return name, part_row(chart, KINDS[name].model, to, plan)
        except ChartNotFound:
            continue
    raise ChartNotFound


def _form(
    chart: Chart, name: str, tree: queries.PlanTree, data: Any, initial: dict[str, Any], place: str
) -> VersionForm:
    more: dict[str, Any] = {"auto_id": f"{place}-%s", "initial": initial}
    if name == "link":
        more["tree"] = tree
    if name == "intervention":
        more["people"] = queries.responsible(chart, tree.plan)
    key = keep_key(place, tree.plan)
    kept = kept_parts(chart).get(key) if data is None else None
    if kept:
        more["initial"] = {**initial, **kept.body}
    form = KINDS[name].form(data, **more)
    form.kept_as, form.kept_at = key, kept.saved_at if kept else None
    next(iter(form.visible_fields())).field.widget.attrs["data-focus"] = (
        ""  # where writing begins after a swap
    )
    return form


def keep_key(place: str, plan: Any) -> str:
    """The key under which what is typed into the form at that place is kept."""
    return (
        f"{place.replace('new-', 'add-').rstrip('-')}-{plan.public_id}"
        if place.endswith("-") or place.startswith("new-")
        else place
    )


def _let_go(chart: Chart, tree: queries.PlanTree, form: VersionForm) -> None:
    """What was kept of a form that is now saved is not offered again."""
    if form.kept_as in kept_parts(chart):
        actions.let_part_go(chart, plan=tree.plan, key=form.kept_as)


def _given(chart: Chart, name: str, form: VersionForm, plan: str) -> dict[str, Any]:
    """What the verb takes: the form's words, with rows for the ids that a link's form carries."""
    told = form.given()
    if name == "link":
        for end in ("from_problem", "to_problem"):
            told[end] = part_row(chart, PlanProblem, told[end], plan)
    return told


def _add(request: StaffRequest, chart: Chart, plan: str, kind: str, to: str = "") -> HttpResponse:
    """A new part of the draft; in a fragment the next thing is asked for at once."""
    row, tree = _kind(kind), queries.tree(chart, plan)
    if row.parents and not to:
        raise Http404
    parent = dict([_parent(chart, row, plan, to)]) if to else {"plan": tree.plan}
    form = _form(
        chart, kind, tree, request.POST or None, _begun(request, chart, tree, kind, to), f"add-{kind}-{to}"
    )
    page = {**_part_page(request, chart, tree, kind, form, to=to), "offers": queries.offers(tree, to)}
    if request.method == "GET" or not form.is_valid():
        return _part_answer(request, page, status=422 if form.is_bound else 200)
    try:
        made = row.add(chart, **parent, **_given(chart, kind, form, plan))
        _let_go(chart, tree, form)
    except ValidationError as refused:
        form.add_error(None, refused)
        return _part_answer(request, page, status=422)
    return _done(request, plan, made, kind)


def _begun(request: StaffRequest, chart: Chart, tree: queries.PlanTree, kind: str, to: str) -> dict[str, Any]:
    """What a new part begins with: the measure that asks about the problem; who writes is responsible, the kind is the
    one that was suggested."""
    if kind == "objective":
        return queries.first_measure(chart, tree, to)
    if kind != "intervention":
        return {}
    chosen = request.GET.get("kind", "")
    offered = rules.CATALOGUE.get(chosen)
    return {
        "staff": str(request.user.public_id),
        "kind": chosen,
        "source": _(offered.source) if offered else "",
    }


def _change(request: StaffRequest, chart: Chart, plan: str, kind: str, part: str) -> HttpResponse:
    """The part's words, changed over the version that was shown; a stale save shows both texts and keeps what was typed."""
    row, tree = _kind(kind), queries.tree(chart, plan)
    there = part_row(chart, row.model, part, plan)
    form = _form(
        chart, kind, tree, request.POST or None, _initial(chart, row, there), f"change-{kind}-{part}"
    )
    page = _part_page(request, chart, tree, kind, form, part=part)
    if request.method == "GET" or not form.is_valid():
        return _part_answer(request, page, status=422 if form.is_bound else 200)
    try:
        given = _given(chart, kind, form, plan)
        row.change(chart, **{kind: there}, version=form.cleaned_data["version"] or 0, **given)
        _let_go(chart, tree, form)
    except StaleEdit as stale:
        return _part_answer(request, {**page, "conflicts": over(form, stale.theirs)}, status=409)
    except ValidationError as refused:
        form.add_error(None, refused)
        return _part_answer(request, page, status=422)
    return _done(request, plan, there, kind)


def _initial(chart: Chart, kind: Kind, row: PlanPart) -> dict[str, Any]:
    """The row as its form shows it: people and parts by public id."""
    found: dict[str, Any] = {}
    for name in kind.form.base_fields:
        value = getattr(row, name)
        found[name] = str(value.public_id) if hasattr(value, "public_id") else value
    return found


def _part_page(
    request: StaffRequest,
    chart: Chart,
    tree: queries.PlanTree,
    kind: str,
    form: VersionForm,
    *,
    to: str = "",
    part: str = "",
) -> dict[str, Any]:
    client = client_of(request)
    told = {"client": client, "plan": str(tree.plan.public_id), "kind": kind}
    if part:
        action, fragment = reverse("treatment_plans:change", kwargs={**told, "part": part}), "change_form"
        target = {**told, "part": part}
    else:
        action = reverse(
            "treatment_plans:add_to" if to else "treatment_plans:add",
            kwargs={**told, **({"to": to} if to else {})},
        )
        fragment, target = "add_to_form", {**told, "to": to}
    swaps = request.htmx and kind in ("goal", "objective", "intervention")
    page = {
        "tree": tree, "form": form, "kind": kind, "part": part, "action": action, "place": str(form.auto_id)[:-3],
        "hx_post": reverse(f"treatment_plans:{fragment}", kwargs=target) if swaps else "", "client_id": client,
        "title": part_title(kind, changing=bool(part)), "card": _card_of(tree, to or part) if swaps else None,
        "back": reverse("treatment_plans:edit", args=[client, tree.plan.public_id]),
    }  # fmt: skip
    return page if request.htmx else {**page, **here(chart)}


def part_title(kind: str, *, changing: bool) -> str:
    """What a part's form is called."""
    titles = {
        "problem": (_("Add a problem"), _("Change the problem")),
        "link": (_("Link two problems"), _("Change the link")),
        "goal": (_("Add a goal"), _("Change the goal")),
        "objective": (_("Add an objective"), _("Change the objective")),
        "intervention": (_("Add what will be done"), _("Change what will be done")),
    }
    return titles[kind][changing]


def _card_of(tree: queries.PlanTree, part: str) -> tuple[str, Any] | None:
    """The card of the page that holds this part: ("problem", trouble) or ("link", tie)."""
    for trouble in tree.troubles:
        ids = {trouble.public_id, *(w.public_id for w in trouble.wishes)}
        ids |= {p.public_id for w in trouble.wishes for a in w.aims for p in (a, *a.steps)}
        if part in ids:
            return "problem", trouble
    for tie in tree.ties:
        if part in {tie.public_id, *(s.public_id for s in tie.steps)}:
            return "link", tie
    return None


def _part_answer(request: StaffRequest, page: dict[str, Any], *, status: int) -> HttpResponse:
    if not request.htmx:
        return render(request, "treatment_plans/part.html", page, status=status)
    response = render(request, "treatment_plans/_part_form.html", page, status=status)
    if status != 200:
        response["HX-Retarget"], response["HX-Reswap"] = f"#form-{page['place']}", "outerHTML"
    return response


def _done(request: StaffRequest, plan: str, made: PlanPart, kind: str) -> HttpResponse:
    """On to the page at that place, or to the card alone: a redirect either way, so that a second post is answered
    like the first."""
    client = client_of(request)
    if request.htmx:
        return redirect("treatment_plans:card", client, plan, kind, made.public_id)
    return redirect(f"{reverse('treatment_plans:edit', args=[client, plan])}#{kind}-{made.public_id}")


@require_GET
@opens_chart(to=Do.PLAN, look=False)
def card(request: StaffRequest, chart: Chart, plan: str, kind: str, part: str) -> HttpResponse:
    """The card that holds this part, with the form of what comes next where nothing of it is there yet."""
    tree = queries.tree(chart, plan)
    found = _card_of(tree, part)
    if found is None:
        raise ChartNotFound
    page: dict[str, Any] = {"tree": tree, "client_id": client_of(request), "swapped": True, "focus": part}
    page["tasks"] = tasks_of(tree, clock.today(chart.episode(tree.plan.episode_id).zone))
    chain = _kind(kind).next
    if chain and not _has_next(tree, part):
        form = _form(
            chart, chain, tree, None, _begun(request, chart, tree, chain, part), f"add-{chain}-{part}"
        )
        page["next"] = {**_part_page(request, chart, tree, chain, form, to=part), "to": part}
        page["offers"] = queries.offers(tree, part)
    page["trouble" if found[0] == "problem" else "tie"] = found[1]
    return render(request, f"treatment_plans/_{found[0]}_card.html", page)


def _has_next(tree: queries.PlanTree, part: str) -> bool:
    """Whether the goal has an objective already, or the objective something that is done for it."""
    wishes = [wish for trouble in tree.troubles for wish in trouble.wishes]
    return any(w.public_id == part and w.aims for w in wishes) or any(
        a.public_id == part and a.steps for a in tree.aims
    )


add_page = require_http_methods(["GET", "POST"])(opens_chart(to=Do.PLAN)(_add))
add_fragment = require_http_methods(["GET", "POST"])(opens_chart(to=Do.PLAN, look=False)(_add))
change_page = require_http_methods(["GET", "POST"])(opens_chart(to=Do.PLAN)(_change))
change_fragment = require_http_methods(["GET", "POST"])(opens_chart(to=Do.PLAN, look=False)(_change))


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.PLAN)
def remove(request: StaffRequest, chart: Chart, plan: str, kind: str, part: str) -> HttpResponse:
    """Asks once, naming what goes with it; then the part is out of the draft."""
    row = _kind(kind)
    there = part_row(chart, row.model, part, plan)
    client = client_of(request)
    if request.method == "GET":
        page = {**here(chart), "kind": kind, "part": there, "plan_id": plan}
        return render(request, "treatment_plans/remove.html", page)
    try:
        row.remove(chart, **{kind: there})
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return redirect(f"{reverse('treatment_plans:edit', args=[client, plan])}#problems")


@require_POST
@opens_chart(to=Do.PLAN, look=False)
def suggest(request: StaffRequest, chart: Chart, plan: str) -> HttpResponse:
    """One suggestion is taken up by a click: a positive screen becomes a problem, or a listed problem comes in."""
    tree = queries.tree(chart, plan)
    client = client_of(request)
    what, _sep, key = request.POST.get("key", "").partition(":")
    made: PlanPart
    try:
        if what == "screen":
            screen = positive_screen(chart, key)
            topic = rules.TOPICS[key]
            made = actions.add_problem(
                chart, plan=tree.plan, text=_(topic.problem), domain=topic.domain, instrument=key,
                source=screen.source, source_part2=screen.part2,
            )  # fmt: skip
        elif what == "link":
            link = queries.link_named(chart, tree.plan, key)
            made = actions.take_link(chart, plan=tree.plan, link=link)
        else:
            made = actions.take_problem(chart, plan=tree.plan, problem=listed_problem(chart, key))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect("treatment_plans:edit", client, plan)
    place = "link" if what == "link" else "problem"
    return redirect(f"{reverse('treatment_plans:edit', args=[client, plan])}#{place}-{made.public_id}")
