"""Instruments are data: frozen by hash, checked with the file, the fault and the mend."""

import copy
import tomllib

import pytest

from screening import rules
from screening.rules.checking import check
from screening.rules.instruments import FOLDER


def _files(name):
    folder = FOLDER / name
    return tomllib.loads((folder / "1.toml").read_text()), tomllib.loads(
        (folder / "1.cases.toml").read_text()
    )["cases"]


def test_every_instrument_matches_its_cases_and_its_published_hash():
    assert rules.check_all() == []
    assert [form.id for form in rules.offered()] == ["phq-9", "gad-7", "pcl-5", "audit", "dast-10"]


def test_every_form_carries_its_licence_and_attribution():
    for form in rules.load_all():
        assert form.licence, form.id
        assert form.attribution, form.id


def _overlap(data):
    data["bands"][1]["min"] = 4


def _gap(data):
    data["bands"][1]["min"] = 6


def _short(data):
    data["bands"][-1]["max"] = 26


def _weight(data):
    del data["options"]["frequency"][1]["score"]


def _rule(data):
    data["flags"][0]["rule"] = "eval"


def _stranger(data):
    data["flags"][1]["items"] = {"phq9_12": 1}


def _case(data):
    data["flags"][0]["value"] = 9


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (_overlap, "overlaps"),
        (_gap, "leaves a gap"),
        (_short, "the bands end at 26"),
        (_weight, "lacks or misnames"),
        (_rule, "unknown rule 'eval'"),
        (_stranger, "'phq9_12'"),
        (_case, "case 'top of mild': positive_screen is True, published False"),
    ],
)
def test_a_damaged_file_is_named_with_its_fault_and_its_mend(damage, says):
    data, cases = _files("phq-9")
    damaged = copy.deepcopy(data)
    damage(damaged)
    try:
        found = check(damaged, cases, "phq-9/1.toml")
    except KeyError:
        found = check(damaged, [], "phq-9/1.toml")
    assert any(says in problem.what for problem in found), found
    assert all(problem.file == "phq-9/1.toml" and problem.mend for problem in found)


def test_a_change_in_place_is_found_by_the_hash(tmp_path):
    for path in FOLDER.rglob("*.toml"):
        target = tmp_path / path.relative_to(FOLDER)
        target.parent.mkdir(exist_ok=True)
        target.write_text(path.read_text().replace("Nearly every day", "Every day"))
    found = rules.check_all(tmp_path)
    assert {(p.file, p.what) for p in found} == {
        ("phq-9/1.toml", "differs from its published hash"),
        ("gad-7/1.toml", "differs from its published hash"),
    }


def test_form_order_of_skipped_items_follows_the_manual():
    audit = rules.load("audit")
    later = {f"audit_{n}" for n in range(4, 9)}
    assert rules.skipped_by_rule(audit, {"audit_1": 0}) == {"audit_2", "audit_3"} | later
    assert rules.skipped_by_rule(audit, {"audit_1": 2, "audit_2": 0, "audit_3": 0}) == later
    assert rules.skipped_by_rule(audit, {"audit_1": 2, "audit_2": 0}) == set()
