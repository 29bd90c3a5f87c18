"""What a staff page does when a link is given to the client: sent by a way they called safe, or its address shown once."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from clinic.consent.models import Way
from clinic.consent.release import MayNotLeave


def give_link(
    request: HttpRequest,
    *,
    send: Callable[[str], Any],
    show: Callable[[], HttpResponse],
    back: Callable[[], HttpResponse],
) -> HttpResponse:
    """`send(way)` has sent one and `back` is the answer; or `show` shows it. Where it may not leave, the reason is said.

    Who may and what is recorded: as the verbs of the room say. The door of the page sees to a form that is posted twice.
    """
    way = request.POST.get("way", "")
    try:
        if way == "shown":
            return show()
        send(way if way in (Way.EMAIL, Way.SMS) else "")
    except MayNotLeave as why:
        messages.error(request, _("No link was sent. %(why)s") % {"why": why})
    else:
        messages.success(
            request, _("A link is on its way. It works for 72 hours and asks for the birth date.")
        )
    return back()
