from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from clinic.office.context import DEMO_PASSWORD
from clinic.people.queries import staff_with_duties


class Command(BaseCommand):
    help = "Print the demo people and how they sign in."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is not a demo clinic (ENTWINE_DEMO is not set).")
        for person in staff_with_duties().filter(is_active=True).order_by("pk"):
            self.stdout.write(f"{person.email:<28} {', '.join(person.role_names)}")
        self.stdout.write(f"Password of each: {DEMO_PASSWORD}")
