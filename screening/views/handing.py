"""The staff's side of a set in the client's hands: sending it by a link, and taking the link back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from clinic.access.chart import Chart
from clinic.access.policy import Do
from clinic.access.views import opens_chart
from clinic.consent.giving import give_link
from clinic.record.queries import banner
from screening import actions, queries


@require_http_methods(["GET", "POST"])
@opens_chart(to=Do.SCREEN)
def send_link(request: HttpRequest, chart: Chart, sitting: str) -> HttpResponse:
    """What the set holds and by which ways it may go; posted, the link is sent, or the reason why not is said."""
    row, client = queries.open_sitting(chart, sitting), str(chart.client.public_id)
    if request.method != "POST":
        page = {"banner": banner(chart), "sitting": row, "sending": queries.sending(chart, row)}
        return render(request, "screening/send_link.html", page)

    def show() -> HttpResponse:
        page = {"banner": banner(chart), "sitting": row, "address": actions.show_link(chart, sitting=row)}
        return render(request, "screening/link_shown.html", page)

    return give_link(
        request,
        send=lambda way: actions.send_link(chart, sitting=row, way=way),
        show=show,
        back=lambda: redirect("screening:sitting", client=client, sitting=sitting),
    )


@require_POST
@opens_chart(to=Do.SCREEN)
def withdraw_link(request: HttpRequest, chart: Chart, sitting: str) -> HttpResponse:
    """The link opens nothing any more."""
    row = queries.sitting(chart, sitting)
    actions.withdraw_link(chart, sitting=row)
    messages.success(request, _("The link is withdrawn. What was answered is kept."))
    return redirect("screening:sitting", client=str(chart.client.public_id), sitting=sitting)
