"""What is asked next, and what the client says about being asked."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clinic.access.chart import Chart
from clinic.access.policy import Do
from clinic.access.views import opens_chart
from screening import actions, queries
from screening.forms import PaceForm
from screening.views.staff import _ask, _to


@require_POST
@opens_chart(to=Do.SCREEN)
def follow(request: HttpRequest, chart: Chart, screen: str, instrument: str) -> HttpResponse:
    """What a screen asks for is asked at once, in its set or in a new one; or it is not, and the reason is kept."""
    row, form = queries.screen(chart, screen), queries.instrument(instrument)
    if "decline" in request.POST:
        if not request.POST.get("reason", "").strip():
            messages.error(request, _("Say why it is not asked."))
        else:
            actions.decline_step(chart, screen=row, instrument=form.id, reason=request.POST["reason"][:300])
            messages.success(
                request, _("%(title)s is not asked; the reason is on file.") % {"title": form.short_title}
            )
        if row.sitting:
            return _to(request, "sitting", sitting=row.sitting.public_id)
        return _to(request, "screen", screen=row.public_id)
    if row.sitting and row.sitting.closed_at is None:
        return _ask(request, form.id, actions.add_to_sitting(chart, sitting=row.sitting, instrument=form.id))
    place = chart.episode(row.episode_id)
    begun = actions.start_sitting(chart, instruments=[form.id], language=row.language, episode=place)
    return _ask(request, form.id, begun)


@require_POST
@opens_chart(to=Do.SCREEN)
def not_today(request: HttpRequest, chart: Chart) -> HttpResponse:
    """The client's word: not today, or no more than so many at one visit."""
    form = PaceForm(request.POST)
    if not form.is_valid():
        for wrong in form.errors.values():
            messages.error(request, " ".join(map(str, wrong)))
        return _to(request, "home")
    try:
        if form.cleaned_data["until"]:
            actions.note_not_today(
                chart, until=form.cleaned_data["until"], instruments=_named(chart, request)
            )
        if form.cleaned_data["most"]:
            actions.agree_most(chart, most=form.cleaned_data["most"])
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return _to(request, "home")
    messages.success(request, _("Kept."))
    return _to(request, "home")


def _named(chart: Chart, request: HttpRequest) -> list[str]:
    return [form.id for form in queries.offered(chart) if form.id in request.POST.getlist("instrument")]
