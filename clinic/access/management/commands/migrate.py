from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands.migrate import Command as Migrate
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext

from clinic.access.secure import secure, unforce


class Command(Migrate):
    """Django's migrate, which then secures the tables: a table without its policy and grants never goes live.

    A database that another version has taken further is left as it is.
    """

    def handle(self, *args: Any, **options: Any) -> None:
        looking = options.get("plan") or options.get("check_unapplied")
        if not looking:
            _refuse_another_versions_tables()
            unforce()
        super().handle(*args, **options)
        if not looking:
            secure()


def _refuse_another_versions_tables() -> None:
    loader = MigrationLoader(connection)
    theirs = [key for key in loader.applied_migrations if key[0] in loader.migrated_apps]
    if unknown := sorted(".".join(key) for key in theirs if key not in loader.disk_migrations):
        raise CommandError(
            gettext(
                "This database was made by another version of Entwine: it has had %(unknown)s, which this version "
                "does not know. Nothing was changed. Start that version again, or begin with a new data folder (--data)."
            )
            % {"unknown": ", ".join(unknown)}
        )
