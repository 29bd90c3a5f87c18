"""Emergency access: asked from a directory match, closed again, reviewed (law.md R8)."""

from typing import Any

from allauth.account.forms import ReauthenticateForm
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.core import ratelimit
from allauth.mfa.base.forms import ReauthenticateForm as CodeForm
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.access.chart import Chart, ChartNotFound, Refused
from clinic.access.door import open_caseload, open_chart, open_desk, refuse
from clinic.access.policy import Do, may_at_all, may_without_client
from clinic.access.rare import NotShut, TooOften, open_shut_chart
from clinic.access.views import once, opens_chart, opens_itself
from clinic.kit.http import StaffRequest
from clinic.people.queries import settings_now
from clinic.record.models import StaleEdit
from clinic.record.queries import banner
from intake import actions, queries
from intake.actions import StillOpen
from intake.forms import GlassForm, ReviewForm


@require_POST
@opens_itself(to=Do.BREAK_GLASS)
def ask_to_open(request: StaffRequest) -> HttpResponse:
    """From a directory match, and from nowhere else: why, who asks, and the chart is open for a while."""
    if not may_without_client(request.user, Do.BREAK_GLASS):
        refuse(request.user, Do.BREAK_GLASS, act="open_shut_chart", route="intake:ask_to_open")
        raise Refused(Do.BREAK_GLASS)
    client = queries.asked_client(request.user, request.POST.get("match", ""))
    if client is None:
        messages.warning(request, _("Search for the person again, then ask to open."))
        return redirect("intake:desk")
    bound = request.POST if "why" in request.POST or "words" in request.POST else None
    form = GlassForm(bound, has_app=is_mfa_enabled(request.user))
    if form.is_bound and form.is_valid() and _is_who_they_say(request, form):
        try:
            return _break(request, client, form)
        except NotShut:
            return redirect("caseload:chart", client)
        except TooOften:
            form.add_error(None, _("You have opened as many shut charts today as this clinic allows. Call the supervisor or the privacy officer."))  # fmt: skip
        except StillOpen:
            form.add_error(None, _("You have another chart open in an emergency. Close that one first."))
    return _ask_page(request, client, form)


def _ask_page(request: StaffRequest, client: str, form: GlassForm) -> HttpResponse:
    with open_desk(request.user, to=Do.SEARCH, route="intake:ask_to_open") as desk:
        found = queries.one_entry(desk, client)
    if found is None:
        raise ChartNotFound
    told = settings_now(["break_glass_minutes", "break_glass_review_days"])
    page = {
        "form": form, "found": [found], "match": request.POST.get("match", ""),
        "minutes": told["break_glass_minutes"], "days": told["break_glass_review_days"],
    }  # fmt: skip
    return render(request, "intake/ask_to_open.html", page, status=422 if form.errors else 200)


def _is_who_they_say(request: StaffRequest, form: GlassForm) -> bool:
    """The password or the code, checked and throttled as the sign-in is; right after signing in too."""
    told = form.cleaned_data
    if not ratelimit.consume(request, action="reauthenticate", user=request.user):
        form.add_error("password", _("Too many tries. Wait a minute."))
        return False
    if told.get("code"):
        proof: Any = CodeForm({"code": told["code"]}, user=request.user)
        if proof.is_valid():
            post_authentication(request, proof.authenticator, reauthenticated=True)
            return True
        form.add_error("code", _("This is not the code that the app shows now."))
        return False
    proof = ReauthenticateForm({"password": told["password"]}, user=request.user)
    if proof.is_valid():
        reauthenticate_by_password(request)
        return True
    form.add_error("password", _("This is not your password."))
    return False


def _break(request: StaffRequest, client: str, form: GlassForm) -> HttpResponse:
    with open_shut_chart(request.user, client, route="intake:ask_to_open") as chart:

        def opened() -> HttpResponse:
            told = form.cleaned_data
            actions.break_glass(chart, why=told["why"], words=told["words"])
            return redirect("caseload:chart", chart.client.public_id)

        return once(request, opened)


@require_POST
@opens_itself(to=Do.BREAK_GLASS)
def close_glass(request: StaffRequest, client: str) -> HttpResponse:
    """The chart is shut again, now. One that has run out already is shut anyway."""
    try:
        with open_chart(
            request.user, client, to=Do.BREAK_GLASS, route="intake:close_glass", look=False
        ) as chart:
            actions.close_glass(chart)
    except ChartNotFound:
        if str(request.user.glass_client) != client:
            raise
        messages.info(request, _("It was closed already."))
    else:
        messages.success(request, _("Closed. The privacy officer will look into it."))
    return redirect("home")


@require_GET
@opens_itself(to=Do.REVIEW_GLASS)
def glasses(request: StaffRequest) -> HttpResponse:
    """Every emergency opening that waits for a review, and those of the last ninety days."""
    if not may_at_all(request.user, Do.REVIEW_GLASS):
        refuse(request.user, Do.REVIEW_GLASS, act="open_caseload", route="intake:glasses")
        raise Refused(Do.REVIEW_GLASS)
    only = queries.in_glass()
    with open_caseload(request.user, to=Do.REVIEW_GLASS, route="intake:glasses", only=only) as opened:
        return render(request, "intake/glasses.html", {"lines": queries.glass_lines(opened)})


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.REVIEW_GLASS)
def glass_review(request: StaffRequest, chart: Chart, glass: str) -> HttpResponse:
    """One emergency opening: who, why, when; what the privacy officer found."""
    row = queries.glass(chart, glass)
    if row is None:
        raise Http404
    form = ReviewForm(request.POST or None)
    page = {"banner": banner(chart), "row": row, "form": form, "error": ""}
    if request.method == "POST" and row.reviewed_at is not None:
        return render(
            request,
            "intake/glass_review.html",
            page | {"error": _("Somebody reviewed this already.")},
            status=409,
        )
    if request.method == "POST" and form.is_valid():
        try:
            told = form.cleaned_data
            actions.review_glass(chart, glass=row, outcome=told["outcome"], words=told["words"])
        except StaleEdit:
            return render(
                request,
                "intake/glass_review.html",
                page | {"error": _("Somebody reviewed this already.")},
                status=409,
            )
        messages.success(request, _("Reviewed."))
        return redirect("intake:glasses")
    return render(request, "intake/glass_review.html", page, status=422 if form.errors else 200)
