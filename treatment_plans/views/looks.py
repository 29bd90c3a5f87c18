"""What several of the plan's pages show: who it is about, what is left to do, the trends, both texts of a conflict."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from clinic.access.chart import Chart
from clinic.kit import clock
from clinic.kit.charts import Trend
from clinic.kit.http import StaffRequest
from clinic.kit.pdf import PdfUnavailable, render_pdf
from clinic.people.models import Staff
from clinic.people.queries import setting
from clinic.record.models import ClientRow
from clinic.record.queries import banner
from screening.queries import trend_chart
from treatment_plans import queries


def client_of(request: StaffRequest) -> str:
    """The client's public id as the route carries it."""
    return str(request.resolver_match.kwargs["client"]) if request.resolver_match else ""


def here(chart: Chart) -> dict[str, Any]:
    """The patient banner and the id that every link needs; one query."""
    shown = banner(chart)
    return {"banner": shown, "client_id": shown.public_id}


def judged(chart: Chart, tree: queries.PlanTree | None) -> dict[str, Any]:
    """Where each objective stands and what the integration check asks, for a plan that holds or is drawn up."""
    if tree is None or tree.superseded:
        return {}
    return {"standings": queries.standings(chart, tree), "check": queries.check(chart, tree)}


def pdf_of(
    request: StaffRequest,
    template: str,
    page: dict[str, Any],
    name: str,
    of: str,
    *,
    back: str = "treatment_plans:show",
) -> HttpResponse:
    """treatment_plans/<template>_pdf.html as a PDF on the clinic's paper; without Pango, back to the page of it (`of`)
    with a word."""
    try:
        written = render_pdf(f"treatment_plans/{template}_pdf.html", {**page, "paper": setting("paper")})
    except PdfUnavailable:
        messages.error(request, _("This machine cannot make PDFs. Print this page from the browser instead."))
        return redirect(back, client_of(request), of)
    told = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return HttpResponse(written, content_type="application/pdf", headers=told)


def tasks_of(tree: queries.PlanTree, today: dt.date) -> list[dict[str, str]]:
    """The page as a task list: each part, and whether it is done."""
    gaps = queries.missing(tree, today)
    open_tasks = {gap.task for gap in gaps}
    begun = {
        "strengths": bool(tree.plan.words), "problems": bool(tree.troubles), "links": bool(tree.ties),
        "work": any(t.wishes for t in tree.troubles), "frame": bool(tree.plan.step_down or tree.plan.participation),
    }  # fmt: skip
    labels = {
        "strengths": _("Strengths and what matters"), "problems": _("Problems of both sides"),
        "links": _("How they feed each other"), "work": _("Goals, objectives, what is done"),
        "frame": _("Step-down, review, participation"),
    }  # fmt: skip
    rows = [(key, label, _state(key, key in open_tasks, begun[key])) for key, label in labels.items()]
    rows.append(("sign", _("Review and sign"), "blocked" if gaps else "todo"))
    names = {
        "done": _("Completed"), "doing": _("In progress"), "todo": _("Not yet started"), "blocked": _("Cannot start yet"),
    }  # fmt: skip
    return [
        {"href": f"#{key}", "label": label, "state": s, "state_label": names[s]} for key, label, s in rows
    ]


def _state(key: str, lacking: bool, begun: bool) -> str:
    if lacking:
        return "doing" if begun else "todo"
    return "done" if begun or key in ("strengths", "frame") else "todo"


def over(form: forms.Form, theirs: Any, version: int | None = None) -> list[dict[str, Any]]:
    """The form now stands on what the other saved (`version`); both texts of each field that differs."""
    stands_on = theirs.version if version is None else version
    form.data = {**{name: form.data[name] for name in form.data}, "version": str(stands_on)}
    return conflicts_of(form, theirs)


def conflicts_of(form: forms.Form, theirs: Any) -> list[dict[str, Any]]:
    """Both texts of each field that two people wrote differently (kit/_conflict.html)."""
    rows = []
    for name, mine in form.cleaned_data.items():
        saved = getattr(theirs, name, None)
        other: Any = (
            str(saved.public_id) if isinstance(saved, ClientRow | Staff) else saved
        )  # as the form carries it
        if name == "version" or (mine or None) == (other or None):
            continue
        chosen = _choices(getattr(form.fields[name], "choices", []))
        rows.append(
            {
                "label": form.fields[name].label,
                "mine": str(chosen.get(mine, _written(mine))),
                "theirs": str(chosen.get(other, _written(other))),
                "field_id": "" if chosen else form[name].id_for_label,
            }
        )
    return rows


def _choices(listed: Any) -> dict[str, Any]:
    """Each choice's words by its value, out of their groups."""
    found: dict[str, Any] = {}
    for value, text in listed:
        found.update(dict(text) if isinstance(text, list | tuple) else {value: text})
    return found


def _written(value: Any) -> str:
    return "" if value is None else str(value)


def trend_of(chart: Chart, tree: queries.PlanTree) -> Trend | None:
    """The course of every instrument that was ever asked, on one time axis, with the day this plan was signed."""
    zone = chart.episode(tree.plan.episode_id).zone
    signed = tree.plan.frozen_at
    words = _("Plan signed, version %(number)s") % {"number": tree.plan.version_no}
    marks = [(signed.astimezone(ZoneInfo(zone)).date(), words)] if signed else []
    return trend_chart(chart, clock.today(zone), marks)
