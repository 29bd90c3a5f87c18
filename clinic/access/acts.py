"""`@act`: a verb declares what it does; the decorator decides, runs it, and writes its row."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.db import transaction

from clinic.access import policy
from clinic.access.chart import Open, Refused
from clinic.access.policy import Do
from clinic.audit import ledger
from clinic.audit.models import Outcome
from clinic.record.models import ChartRow

P = ParamSpec("P")
T = TypeVar("T")
O = TypeVar("O", bound=Open)  # noqa: E741


def act(do: Do) -> Callable[[Callable[Concatenate[O, P], T]], Callable[Concatenate[O, P], T]]:
    """The verb may run only in an open chart whose opener the policy allows `do`, in the episode of each row given.

    Recorded: one ledger row in the verb's own transaction, naming the verb and what it returned. Raises Refused,
    recorded by the door after the rollback; nothing is changed then.
    """

    def declare(verb: Callable[Concatenate[O, P], T]) -> Callable[Concatenate[O, P], T]:
        name = f"{verb.__module__.split('.actions')[0]}.{verb.__name__}"

        @wraps(verb)
        def run(chart: O, *args: P.args, **kwargs: P.kwargs) -> T:
            _demand(chart, do, name, kwargs.values())
            outer, chart.notes = chart.notes, {}
            try:
                with transaction.atomic(savepoint=False):
                    result = verb(chart, *args, **kwargs)
                    _record(chart, name, result)
            finally:
                chart.notes = outer
            return result

        run.does = do  # type: ignore[attr-defined]
        return run

    return declare


def _demand(chart: Open, do: Do, name: str, given: Any) -> None:
    rows = [row for row in given if isinstance(row, ChartRow)]
    places: list[int | None] = [row.episode_id for row in rows] or [None]
    if all(chart.permits(do, place) for place in places):
        return
    chart.refusals.append(
        {
            "actor": chart.who, "act": name, "outcome": Outcome.REFUSED, "clients": chart.clients,
            "episodes": [place for place in places if place], "route": chart.route, "look": chart.look,
            "detail": {"to": str(do)},
        }
    )  # fmt: skip
    raise Refused(do)


def _record(chart: Open, name: str, result: Any) -> None:
    row = result if hasattr(result, "public_id") else None
    client = getattr(row, "client_id", None)
    episode = getattr(row, "episode_id", None)
    ledger.append(
        actor=chart.who, act=name, outcome=Outcome.DONE, clients=[client] if client else chart.clients,
        episodes=[episode] if episode else chart.episode_ids[:50], basis=", ".join(policy.roles_of(chart.who)),
        route=chart.route, object_kind=type(row).__name__ if row is not None else "",
        object_id=str(row.public_id) if row is not None else "", look=chart.look, detail=chart.notes,
    )  # fmt: skip
