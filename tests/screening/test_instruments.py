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


def _severity(data):
    data["bands"][2]["severity"] = 1


def _misspelt(data):
    data["flags"][1]["criticle"] = True


def _lacking(data):
    del data["flags"][0]["value"]


def _twin(data):
    data["items"][1]["id"] = "phq9_1"


def _idle_step(data):
    data["next"][0]["when"] = "suicidal_idea"


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
        (_severity, "band 'Moderate' has severity 1"),
        (_misspelt, "flag 'suicidal_ideation' has no use for 'criticle'"),
        (_lacking, "flag 'positive_screen' lacks 'value'"),
        (_twin, "two items are called 'phq9_1'"),
        (_idle_step, "step 'safety_step' waits for 'suicidal_idea'"),
        (_case, "case 'top of mild': positive_screen is True, published False"),
    ],
)
def test_a_damaged_file_is_named_with_its_fault_and_its_mend(damage, says):
    data, cases = _files("phq-9")
    damaged = copy.deepcopy(data)
    damage(damaged)
    found = check(damaged, cases, "phq-9/1.toml")
    assert any(says in problem.what for problem in found), found
    assert all(problem.file.startswith("phq-9/1.") and problem.mend for problem in found)


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


def _copy(folder):
    for path in FOLDER.rglob("*.toml"):
        target = folder / path.relative_to(FOLDER)
        target.parent.mkdir(exist_ok=True)
        target.write_text(path.read_text())


def test_a_published_version_that_is_gone_and_one_that_is_not_published_are_named(tmp_path):
    _copy(tmp_path)
    (tmp_path / "audit" / "1.toml").rename(tmp_path / "audit" / "2.toml")
    (tmp_path / "audit" / "1.cases.toml").rename(tmp_path / "audit" / "2.cases.toml")
    found = {problem.file: problem for problem in rules.check_all(tmp_path)}
    assert found["audit/1.toml"].what == "is published and its file is gone"
    assert found["audit/2.toml"].what == "is not published yet"
    assert 'add 2 = "' in found["audit/2.toml"].mend


def test_a_fault_is_named_with_its_line(tmp_path):
    _copy(tmp_path)
    path = tmp_path / "phq-9" / "1.toml"
    path.write_text(path.read_text().replace('rule = "alert_any"', 'rule = "eval"'))
    fault = next(problem for problem in rules.check_all(tmp_path) if "unknown rule" in problem.what)
    assert path.read_text().splitlines()[fault.line - 1] == 'name = "suicidal_ideation"'


def test_a_file_that_is_not_toml_or_has_no_cases_is_named(tmp_path):
    _copy(tmp_path)
    (tmp_path / "phq-9" / "1.toml").write_text("id = ")
    (tmp_path / "gad-7" / "1.cases.toml").unlink()
    found = {problem.file: problem.what for problem in rules.check_all(tmp_path)}
    assert set(found) == {"phq-9/1.toml", "gad-7/1.toml"}
    assert all("cannot be read with its cases" in what for what in found.values())


def test_a_border_without_a_case_is_named():
    data, cases = _files("phq-9")
    kept = [case for case in cases if case["expected"].get("total") != 14]
    assert [problem.what for problem in check(data, kept, "phq-9/1.toml")] == ["no case has a total of 14"]


def test_form_order_of_skipped_items_follows_the_manual():
    audit = rules.load("audit")
    later = {f"audit_{n}" for n in range(4, 9)}
    assert rules.skipped_by_rule(audit, {"audit_1": 0}) == {"audit_2", "audit_3"} | later
    assert rules.skipped_by_rule(audit, {"audit_1": 2, "audit_2": 0, "audit_3": 0}) == later
    assert rules.skipped_by_rule(audit, {"audit_1": 2, "audit_2": 0}) == set()
