"""One person, one record or several: which clients are open together after a merge. Asked as the door or the desk."""

from typing import Any

from django.db.models import Q, QuerySet
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


def stand_ins(clients: list[int]) -> dict[int, int]:
    """client id -> the survivor's, for those of `clients` that were merged into another record."""
    rows = Merge.objects.filter(merged__in=clients, standing=MergeStanding.DONE)
    return dict(rows.values_list("merged", "client_id"))
