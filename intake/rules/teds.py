"""What TEDS is told of one admission, by the map in intake/questions/teds.toml. Pure."""

import tomllib
from functools import cache
from typing import Any

from intake.rules.catalogue import FOLDER


@cache
def teds_map() -> dict[str, Any]:
    """The map as it stands in its file: item -> topic, codes, several, steps; `missing` for what was not told."""
    return tomllib.loads((FOLDER / "teds.toml").read_text())


def teds_values(facts: dict[tuple[str, str], Any], items: dict[str, Any] | None = None) -> dict[str, int]:
    """item -> code, from the current facts ((topic, about) -> anything with a fact's columns).

    Declined, unknown and never asked are all the map's `missing`: TEDS does not tell them apart.
    """
    told = dict(items or teds_map())
    missing = int(told.pop("missing"))
    return {item: _value(facts.get((rule["topic"], "")), rule, missing) for item, rule in told.items()}


def _value(fact: Any, rule: dict[str, Any], missing: int) -> int:
    if fact is None or fact.answer != "answered":
        return missing
    if "steps" in rule:
        return sum(fact.number >= step for step in rule["steps"]) if fact.number is not None else missing
    codes = [rule["codes"][code] for code in fact.codes if code in rule["codes"]]
    if len(set(codes)) > 1:
        return int(rule.get("several", missing))
    return int(codes[0]) if codes else missing
