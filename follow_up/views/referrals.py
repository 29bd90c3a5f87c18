"""Referrals: To, Contents, Send; then the loop, until it is closed with a reason."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.access.chart import Chart
from clinic.access.door import open_caseload
from clinic.access.policy import Do
from clinic.access.views import opens_chart, opens_itself
from clinic.consent.models import Category, Method, Purpose
from clinic.consent.queries import coverage, today_of
from clinic.consent.release import MayNotLeave
from clinic.kit import clock
from clinic.kit.http import StaffRequest
from clinic.record.queries import banner
from follow_up import actions, queries
from follow_up.forms import ReferralForm, StepForm
from follow_up.models import Pace, Referral, Step


@require_GET
@opens_itself(to=Do.REFER)
def referrals(request: StaffRequest) -> HttpResponse:
    """Every open referral of one's own clients, the longest due first."""
    with open_caseload(
        request.user, to=Do.REFER, route="follow_up:referrals", only=queries.with_open_referrals()
    ) as opened:
        rows = list(queries.referrals(opened, still_open=True)[:200])
        mine = request.GET.get("show") == "mine"
        shown = [row for row in rows if row.owner_id == request.user.pk] if mine else rows
        page = {"rows": shown, "mine": mine, "today": clock.today(), "next_action": queries.NEXT_ACTION}
        return render(request, "follow_up/referrals.html", page)


@require_GET
@opens_chart(to=Do.REFER)
def client_referrals(request: HttpRequest, chart: Chart) -> HttpResponse:
    """One client's referrals, open and closed."""
    page = {
        "banner": banner(chart), "rows": list(queries.referrals(chart)), "today": today_of(chart),
        "next_action": queries.NEXT_ACTION,
    }  # fmt: skip
    return render(request, "follow_up/client_referrals.html", page)


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.REFER)
def new(request: StaffRequest, chart: Chart) -> HttpResponse:
    """First screen: to whom, why, how soon."""
    shown = banner(chart)
    started: dict[str, Any] = {
        "purpose": Purpose.TREATMENT,
        "urgency": Pace.ROUTINE,
        "owner": request.user.pk,
    }
    started["answers"] = request.GET.getlist("response")
    form = ReferralForm(request.POST or None, chart=chart, initial=started)
    if request.method == "POST" and form.is_valid():
        row = actions.start_referral(chart, **form.cleaned_data)
        return redirect("follow_up:contents", client=str(shown.public_id), referral=str(row.public_id))
    page = {"banner": shown, "form": form, "may_add": chart.permits(Do.CONSENT)}
    return render(request, "follow_up/referral_new.html", page, status=422 if form.errors else 200)


def _found(chart: Chart, public_id: str) -> Any:
    try:
        return queries.referral(chart, public_id)
    except Referral.DoesNotExist:
        raise Http404 from None


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.REFER)
def contents(request: HttpRequest, chart: Chart, referral: str) -> HttpResponse:
    """Second screen: what the packet holds. What no consent covers is greyed, with the reason and the way to get one."""
    shown, row = banner(chart), _found(chart, referral)
    here: dict[str, Any] = {"client": str(shown.public_id), "referral": referral}
    if row.status != Step.DRAFT:
        return redirect("follow_up:referral", **here)
    items = queries.offered_items(chart, row)
    standing, kept, held = coverage(chart, row.recipient, row.purpose, items)
    error = ""
    if request.method == "POST":
        keys = [item.key for item in kept if item.key in request.POST.getlist("item")]
        if keys:
            actions.choose_contents(chart, referral=row, keys=keys)
            return redirect("follow_up:send", **here)
        error = _("Choose at least one thing to send.")
    why = {item.key: _(reason) for item, reason in held}
    groups = [
        {"label": category.label, "rows": [(i, why.get(i.key, ""), _ticked(row, i)) for i in items if i.category == category]}
        for category in Category
    ]  # fmt: skip
    page = {
        "banner": shown, "referral": row, "groups": [group for group in groups if group["rows"]], "standing": standing,
        "error": error, "held": held, "consent_url": _consent_url(row, shown, held, request.path),
        "may_consent": chart.permits(Do.CONSENT),
    }  # fmt: skip
    return render(request, "follow_up/referral_contents.html", page, status=422 if error else 200)


def _ticked(row: Referral, item: Any) -> bool:
    return not row.chosen or item.key in row.chosen


def _consent_url(row: Referral, shown: Any, held: list[Any], back: str) -> str:
    """The consent form, filled with what this referral needs; signed, it leads back here."""
    categories = "".join(f"&category={name}" for name in sorted({item.category for item, _why in held}))
    start = reverse("consent:record", args=[shown.public_id])
    return f"{start}?recipient={row.recipient.public_id}&purpose={row.purpose}{categories}&next={back}"


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.REFER)
def send(request: HttpRequest, chart: Chart, referral: str) -> HttpResponse:
    """Third screen: everything once more, and out. The consent is asked again at that moment."""
    shown, row = banner(chart), _found(chart, referral)
    here: dict[str, Any] = {"client": str(shown.public_id), "referral": referral}
    if row.status != Step.DRAFT:
        return redirect("follow_up:referral", **here)
    offered = queries.offered_items(chart, row)
    standing, covered, held = coverage(chart, row.recipient, row.purpose, offered)
    kept = [item for item in covered if item.key in row.chosen]
    # What no consent covers goes along to be refused by name: the packet remembers, for staff, what was withheld.
    items = [item for item in offered if item in kept or item not in covered]
    if standing is None or not kept:
        messages.warning(request, _("Nothing of this is covered by a consent any more."))
        return redirect("follow_up:contents", **here)
    method, may_mail = request.POST.get("method", ""), bool(row.recipient.email and row.recipient.verified_on)
    ready = method == Method.PRINT or (method == Method.EMAIL and may_mail)
    if request.method == "POST" and ready:
        try:
            actions.refer(chart, referral=row, items=items, method=method)
        except MayNotLeave as shut:
            messages.error(request, _("Nothing has left. %(why)s") % {"why": shut})
            return redirect("follow_up:contents", **here)
        messages.success(request, _("Released. The loop is open until it is closed here."))
        return redirect("follow_up:referral", **here)
    page = {
        "banner": shown, "referral": row, "kept": kept, "held": [(item, _(why)) for item, why in held],
        "standing": standing, "may_mail": may_mail, "may_release": chart.permits(Do.RELEASE),
        "error": _("Choose how it leaves.") if request.method == "POST" else "",
    }  # fmt: skip
    return render(request, "follow_up/referral_send.html", page, status=422 if page["error"] else 200)


@require_GET
@opens_chart(to=Do.REFER)
def referral(request: HttpRequest, chart: Chart, referral: str) -> HttpResponse:
    """One referral: where its loop is, what comes next, what was said."""
    return _referral_page(request, chart, banner(chart), _found(chart, referral))


def _referral_page(
    request: HttpRequest, chart: Chart, shown: Any, row: Any, form: StepForm | None = None, status: int = 200
) -> HttpResponse:
    page = {
        "banner": shown, "referral": row, "steps": list(queries.steps(row)), "form": form or StepForm(
            referral=row, today=today_of(chart)
        ), "next_action": queries.NEXT_ACTION.get(row.status, ""), "today": today_of(chart),
        "may_release": chart.permits(Do.RELEASE),
    }  # fmt: skip
    return render(request, "follow_up/referral.html", page, status=status)


@require_POST
@opens_chart(to=Do.REFER)
def step(request: HttpRequest, chart: Chart, referral: str) -> HttpResponse:
    """The loop moves on. Someone else moved it meanwhile: 409, both shown."""
    shown, row = banner(chart), _found(chart, referral)
    form = StepForm(request.POST, referral=row, today=today_of(chart))
    if not form.is_valid():
        return _referral_page(request, chart, shown, row, form, 422)
    given = dict(form.cleaned_data)
    if given.pop("version") != row.version:
        form.add_error(
            None, _("Someone else moved this on while you were writing. Look at the steps and save again.")
        )
        return _referral_page(request, chart, shown, row, form, 409)
    actions.record_step(chart, referral=row, **given)
    messages.success(request, _("Written down."))
    return redirect("follow_up:referral", client=str(shown.public_id), referral=referral)
