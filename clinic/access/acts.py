"""`@act`: a verb declares what it does; the decorator decides, runs it, and writes its row."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.db import transaction

from clinic.access import policy
from clinic.access.chart import Open, OpenEpisode, Refused
from clinic.access.policy import Do
from clinic.audit import ledger
from clinic.audit.models import Outcome
from clinic.record.models import ChartRow, Client

P = ParamSpec("P")
T = TypeVar("T")
O = TypeVar("O", bound=Open)  # noqa: E741


def act(do: Do, *others: Do) -> Callable[[Callable[Concatenate[O, P], T]], Callable[Concatenate[O, P], T]]:
    """The verb may run only in an open chart whose opener the policy allows `do`, in the episode of each row given.

    `others`: what allows it as well, where a client does it too (staff ask, a client answers).
    Recorded: one ledger row in the verb's own transaction, naming the verb and what it returned. Raises Refused,
    recorded by the door after the rollback; nothing is changed then.
    """

    def declare(verb: Callable[Concatenate[O, P], T]) -> Callable[Concatenate[O, P], T]:
        name = f"{verb.__module__.split('.actions')[0]}.{verb.__name__}"

        @wraps(verb)
        def run(chart: O, *args: P.args, **kwargs: P.kwargs) -> T:
            _demand(chart, name, kwargs.values(), do, *others)
            outer, chart.notes = chart.notes, {}
            try:
                with transaction.atomic(savepoint=False):
                    result = verb(chart, *args, **kwargs)
                    _record(chart, name, result)
            finally:
                chart.notes = outer
            return result

        run.does, run.told_as = do, name  # type: ignore[attr-defined]
        return run

    return declare


def act_each(
    single: Callable[..., T],
) -> Callable[[Callable[Concatenate[O, P], list[T]]], Callable[..., list[T]]]:
    """`@act_each(register_client)`: the batched twin of a verb. Each thing it returns gets the single verb's ledger row.

    Decided and recorded as the single verb is; the ledger does not tell how many were done at once.
    """
    do: Do = single.does  # type: ignore[attr-defined]
    name: str = single.told_as  # type: ignore[attr-defined]

    def declare(verb: Callable[Concatenate[O, P], list[T]]) -> Callable[..., list[T]]:
        @wraps(verb)
        def run(chart: O, *args: P.args, **kwargs: P.kwargs) -> list[T]:
            _demand(chart, name, kwargs.values(), do)
            outer, chart.notes = chart.notes, {}
            try:
                with transaction.atomic(savepoint=False):
                    results = verb(chart, *args, **kwargs)
                    ledger.append_many([ledger.row(**_told(chart, name, result)) for result in results])
            finally:
                chart.notes = outer
            return results

        run.does, run.told_as = do, name  # type: ignore[attr-defined]
        return run

    return declare


def record_each(chart: Open, single: Callable[..., Any], kind: str, rows: list[tuple[int, int, str]]) -> None:
    """The ledger row of that verb for each (client, episode, public id), where the database itself wrote the rows."""
    name: str = single.told_as  # type: ignore[attr-defined]
    like = ledger.row(**{**_told(chart, name, None), "clients": [], "episodes": []})
    ledger.append_for_each(like, kind, rows)


def _demand(chart: Open, name: str, given: Any, do: Do, *others: Do) -> None:
    asked = list(given)
    rows = [row.episode_id for row in asked if isinstance(row, ChartRow)]
    drawn = [place.id for place in asked if isinstance(place, OpenEpisode)]
    places: list[int | None] = [*rows, *drawn] or [None]
    if all(any(chart.permits(each, place) for each in (do, *others)) for place in places):
        return
    chart.refusals.append(
        {
            "actor": chart.who, "act": name, "outcome": Outcome.REFUSED, "clients": chart.clients,
            "episodes": [place for place in places if place], "route": chart.route, "look": chart.look,
            "detail": {"to": str(do)},
        }
    )  # fmt: skip
    raise Refused(do)


def attempted(chart: Open, act: str, row: ChartRow, **detail: Any) -> None:
    """What someone tried to do to a row that does not allow it is told to the ledger, after the rollback."""
    chart.refusals.append(
        {
            "actor": chart.who, "act": act, "outcome": Outcome.REFUSED, "clients": [row.client_id],
            "episodes": [row.episode_id], "object_kind": type(row).__name__, "object_id": str(row.public_id),
            "route": chart.route, "look": chart.look, "detail": detail,
        }
    )  # fmt: skip


def _record(chart: Open, name: str, result: Any) -> None:
    ledger.append(**_told(chart, name, result))


def _told(chart: Open, name: str, result: Any) -> dict[str, Any]:
    """What the ledger is told of one act: whose chart, which episode, which row came of it."""
    row = result if hasattr(result, "public_id") else None
    client = row.pk if isinstance(row, Client) else getattr(row, "client_id", None)
    episode = getattr(row, "episode_id", None)
    theirs = [e.id for e in chart.episodes if client is None or e.client_id == client]
    return {
        "actor": chart.who, "act": name, "outcome": Outcome.DONE, "clients": [client] if client else chart.clients,
        "episodes": [episode] if episode else theirs[:50], "basis": ", ".join(policy.roles_of(chart.who)),
        "route": chart.route, "object_kind": type(row).__name__ if row is not None else "",
        "object_id": str(row.public_id) if row is not None else "", "look": chart.look, "detail": chart.notes,
    }  # fmt: skip


def record(job: Any, name: str, **detail: Any) -> None:
    """One ledger row for what a command did to the house itself, in the caller's transaction."""
    ledger.append(actor=job, act=name, outcome=Outcome.DONE, detail=detail)
