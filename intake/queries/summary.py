"""The interview's summary: what client and clinician read together, and what the client says is not right in it."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from clinic.record.models import Signature
from intake import rules
from intake.models import Disagreement, Interview, InterviewAnswer, State
from intake.queries.interviews import DECLINED, LANGUAGES, SIGNED_KIND, Held, by


@dataclass(frozen=True)
class Objection:
    words: str
    statement: str
    on: dt.date
    by: str


@dataclass(frozen=True)
class Line:
    """One line of the summary."""

    question: str
    label: Mapping[str, str]
    said: Mapping[str, str]
    state: str
    on: dt.date | None = None
    by: str = ""
    objections: tuple[Objection, ...] = ()

    def statement(self, language: str) -> str:
        return f"{self.label[language]}: {self.said[language]}"


@dataclass(frozen=True)
class SummaryPart:
    id: str
    title: Mapping[str, str]
    sensitive: bool
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Summary:
    """What client and clinician read together: every question that was answered or declined, and what is disagreed with."""

    parts: tuple[SummaryPart, ...]
    text_hash: str = field(default="")

    def line(self, question: str) -> Line | None:
        return next((line for part in self.parts for line in part.lines if line.question == question), None)

    def kept(self) -> list[dict[str, Any]]:
        """The text as it is kept when the interview freezes."""
        return [
            {
                "part": part.id,
                "title": dict(part.title),
                "lines": [
                    {
                        "question": line.question, "label": dict(line.label), "said": dict(line.said), "state": line.state,
                        "objections": [[one.words, one.on.isoformat()] for one in line.objections],
                    }
                    for line in part.lines
                ],
            }
            for part in self.parts
        ]  # fmt: skip


def summary(whole: Held) -> Summary:
    """The summary of everything told so far; one more query, for what the client disagrees with."""
    objections: dict[str, list[Objection]] = {}
    for row in Disagreement.objects.filter(interview=whole.row).select_related("staff").order_by("at", "pk"):
        said = Objection(row.words, row.statement, whole.day(row.at), by(row))
        objections.setdefault(row.question, []).append(said)
    found = [
        SummaryPart(part.id, _both(part, "title"), part.sensitive, tuple(lines))
        for part in whole.form.parts
        if (lines := _lines(whole, part, objections))
    ]
    made = Summary(tuple(found))
    text = json.dumps(made.kept(), sort_keys=True, ensure_ascii=False)
    return Summary(made.parts, hashlib.sha256(text.encode()).hexdigest())


def _both(part: rules.Part, name: str) -> dict[str, str]:
    return {language: part.words(name, language) for language in LANGUAGES}


def _lines(whole: Held, part: rules.Part, objections: Mapping[str, list[Objection]]) -> list[Line]:
    return [
        Line(
            step.key, {one: step.label(one) for one in LANGUAGES}, {one: _said(step, row, one) for one in LANGUAGES},
            row.state, whole.day(row.at), by(row), tuple(objections.get(step.key, ())),
        )
        for step in rules.walk(part, whole.values)
        if (row := whole.answers.get(step.key))
    ]  # fmt: skip


def _said(step: rules.Step, row: InterviewAnswer, language: str) -> str:
    return step.said(row.value, language) if row.state == State.TOLD else DECLINED[row.state][language]


def confirmations(row: Interview) -> list[Signature]:
    """Who has confirmed which text of this interview, newest first."""
    rows = Signature.objects.filter(object_kind=SIGNED_KIND, object_id=row.public_id)
    return list(rows.select_related("staff").order_by("-signed_at", "-pk"))
