import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from screening import rules


class Command(BaseCommand):
    help = 'Score JSON lines {"instrument", "answers", "context"}, from a file or standard input; one JSON line each.'
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "file", nargs="?", default="-", help="a file of JSON lines; standard input without it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        failed = False
        for number, line in enumerate(_lines(options["file"]), start=1):
            if not line.strip():
                continue
            answer = _answer(line)
            failed = failed or "error" in answer
            if "error" in answer:
                answer = {"line": number, **answer}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        if failed:
            sys.exit(1)


def _lines(name: str) -> Iterator[str]:
    """The lines as UTF-8. A byte that is none becomes a sign that no answer has, so that its line is named."""
    if name == "-":
        source = getattr(sys.stdin, "buffer", None)
        rows = source if source is not None else (line.encode() for line in sys.stdin)
    else:
        try:
            rows = iter(Path(name).read_bytes().splitlines())
        except OSError as error:
            raise CommandError(f"{name}: {error.strerror}") from error
    for row in rows:
        yield row.decode("utf-8-sig", errors="replace")


def _answer(line: str) -> dict[str, Any]:
    try:
        asked = json.loads(line)
    except (ValueError, RecursionError) as error:
        return _error("line", f"not JSON: {error}")
    if not isinstance(asked, dict) or not isinstance(asked.get("answers"), dict):
        return _error("answers", "give an object of item id and option position")
    try:
        form = rules.load(str(asked.get("instrument")))
    except KeyError:
        return _error("instrument", f"{asked.get('instrument')!r} is not one of ours")
    if wrong := rules.not_answers(form, asked["answers"]):
        return _error(wrong[0], f"{asked['answers'][wrong[0]]!r} is not an answer of {form.id}")
    return _printed(form, rules.score(form, asked["answers"], asked.get("context")))


def _error(field: str, says: str) -> dict[str, Any]:
    return {"field": field, "error": f"{field}: {says}"}


def _printed(form: rules.Instrument, score: rules.Score) -> dict[str, Any]:
    """Everything, with the flags that are ours and nobody's publication apart from the published ones."""
    ours = {rule["name"] for rule in form.rules["flags"] if rule.get("ours")}
    flags = {name: value for name, value in score.flags.items() if name not in ours}
    return {
        **score.as_dict(),
        "flags": flags,
        "our_flags": {name: score.flags[name] for name in sorted(ours)},
    }
