"""What the staff shell shows around every page: the person, and the places their roles lead to."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clinic.access.policy import Do, may_at_all
from clinic.kit import clock
from clinic.kit.paths import path_of

PLACES = [
    (Do.REVIEW_CASELOAD, "caseload:review", _("Caseload"), "users"),
    (Do.SEE_OWN_CASELOAD, "caseload:mine", _("My clients"), "users"),
    (Do.SEARCH, "intake:desk", _("Find or register"), "search"),
    (Do.SEE_WAITING, "intake:waiting", _("Waiting list"), "clock"),
    (Do.BOOK, "follow_up:day", _("Schedule"), "calendar"),
    (Do.REFER, "follow_up:referrals", _("Referrals"), "send"),
    (Do.CONSENT, "consent:notices", _("Privacy notices"), "file-text"),
    (Do.SEE_COMPLAINTS, "consent:complaints", _("Complaints"), "message-square"),
    (Do.SEE_WORKLIST, "consent:worklist", _("Deliveries"), "inbox"),
    (Do.SET_ON_CALL, "office:on_call", _("On call"), "phone"),
    (Do.MERGE, "intake:merges", _("Same person twice"), "users"),
    (Do.SEE_ACCESS, "office:access_search", _("Who opened what"), "eye"),
    (Do.REVIEW_GLASS, "intake:glasses", _("Emergency access"), "triangle-alert"),
    (Do.MANAGE_STAFF, "office:staff", _("Staff"), "id-card"),
]


def shell(request: Any) -> dict[str, Any]:
    """Navigation by policy lines: what is absent has no link to it. In a client's hands, the client's own shell."""
    if held := getattr(request, "handover", None):
        return _client_shell(request, held)
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"demo": settings.DEMO, "demo_people": _demo_people(request), "demo_password": DEMO_PASSWORD}
    here = request.resolver_match.view_name if request.resolver_match else ""
    places = [
        {"label": label, "url": path_of(route), "icon": icon, "current": here == route}
        for do, route, label, icon in PLACES
        if may_at_all(user, do)
    ]
    if settings.DEMO and may_at_all(user, Do.READ_MESSAGES):
        url = reverse("office:messages")
        places.append(
            {"label": _("Demo mail"), "url": url, "icon": "mail", "current": here == "office:messages"}
        )
    return {"nav": places, "roles": user.role_names, "demo": settings.DEMO, "glass": _glass(user)}


def _glass(user: Any) -> dict[str, Any] | None:
    """The chart they have opened in an emergency, while that lasts: read with the person, no query of its own."""
    now = clock.now()
    if user.glass_until is None or user.glass_until <= now:
        return None
    minutes = -(-int((user.glass_until - now).total_seconds()) // 60)
    return {"until": user.glass_until, "minutes": minutes, "client": user.glass_client}


def _client_shell(request: Any, held: Any) -> dict[str, Any]:
    """What stands around a page in a client's hands: whose office this is, how to leave, who can be called."""
    return {
        "handover": held,
        "site": held.made_by.site,
        "quick_exit_url": request.session.get("handover_exit", ""),
        "idle_seconds": request.session.get("handover_idle", 0),
        "other_language": "en" if held.language == "es" else "es",
        "demo": settings.DEMO,
    }


DEMO_PASSWORD = "entwine demo day"


def _demo_people(request: Any) -> list[dict[str, str]]:
    if not settings.DEMO or not request.path.startswith("/accounts/login"):
        return []
    from clinic.people.queries import staff_with_duties

    people = staff_with_duties().filter(is_active=True).order_by("pk")[:20]
    return [
        {
            "name": person.signing_name,
            "email": person.email,
            "role": ", ".join(person.role_names),
        }
        for person in people
    ]
