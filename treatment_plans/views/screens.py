"""A positive screen is taken up in the plan: as a problem that is there, or as a new one."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clinic.access.chart import Chart
from clinic.access.policy import Do
from clinic.access.views import opens_chart
from clinic.kit.http import StaffRequest
from clinic.record.models import Domain, StaleEdit
from screening.models import ScreenResponse
from screening.queries import instrument, response, said_of
from treatment_plans import actions, queries, rules
from treatment_plans.models import PlanProblem
from treatment_plans.queries.parts import part_row
from treatment_plans.views.looks import client_of, here


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.PLAN)
def take_up(request: StaffRequest, chart: Chart, response: str) -> HttpResponse:
    """Which problem of the plan answers the screen; a new one is in the draft at once, and nothing else is asked."""
    row, tree = _response(chart, response), _newest(chart)
    page = {
        **here(chart), "row": row, "said": said_of(row.screen), "tree": tree, "choices": _choices(row, tree),
        "new": _new_words(row), "settled": row.state not in ("open", "deferred"),
    }  # fmt: skip
    if request.method != "POST":
        return render(request, "treatment_plans/take_up.html", page)
    try:
        return _answered(request, chart, row, tree)
    except ValidationError as refused:
        errors = [{"href": "#choices", "text": text} for text in refused.messages]
        return render(request, "treatment_plans/take_up.html", {**page, "errors": errors}, status=422)
    except StaleEdit:
        return render(request, "treatment_plans/take_up.html", {**page, "settled": True}, status=409)


def _response(chart: Chart, public_id: str) -> ScreenResponse:
    return response(chart, public_id)


def _newest(chart: Chart) -> queries.PlanTree | None:
    """The draft that waits, else the plan that holds, else none."""
    draft = next((v for v in queries.versions(chart) if v.frozen_at is None), None)
    return queries.tree(chart, draft.public_id) if draft else queries.current_plan(chart)


def _choices(row: ScreenResponse, tree: queries.PlanTree | None) -> list[dict[str, Any]]:
    """The plan's problems; the first that is about what was asked is chosen."""
    found = [
        {"id": str(trouble.public_id), "trouble": trouble, "fits": _fits(row, trouble), "chosen": False}
        for trouble in (tree.troubles if tree else [])
    ]
    for choice in found:
        if choice["fits"]:
            choice["chosen"] = True
            break
    return sorted(found, key=lambda choice: not choice["fits"])


def _fits(row: ScreenResponse, trouble: Any) -> bool:
    return rules.takes_up(row.instrument, came_from=trouble.instrument, text=trouble.text, code=trouble.code)


def _new_words(row: ScreenResponse) -> tuple[str, str]:
    """(words, side) of the problem that such a screen suggests."""
    topic = rules.TOPICS.get(row.instrument)
    if topic:
        return _(topic.problem), topic.domain
    form = instrument(row.instrument)
    return form.short_title, form.side if form.side in Domain.values else Domain.MENTAL_HEALTH


def _answered(
    request: StaffRequest, chart: Chart, row: ScreenResponse, tree: queries.PlanTree | None
) -> HttpResponse:
    key, client = request.POST.get("problem", ""), client_of(request)
    if key == "new":
        made = _add(chart, row, tree, request.POST.get("text", "").strip())
        where = reverse("treatment_plans:edit", args=[client, made.plan.public_id])
        return redirect(f"{where}#problem-{made.public_id}")
    if tree is None or key not in {str(trouble.public_id) for trouble in tree.troubles}:
        raise ValidationError(_("Choose the problem that takes it up, or a new one."))
    actions.answer_screen(chart, response=row, problem=part_row(chart, PlanProblem, key, tree.plan.public_id))
    messages.success(request, _("Answered: it is in the plan."))
    return redirect("caseload:chart", client=client)


def _add(chart: Chart, row: ScreenResponse, tree: queries.PlanTree | None, words: str) -> PlanProblem:
    """A new problem in the draft, which is begun where there is none."""
    if tree is None:
        plan = actions.start_plan(chart)
    else:
        plan = actions.new_version(chart, plan=tree.plan) if tree.is_signed else tree.plan
    made = actions.add_problem(
        chart, plan=plan, text=words, domain=_new_words(row)[1], instrument=row.instrument,
        source=said_of(row.screen), source_part2=row.part2,
    )  # fmt: skip
    row.refresh_from_db()
    if row.state in ("open", "deferred"):
        actions.answer_screen(chart, response=row, problem=made)
    return made
