"""Each law holds in the house, and each rejects its broken sample."""

import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import ProgrammingError, connection
from django.urls import get_resolver

from clinic.access.secure import chart_models, client_keys, frozen_models
from clinic.kit.scope import NoChartOpen
from clinic.office.rules import WORDS
from tests.conftest import as_owner
from tests.house import laws
from tests.house.samples import broken_routes

BROKEN = (Path(__file__).parent / "samples" / "broken_source.py").read_text()


def test_every_route_declares_the_door_it_opens_or_is_public():
    assert laws.undeclared_routes(get_resolver().url_patterns) == []
    assert laws.undeclared_routes(broken_routes.urlpatterns) == ["leak"]


def test_every_verb_declares_what_it_does():
    rooms = [(path, text) for path, text in laws.sources() if "actions" in Path(path).with_suffix("").parts]
    assert rooms
    assert [found for path, text in rooms for found in laws.undeclared_verbs(path, text)] == []
    assert laws.undeclared_verbs("broken/actions.py", BROKEN)[0].endswith("sign_anything")


def test_every_verb_has_words_in_the_account_of_who_opened_a_record():
    rooms = [text for path, text in laws.sources() if "actions" in Path(path).with_suffix("").parts]
    found = {name for text in rooms for name in laws.verbs(text)}
    assert len(found) > 100
    assert sorted(found - WORDS.keys()) == []
    assert laws.verbs("@act(Do.PLAN)\ndef sign_anything(chart): ...") == ["sign_anything"]


def test_rows_are_written_in_actions_only():
    assert [found for path, text in laws.sources() for found in laws.writes_outside_actions(path, text)] == []
    assert len(laws.writes_outside_actions("broken/views.py", BROKEN)) == 2


def test_no_text_of_a_row_and_no_log_line_holds_a_name_or_a_value():
    assert [found for path, text in laws.sources() for found in laws.names_in_text(path, text)] == []
    assert len(laws.names_in_text("broken/models.py", BROKEN)) == 2


def test_views_forms_and_tasks_are_private_to_their_app():
    assert [found for path, text in laws.sources() for found in laws.foreign_rooms(path, text)] == []
    assert laws.foreign_rooms("broken/views.py", BROKEN)


def test_every_migration_was_named_by_hand():
    names = [path.stem for app in laws.HOUSE for path in (laws.ROOT / app).rglob("migrations/0*.py")]
    assert names
    assert laws.badly_named_migrations(names) == []
    assert laws.badly_named_migrations(["0002_auto_20260101_1200", "0001_initial"])


def test_every_app_stands_on_a_floor():
    contracts = tomllib.loads((laws.ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    floors = next(c for c in contracts if c["name"] == "floors")["layers"]
    ours = [
        a.name
        for a in apps.get_app_configs()
        if Path(a.path).is_relative_to(laws.ROOT) and ".venv" not in a.path
    ]
    assert laws.apps_without_floor(ours, floors) == []
    assert laws.apps_without_floor([*ours, "billing"], floors) == ["billing"]


def test_the_django_admin_is_not_there():
    assert "django.contrib.admin" not in settings.INSTALLED_APPS


def test_row_level_security_is_forced_on_every_chart_and_history_table(db):
    tables = [model._meta.db_table for model in chart_models()]
    assert len(tables) >= 30
    with connection.cursor() as cursor:
        assert laws.tables_without_row_security(cursor, tables) == []


@pytest.mark.django_db(transaction=True)
def test_a_table_whose_security_was_loosened_is_named():
    tables = [model._meta.db_table for model in chart_models()]
    with as_owner() as owner, owner.cursor() as cursor:
        cursor.execute("begin")
        cursor.execute("alter table record_flag no force row level security")
        cursor.execute("drop policy in_open_set on record_problem")
        assert laws.tables_without_row_security(cursor, tables) == ["record_flag", "record_problem"]
        cursor.execute("rollback")


@pytest.mark.django_db(transaction=True)
def test_foreign_keys_stay_within_one_client():
    wanted = [name for model in chart_models() for name, _column, _target in client_keys(model)]
    with connection.cursor() as cursor:
        assert laws.missing_client_keys(cursor, wanted) == []
    with as_owner() as owner, owner.cursor() as cursor:
        cursor.execute("begin")
        cursor.execute("alter table record_flag drop constraint record_flag_episode_id_same_client")
        assert laws.missing_client_keys(cursor, wanted) == ["record_flag_episode_id_same_client"]
        cursor.execute("rollback")


@pytest.mark.django_db(transaction=True)
def test_frozen_tables_are_guarded_by_triggers_that_always_fire():
    tables = [model._meta.db_table for model in frozen_models()]
    assert tables
    with connection.cursor() as cursor:
        assert laws.unguarded_frozen_tables(cursor, tables) == []
    with as_owner() as owner, owner.cursor() as cursor:
        cursor.execute("begin")
        cursor.execute(f"alter table {tables[0]} disable trigger refuse_frozen")
        assert laws.unguarded_frozen_tables(cursor, tables) == [tables[0]]
        cursor.execute("rollback")


@pytest.mark.django_db(transaction=True)
def test_the_app_may_only_add_to_the_ledger_to_disclosures_and_to_history():
    tables = [m._meta.db_table for m in apps.get_models() if getattr(m, "append_only", False)]
    assert {"audit_ledgerrow", "audit_seal", "audit_sealed", "record_clientevent"} <= set(tables)
    with connection.cursor() as cursor:
        assert laws.changeable_records(cursor, tables) == []
    with as_owner() as owner, owner.cursor() as cursor:
        cursor.execute("begin")
        cursor.execute("grant update on audit_ledgerrow to entwine_app")
        assert laws.changeable_records(cursor, tables) == ["audit_ledgerrow"]
        cursor.execute("rollback")


def test_the_app_does_not_inherit_the_desks_or_the_doors_rights(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "select rolinherit or rolbypassrls or rolsuper from pg_roles where rolname = 'entwine_app'"
        )
        assert cursor.fetchone() == (False,)
        cursor.execute("show server_version_num")
        if int(cursor.fetchone()[0]) >= 160000:
            cursor.execute("select inherit_option from pg_auth_members where member = 'entwine_app'::regrole")
            assert {row[0] for row in cursor.fetchall()} == {False}


def test_no_session_can_switch_the_history_off(db):
    with connection.cursor() as cursor:
        cursor.execute("select prosrc from pg_proc where proname = '_pgtrigger_should_ignore'")
        assert cursor.fetchone()[0].strip() == "select false"


def test_no_clients_rows_are_reachable_with_nothing_open(cast):
    cast.register()
    for model in chart_models():
        with pytest.raises(NoChartOpen):
            list(model._default_manager.all()[:1])


@pytest.mark.django_db(transaction=True)
def test_raw_sql_finds_nothing_with_nothing_open(lasting_cast):
    lasting_cast.register()
    for model in chart_models():
        with connection.cursor() as cursor:
            try:
                cursor.execute(f"select count(*) from {model._meta.db_table}")
            except ProgrammingError as refusal:
                assert "no chart is open" in str(refusal)
            else:
                assert cursor.fetchone() == (0,), model
