"""What a route declares: which door it goes through. A test walks the resolver and fails on one that declares nothing."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID, uuid5

from django.db import connection
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import override

from clinic.access import handed
from clinic.access.chart import ChartNotFound, Refused
from clinic.access.door import open_caseload, open_chart, open_desk, open_office
from clinic.access.models import OnceKey
from clinic.access.policy import Do
from clinic.record.models import StaleEdit

View = Callable[..., HttpResponse]


def opens_chart(*, to: Do, look: bool = True) -> Callable[[View], View]:
    """The route `<id:client>` opens that client's chart; the view gets it in place of the id. A stranger gets 404."""

    def declare(view: View) -> View:
        @wraps(view)
        def run(request: Any, client: str, **kwargs: Any) -> HttpResponse:
            opened = open_chart(request.user, client, to=to, route=_route(request), look=look)
            return _answer(request, opened, view, kwargs)

        run.opens = ("chart", to)  # type: ignore[attr-defined]
        return run

    return declare


def opens_caseload(*, to: Do) -> Callable[[View], View]:
    """The route opens every client that this person may open for `to`."""

    def declare(view: View) -> View:
        @wraps(view)
        def run(request: Any, **kwargs: Any) -> HttpResponse:
            return _answer(request, open_caseload(request.user, to=to, route=_route(request)), view, kwargs)

        run.opens = ("caseload", to)  # type: ignore[attr-defined]
        return run

    return declare


def opens_desk(*, to: Do) -> Callable[[View], View]:
    """The route needs no client yet: the directory, the registration, the staff's own pages."""

    def declare(view: View) -> View:
        @wraps(view)
        def run(request: Any, **kwargs: Any) -> HttpResponse:
            def search() -> HttpResponse:
                # No once-key: the desk's own role writes nothing but the ledger, and a search may be repeated.
                with open_desk(request.user, to=to, route=_route(request)) as desk:
                    return view(request, desk, **kwargs)

            return _guarded(request, search)

        run.opens = ("desk", to)  # type: ignore[attr-defined]
        return run

    return declare


def opens_office(*, to: Do) -> Callable[[View], View]:
    """The route is the staff's own: people, messages, settings. No chart is open in it."""

    def declare(view: View) -> View:
        @wraps(view)
        def run(request: Any, **kwargs: Any) -> HttpResponse:
            return _answer(request, open_office(request.user, to=to, route=_route(request)), view, kwargs)

        run.opens = ("office", to)  # type: ignore[attr-defined]
        return run

    return declare


def opens_itself(*, to: Do) -> Callable[[View], View]:
    """The view calls a door itself (registration draws its ids first); it declares for what."""

    def declare(view: View) -> View:
        @wraps(view)
        def run(request: Any, **kwargs: Any) -> HttpResponse:
            return _guarded(request, lambda: view(request, **kwargs))

        run.opens = ("itself", to)  # type: ignore[attr-defined]
        return run

    return declare


def opens_handed(*, kind: str, look: bool = True) -> Callable[[View], View]:
    """The route is the client's own, without a sign-in: `view(request, chart, handover, **kwargs)`, in their language.

    It opens the one episode of what is in their hands, while it is. Anyone else, and everyone once it is over, gets 404
    and a page that says kindly that it is over.
    """

    def declare(view: View) -> View:
        @wraps(view)
        def run(request: Any, **kwargs: Any) -> HttpResponse:
            handover = handed.of_session(request)
            if handover is None or handover.kind != kind or not handover.is_live:
                return over(request, handover)
            return _in_their_hands(request, view, handover, look=look, kwargs=kwargs)

        run.opens = ("handed", kind)  # type: ignore[attr-defined]
        run.login_required = False  # type: ignore[attr-defined]
        return run

    return declare


def _in_their_hands(
    request: Any, view: View, handover: Any, *, look: bool, kwargs: dict[str, Any]
) -> HttpResponse:
    who, to = handed.actor(handover), handed.HANDED[handover.kind].to
    with override(handover.language):
        opened = open_chart(who, handover.client, to=to, route=_route(request), look=look)
        try:
            return _answer(request, opened, lambda *at, **more: view(*at, handover, **more), kwargs)
        except Http404:
            return over(request, handover)


def opens_to_clients(view: View) -> View:
    """The route needs no sign-in and opens no chart: a link's front door, the tablet's way back."""
    view.opens = ("handed", "")  # type: ignore[attr-defined]
    view.login_required = False  # type: ignore[attr-defined]
    return view


def over(request: Any, handover: Any = None) -> HttpResponse:
    """404 for a client: this is over, or it never was; what they said is kept. Says nothing about anyone."""
    with override(handover.language if handover else None):
        return render(request, "client/over.html", {"held": handover}, status=404)


def opens_nothing(view: View) -> View:
    """The page shows nothing of any chart: a menu, the person's own settings."""
    view.opens = ("nothing", None)  # type: ignore[attr-defined]
    return view


def _route(request: Any) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


def _answer(request: Any, door: Any, view: View, kwargs: dict[str, Any]) -> HttpResponse:
    def run() -> HttpResponse:
        with door as opened:
            return once(request, lambda: view(request, opened, **kwargs))

    return _guarded(request, run)


def _guarded(request: Any, run: Callable[[], HttpResponse]) -> HttpResponse:
    try:
        return run()
    except ChartNotFound:
        raise Http404 from None
    except Refused:
        return render(request, "403.html", status=403)
    except StaleEdit:  # a view that has both texts shows them; this is for two at the same moment
        return render(request, "409.html", status=409)


def once(request: Any, run: Callable[[], HttpResponse]) -> HttpResponse:
    """A form posted twice with the same `_once` does its work once; the second post gets the first one's answer.

    The key is inserted in the transaction of the act, so that two posts at the same moment wait for each other. It
    holds for this person and this address: elsewhere the same key is another form's, and swallows nothing.
    """
    if request.method != "POST" or not (key := _key(request)):
        return run()
    row, new = OnceKey.objects.get_or_create(key=key, defaults={"actor_id": request.user.pk})
    if not new:
        return HttpResponseRedirect(row.location or request.path)
    response = run()
    if (
        connection.needs_rollback
    ):  # a verb refused and the page says so: its work is rolled back, and the key with it
        return response
    if isinstance(response, HttpResponseRedirect):
        OnceKey.objects.filter(pk=key).update(location=response.url[:400])
    else:
        OnceKey.objects.filter(pk=key).delete()
    return response


def _key(request: Any) -> UUID | None:
    # A client at the screen has no account: the handover stands for them.
    holder = request.user.pk or request.session.get("handover", "")
    try:
        return uuid5(UUID(request.POST.get("_once", "")), f"{holder} {request.path}")
    except ValueError:
        return None
