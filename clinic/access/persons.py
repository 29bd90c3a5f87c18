"""One person, one record or several: which clients are open together after a merge. Asked as the door or the desk."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from clinic.record.models import Merge, MergeStanding

# A union, so that Postgres goes from these few ids to their episodes by index; an OR of lists would read every episode.
RECORDS = """
    with asked as (
        select id from record_client where public_id = %s
    ), person as (
        select id from asked
        union select m.client_id from record_merge m join asked on m.merged = asked.id where m.standing = 'done'
    )
    select id from person
    union select m.merged from record_merge m join person on m.client_id = person.id where m.standing = 'done'
"""


def of_person(client: Any, column: str = "client") -> Q:
    """Rows of every record of the person with this public id, whichever of their records it names."""
    return Q(**{f"{column}__in": RawSQL(RECORDS, [client])})  # noqa: S611  (constant text, the id a parameter)


def survivors(client: Any) -> QuerySet[Merge, Any]:
    """The record into which `client` (an id or a reference to one) was merged; none where it was not."""
    return Merge.objects.filter(merged=client, standing=MergeStanding.DONE).values("client_id")[:1]


def others_of_person(rows: QuerySet[Any, Any], column: str = "client_id") -> tuple[QuerySet[Any, Any], ...]:
    """Those of `rows` that are of the outer row's person and of another of their records than its own.

    Three sets, each from a few merges to their rows by index: of the survivor, of what was merged into this one, and of
    what was merged into the same survivor.
    """
    done = Merge.objects.filter(standing=MergeStanding.DONE)
    survivor = done.filter(merged=OuterRef(OuterRef(column))).values("client_id")
    beside = done.filter(merged=OuterRef(OuterRef(OuterRef(column)))).values("client_id")
    return (
        rows.filter(client__in=survivor),
        rows.filter(client__in=done.filter(client=OuterRef(OuterRef(column))).values("merged")),
        rows.filter(client__in=done.filter(client__in=beside).values("merged")),
    )


def has_of_person(rows: QuerySet[Any, Any], column: str = "client_id") -> Q:
    """Whether any of `rows` (of a chart table) is of the outer row's person, in whichever of their records."""
    found = Q(Exists(rows.filter(client=OuterRef(column))))
    for others in others_of_person(rows, column):
        found |= Q(Exists(others))
    return found


def stand_ins(clients: list[int]) -> dict[int, int]:
    """client id -> the survivor's, for those of `clients` that were merged into another record."""
    rows = Merge.objects.filter(merged__in=clients, standing=MergeStanding.DONE)
    return dict(rows.values_list("merged", "client_id"))
