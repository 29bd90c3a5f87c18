"""The test database is made, migrated and flushed as the owner; every test runs as the app, as in production."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import environ
import pytest
from django.conf import settings
from django.db import connection, connections

from clinic.kit.catalogs import compile_catalogs
from tests.cast import Cast, make_cast

compile_catalogs()  # before Django reads the words of any language

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
        made = setup_databases(verbosity=0, interactive=False, keepdb=reuse, serialized_aliases=[])
        connection.close()
        connection.settings_dict.update(app_user)
        _flush_as_owner()
    yield
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict.update(owner)
        if not reuse:
            teardown_databases(made, verbosity=0)


def _flush_as_owner() -> None:
    """`transaction=True` tests flush by TRUNCATE, which the app may not do."""
    flush = connection.ops.execute_sql_flush

    def execute(sql_list: Any) -> None:
        with as_owner():
            flush(sql_list)

    connection.ops.execute_sql_flush = execute


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
