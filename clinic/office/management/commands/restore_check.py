from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clinic.office import backups


class Command(BaseCommand):
    help = "Restore a backup beside the live database, examine it, and drop it again."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="the backup; without it, the newest")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            check = backups.check_restore(options["file"])
        except backups.BackupError as error:
            raise CommandError(str(error)) from error
        if check.faults:
            raise CommandError("\n".join([f"{check.file.name} does not restore well:", *check.faults]))
        self.stdout.write(
            f"{check.file.name}, taken {check.taken}, restores: {check.rows:,} rows in {check.tables} tables, "
            "row-level security forced, ledger verified."
        )
