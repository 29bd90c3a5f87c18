"""System checks: an unsafe installation does not start."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.db import DatabaseError, connection

LOOPBACK = {"localhost", "127.0.0.1", "[::1]", "testserver"}


@register(Tags.security)
def demo_stays_at_home(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Demo people and the SMTP sink are for one machine: refused under any name but loopback."""
    if settings.DEMO and not set(settings.ALLOWED_HOSTS) <= LOOPBACK:
        hint = "Unset ENTWINE_DEMO, or serve on 127.0.0.1 only."
        return [
            Error(
                "Demo mode is on, and the clinic answers to a name other than loopback.",
                hint=hint,
                id="entwine.E001",
            )
        ]
    return []


@register(Tags.security)
def secrets_are_set(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Keys come from the environment; a short one is refused."""
    return [
        Error(f"{name} is missing or shorter than 32 characters.", id="entwine.E002")
        for name in ("SECRET_KEY", "SEAL_KEY")
        if len(getattr(settings, name, "")) < 32
    ]


@register(Tags.database)
def frozen_rows_are_guarded(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[Error]:
    """Every frozen table's trigger is there and always fires (the owner can disable one: detect it)."""
    from clinic.access.secure import frozen_models, unchanging_models

    if not databases:
        return []
    with connection.cursor() as cursor:
        try:
            cursor.execute(
                "select tgrelid::regclass::text from pg_trigger where tgname in ('refuse_frozen', 'refuse_change') and tgenabled = 'A'"
            )
        except DatabaseError as error:
            return [Error(f"The database does not answer: {error}", id="entwine.E003")]
        guarded = {row[0] for row in cursor.fetchall()}
        tables = set(connection.introspection.table_names(cursor))
    watched = [*frozen_models(), *unchanging_models()]
    missing = {m._meta.db_table for m in watched} & tables - guarded
    hint = "Run migrate as the owner."
    return [
        Error(f"The frozen trigger of {table} is off.", hint=hint, id="entwine.E004")
        for table in sorted(missing)
    ]
