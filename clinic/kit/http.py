"""The typed request: what our views may rely on after the middleware has run."""

from typing import TYPE_CHECKING

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

if TYPE_CHECKING:
    from clinic.people.models import Staff


class StaffRequest(HttpRequest):
    """A request of someone signed in."""

    user: "Staff"  # type: ignore[assignment]
    htmx: HtmxDetails
