from typing import Any

from django.core.management.commands.migrate import Command as Migrate

from clinic.access.secure import secure, unforce


class Command(Migrate):
    """Django's migrate, which then secures the tables: a table without its policy and grants never goes live."""

    def handle(self, *args: Any, **options: Any) -> None:
        looking = options.get("plan") or options.get("check_unapplied")
        if not looking:
            unforce()
        super().handle(*args, **options)
        if not looking:
            secure()
