"""What the database itself enforces, derived from the models so that no table can be forgotten.

Our `migrate` ends with `secure()`: functions, row-level security, composite client keys, frozen triggers, grants.
Idempotent; run as the owner, in tests too. docs/decisions/0001-secured-by-migrate.md says why it is not in migrations.
"""

from pathlib import Path
from typing import Any

import pgtrigger
from django.apps import apps
from django.db import connection, models

from clinic.record.models import Freezes, Signature

SQL = Path(__file__).parent / "sql"

# What the two reading roles may see of the chart, and nothing else. None: every column.
DESK_READS: dict[str, tuple[str, ...] | None] = {
    "record_directory": None,
    "record_clientidentifier": ("client_id", "system", "value"),
    "record_merge": ("id", "public_id", "client_id", "merged", "standing"),
}
DOOR_READS: dict[str, tuple[str, ...] | None] = {
    "record_client": ("id", "public_id"),
    "record_episode": (
        "id",
        "public_id",
        "client_id",
        "program_id",
        "part2",
        "starts_on",
        "ends_on",
        "waiting",
    ),
    "record_merge": ("id", "public_id", "client_id", "merged", "standing"),
    "access_brokenglass": ("id", "client_id", "staff_id", "opened_at", "until", "closed_at", "reviewed_at"),
    "record_careteam": ("id", "client_id", "episode_id", "staff_id", "role", "starts_on", "ends_on"),
    "record_sharing": (
        "id",
        "client_id",
        "episode_id",
        "program_id",
        "starts_on",
        "until",
        "with_treatment",
        "ended_at",
    ),
    "consent_noticegiven": ("id", "client_id", "episode_id", "answer"),
    "consent_complaint": ("id", "client_id", "episode_id", "answered_on"),
    "consent_outbound": ("id", "client_id", "episode_id", "status", "next_try_at", "claimed_at", "due_key"),
    "record_appointment": (
        "id",
        "public_id",
        "client_id",
        "episode_id",
        "starts_at",
        "staff_id",
        "site_id",
        "status",
    ),
    "caseload_ask": ("id", "client_id", "episode_id", "to_id", "answered_on"),
    "treatment_plans_plan": ("id", "client_id", "episode_id", "author_id", "frozen_at"),
    "treatment_plans_cosigning": ("id", "client_id", "episode_id", "supervisor_id", "answered_at"),
    "record_flag": ("id", "client_id", "episode_id", "owner_id", "closed_at", "ask_next_at"),
    "intake_arrival": ("id", "client_id", "episode_id", "arrived_on"),
    "follow_up_referral": ("id", "public_id", "client_id", "episode_id", "status", "since", "owner_id"),
}
DOOR_READS_OPENLY = (
    "people_program",
    "people_site",
    "people_clinicsetting",
    "people_programrole",
    "access_handover",
)


def secure() -> None:
    """Every chart table is under forced row-level security, every composite key and frozen trigger stands."""
    pgtrigger.install()
    with connection.cursor() as cursor:
        # After the triggers, which bring their own, open version of one of these functions.
        cursor.execute((SQL / "functions.sql").read_text())
        for statement in [
            *_composite_keys(cursor),
            *_frozen_triggers(cursor),
            *_unchanging_triggers(cursor),
            *_signing_triggers(cursor),
            *_row_security(cursor),
            *_grants(),
        ]:
            cursor.execute(statement)


def unforce() -> None:
    """The owner, and nobody else, reads past row-level security until `secure()` forces it again.

    Postgres validates a new foreign key by a query as the owner, which the forced policy would refuse; data
    migrations need every row too. The app is not the owner: its policies hold all the while.
    """
    with connection.cursor() as cursor:
        for table in _existing(
            cursor, "select relname from pg_class where relforcerowsecurity and relkind = 'r'"
        ):
            cursor.execute(f"alter table {table} no force row level security")


def chart_models() -> list[type[models.Model]]:
    """Every model of the chart, its history included."""
    return [m for m in apps.get_models() if getattr(m, "needs_open_chart", False) and m._meta.managed]


def open_set_column(model: type[models.Model]) -> tuple[str, str]:
    """The column that the policy reads, and which list it must be in."""
    name = getattr(model, "history_of", None) or model.__name__
    if name == "Client":
        return "id", "clients"
    if name == "Episode":
        return "id", "episodes"
    columns = {field.column for field in model._meta.concrete_fields}
    return ("episode_id", "episodes") if "episode_id" in columns else ("client_id", "clients")


def _existing(cursor: Any, sql: str) -> set[str]:
    cursor.execute(sql)
    return {row[0] for row in cursor.fetchall()}


def _row_security(cursor: Any) -> list[str]:
    forced = _existing(cursor, "select relname from pg_class where relrowsecurity and relforcerowsecurity")
    policies = _existing(
        cursor, "select tablename || '.' || policyname from pg_policies where schemaname = 'public'"
    )
    wanted = []
    for model in chart_models():
        table = model._meta.db_table
        column, opened = open_set_column(model)
        test = f"{column} = any((select entwine_open_{opened}())::bigint[])"
        if table not in forced:
            wanted.append(f"alter table {table} enable row level security, force row level security")
        if f"{table}.in_open_set" not in policies:
            wanted.append(f"create policy in_open_set on {table} using ({test}) with check ({test})")
        for role, reads in (("desk", DESK_READS), ("door", DOOR_READS)):
            if table in reads and f"{table}.{role}_reads" not in policies:
                wanted.append(
                    f"create policy {role}_reads on {table} for select to entwine_{role} using (true)"
                )
    return wanted


def client_keys(model: type[models.Model]) -> list[tuple[str, str, str]]:
    """(constraint, column, table pointed at) for each foreign key that must stay within one client."""
    if getattr(model, "history_of", None) or not any(
        f.column == "client_id" for f in model._meta.concrete_fields
    ):
        return []
    keys = []
    for field in model._meta.concrete_fields:
        target = field.related_model
        if (
            not isinstance(target, type)
            or not getattr(target, "needs_open_chart", False)
            or field.name == "client"
        ):
            continue
        keys.append(
            (f"{model._meta.db_table}_{field.column}_same_client", str(field.column), target._meta.db_table)
        )
    return keys


def _composite_keys(cursor: Any) -> list[str]:
    constraints = _existing(cursor, "select conname from pg_constraint")
    wanted = []
    for model in chart_models():
        for name, column, target in client_keys(model):
            pair = f"{target}_client_pair"
            if pair not in constraints:
                constraints.add(pair)
                wanted.append(f"alter table {target} add constraint {pair} unique (client_id, id)")
            if name not in constraints:
                # Plain foreign-key checks bypass row-level security: client 3's flag on client 2's screen was accepted.
                wanted.append(
                    f"alter table {model._meta.db_table} add constraint {name} foreign key (client_id, {column})"
                    f" references {target} (client_id, id) deferrable initially deferred"
                )
    return wanted


def frozen_models() -> list[type[Freezes]]:
    return [m for m in apps.get_models() if issubclass(m, Freezes)]


def _frozen_triggers(cursor: Any) -> list[str]:
    triggers = _existing(
        cursor, "select tgrelid::regclass || '.' || tgname from pg_trigger where tgenabled = 'A'"
    )
    wanted = []
    for model in frozen_models():
        table = model._meta.db_table
        if f"{table}.refuse_frozen" in triggers:
            continue
        arguments = ""
        if model.frozen_with:
            whole = model._meta.get_field(model.frozen_with)
            arguments = f"'{whole.related_model._meta.db_table}', '{whole.column}'"  # type: ignore[union-attr]
        wanted += [
            f"drop trigger if exists refuse_frozen on {table}",
            f"create trigger refuse_frozen before insert or update or delete on {table}"
            f" for each row execute function entwine_refuse_frozen({arguments})",
            f"alter table {table} enable always trigger refuse_frozen",
        ]
    return wanted


def unchanging_models() -> list[type[models.Model]]:
    """What never changes once it is written, for the owner neither: signatures, and what was said about a signed text."""
    return [m for m in chart_models() if getattr(m, "never_changes", False) and not hasattr(m, "history_of")]


def _unchanging_triggers(cursor: Any) -> list[str]:
    triggers = _existing(
        cursor, "select tgrelid::regclass || '.' || tgname from pg_trigger where tgenabled = 'A'"
    )
    wanted = []
    for table in (model._meta.db_table for model in unchanging_models()):
        if f"{table}.refuse_change" not in triggers:
            wanted += [
                f"drop trigger if exists refuse_change on {table}",
                f"create trigger refuse_change before update or delete on {table}"
                " for each row execute function entwine_refuse_change()",
                f"alter table {table} enable always trigger refuse_change",
            ]
    return wanted


def _signing_triggers(cursor: Any) -> list[str]:
    """`signed_kind`: the kind under which a frozen thing is signed; `shown_of`: the column of what a shown text is of."""
    triggers = _existing(
        cursor, "select tgrelid::regclass || '.' || tgname from pg_trigger where tgenabled = 'A'"
    )
    wanted = []
    for table, name, when, call in _signing_rules():
        if f"{table}.{name}" not in triggers:
            wanted += [
                f"drop trigger if exists {name} on {table}",
                f"create trigger {name} before insert on {table} for each row {when} execute function {call}",
                f"alter table {table} enable always trigger {name}",
            ]
    return wanted


def _signing_rules() -> list[tuple[str, str, str, str]]:
    """(table, trigger, when, call)"""
    rules = []
    for model in chart_models():
        if getattr(model, "history_of", None):
            continue
        table = model._meta.db_table
        if kind := getattr(model, "signed_kind", ""):
            when = f"when (new.object_kind = '{kind}')"
            rules.append(
                (Signature._meta.db_table, f"sign_frozen_{kind}", when, f"entwine_sign_frozen('{table}')")
            )
        if column := getattr(model, "shown_of", ""):
            thing: Any = model._meta.get_field(column)
            call = f"entwine_shown_signed('{thing.related_model._meta.db_table}', '{thing.column}')"
            rules.append((table, "shown_signed", "", call))
    return rules


def _grants() -> list[str]:
    wanted = [
        "grant usage on schema public to entwine_app, entwine_desk, entwine_door",
        "revoke all on all tables in schema public from entwine_app, entwine_desk, entwine_door",
        "grant select, insert, update, delete on all tables in schema public to entwine_app",
        "grant usage, select on all sequences in schema public to entwine_app",
        "revoke insert, update, delete on django_migrations from entwine_app",
    ]
    append_only = [m._meta.db_table for m in apps.get_models() if getattr(m, "append_only", False)]
    wanted += [f"revoke update, delete on {table} from entwine_app" for table in append_only]
    tables = {m._meta.db_table for m in apps.get_models()}
    for role, reads in (("desk", DESK_READS), ("door", DOOR_READS)):
        wanted += [
            f"grant select{' (%s)' % ', '.join(columns) if columns else ''} on {table} to entwine_{role}"
            for table, columns in reads.items()
            if table in tables
        ]
        wanted.append(f"grant select, insert on audit_ledgerrow to entwine_{role}")
        wanted.append(f"grant usage on sequence audit_ledgerrow_id_seq to entwine_{role}")
        wanted.append(f"grant select on {', '.join(DOOR_READS_OPENLY)} to entwine_{role}")
    return wanted
