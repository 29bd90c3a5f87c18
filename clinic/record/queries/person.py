"""One person, one record or several: what of their own rows is shown."""

from typing import Any, TypeVar

from django.db.models import Exists, OuterRef, QuerySet

from clinic.record.models import ClientRow, MergeStanding, SetAside

R = TypeVar("R", bound=ClientRow)


def of_records(model: type[R], clients: Any, *, merged: bool | None = None) -> QuerySet[R]:
    """Rows of these records, which are one person's, without those that the merge of them set aside.

    `merged`: whether there are several; told where a query is put together before anybody's records are known.
    """
    rows: QuerySet[R] = model._default_manager.filter(client__in=clients)
    if merged is False or (merged is None and len(clients) < 2):
        return rows
    aside = SetAside.objects.filter(row=OuterRef("public_id"), merge__standing=MergeStanding.DONE)
    return rows.filter(~Exists(aside))
