"""A set on paper: printed with a short code, keyed in later by that code."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET, require_POST

from clinic.access.chart import Chart
from clinic.access.policy import Do
from clinic.access.views import opens_chart
from clinic.kit.pdf import PdfUnavailable, render_pdf
from screening import queries, rules


@require_GET
@opens_chart(to=Do.SCREEN)
def paper(request: HttpRequest, chart: Chart, sitting: str) -> HttpResponse:
    """The set to fill in by hand: its code, and the client's name only where it is asked for."""
    row = queries.open_sitting(chart, sitting)
    page = {
        "code": rules.paper_code(row.public_id),
        "sheets": queries.blank_sheets(chart, row),
        "name": chart.client.called if request.GET.get("name") else "",
        "language": row.language,
    }
    with override(row.language):
        try:
            written = render_pdf("screening/paper_pdf.html", page)
        except PdfUnavailable:
            return render(request, "screening/paper_pdf.html", page)
    response = HttpResponse(written, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{page["code"]}.pdf"'
    return response


@require_POST
@opens_chart(to=Do.SCREEN)
def by_code(request: HttpRequest, chart: Chart) -> HttpResponse:
    """Enter a paper form: its code leads to the set's first form that is not keyed in yet."""
    client, typed = str(chart.client.public_id), request.POST.get("code", "")
    row = next((one for one in queries.open_sittings(chart) if rules.same_code(typed, one.public_id)), None)
    if row is None:
        messages.error(
            request,
            _("No open set of this client has the code %(code)s. Check it on the paper.")
            % {"code": typed[:12]},
        )
        return redirect("screening:home", client=client)
    done = queries.sitting_screens(chart, row)
    following = next((name for name in row.instruments if name not in done), "")
    if not following:
        return redirect("screening:sitting", client=client, sitting=row.public_id)
    address = reverse("screening:answer", kwargs={"client": client, "instrument": following})
    return redirect(f"{address}?set={row.public_id}&how=paper")
