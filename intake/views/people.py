"""The parts of the registration that have rows: names, addresses, people in a life, payers."""

from typing import Any

from django.contrib import messages
from django.forms import Form, MultipleChoiceField
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from clinic.access.chart import Chart
from clinic.access.policy import Do
from clinic.access.views import opens_chart
from clinic.kit.http import StaffRequest
from clinic.record.models import MayTell, StaleEdit
from clinic.record.queries import coverages, self_pays
from intake import actions, queries
from intake.forms.details import AddressForm, CoverageForm, NamesForm, OtherNameForm, SelfPayForm, SupportForm
from intake.views.contact import around

KEPT: dict[str, type[Form]] = {
    "names": NamesForm, "addresses": AddressForm, "supports": SupportForm, "payers": CoverageForm,
}  # fmt: skip


def _form(request: StaffRequest, chart: Chart, page: str) -> Any:
    """The page's form: as it was sent, or with what this person typed of it and has not saved yet."""
    more: dict[str, Any] = {"chart": chart} if page == "names" else {}
    if request.method == "POST":
        return KEPT[page](request.POST, **more)
    form, kept = KEPT[page](**more), queries.kept_details(chart, request.user.pk, page)
    for name in form.fields.keys() & (kept.body if kept else {}).keys():
        typed = kept.body[name]  # type: ignore[union-attr]
        form.initial[name] = (
            typed if isinstance(form.fields[name], MultipleChoiceField) else "".join(typed[:1])
        )
    form.saved_at = kept and kept.saved_at  # type: ignore[attr-defined]
    return form


def keep_form(request: StaffRequest, chart: Chart, page: str) -> HttpResponse:
    """What is typed so far of a page with rows, kept for this person alone."""
    names = [name for name in KEPT[page].base_fields if name in request.POST]  # type: ignore[attr-defined]
    actions.keep_details(chart, key=page, body={name: request.POST.getlist(name) for name in names})
    return HttpResponse(status=204)


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.TAKE_DETAILS)
def names(request: StaffRequest, chart: Chart) -> HttpResponse:
    """What they are called and when they were born; where someone saved first, both texts are shown."""
    page = around(chart)  # read before the verb: after a StaleEdit nothing can be
    form = _form(request, chart, "names")
    page |= {"form": form, "other": list(queries.other_names(chart)), "add": OtherNameForm()}
    if not form.is_bound or not form.is_valid():
        return _page(request, "names", page)
    try:
        actions.change_names(chart, **form.given())
    except StaleEdit as stale:
        return render(request, "intake/names.html", page | _both(form, stale.theirs), status=409)
    return _saved(request, chart, "intake:names", typed="names")


def _both(form: NamesForm, theirs: Any) -> dict[str, Any]:
    mine = {name: form[name].value() for name in form.FIELDS}
    other = form.told_of(theirs)
    conflicts = [
        {"label": form.fields[name].label, "mine": mine[name], "theirs": other[name]}
        for name in form.FIELDS
        if str(mine[name] or "") != str(other[name] or "")
    ]
    again = NamesForm({**mine, "version": theirs.version}, chart=form.chart)
    return {"form": again, "conflicts": conflicts}


@require_POST
@opens_chart(to=Do.TAKE_DETAILS)
def name_add(request: StaffRequest, chart: Chart) -> HttpResponse:
    """One more name the person goes or went by."""
    form = OtherNameForm(request.POST)
    if not form.is_valid():
        page = around(chart) | {"form": NamesForm(chart=chart), "other": list(queries.other_names(chart))}
        return _page(request, "names", page | {"add": form}, wrong=form)
    actions.add_name(chart, **form.cleaned_data)
    return _saved(request, chart, "intake:names")


@require_POST
@opens_chart(to=Do.TAKE_DETAILS)
def name_remove(request: StaffRequest, chart: Chart, name: str) -> HttpResponse:
    """That name was entered in error."""
    row = _row(queries.other_names(chart), name)
    return _ended(request, chart, "intake:names", lambda at: actions.remove_name(chart, name=row, version=at))


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.TAKE_DETAILS)
def addresses(request: StaffRequest, chart: Chart) -> HttpResponse:
    """Where they live now and lived before."""
    form = _form(request, chart, "addresses")
    if form.is_bound and form.is_valid():
        actions.move_to(chart, **form.cleaned_data)
        return _saved(request, chart, "intake:addresses", typed="addresses")
    told = queries.current(chart, "address_told")
    page = around(chart) | {"form": form, "rows": list(queries.addresses(chart)), "none_told": told}
    return _page(request, "addresses", page)


@require_POST
@opens_chart(to=Do.TAKE_DETAILS)
def address_end(request: StaffRequest, chart: Chart, address: str) -> HttpResponse:
    """They do not live there any more."""
    row = _row(queries.addresses(chart).filter(ends_on__isnull=True), address)
    return _ended(
        request, chart, "intake:addresses", lambda at: actions.leave_address(chart, address=row, version=at)
    )


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.TAKE_DETAILS)
def supports(request: StaffRequest, chart: Chart) -> HttpResponse:
    """People in their life: whom to call in an emergency, what each may be told, who must never be told."""
    form = _form(request, chart, "supports")
    if form.is_bound and form.is_valid():
        actions.add_support(chart, **form.cleaned_data)
        return _saved(request, chart, "intake:supports", typed="supports")
    told = queries.current(chart, "supports_told")
    page = around(chart) | {"form": form, "rows": list(queries.supports(chart)), "none_told": told}
    return _page(request, "supports", page | {"tell_words": dict(MayTell.choices)})


@require_POST
@opens_chart(to=Do.TAKE_DETAILS)
def support_end(request: StaffRequest, chart: Chart, support: str) -> HttpResponse:
    """That person is not named any more."""
    row = _row(queries.supports(chart), support)
    return _ended(
        request, chart, "intake:supports", lambda at: actions.end_support(chart, support=row, version=at)
    )


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.TAKE_DETAILS)
def payers(request: StaffRequest, chart: Chart) -> HttpResponse:
    """Who pays, and what the client pays in full and wants kept from the plan."""
    form = _form(request, chart, "payers")
    if form.is_bound and form.is_valid():
        actions.add_coverage(chart, **form.cleaned_data)
        return _saved(request, chart, "intake:payers", typed="payers")
    return _page(request, "payers", _payers(chart) | {"form": form, "self_form": SelfPayForm(chart=chart)})


def _payers(chart: Chart) -> dict[str, Any]:
    programs = {one.id: one.program for one in chart.episodes}
    own = [(row, programs[row.episode_id]) for row in self_pays(chart)]
    return around(chart) | {"rows": list(coverages(chart)), "own": own}


@require_POST
@opens_chart(to=Do.TAKE_DETAILS)
def payer_end(request: StaffRequest, chart: Chart, coverage: str) -> HttpResponse:
    """It pays no more."""
    row = _row(coverages(chart), coverage)
    return _ended(
        request, chart, "intake:payers", lambda at: actions.end_coverage(chart, coverage=row, version=at)
    )


@require_POST
@opens_chart(to=Do.TAKE_DETAILS)
def self_pay(request: StaffRequest, chart: Chart) -> HttpResponse:
    """Paid in full by the client, and kept from the plan: it must be accepted."""
    form = SelfPayForm(request.POST, chart=chart)
    if not form.is_valid():
        page = _payers(chart) | {"form": CoverageForm(), "self_form": form}
        return _page(request, "payers", page, wrong=form)
    told = form.cleaned_data
    place = chart.episode(told["episode"])
    actions.pay_in_full(chart, place=place, service=told["service"], since=told["since"])
    return _saved(request, chart, "intake:payers")


@require_POST
@opens_chart(to=Do.TAKE_DETAILS)
def self_pay_end(request: StaffRequest, chart: Chart, self_pay: str) -> HttpResponse:
    """From today on the plan may be told again."""
    row = _row(self_pays(chart), self_pay)
    return _ended(
        request, chart, "intake:payers", lambda at: actions.end_pay_in_full(chart, self_pay=row, version=at)
    )


def _row(rows: Any, public_id: str) -> Any:
    row = rows.filter(public_id=public_id).first()
    if row is None:
        raise Http404
    return row


def _page(request: StaffRequest, name: str, page: dict[str, Any], *, wrong: Any = None) -> HttpResponse:
    form = wrong or page["form"]
    status = 422 if form.is_bound and form.errors else 200
    page |= {"wrong": form, "has_errors": status == 422, "saved_at": getattr(page["form"], "saved_at", None)}
    return render(request, f"intake/{name}.html", page, status=status)


def _saved(request: StaffRequest, chart: Chart, route: str, *, typed: str = "") -> HttpResponse:
    if typed:
        actions.drop_details(chart, key=typed)
    messages.success(request, _("Saved."))
    return redirect(route, chart.client.public_id)


def _ended(request: StaffRequest, chart: Chart, route: str, end: Any) -> HttpResponse:
    answer = redirect(route, chart.client.public_id)
    try:
        end(int(request.POST.get("version") or 0))
    except (StaleEdit, ValueError):
        messages.warning(request, _("Someone changed this a moment ago. Look at it again first."))
    return answer
