"""Whether an instrument's files hold together. Each fault names the file, the line where it can, and the mend."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from screening.rules.flagging import RULES
from screening.rules.instruments import FOLDER, SECTIONS, Band, Instrument, content_hash, parse, versions
from screening.rules.scoring import score

SCORINGS = ("sum", "subscales", "triage", "none")
KINDS = ("choice", "number", "many")
KNOWN = {
    *SECTIONS, "id", "version", "title", "short_title", "side", "offered", "order", "stem", "stem_es", "instructions",
    "lookback", "interval_days", "interval_note", "languages", "licence", "attribution", "sources", "cutoff", "loinc",
    "options", "items", "scoring", "bands", "band_sets", "better", "answered_by", "use",
}  # fmt: skip
# What each rule of the vocabulary needs beside its name; "?" marks what it may have.
NEEDS = {
    "total_at_least": {"value"},
    "total_at_most": {"value"},
    "at_cutoff": set(),
    "cutoff_used": set(),
    "sum_at_least": {"of", "value"},
    "alert_any": {"items", "critical?"},
    "alert_more_than": {"more", "than"},
    "alert_only_these_points": {"points", "total"},
    "alert_all_points_from": {"items", "when"},
    "alert_level": {"level", "critical?"},
    "may_be_higher": set(),
    "count": {"items"},
    "count_at_least": {"items", "value"},
    "count_between": {"items", "values", "including?"},
    "all_of": {"of"},
}


@dataclass(frozen=True)
class Problem:
    """One fault of one file, and how to mend it. `near`: words of the line that it is about, `nth` time they stand."""

    file: str
    what: str
    mend: str
    near: str = ""
    nth: int = 0
    line: int | None = None

    def __str__(self) -> str:
        return f"{self.file}{f':{self.line}' if self.line else ''}: {self.what}: {self.mend}"


def check_all(folder: Path = FOLDER) -> list[Problem]:
    """Every fault of every instrument's files; a published version whose content changed is one."""
    frozen = tomllib.loads((folder / "frozen.toml").read_text())
    published = {(name, version) for name, known in frozen.items() for version in known}
    known, left_out = versions(folder), _left_out(folder)
    found = [
        Problem(f"{name}/{version}.toml", "is published and its file is gone", "put it back as it was")
        for name, version in sorted(published - set(known))
        if name not in left_out
    ]
    for name, version in known:
        found += check_files(folder, name, version, frozen.get(name, {}).get(version))
    newest = dict(sorted(known, key=lambda one: int(one[1])))
    return [*found, *_between_files(folder, newest, left_out)]


def _left_out(folder: Path) -> set[str]:
    """Forms with conditions of which the whole folder is gone: whoever may not use one leaves it out (NOTICE)."""
    return {
        name
        for name in tomllib.loads((folder / "conditions.toml").read_text())
        if not (folder / name).exists()
    }


def check_files(folder: Path, name: str, version: str, published: str | None) -> list[Problem]:
    """Every fault of one version's two files; `published`: its hash, None while it has none."""
    file = f"{name}/{version}.toml"
    path, cases_path = folder / file, folder / name / f"{version}.cases.toml"
    try:
        data = tomllib.loads(path.read_text())
        cases = tomllib.loads(cases_path.read_text())["cases"]
    except (OSError, KeyError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return [Problem(file, f"cannot be read with its cases: {error}", "see docs/instruments.md")]
    found = []
    if published != content_hash(data):
        found.append(_unpublished(file, version, data, published is not None))
    if (data.get("id"), data.get("version")) != (name, version):
        what = f"calls itself {data.get('id')} {data.get('version')}"
        found.append(Problem(file, what, "its folder and file name say which it is", near="id ="))
    return [_placed(problem, folder) for problem in [*found, *check(data, cases, file)]]


def check(data: dict[str, Any], cases: list[dict[str, Any]], file: str) -> list[Problem]:
    """Every fault of one instrument's data; when it has none, every case that does not score as published."""
    try:
        form = parse(data)
    except (KeyError, TypeError, ValueError, AttributeError) as missing:
        mend = "see docs/instruments.md for what every file has"
        near = str(missing).strip("'") if isinstance(missing, KeyError) else ""
        return [Problem(file, f"lacks or misnames {missing}", mend, near=near)]
    found = [
        Problem(file, f"has a part called {name!r}", "there is no such part", near=name)
        for name in sorted(set(data) - KNOWN)
    ]
    found += [*_kinds(form, file), *_names(form, file)]
    found = found or [
        *_weights(form, data, file),
        *_bands(form, file),
        *_rules(form, file),
        *_next(form, file),
    ]
    return found or [*_cases(form, cases, file), *_borders(form, cases, file)]


def _unpublished(file: str, version: str, data: dict[str, Any], published: bool) -> Problem:
    if published:
        return Problem(file, "differs from its published hash", "publish the change as a new version")
    mend = f'when it is final, add {version} = "{content_hash(data)}" to frozen.toml'
    return Problem(file, "is not published yet", mend)


def _placed(problem: Problem, folder: Path) -> Problem:
    if not problem.near:
        return problem
    lines = (folder / problem.file).read_text().splitlines()
    where = [number for number, line in enumerate(lines, 1) if problem.near in line]
    return replace(problem, line=where[problem.nth]) if problem.nth < len(where) else problem


def _kinds(form: Instrument, file: str) -> Iterator[Problem]:
    if form.rule not in SCORINGS:
        yield Problem(file, f"unknown rule {form.rule!r}", f"use one of {', '.join(SCORINGS)}", near="rule =")
    for place, item in enumerate(form.items):
        if item.kind not in KINDS:
            what = f"item {item.id!r} is of an unknown kind {item.kind!r}"
            yield Problem(file, what, f"use one of {', '.join(KINDS)}", near="[[items]]", nth=place)
        elif item.kind == "number" and item.min >= item.max:
            what = f"item {item.id!r} takes no number"
            yield Problem(file, what, "say min and max", near="[[items]]", nth=place)
        elif item.kind != "number" and len(item.options) < 2:
            what = f"item {item.id!r} has no options"
            yield Problem(file, what, "name a list of options", near="[[items]]", nth=place)


def _weights(form: Instrument, data: dict[str, Any], file: str) -> Iterator[Problem]:
    for item, told in zip(form.items, data["items"], strict=True):
        for place, option in enumerate(item.options if item.scored else ()):
            if not isinstance(option.score, int) or isinstance(option.score, bool):
                what = f"option {option.text!r} has no weight"
                near = f"[[options.{told['options']}]]"
                yield Problem(file, what, "give it its score", near=near, nth=place)
    highest = sum(form.item(name).most for name in form.total_items) * form.factor
    if form.has_total and highest != form.high:
        what = f"the weights add up to {highest}, the range says {form.high}"
        yield Problem(file, what, "mend either", near="range =")


def _bands(form: Instrument, file: str) -> Iterator[Problem]:
    placed = list(enumerate(form.all_bands))
    for chosen in form.band_sets:
        expected = form.low
        mine = [(place, band) for place, band in placed if band.set in ("", chosen.name)]
        for place, band in mine:
            if band.min != expected:
                what = "overlaps the band before" if band.min < expected else "leaves a gap before"
                yield _band_fault(file, band, what, f"it should begin at {expected}", place)
            if not _severity_fits(form, band, chosen.cutoff):
                what = f"has severity {band.severity}"
                mend = "0 and 1 lie on the better side of the cut-off, 2 to 4 on the other"
                yield _band_fault(file, band, what, mend, place)
            expected = band.max + form.factor
        if mine and expected != form.high + form.factor:
            what = f"the bands end at {expected - form.factor}"
            yield Problem(file, what, f"they should end at {form.high}", near="[[bands]]", nth=mine[-1][0])
    for place, band in placed:
        if band.set and band.set not in {one.name for one in form.band_sets}:
            yield _band_fault(file, band, f"is of the set {band.set!r}", "there is no such set", place)


def _band_fault(file: str, band: Band, what: str, mend: str, place: int) -> Problem:
    return Problem(file, f"band {band.label!r} {what}", mend, near="[[bands]]", nth=place)


def _severity_fits(form: Instrument, band: Band, cutoff: int | None) -> bool:
    if not 0 <= band.severity <= 4:
        return False
    if cutoff is None:
        return True
    worse = band.min >= cutoff if form.better == "lower" else band.max <= cutoff
    return (band.severity >= 2) == worse


def _rules(form: Instrument, file: str) -> Iterator[Problem]:
    before: set[str] = set()
    for place, rule in enumerate(form.rules["flags"]):
        name, kind = rule.get("name", ""), rule.get("rule", "")
        here: dict[str, Any] = {"near": "[[flags]]", "nth": place}
        if kind not in RULES:
            mend = f"use one of {', '.join(sorted(RULES))}"
            yield Problem(file, f"flag {name!r} has an unknown rule {kind!r}", mend, **here)
            continue
        needs = {key for key in NEEDS[kind] if not key.endswith("?")}
        may = needs | {key.rstrip("?") for key in NEEDS[kind]} | {"name", "rule", "ours", "says"}
        for word in sorted((needs - set(rule)) | (set(rule) - may)):
            what = f"flag {name!r} {'lacks' if word in needs else 'has no use for'} {word!r}"
            mend = f"{kind} takes {', '.join(sorted(NEEDS[kind])) or 'nothing'}"
            yield Problem(file, what, mend, **here)
        parts = {"all_of": rule.get("of", []), "alert_all_points_from": [rule.get("when")]}.get(kind, [])
        for part in set(parts) - before:
            yield Problem(file, f"flag {name!r} names flag {part!r}", "define that one before it", **here)
        if name in before:
            yield Problem(file, f"two flags are called {name!r}", "give each its own name", **here)
        before.add(name)
    if form.cutoff is not None and "positive_screen" not in before:
        yield Problem(file, "no flag is called positive_screen", "say which answers make the screen positive")


def _names(form: Instrument, file: str) -> Iterator[Problem]:
    ids = [item.id for item in form.items]
    named = [*form.total_items, *form.needed, *([form.total_entry] if form.total_entry else [])]
    for rule in form.rules["flags"]:
        named += [*rule.get("items", {}), *rule.get("points", {}), *rule.get("including", [])]
        named += [rule[word] for word in ("more", "than") if word in rule]
        named += rule.get("of", []) if rule.get("rule") == "sum_at_least" else []
    for part in (*form.rules["subscales"], *form.rules["gates"]):
        named += [*part.get("items", []), *part.get("sum_of", []), *part.get("skips", [])]
    for level in form.rules["levels"]:
        named += level["any"]
    for name in sorted(set(named) - set(ids)):
        yield Problem(file, f"a rule names item {name!r}", "the form has no such item", near=name)
    for name in sorted({name for name in ids if ids.count(name) > 1}):
        second = [place for place, known in enumerate(ids) if known == name][1]
        yield Problem(
            file, f"two items are called {name!r}", "give each its own id", near="[[items]]", nth=second
        )


def _next(form: Instrument, file: str) -> Iterator[Problem]:
    flags = {rule["name"] for rule in form.rules["flags"]}
    for part, word in (("next", "step"), ("steps_up", "to")):
        for place, step in enumerate(form.rules[part]):
            if step["when"] not in flags:
                what = f"step {step[word]!r} waits for {step['when']!r}"
                yield Problem(file, what, "there is no such flag", near=f"[[{part}]]", nth=place)


def _between_files(folder: Path, newest: dict[str, str], left_out: set[str]) -> Iterator[Problem]:
    """What one form says of another: a step up leads to a form that is there; no two stand in one place."""
    places: dict[int, str] = {}
    for name, version in newest.items():
        file = f"{name}/{version}.toml"
        try:
            data = tomllib.loads((folder / file).read_text())
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
            continue  # named above
        for place, step in enumerate(data.get("steps_up", [])):
            if step.get("to") not in {*newest, *left_out}:
                what = f"steps up to {step.get('to')!r}"
                problem = Problem(file, what, "there is no such instrument", near="[[steps_up]]", nth=place)
                yield _placed(problem, folder)
        order = data.get("order", 0)
        if order in places:
            what = f"has the order {order}, and so has {places[order]}"
            yield _placed(Problem(file, what, "give it one of its own", near="order ="), folder)
        places[order] = name


def _cases(form: Instrument, cases: list[dict[str, Any]], file: str) -> Iterator[Problem]:
    file = file.replace(".toml", ".cases.toml")
    for place, case in enumerate(cases):
        here: dict[str, Any] = {"near": "[[cases]]", "nth": place}
        try:
            got = score(form, _answers(form, case), case.get("context")).as_dict()
        except ValueError as error:
            yield Problem(file, f"case {case.get('name')!r}: {error}", "one answer for each item", **here)
            continue
        have = {**got, **got["flags"], **got["subscales"], **got["subscores"]}
        for key, wanted in case["expected"].items():
            if have.get(key, "not there") != _answer(wanted):
                what = f"case {case['name']!r}: {key} is {have.get(key, 'not there')}, published {_answer(wanted)}"
                yield Problem(file, what, "mend the rule or the case", **here)


def _borders(form: Instrument, cases: list[dict[str, Any]], file: str) -> Iterator[Problem]:
    """A case must lie on each side of each border: a band that is one point off is then found."""
    if not form.has_total:
        return
    try:
        totals = {score(form, _answers(form, case), case.get("context")).total for case in cases}
    except ValueError:
        return  # named above
    edges = {edge for band in form.all_bands for edge in (band.min, band.max)}
    cutoffs = {one.cutoff for one in form.band_sets if one.cutoff is not None and form.factor == 1}
    edges |= {edge for cutoff in cutoffs for edge in (cutoff - 1, cutoff)}
    for edge in sorted(edges - totals):
        yield Problem(
            file.replace(".toml", ".cases.toml"), f"no case has a total of {edge}", "add one: it is a border"
        )


def _answers(form: Instrument, case: dict[str, Any]) -> dict[str, Any]:
    given = (_answer(answer) for answer in case["answers"])
    return dict(zip((item.id for item in form.items), given, strict=True))


def _answer(value: Any) -> Any:
    return None if value == "" else value
