"""Whether an instrument's files hold together: refused at start with the file, the place and the mend."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from screening.rules.instruments import FOLDER, Instrument, content_hash, parse, versions
from screening.rules.scoring import RULES, score


@dataclass(frozen=True)
class Problem:
    """One fault of one file, and how to mend it."""

    file: str
    what: str
    mend: str


def check_all(folder: Path = FOLDER) -> list[Problem]:
    """Every fault of every instrument's files; a published version whose content changed is one."""
    frozen = tomllib.loads((folder / "frozen.toml").read_text())
    found = []
    for name, version in versions():
        file = f"{name}/{version}.toml"
        data = tomllib.loads((folder / name / f"{version}.toml").read_text())
        if frozen.get(name, {}).get(version) != content_hash(data):
            found.append(
                Problem(file, "differs from its published hash", "publish the change as a new version")
            )
        cases = tomllib.loads((folder / name / f"{version}.cases.toml").read_text())["cases"]
        found += check(data, cases, file)
    return found


def check(data: dict[str, Any], cases: list[dict[str, Any]], file: str) -> list[Problem]:
    """Every fault of one instrument's data, and every case that does not score as published."""
    try:
        form = parse(data)
    except (KeyError, TypeError) as missing:
        return [
            Problem(file, f"lacks or misnames {missing}", "see docs/instruments.md for what every file has")
        ]
    return [*_bands(form, file), *_rules(form, file), *_cases(form, cases, file)]


def _bands(form: Instrument, file: str) -> list[Problem]:
    found, expected = [], form.low
    for band in form.bands:
        if band.min != expected:
            what = "overlaps the band before" if band.min < expected else "leaves a gap before"
            found.append(Problem(file, f"band {band.label!r} {what}", f"it should begin at {expected}"))
        expected = band.max + 1
    if form.bands and expected != form.high + 1:
        found.append(Problem(file, f"the bands end at {expected - 1}", f"they should end at {form.high}"))
    return found


def _rules(form: Instrument, file: str) -> list[Problem]:
    ids = {item.id for item in form.items}
    found = []
    named = set(form.total_items)
    for rule in form.rules["flags"]:
        if rule["rule"] not in RULES:
            found.append(
                Problem(file, f"unknown rule {rule['rule']!r}", f"use one of {', '.join(sorted(RULES))}")
            )
        named |= set(rule.get("items", {})) | (set(rule["of"]) if rule["rule"] == "sum_at_least" else set())
    for part in (*form.rules["subscales"], *form.rules["gates"]):
        named |= set(part.get("items", part.get("sum_of", [])))
    found += [
        Problem(file, f"a rule names item {name!r}", "the form has no such item")
        for name in sorted(named - ids)
    ]
    highest = sum(max(o.score for o in form.item(n).options) for n in form.total_items if n in ids)
    if highest != form.high:
        found.append(
            Problem(file, f"the weights add up to {highest}, the range says {form.high}", "mend either")
        )
    return found


def _cases(form: Instrument, cases: list[dict[str, Any]], file: str) -> list[Problem]:
    found = []
    for case in cases:
        answers = dict(
            zip((item.id for item in form.items), (_answer(a) for a in case["answers"]), strict=False)
        )
        got = score(form, answers).as_dict()
        for key, wanted in case["expected"].items():
            have = {**got, **got["flags"], **got["subscales"], **got["subscores"]}[key]
            if have != _answer(wanted):
                text = f"case {case['name']!r}: {key} is {have}, published {_answer(wanted)}"
                found.append(Problem(file, text, "mend the rule or the case"))
    return found


def _answer(value: Any) -> Any:
    return None if value == "" else value
