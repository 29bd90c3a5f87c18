"""Bands, syndromes, response and remission of whole courses, against a count that uses none of our rules."""

import csv
import io
import json
from pathlib import Path

from django.core.management import call_command

from tests.screening.phq9_by_hand import by_hand

FILE = Path(__file__).parents[1] / "data" / "phq9_small.csv"


def test_courses_are_counted_as_the_published_rules_count_them():
    out = io.StringIO()
    call_command("count_courses", str(FILE), stdout=out)
    with FILE.open(newline="") as file:
        expected = by_hand(list(csv.DictReader(file)))
    assert json.loads(out.getvalue()) == expected
    # the look-alike holds every case that is counted
    assert min(expected["bands"].values()) > 0
    assert {"response", "remission", "reliable_improvement", "reliable_worsening"} <= set(expected["changes"])
    assert expected["bands"]["none"] > 0
