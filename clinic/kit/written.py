"""Large annotations written down as SQL once, and not put together anew for every page.

Django builds and compiles an annotation each time it is asked; for a plan with twenty subqueries that takes longer than the
database needs to answer. What never changes from one page to the next is compiled once in a process and used again.
"""

from typing import Any, TypeVar

from django.db import connection
from django.db.models import Expression, Model, QuerySet

M = TypeVar("M", bound=Model)


class Written(Expression):
    """An annotation as the SQL that it was compiled to, with its parameters."""

    def __init__(self, sql: str, params: Any, output_field: Any) -> None:
        super().__init__(output_field=output_field)
        self.sql, self.params = sql, tuple(params)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return self.sql, self.params


def written(rows: QuerySet[M]) -> dict[str, Written]:
    """The annotations of `rows`, compiled: for `annotate` on other rows of the same model.

    They may speak of the rows' own columns (OuterRef) and of what is the same for every page: no chart, no person.
    """
    compiler = rows.query.get_compiler(connection.alias)
    compiler.setup_query()
    found = {}
    for name, told in rows.query.annotations.items():
        sql, params = compiler.compile(told)
        found[name] = Written(sql, params, told.output_field)
    return found
