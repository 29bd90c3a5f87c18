"""Two records, one person: the worklist, the comparison, the preview, and taking them apart."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.access.chart import Chart, Refused
from clinic.access.door import open_caseload, open_desk, refuse
from clinic.access.policy import Do, may_at_all
from clinic.access.rare import Pair, open_merge, open_pair
from clinic.access.views import once, opens_chart, opens_itself
from clinic.kit.http import StaffRequest
from clinic.record.models import Merge, MergeStanding
from clinic.record.queries import banner
from intake import actions, queries
from intake.actions import MayNotMerge
from intake.forms import HoldForm, MergeForm, UnmergeForm

WHY_NOT = {
    "on_hold": lazy(
        "One of the two is under a legal hold. It can be merged when the privacy officer lifts it."
    ),
    "tangled": lazy(
        "One of the two is part of another merge. Take that apart first, or keep the other record."
    ),
    "one_already": lazy("These two are one record already."),
    "own_proposal": lazy("You proposed this. Somebody else has to confirm it."),
    "decided": lazy("Somebody decided this a moment ago. Look at it again."),
}

SAID = {
    "confirm": lazy("Merged."),
    "refuse": lazy("Noted: they are not the same person."),
    "undo": lazy("They are two again. Below is what was added while they were one."),
    "reviewed": lazy("Noted: somebody has gone through it."),
}


@require_GET
@opens_itself(to=Do.MERGE)
def merges(request: StaffRequest) -> HttpResponse:
    """What waits for a second person, what is merged, what was taken apart; and who may be here twice."""
    _demand_merger(request, "intake:merges")
    with open_caseload(request.user, to=Do.MERGE, route="intake:merges", only=queries.in_merges()) as opened:
        lines = queries.merge_lines(opened)
    return render(request, "intake/merges.html", {"lines": lines})


@require_GET
@opens_itself(to=Do.MERGE)
def likely(request: StaffRequest) -> HttpResponse:
    """The newest records that may be somebody's who was here before, each compared with everybody."""
    _demand_merger(request, "intake:likely")
    asked = request.GET.get("page", "0")
    page = min(int(asked), 1000) if asked.isdecimal() else 0
    with open_desk(request.user, to=Do.SEARCH, route="intake:likely") as desk:
        pairs, more = queries.likely_duplicates(desk, page)
    return render(request, "intake/likely.html", {"pairs": pairs, "next": page + 1 if more else None})


@require_http_methods(["GET", "POST"])
@opens_itself(to=Do.MERGE)
def compare(request: StaffRequest) -> HttpResponse:
    """Two records side by side: what the one that stays shall show, then a preview, then they are merged."""
    _demand_merger(request, "intake:compare")
    given = request.POST if request.method == "POST" else request.GET
    one, other = _two(given.getlist("record"))
    if one is None or other is None:
        messages.warning(request, _("Tick two records to compare them."))
        return redirect("intake:merges")
    with open_pair(request.user, one, other, route="intake:compare") as pair:
        if pair.first[0] == pair.second[0]:
            messages.info(request, _("These two are one record already."))
            return redirect("intake:merges")
        return once(request, lambda: _compared(request, pair, one, other))


def _demand_merger(request: StaffRequest, route: str) -> None:
    if not may_at_all(request.user, Do.MERGE):
        refuse(request.user, Do.MERGE, act="open_pair", route=route)
        raise Refused(Do.MERGE)


def _two(given: list[str]) -> tuple[str | None, str | None]:
    """Two public ids, different and well formed."""
    try:
        ids = list(dict.fromkeys(str(UUID(text)) for text in given))
    except ValueError:
        return None, None
    return (ids[0], ids[1]) if len(ids) == 2 else (None, None)


def _compared(request: StaffRequest, pair: Pair, one: str, other: str) -> HttpResponse:
    mine, theirs = queries.sides(pair)
    choices = queries.choices_of(mine.client, theirs.client)
    step = request.POST.get("step", "")
    form = MergeForm(request.POST if step == "merge" else None)
    chosen = {c.name: request.POST.get(f"field-{c.name}", c.preferred) for c in choices}
    shown = set(request.POST.getlist("show"))
    rows = [*mine.rows, *theirs.rows]
    page: dict[str, Any] = {
        "one": one, "other": other, "mine": mine, "theirs": theirs, "choices": choices, "form": form,
        "chosen": chosen, "shown": shown if step else {str(row.public_id) for row in rows},
        "preview": [(c.label, c.theirs if chosen[c.name] == "merged" else c.mine) for c in choices],
        "kept_rows": [row for row in rows if str(row.public_id) in shown], "on_hold": mine.held or theirs.held,
    }  # fmt: skip
    if step == "merge" and form.is_valid():
        aside = [row.public_id for row in rows if str(row.public_id) not in shown]
        try:
            merge = actions.merge_clients(pair, chosen=chosen, set_aside=aside, **form.cleaned_data)
            return _merged(request, merge)
        except MayNotMerge as why:
            page |= {"error": WHY_NOT[str(why)], "has_errors": True}
    template = "intake/merge_preview.html" if step else "intake/compare.html"
    return render(request, template, page, status=422 if form.errors or page.get("error") else 200)


def _merged(request: StaffRequest, merge: Merge) -> HttpResponse:
    if merge.needs_second:
        messages.success(
            request, _("Proposed. Both have something signed: a second person has to confirm it.")
        )
    else:
        messages.success(request, _("Merged. Both records are kept, and it can be undone here."))
    return redirect("intake:merge", merge.public_id)


@require_GET
@opens_itself(to=Do.MERGE)
def merge(request: StaffRequest, merge: str) -> HttpResponse:
    """One merge: who, when, why, what can be done about it, and what was added meanwhile."""
    with open_merge(request.user, merge, route="intake:merge") as pair:
        return render(request, "intake/merge.html", _merge_page(request, pair, merge, UnmergeForm()))


def _merge_page(request: StaffRequest, pair: Pair, public_id: str, form: UnmergeForm) -> dict[str, Any]:
    row = queries.merge_of(pair, public_id)
    if row is None:
        raise Http404
    mine, theirs = queries.titles(pair)
    return {
        "merge": row, "mine": mine, "theirs": theirs, "form": form, "own": row.proposed_by_id == request.user.pk,
        "added": queries.added_since(pair, row), "on_hold": row.held,
    }  # fmt: skip


@require_POST
@opens_itself(to=Do.MERGE)
def merge_decide(request: StaffRequest, merge: str, what: str) -> HttpResponse:
    """The second person confirms or refuses; somebody takes it apart; somebody has gone through what was added."""
    form = UnmergeForm(request.POST) if what == "undo" else None
    with open_merge(request.user, merge, route="intake:merge_decide") as pair:
        return once(request, lambda: _decided(request, pair, merge, what, form))


def _decided(
    request: StaffRequest, pair: Pair, public_id: str, what: str, form: UnmergeForm | None
) -> HttpResponse:
    # Read before the verb: after one that refuses, nothing can be.
    page = _merge_page(request, pair, public_id, form or UnmergeForm())
    if form is not None and not form.is_valid() and page["merge"].standing == MergeStanding.DONE:
        return render(request, "intake/merge.html", page, status=422)
    verbs: dict[str, Any] = {
        "confirm": actions.confirm_merge, "refuse": actions.refuse_merge, "undo": actions.unmerge,
        "reviewed": actions.review_unmerge,
    }  # fmt: skip
    try:
        verbs[what](pair, merge=page["merge"], **({"words": "", **form.cleaned_data} if form else {}))
    except MayNotMerge as why:
        page |= {"error": WHY_NOT[str(why)], "has_errors": True, "form": UnmergeForm()}
        return render(request, "intake/merge.html", page, status=422)
    messages.success(request, SAID[what])
    return redirect("intake:merge", public_id)


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.HOLD)
def hold(request: StaffRequest, chart: Chart) -> HttpResponse:
    """A record is held for the law, or the hold is lifted."""
    held = queries.legal_hold(chart)
    form = HoldForm(request.POST or None)
    if held is not None and request.POST.get("lift"):
        actions.lift_hold(chart, hold=held)
        messages.success(request, _("The hold is lifted."))
    elif held is None and form.is_valid():
        actions.place_hold(chart, **form.cleaned_data)
        messages.success(request, _("Held: it is neither merged nor purged until the hold is lifted."))
    elif request.method == "POST":
        page = {"banner": banner(chart), "held": held, "form": form}
        return render(request, "intake/hold.html", page, status=422)
    else:
        page = {"banner": banner(chart), "held": held, "form": form}
        return render(request, "intake/hold.html", page)
    return redirect("intake:hold", chart.client.public_id)
