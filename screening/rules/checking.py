"""Whether an instrument's files hold together. Each fault names the file, the line where it can, and the mend."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from screening.rules.instruments import FOLDER, Instrument, content_hash, parse, versions
from screening.rules.scoring import RULES, score

# What each rule of the vocabulary needs beside its name; "?" marks what it may have.
NEEDS = {
    "total_at_least": {"value"},
    "sum_at_least": {"of", "value"},
    "alert_any": {"items", "critical?"},
    "alert_only_these_points": {"points", "total"},
    "count": {"items"},
    "count_at_least": {"items", "value"},
    "count_between": {"items", "values", "including?"},
    "all_of": {"of"},
}


@dataclass(frozen=True)
class Problem:
    """One fault of one file, and how to mend it. `near`: words of the line that it is about."""

    file: str
    what: str
    mend: str
    near: str = ""
    line: int | None = None

    def __str__(self) -> str:
        return f"{self.file}{f':{self.line}' if self.line else ''}: {self.what}: {self.mend}"


def check_all(folder: Path = FOLDER) -> list[Problem]:
    """Every fault of every instrument's files; a published version whose content changed is one."""
    frozen = tomllib.loads((folder / "frozen.toml").read_text())
    published = {(name, version) for name, known in frozen.items() for version in known}
    found = [
        Problem(f"{name}/{version}.toml", "is published and its file is gone", "put it back as it was")
        for name, version in sorted(published - set(versions(folder)))
    ]
    for name, version in versions(folder):
        file = f"{name}/{version}.toml"
        path, cases_path = folder / file, folder / name / f"{version}.cases.toml"
        try:
            data = tomllib.loads(path.read_text())
            cases = tomllib.loads(cases_path.read_text())["cases"]
        except (OSError, KeyError, tomllib.TOMLDecodeError) as error:
            found.append(Problem(file, f"cannot be read with its cases: {error}", "see docs/instruments.md"))
            continue
        if frozen.get(name, {}).get(version) != content_hash(data):
            found.append(_unpublished(file, version, data, (name, version) in published))
        found += [_placed(problem, path) for problem in check(data, cases, file)]
    return found


def check(data: dict[str, Any], cases: list[dict[str, Any]], file: str) -> list[Problem]:
    """Every fault of one instrument's data; when it has none, every case that does not score as published."""
    try:
        form = parse(data)
    except (KeyError, TypeError) as missing:
        mend = "see docs/instruments.md for what every file has"
        return [Problem(file, f"lacks or misnames {missing}", mend, near=str(missing).strip("'"))]
    found = [*_bands(form, file), *_rules(form, file), *_names(form, file), *_next(form, file)]
    return found or [*_cases(form, cases, file), *_borders(form, cases, file)]


def _unpublished(file: str, version: str, data: dict[str, Any], published: bool) -> Problem:
    if published:
        return Problem(file, "differs from its published hash", "publish the change as a new version")
    mend = f'when it is final, add {version} = "{content_hash(data)}" to frozen.toml'
    return Problem(file, "is not published yet", mend)


def _placed(problem: Problem, path: Path) -> Problem:
    lines = path.read_text().splitlines()
    where = next((n for n, line in enumerate(lines, 1) if problem.near and problem.near in line), None)
    return replace(problem, line=where)


def _bands(form: Instrument, file: str) -> Iterator[Problem]:
    expected = form.low
    for band in form.bands:
        if band.min != expected:
            what = "overlaps the band before" if band.min < expected else "leaves a gap before"
            yield Problem(
                file, f"band {band.label!r} {what}", f"it should begin at {expected}", near=band.label
            )
        if not (0 <= band.severity <= 4) or (band.severity >= 2) != (band.min >= form.cutoff):
            what = f"band {band.label!r} has severity {band.severity}"
            yield Problem(file, what, "0 and 1 lie below the cut-off, 2 to 4 at or above it", near=band.label)
        expected = band.max + 1
    if form.bands and expected != form.high + 1:
        yield Problem(
            file, f"the bands end at {expected - 1}", f"they should end at {form.high}", near="[[bands]]"
        )


def _rules(form: Instrument, file: str) -> Iterator[Problem]:
    before: set[str] = set()
    for rule in form.rules["flags"]:
        name, kind = rule["name"], rule["rule"]
        if kind not in RULES:
            mend = f"use one of {', '.join(sorted(RULES))}"
            yield Problem(file, f"unknown rule {kind!r}", mend, near=f'name = "{name}"')
            continue
        needs = {key for key in NEEDS[kind] if not key.endswith("?")}
        may = needs | {key.rstrip("?") for key in NEEDS[kind]} | {"name", "rule", "ours"}
        for word in sorted((needs - set(rule)) | (set(rule) - may)):
            what = f"flag {name!r} {'lacks' if word in needs else 'has no use for'} {word!r}"
            yield Problem(
                file, what, f"{kind} takes {', '.join(sorted(NEEDS[kind]))}", near=f'name = "{name}"'
            )
        for part in set(rule.get("of", [])) - before if kind == "all_of" else ():
            yield Problem(
                file, f"flag {name!r} names flag {part!r}", "define that one before it", near=f'"{name}"'
            )
        before.add(name)
    if "positive_screen" not in before:
        yield Problem(file, "no flag is called positive_screen", "say which answers make the screen positive")


def _names(form: Instrument, file: str) -> Iterator[Problem]:
    ids = [item.id for item in form.items]
    named = [*form.total_items]
    for rule in form.rules["flags"]:
        named += [*rule.get("items", {}), *rule.get("points", {}), *rule.get("including", [])]
        named += rule["of"] if rule["rule"] == "sum_at_least" else []
    for part in (*form.rules["subscales"], *form.rules["gates"]):
        named += [*part.get("items", []), *part.get("sum_of", []), *part.get("skips", [])]
    for name in sorted(set(named) - set(ids)):
        yield Problem(file, f"a rule names item {name!r}", "the form has no such item", near=f'"{name}"')
    for name in sorted({name for name in ids if ids.count(name) > 1}):
        yield Problem(file, f"two items are called {name!r}", "give each its own id", near=f'"{name}"')
    highest = sum(max(o.score for o in item.options) for item in form.items if item.id in form.total_items)
    if highest != form.high:
        what = f"the weights add up to {highest}, the range says {form.high}"
        yield Problem(file, what, "mend either", near="range =")


def _next(form: Instrument, file: str) -> Iterator[Problem]:
    flags = {rule["name"] for rule in form.rules["flags"]}
    for step in form.rules["next"]:
        if step["when"] not in flags:
            what = f"step {step['step']!r} waits for {step['when']!r}"
            yield Problem(file, what, "there is no such flag", near=f'when = "{step["when"]}"')


def _cases(form: Instrument, cases: list[dict[str, Any]], file: str) -> Iterator[Problem]:
    file = file.replace(".toml", ".cases.toml")
    for case in cases:
        got = score(form, _answers(form, case)).as_dict()
        have = {**got, **got["flags"], **got["subscales"], **got["subscores"]}
        for key, wanted in case["expected"].items():
            if have.get(key, "not there") != _answer(wanted):
                what = f"case {case['name']!r}: {key} is {have.get(key, 'not there')}, published {_answer(wanted)}"
                yield Problem(file, what, "mend the rule or the case")


def _borders(form: Instrument, cases: list[dict[str, Any]], file: str) -> Iterator[Problem]:
    """A case must lie on each side of each border: a band that is one point off is then found."""
    totals = {score(form, _answers(form, case)).total for case in cases}
    edges = {edge for band in form.bands for edge in (band.min, band.max)} | {form.cutoff - 1, form.cutoff}
    for edge in sorted(edges - totals):
        yield Problem(
            file.replace(".toml", ".cases.toml"), f"no case has a total of {edge}", "add one: it is a border"
        )


def _answers(form: Instrument, case: dict[str, Any]) -> dict[str, Any]:
    given = (_answer(answer) for answer in case["answers"])
    return dict(zip((item.id for item in form.items), given, strict=True))


def _answer(value: Any) -> Any:
    return None if value == "" else value
