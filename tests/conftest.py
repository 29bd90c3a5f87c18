"""The test database is made, migrated and flushed as the owner; every test runs as the app, as in production."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import environ
import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.management import create_contenttypes
from django.contrib.postgres.operations import CreateExtension
from django.db import connection, connections
from django.db.migrations.recorder import MigrationRecorder
from django.db.models.signals import post_migrate, pre_migrate
from pghistory.models import Context
from psycopg._preparing import PrepareManager
from xdist.scheduler import LoadScopeScheduling

from clinic.kit.catalogs import compile_catalogs
from clinic.kit.memory import settle
from tests.cast import Cast, make_cast

compile_catalogs()  # before Django reads the words of any language
Path(settings.STATIC_ROOT).mkdir(exist_ok=True)  # WhiteNoise warns of a missing one in every test

# psycopg forgets its prepared statements at every rollback, in case a table came and went with it. Here each test ends with
# one, and so does each page of the tours: the same statements would be planned thousands of times.
pytest.MonkeyPatch().setattr(PrepareManager, "_should_discard", lambda *_told: False)

OWNER = environ.Env.db_url_config(os.environ["ENTWINE_OWNER_DATABASE_URL"])


@contextmanager
def as_owner() -> Iterator[Any]:
    """The connection logs in as the owner inside the block."""
    app = {key: connection.settings_dict[key] for key in ("USER", "PASSWORD")}
    connection.close()
    connection.settings_dict.update(USER=OWNER["USER"], PASSWORD=OWNER["PASSWORD"])
    try:
        yield connection
    finally:
        connection.close()
        connection.settings_dict.update(app)


@pytest.fixture(scope="session")
def django_db_setup(request: Any, django_test_environment: Any, django_db_blocker: Any) -> Iterator[None]:
    from django.test.utils import setup_databases, teardown_databases

    app_user = {key: connection.settings_dict[key] for key in ("USER", "PASSWORD")}
    owner = {"USER": OWNER["USER"], "PASSWORD": OWNER["PASSWORD"]}
    reuse = bool(request.config.getvalue("reuse_db"))
    worker = getattr(request.config, "workerinput", {}).get("workerid")
    with django_db_blocker.unblock():
        connection.settings_dict.update(owner)
        if worker:
            connection.settings_dict["TEST"]["NAME"] = f"test_entwine_{worker}"
        with _tables_from_the_models():
            made = setup_databases(verbosity=0, interactive=False, keepdb=reuse, serialized_aliases=[])
        # A flush sends it too. Nobody here asks Django's own permissions, and to write them takes as long as to flush.
        post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
        post_migrate.disconnect(create_contenttypes)
        connection.close()
        connection.settings_dict.update(app_user)
        _flush_as_owner()
    yield
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict.update(owner)
        if not reuse:
            teardown_databases(made, verbosity=0)


@contextmanager
def _tables_from_the_models() -> Iterator[None]:
    """Inside, tables are made from the models, in a tenth of the time that the migrations take.

    That both say the same, `makemigrations --check` sees to; the journeys and tests/running start migrated clinics.
    """
    settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}
    pre_migrate.connect(_before_the_tables, sender=apps.get_app_config("people"))
    post_migrate.connect(_after_the_tables, sender=apps.get_app_config("pghistory"))
    yield
    # A flush sends it too, and is no time for making functions.
    post_migrate.disconnect(_after_the_tables, sender=apps.get_app_config("pghistory"))


def _after_the_tables(**_told: Any) -> None:
    Context.install_pgh_attach_context_func()


def _before_the_tables(**_told: Any) -> None:
    made = import_module("clinic.people.migrations.0001_first").Migration.operations
    with connection.cursor() as cursor:
        for extension in (step for step in made if isinstance(step, CreateExtension)):
            cursor.execute(f"create extension if not exists {extension.name}")
    MigrationRecorder(connection).ensure_schema()  # the grants speak of its table too


def _flush_as_owner() -> None:
    """`transaction=True` tests flush by TRUNCATE, which the app may not do."""
    flush = connection.ops.execute_sql_flush

    def execute(sql_list: Any) -> None:
        with as_owner():
            flush(sql_list)

    connection.ops.execute_sql_flush = execute


# What takes longest, in the order in which the processes begin with it: a test, some tests of a file, a file, a folder.
FIRST = (
    "tests/house/test_axe.py::test_every_page_with_everything_on_it",
    "tests/journeys",
    "tests/house/test_axe.py",
    "tests/house/test_roles.py::test_no_nonsense_breaks_a_page",
    "tests/house/test_roles.py",
    "tests/house/test_queries.py",
    "tests/privacy/test_two_programs.py",
    "tests/privacy/test_markers.py",
)


# The journeys go on in the clinic that these have started.
STARTERS = "tests/running/test_server.py"


def _together(nodeid: str) -> str:
    """What one process does in one go: what stands in FIRST (the journeys share one running clinic), else a file."""
    if nodeid.startswith(STARTERS):
        return "tests/journeys"
    return next((name for name in FIRST if nodeid.startswith(name)), nodeid.partition("::")[0])


class ByFile(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return _together(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    return ByFile(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first, so that no process is left with one of them at the end."""
    order = {name: place for place, name in enumerate(FIRST)}
    items.sort(
        key=lambda item: (order.get(_together(item.nodeid), len(FIRST)), not item.nodeid.startswith(STARTERS))
    )


def pytest_collection_finish() -> None:
    """What is loaded by now stays: looking through it for garbage again and again takes a twentieth of the time."""
    settle()


@pytest.fixture(scope="session")
def demo_folder() -> Iterator[Path]:
    """One data folder for everybody who starts the whole demo clinic: whoever comes first has it made, which takes a minute.

    It lies outside pytest's own folders, which are closed to the account that runs PostgreSQL for root.
    """
    with TemporaryDirectory(prefix="entwine-demo-") as parent:
        Path(parent).chmod(0o711)
        yield Path(parent) / "data"


@pytest.fixture(autouse=True)
def _own_data_folder(tmp_path: Any, settings: Any) -> None:
    settings.SEAL_ANCHOR = str(tmp_path / "ledger.anchor")
    settings.MAIL_SINK = tmp_path / "mail"
    # The throttle counts in the cache: one story's wrong passwords must not shut another's door.
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": str(tmp_path)}
    }


@pytest.fixture
def cast(db: Any) -> Cast:
    """Two sites, three programs, and the people every story knows."""
    return make_cast()


@pytest.fixture
def lasting_cast(transactional_db: Any) -> Cast:
    """The same people, in committed rows: for stories with more than one connection."""
    return make_cast()


__all__ = ["connections", "settings"]
