import csv
import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from screening import rules


class Command(BaseCommand):
    help = (
        "Count bands, syndromes, response, remission and reliable change in a file of PHQ-9 courses "
        "(person, week, phq9_1 to phq9_10). It opens no database and keeps nothing."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with Path(options["file"]).open(newline="") as file:
                rows = list(csv.DictReader(file))
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from error
        self.stdout.write(json.dumps(counted(rows), indent=1, sort_keys=True))


def counted(rows: list[dict[str, str]]) -> dict[str, Any]:
    """What these rows come to by `screening.rules`: counts of screens, then of people from first to last total."""
    form = rules.load("phq-9")
    bands: Counter[str] = Counter()
    found: Counter[str] = Counter()
    courses: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for row in rows:
        given = {item.id: int(row[item.id]) for item in form.items if row.get(item.id)}
        score = rules.score(form, given)
        bands[score.band or "none"] += 1
        found.update(name for name, flag in score.flags.items() if flag is True)
        if score.total is not None:
            courses[row["person"]].append((int(row["week"]), score.total))
    changes: Counter[str] = Counter()
    for course in courses.values():
        in_time = [total for _week, total in sorted(course)]
        earlier, later = in_time[0], in_time[-1]
        changes.update(rules.change(form, earlier, later).kinds)
    wanted = (
        "positive_screen",
        "suicidal_ideation",
        "major_depressive_syndrome",
        "other_depressive_syndrome",
    )
    return {
        "screens": len(rows),
        "bands": dict(bands),
        "flags": {name: found[name] for name in wanted},
        "people": len(courses),
        "changes": dict(changes),
    }
