"""Large queries put together once, and not anew for every page.

Django builds and compiles a query each time it is asked, and Postgres plans it each time; for one with twenty subqueries
either takes several times as long as to answer it. What never changes from one page to the next (the statement) is kept in
the process and prepared on its connection; what does (which charts are open, the moment) is told when it is asked. No answer
is ever kept.
"""

import datetime as dt
import json
import re
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from functools import lru_cache, wraps
from itertools import count
from types import SimpleNamespace
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, connections
from django.db.backends.postgresql.base import CursorMixin
from django.db.models import BigIntegerField, JSONField, QuerySet, TextField
from django.db.models import Value as DjangoValue
from django.utils import timezone
from psycopg import RawCursor
from psycopg import sql as psycopg_sql

from clinic.kit import clock
from clinic.kit.words import language


class Ids(DjangoValue):
    """In a kept query, the ids that are told each time it is asked: the right side of `__in`, and of nothing else."""

    def __init__(self, name: str) -> None:
        super().__init__(Name(name), output_field=BigIntegerField())

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return LISTED, (self.value,)


class Given(DjangoValue):
    """In a kept query, one value that is told each time it is asked, as the column takes it."""

    def __init__(self, name: str) -> None:
        super().__init__(Name(name), output_field=TextField())

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return "%s", (self.value,)


class Shared(JSONField):
    """As a column's `output_field`: JSON that says the same in every row (a setting of the clinic's), and is read once for
    all of them. Nobody may change what comes of it. Never for what stands in a chart: it outlives the opening."""

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        return None if value is None else _parsed(value)


@lru_cache(maxsize=64)
def _parsed(text: str) -> Any:
    return json.loads(text)


@dataclass(frozen=True)
class Name:
    """Stands among the parameters where the value of that name belongs."""

    name: str


# Django writes IN before it: to Postgres a list of unknown length is an array.
LISTED = "(%s /* ids */)"
IN_LISTED, ANY_LISTED = f"IN {LISTED}", "= ANY (%s::bigint[])"


class Anyone:
    """Stands for whatever is open while a kept query is put together: it knows no chart, no person and no permission."""

    episode_ids, clients = Ids("episodes"), Ids("clients")


@dataclass(frozen=True)
class _Statement:
    rows: QuerySet[Any, Any]
    compiler: Any
    sql: str
    names: tuple[str, ...]  # of $1, $2 and so on


def kept(make: Callable[..., QuerySet[Any, Any]]) -> Callable[..., list[Any]]:
    """`@kept def rows(opened, *more, **values)` answers a queryset; called, it answers the list of its rows for what is open.

    `make` is called once a day, zone and language for each `more` (hashable and few: permissions, names), with an Anyone
    for `opened`: it may filter by `opened.episode_ids` and `opened.clients` (by `__in`), by `values` (by equality) and ask
    `clock.now()` and `clock.today()`; nothing else of the moment may stand in the query. Of the house itself, where no chart
    is needed, `rows(None, ...)` asks.
    """

    @lru_cache(maxsize=32)
    def statement(
        _today: dt.date, _zone: str, _language: str | None, more: tuple[Any, ...], names: tuple[str, ...]
    ) -> _Statement | None:
        moment = clock.now()
        with clock.backdated(moment):
            rows = make(Anyone(), *more, **{name: Given(name) for name in names})
        compiler = rows.query.get_compiler(connection.alias)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            return None
        return _Statement(rows, compiler, *_numbered(sql, params, moment))

    @wraps(make)
    def ask(opened: Any, *more: Any, **values: Any) -> list[Any]:
        if opened is not None and not opened.clients:
            return []
        here = (clock.today(), timezone.get_current_timezone_name(), language())
        one = statement(*here, more, tuple(values))
        return [] if one is None else _ask(one, {**_ids(opened), **values, "now": clock.now()})

    return ask


def _ids(opened: Any) -> dict[str, str]:
    return {} if opened is None else {"episodes": array(opened.episode_ids), "clients": array(opened.clients)}


def array(ids: list[int]) -> str:
    """Ids as Postgres writes them; as text, so that their type never depends on how large they are."""
    return "{%s}" % ",".join(map(str, ids))


def _numbered(sql: str, params: Any, moment: dt.datetime) -> tuple[str, tuple[str, ...]]:
    """The statement as Postgres reads it, with $1, $2 in place of the values that are told later, and their names. Every
    other value is written into it, so that Postgres plans with it (a partial index is used for the value it was made for,
    and for no other)."""
    told, number, names = list(params), count(), list[str]()

    def place(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return "%"
        value = told[next(number)]
        if not isinstance(value, Name) and value != moment:
            return psycopg_sql.Literal(value).as_string(connection.connection)
        name = value.name if isinstance(value, Name) else "now"
        if name not in names:
            names.append(name)
        return f"${names.index(name) + 1}"

    connection.ensure_connection()
    return re.sub("%%|%s", place, sql.replace(IN_LISTED, ANY_LISTED)), tuple(names)


class Prepared(CursorMixin, RawCursor[Any]):
    """A cursor whose statements are planned once on their connection (plan_cache_mode in settings.py), and read by nobody
    on their way there: they have their numbers already."""

    def execute(self, query: Any, params: Any = None, **how: Any) -> Any:
        answer = super().execute(query, params, prepare=True, **how)
        # What Django's log of queries reads; psycopg keeps it for statements alone that are not prepared.
        self._query = SimpleNamespace(query=query.encode())  # type: ignore[assignment]
        return answer


def _asked(one: _Statement, told: dict[str, Any], using: Any) -> list[Any]:
    using.ensure_connection()
    wrap = using.make_debug_cursor if using.queries_logged else using.make_cursor
    with wrap(Prepared(using.connection)) as cursor:
        cursor.execute(one.sql, [told[name] for name in one.names])
        rows: list[Any] = cursor.fetchall()
        return rows


def _ask(one: _Statement, told: dict[str, Any]) -> list[Any]:
    """The rows as Django makes them of a queryset: only what it would send to the database is kept, and not made anew."""
    rows = one.rows.all()
    compiler = copy(one.compiler)
    # This thread's; and the router refuses here where nothing is open.
    compiler.connection = connections[rows.db]
    compiler.execute_sql = lambda *_args, **_named: [_asked(one, told, compiler.connection)]
    rows.query.get_compiler = lambda *_args, **_named: compiler  # type: ignore[method-assign]
    return list(rows)
