"""A link's front door: what it is, how to leave it at once, and the birth date that opens it. A GET uses nothing up."""

import datetime as dt
import secrets
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.http import require_http_methods

from clinic.access import handed
from clinic.access.chart import ChartNotFound
from clinic.access.door import open_chart
from clinic.access.models import Handover
from clinic.access.views import opens_to_clients, over

COOKIE = "visit"


class BirthDateForm(forms.Form):
    """A birth date in three fields: nobody has to find a year in a calendar."""

    month = forms.IntegerField(min_value=1, max_value=12)
    day = forms.IntegerField(min_value=1, max_value=31)
    year = forms.IntegerField(min_value=1890, max_value=2100)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        try:
            given["born"] = dt.date(given["year"], given["month"], given["day"])
        except (KeyError, ValueError):
            self._errors = forms.utils.ErrorDict()
            raise forms.ValidationError(
                _("Please write the month, the day and the year of your birth.")
            ) from None
        return given


ENDED = {
    "done": gettext_lazy("You have sent your answers. Thank you."),
    "withdrawn": gettext_lazy("We closed this link. There may be a newer one."),
    "not_today": gettext_lazy("You told us: not today. That is fine."),
    "tries": gettext_lazy("The birth date did not match, so we closed this link to keep your page safe."),
}


@require_http_methods(["GET", "HEAD", "POST"])
@opens_to_clients
def visit(request: HttpRequest, token: str) -> HttpResponse:
    """The link, opened: says what it is and asks for the birth date; over or opened elsewhere, says so kindly."""
    held = handed.of_link(token)
    if held is None:
        return over(request)
    request.handover = held  # type: ignore[attr-defined]
    spoken = request.GET.get("lang", "")
    if spoken in dict(settings.LANGUAGES) and spoken != held.language and held.is_live:
        held.language = spoken
    with override(held.language):
        if not held.is_live or handed.is_elsewhere(held, request.COOKIES.get(COOKIE, "")):
            return _closed(request, held)
        form = BirthDateForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            return _open(request, held, form)
        return _door(request, held, form)


def _door(request: HttpRequest, held: Handover, form: BirthDateForm) -> HttpResponse:
    page = {"form": form, "held": held}
    return render(request, "client/link.html", page, status=422 if form.errors else 200)


def _closed(request: HttpRequest, held: Handover) -> HttpResponse:
    why = str(ENDED.get(held.ending, ""))
    if not why:
        live = _("This link was opened before, on another phone or computer. It opens only once.")
        why = live if held.is_live else _("This link worked for 72 hours. That time is over.")
    return render(request, "client/link_over.html", {"held": held, "why": why}, status=410)


def _open(request: HttpRequest, held: Handover, form: BirthDateForm) -> HttpResponse:
    browser, what = request.COOKIES.get(COOKIE) or secrets.token_hex(24), handed.HANDED[held.kind]
    try:
        with open_chart(handed.actor(held), held.client, to=what.to, route="office:visit") as chart:
            right = handed.open_link(chart, handover=held, born=form.cleaned_data["born"], browser=browser)
    except ChartNotFound:
        return _closed(request, held)
    if not right:
        held.refresh_from_db()
        if not held.is_live or handed.is_elsewhere(held, browser):
            return _closed(request, held)
        form.add_error(
            None,
            _("This is not the birth date we have. You can try %(n)s more times.") % {"n": held.tries_left},
        )
        return _door(request, held, form)
    handed.begin(request, held)
    handed.speak(held, held.language)
    response = redirect(what.start)
    response.set_cookie(
        COOKIE, browser, max_age=3600 * handed.LINK_HOURS, path="/v/", httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return response
