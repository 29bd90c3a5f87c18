import sys
import tomllib
from typing import Any

from django.core.management.base import BaseCommand

from screening import rules
from screening.rules.instruments import FOLDER, versions


class Command(BaseCommand):
    help = "Check every instrument against its cases and its published hash; say file, line and mend of each fault."
    requires_system_checks: list[str] = []  # this is the check

    def handle(self, *args: Any, **options: Any) -> None:
        found = rules.check_all()
        faulty = {problem.file.replace(".cases", "") for problem in found}
        for name, version in versions():
            if f"{name}/{version}.toml" not in faulty:
                self.stdout.write(_line(name, version))
        for problem in found:
            self.stderr.write(str(problem))
        if found:
            sys.exit(1)


def _line(name: str, version: str) -> str:
    form = rules.load(name, version)
    cases = tomllib.loads((FOLDER / name / f"{version}.cases.toml").read_text())["cases"]
    return (
        f"{name:16} {version:>2}  {len(form.items):2} items  {len(cases):2} cases  "
        f"{'+'.join(form.languages):5}  {form.hash[:12]}"
    )
