"""Around every request: health without a database session, sign-in by default, the idle lock, one log line."""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from clinic.people.queries import setting

log = logging.getLogger("entwine.request")
GetResponse = Callable[[HttpRequest], HttpResponse]


class HealthMiddleware:
    """/healthz: the process answers. /readyz: the database does too. Neither needs a host name, session or sign-in."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return JsonResponse({"status": "ok"})
        if request.path == "/readyz":
            return self._ready()
        return self.get_response(request)

    def _ready(self) -> HttpResponse:
        try:
            connection.close_if_unusable_or_obsolete()
            with connection.cursor() as cursor:
                cursor.execute("select count(*) from people_staff")
        except DatabaseError:
            return JsonResponse({"status": "database away"}, status=503)
        return JsonResponse({"status": "ready"})


class TextMiddleware:
    """No posted or asked text holds a NUL: Postgres can keep none, and a pasted one must not lose what stands around it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "%00" in request.META.get("QUERY_STRING", ""):
            request.GET = self._without(request.GET)  # type: ignore[assignment]
        if request.method == "POST" and any(
            "\0" in text for _name, texts in request.POST.lists() for text in texts
        ):
            request.POST = self._without(request.POST)  # type: ignore[assignment]
        return self.get_response(request)

    def _without(self, given: QueryDict) -> QueryDict:
        plain = given.copy()
        for name, texts in given.lists():
            plain.setlist(name, [str(text).replace("\0", "") for text in texts])
        plain._mutable = False
        return plain


class SignInMiddleware(LoginRequiredMiddleware):
    """Default deny. A page is sent to the sign-in; a fragment or autosave gets 401, so that nothing typed is lost.

    In a client's hands every page of the staff leads to the one that gives the tablet back.
    """

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> Any:
        if request.headers.get("HX-Request") or request.headers.get("X-Entwine-Fetch"):
            return HttpResponse(status=401, headers={"X-Entwine-Signin": "1"})
        if request.session.get("handover"):  # "back" on a tablet that a client holds
            return redirect("office:hand_back")
        return super().handle_no_permission(request, view_func)


class IdleMiddleware:
    """Signs out after the clinic's idle minutes without a request (45 CFR 164.312(a)(2)(iii))."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(time.time())
            seen = request.session.get("seen", now)
            limit = request.session.get("idle_seconds")
            if limit is None:
                limit = request.session["idle_seconds"] = 60 * int(setting("idle_lock_minutes"))
            if now - seen > limit:
                logout(request)
            elif now - seen > 20 or "seen" not in request.session:
                request.session["seen"] = now
        return self.get_response(request)


class SecondFactorMiddleware:
    """In production every member of staff has a second factor before they open anything (45 CFR 164.312(d))."""

    OPEN = ("/accounts/", "/static/")

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        needed = settings.SECOND_FACTOR_REQUIRED and request.user.is_authenticated
        if needed and not request.path.startswith(self.OPEN) and not self._has_one(request):
            return redirect(reverse("mfa_activate_totp"))
        return self.get_response(request)

    def _has_one(self, request: HttpRequest) -> bool:
        if request.session.get("second_factor"):
            return True
        from allauth.mfa.utils import is_mfa_enabled

        request.session["second_factor"] = is_mfa_enabled(request.user)  # type: ignore[arg-type]
        return bool(request.session["second_factor"])


class LogMiddleware:
    """One line a request: the route's name, never its ids or its query."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        route = request.resolver_match.view_name if request.resolver_match else "unknown"
        event = {
            "route": route,
            "method": request.method,
            "status": response.status_code,
            "ms": round((time.perf_counter() - began) * 1000, 1),
            "staff": request.user.pk if request.user.is_authenticated else None,
        }
        log.info("request", extra={"event": event})
        response.headers.setdefault("Cache-Control", "no-store")
        return response
