from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clinic.office import backups


class Command(BaseCommand):
    help = "Write one encrypted backup of the database into the backup folder."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            file = backups.make_backup()
        except backups.BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{file} ({file.stat().st_size:,} bytes)")
