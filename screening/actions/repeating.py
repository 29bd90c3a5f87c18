"""The courses of some people, once more for others: how a made-up clinic of any size is filled. The database does the writing."""

from typing import Any

from django.conf import settings
from django.db import connection

from clinic.access.acts import act, record_each
from clinic.access.chart import Open
from clinic.access.policy import Do
from clinic.record.models import Flag
from screening.actions.screens import record_screen
from screening.models import ResponseStep, Screen, ScreenResponse

MAP = "unnest(%s::bigint[], %s::bigint[], %s::bigint[]) as m (source, client, episode)"
OWN = {
    "client_id": "m.client",
    "episode_id": "m.episode",
    "public_id": "md5(s.public_id::text || m.episode)::uuid",
}


class NotMadeUp(RuntimeError):
    """Courses are repeated in a made-up clinic only; this one is not. Nothing was written."""


@act(Do.SCREEN)
def repeat_courses(opened: Open, *, courses: list[tuple[int, int, int]]) -> int:
    """Each (source, client, episode): that episode holds what the source holds of screens, flags and responses.

    The rows get their history from the tables' own triggers, and each screen the ledger row of `record_screen`. Returns
    how many screens were written; a source is given once. Who may: `Do.SCREEN` in all of them, all open. Recorded: one row more. Raises
    NotMadeUp where demo mode is off.
    """
    if not settings.DEMO:
        raise NotMadeUp
    screens, written = _copy(Screen, courses, {"thread": "md5(s.thread::text || m.episode)::uuid"})
    _copy(Flag, courses, {"source_id": "md5(s.source_id::text || m.episode)::uuid"})
    responses, _rows = _copy(ScreenResponse, courses, {}, screen_id=screens)
    _copy(ResponseStep, courses, {}, screen_id=screens, response_id=responses)
    record_each(opened, record_screen, "Screen", written)
    return len(written)


def _copy(
    model: Any, courses: list[tuple[int, int, int]], values: dict[str, str], **keys: dict[int, int]
) -> tuple[dict[int, int], list[tuple[int, int, str]]]:
    """The sources' rows of one table, once more: old key -> new key, and (client, episode, public id) of the new ones.

    `values`: columns that are made otherwise than copied. `keys`: foreign keys, each with what its old keys become.
    """
    columns = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    made = {name: f"s.{name}" for name in columns} | OWN | values | {name: f"{name}_of.new" for name in keys}
    table, told = model._meta.db_table, [list(column) for column in zip(*courses, strict=True)]
    joins = "".join(
        f" left join unnest(%s::bigint[], %s::bigint[]) as {name}_of (old, new) on {name}_of.old = s.{name}"
        for name in keys
    )
    given = [list(column) for known in keys.values() for column in (known.keys(), known.values())]
    with connection.cursor() as cursor:
        cursor.execute(
            f"insert into {table} ({', '.join(columns)}) select {', '.join(made[name] for name in columns)} "
            f"from {MAP} join {table} s on s.episode_id = m.source{joins} order by s.id "
            "returning id, client_id, episode_id, public_id::text",
            [*told, *given],
        )
        new = cursor.fetchall()
        cursor.execute(
            f"select s.id, md5(s.public_id::text || m.episode)::uuid::text from {MAP} "
            f"join {table} s on s.episode_id = m.source",
            told,
        )
        keys_by_public_id = {public_id: key for key, _client, _episode, public_id in new}
        known = {old: keys_by_public_id[public_id] for old, public_id in cursor.fetchall()}
    return known, [tuple(row[1:]) for row in new]
