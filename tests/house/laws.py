"""The house's laws as functions: each reads source text, a URL resolver or the database and names what breaks it.

The tests beside run each law on the house, where it must find nothing, and on a broken sample, where it must find it.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.urls import URLPattern, URLResolver

ROOT = Path(__file__).resolve().parents[2]
APPS = ("caseload", "follow_up", "intake", "treatment_plans", "screening")
HOUSE = (*APPS, "clinic")

# Pages that need no sign-in, by view name; anything else that opens nothing must say so.
PUBLIC = {
    "account_login", "account_logout", "account_signup", "account_inactive", "account_reauthenticate",
    "account_change_password", "account_set_password", "account_email", "account_email_verification_sent",
    "account_confirm_email", "account_reset_password", "account_reset_password_done",
    "account_reset_password_from_key", "account_reset_password_from_key_done", "account_confirm_login_code",
    "account_request_login_code", "mfa_authenticate", "mfa_reauthenticate", "mfa_index", "mfa_activate_totp",
    "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes",
    "mfa_trust",
}  # fmt: skip

# The few places below the rooms that write: the door, the ledger, versions, and the way out's own bookkeeping.
WRITERS = {
    "clinic/access/views.py", "clinic/access/handed.py", "clinic/audit/ledger.py", "clinic/record/models/base.py",
}  # fmt: skip
WRITES = {
    "save",
    "create",
    "delete",
    "raw",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
}
NAMES_AND_VALUES = {
    "given_name", "family_name", "chosen_name", "listed_name", "called", "birth_date", "text", "body", "value", "total",
    "answers", "band", "street", "number", "substance", "reason", "words", "how",
}  # fmt: skip
LOG_METHODS = {"debug", "info", "warning", "error", "exception", "critical"}


def sources(*folders: str) -> Iterator[tuple[str, str]]:
    """(path, text) of every Python file of these folders, migrations left out."""
    for folder in folders or HOUSE:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield str(path.relative_to(ROOT)), path.read_text()


def routes(patterns: list[Any], prefix: str = "") -> Iterator[tuple[str, str, Any]]:
    """(name, route, view) of every URL pattern."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from routes(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name}", str(pattern.pattern), pattern.callback


def undeclared_routes(patterns: list[Any]) -> list[str]:
    """Routes that declare no door and are not public."""
    return [
        name for name, _route, view in routes(patterns) if name not in PUBLIC and not hasattr(view, "opens")
    ]


def verbs(text: str) -> list[str]:
    """The names of an actions room's verbs: what the ledger calls them."""
    return [
        node.name
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef) and any(_is_act(found) for found in node.decorator_list)
    ]


def _is_act(found: ast.expr) -> bool:
    return isinstance(found, ast.Call) and getattr(found.func, "id", "") in ("act", "act_each")


def undeclared_verbs(path: str, text: str) -> list[str]:
    """Public functions of an actions room that carry neither `@act` nor `@act_each` (its batched twin) and do not open
    a door of their own (`who`, `job`)."""
    found = []
    for node in ast.parse(text).body:
        if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
            continue
        acts = any(_is_act(found) for found in node.decorator_list)
        first = node.args.args[0].arg if node.args.args else ""
        if not acts and first not in ("who", "job"):
            found.append(f"{path}:{node.lineno} {node.name}")
    return found


def writes_outside_actions(path: str, text: str) -> list[str]:
    """Calls that write rows, in a file that is not an actions room."""
    if "actions" in Path(path).with_suffix("").parts or path in WRITERS:
        return []
    found = []
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        name, on = node.func.attr, ast.unparse(node.func.value)
        rows = ".objects" in on or "_manager" in on or ".filter(" in on or ".exclude(" in on
        if (name in WRITES and (rows or name in ("save", "raw"))) or (name in ("update", "delete") and rows):
            found.append(f"{path}:{node.lineno} .{name}(")
    return found


def names_in_text(path: str, text: str) -> list[str]:
    """`__str__` methods and log calls that could show a name or a clinical value."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef) and node.name == "__str__":
            used = {n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute)}
            if used & NAMES_AND_VALUES:
                found.append(f"{path}:{node.lineno} __str__ shows {sorted(used & NAMES_AND_VALUES)}")
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in LOG_METHODS
        ):
            on = ast.unparse(node.func.value)
            if not (on == "log" or on.startswith("logging") or on.endswith("logger")):
                continue
            used = {n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute)}
            loose = node.args and not isinstance(node.args[0], ast.Constant)
            if used & NAMES_AND_VALUES or loose:
                found.append(f"{path}:{node.lineno} log call")
    return found


def foreign_rooms(path: str, text: str) -> list[str]:
    """Imports of another app's private rooms: its views, forms and tasks are its own."""
    own = (
        path.split("/")[0]
        if not path.startswith("clinic/")
        else "clinic." + path.split("/")[1].removesuffix(".py")
    )
    found = []
    for node in ast.walk(ast.parse(text)):
        module = node.module if isinstance(node, ast.ImportFrom) and node.module else ""
        names = [module, *(f"{module}.{alias.name}" for alias in getattr(node, "names", []) if module)]
        for name in names:
            match = re.match(
                r"^(clinic\.(?:office|consent|people|record)|%s)\.(views|forms|tasks)\b" % "|".join(APPS),
                name,
            )
            if match and match[1] != own and not path.endswith("urls.py"):
                found.append(f"{path}:{node.lineno} {name}")
    return found


def badly_named_migrations(names: list[str]) -> list[str]:
    """Migrations that nobody named."""
    return [name for name in names if re.search(r"_auto_|_initial$|_and_more$|_alter_|_remove_.*_and", name)]


def apps_without_floor(folders: list[str], layers: list[str]) -> list[str]:
    """App folders that stand on no floor of the contract."""
    stand = {name.strip() for layer in layers for name in layer.split("|")}
    return [folder for folder in folders if folder not in stand]


def tables_without_row_security(cursor: Any, tables: list[str]) -> list[str]:
    """Chart tables whose row-level security is not enabled, not forced, or not of the one form."""
    cursor.execute(
        "select c.relname from pg_class c join pg_policies p on p.tablename = c.relname and p.policyname = 'in_open_set'"
        " where c.relrowsecurity and c.relforcerowsecurity and p.roles = '{public}' and p.cmd = 'ALL'"
        " and p.qual ~ 'ANY .*SELECT entwine_open_(clients|episodes)' and p.qual = p.with_check"
    )
    return sorted(set(tables) - {row[0] for row in cursor.fetchall()})


def missing_client_keys(cursor: Any, wanted: list[str]) -> list[str]:
    """Foreign keys between chart rows that could point at another client's row."""
    cursor.execute(
        "select conname from pg_constraint where contype = 'f' and convalidated and array_length(conkey, 1) = 2"
    )
    return sorted(set(wanted) - {row[0] for row in cursor.fetchall()})


def unguarded_frozen_tables(cursor: Any, tables: list[str]) -> list[str]:
    """Frozen tables whose trigger is missing or does not always fire."""
    cursor.execute(
        "select tgrelid::regclass::text from pg_trigger where tgname = 'refuse_frozen' and tgenabled = 'A'"
    )
    return sorted(set(tables) - {row[0] for row in cursor.fetchall()})


def changeable_records(cursor: Any, tables: list[str]) -> list[str]:
    """Append-only tables that the app may change or delete from."""
    cursor.execute(
        "select t from unnest(%s::text[]) as t where has_table_privilege('entwine_app', t, 'UPDATE')"
        " or has_table_privilege('entwine_app', t, 'DELETE') or has_table_privilege('entwine_app', t, 'TRUNCATE')",
        [tables],
    )
    return [row[0] for row in cursor.fetchall()]
