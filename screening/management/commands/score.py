import argparse
import json
import sys
from typing import Any

from django.core.management.base import BaseCommand

from screening import rules


class Command(BaseCommand):
    help = 'Score JSON lines {"instrument", "answers", "context"}, from a file or standard input; one JSON line each.'
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", nargs="?", type=argparse.FileType("r"), default=sys.stdin)

    def handle(self, *args: Any, **options: Any) -> None:
        failed = False
        for number, line in enumerate(options["file"], start=1):
            if not line.strip():
                continue
            answer = self._answer(line)
            failed = failed or "error" in answer
            if "error" in answer:
                answer = {"line": number, **answer}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        if failed:
            sys.exit(1)

    def _answer(self, line: str) -> dict[str, Any]:
        try:
            asked = json.loads(line)
        except json.JSONDecodeError as error:
            return {"error": f"not JSON: {error.msg} at character {error.pos}"}
        if not isinstance(asked, dict) or not isinstance(asked.get("answers"), dict):
            return {"error": "answers: give an object of item id and option position"}
        try:
            form = rules.load(str(asked.get("instrument")))
        except KeyError:
            return {"error": f"instrument: {asked.get('instrument')!r} is not one of ours"}
        if wrong := rules.not_answers(form, asked["answers"]):
            return {"error": f"{wrong[0]}: {asked['answers'][wrong[0]]!r} is not an answer of {form.id}"}
        return rules.score(form, asked["answers"], asked.get("context")).as_dict()
