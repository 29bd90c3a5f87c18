"""A database that another version has taken further is refused, and left as it is."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from tests.conftest import as_owner


@pytest.mark.django_db(transaction=True)
def test_tables_of_another_version_are_refused_and_named(settings):
    settings.MIGRATION_MODULES = {}
    with as_owner():
        MigrationRecorder(connection).record_applied("record", "0099_of_another_version")
        before = connection.introspection.table_names()
        with pytest.raises(CommandError, match=r"record\.0099_of_another_version"):
            call_command("migrate", verbosity=0)
        assert connection.introspection.table_names() == before
        MigrationRecorder(connection).record_unapplied("record", "0099_of_another_version")
