"""Instruments are data: frozen by hash, checked with the file, the fault and the mend."""

import copy
import hashlib
import shutil
import tomllib
from pathlib import Path

import pytest

from screening import queries, rules
from screening.rules.checking import check
from screening.rules.instruments import FOLDER

PUBLISHED = Path(__file__).parent / "published.txt"


def _files(name):
    folder = FOLDER / name
    return tomllib.loads((folder / "1.toml").read_text()), tomllib.loads(
        (folder / "1.cases.toml").read_text()
    )["cases"]


def test_every_instrument_matches_its_cases_and_its_published_hash():
    assert rules.check_all() == []
    assert [form.id for form in rules.offered()] == [
        "phq-9", "gad-7", "pcl-5", "audit", "dast-10", "phq-2", "audit-c", "pc-ptsd-5", "taps-1", "who-5", "bam-r",
        "c-ssrs-screener", "ace-10", "lec-5", "cows", "ciwa-ar",
    ]  # fmt: skip


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
        (_weight, "option 'Several days' has no weight"),
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
    assert {p.file for p in found} == {"phq-9/1.toml", "gad-7/1.toml", "phq-2/1.toml"}
    assert {p.what for p in found} == {"differs from its published hash"}


def _link(before: str, line: str) -> str:
    return hashlib.sha256(f"{before} {line}".encode()).hexdigest()


def test_what_was_published_is_never_changed():
    frozen = tomllib.loads((FOLDER / "frozen.toml").read_text())
    lines = [line.split() for line in PUBLISHED.read_text().splitlines() if line and not line.startswith("#")]
    before = ""
    for name, version, digest, link in lines:
        before = _link(before, f"{name} {version} {digest}")
        assert link == before, f"{name} {version}: a published line was changed, or one before it"
        # A clinic that does not use a form may delete its folder; what is there is what was published.
        assert frozen.get(name, {}).get(version, digest) == digest, f"{name}: publish the change as a version"
    known = {(name, version) for name, version, _digest, _link in lines}
    for name, version in ((name, version) for name, versions in frozen.items() for version in versions):
        line = f"{name} {version} {frozen[name][version]}"
        assert (name, version) in known, f"add at the end: {line} {_link(before, line)}"


def _copy(folder):
    for path in FOLDER.rglob("*.toml"):
        target = folder / path.relative_to(FOLDER)
        target.parent.mkdir(exist_ok=True)
        target.write_text(path.read_text())


def test_a_published_version_that_is_gone_and_one_that_is_not_published_are_named(tmp_path):
    _copy(tmp_path)
    (tmp_path / "audit" / "1.toml").rename(tmp_path / "audit" / "2.toml")
    (tmp_path / "audit" / "1.cases.toml").rename(tmp_path / "audit" / "2.cases.toml")
    found = {(p.file, p.what): p.mend for p in rules.check_all(tmp_path)}
    assert ("audit/1.toml", "is published and its file is gone") in found
    assert ("audit/2.toml", "calls itself audit 1") in found
    assert 'add 2 = "' in found["audit/2.toml", "is not published yet"]


def test_a_form_with_conditions_may_be_left_out_whole(tmp_path):
    _copy(tmp_path)
    shutil.rmtree(tmp_path / "audit")
    assert rules.check_all(tmp_path) == []
    shutil.rmtree(tmp_path / "phq-9")
    assert {(p.file, p.what) for p in rules.check_all(tmp_path)} == {
        ("phq-9/1.toml", "is published and its file is gone"),
        ("phq-2/1.toml", "steps up to 'phq-9'"),
        ("who-5/1.toml", "steps up to 'phq-9'"),
    }


def test_a_fault_is_named_with_its_line(tmp_path):
    _copy(tmp_path)
    path = tmp_path / "phq-9" / "1.toml"
    path.write_text(
        path.read_text().replace('rule = "alert_any"', 'rule = "eval"').replace("min = 10\n", "min = 9\n")
    )
    lines = path.read_text().splitlines()
    found = {
        problem.what: lines[problem.line : problem.line + 3]
        for problem in rules.check_all(tmp_path)
        if problem.line
    }
    assert found["flag 'suicidal_ideation' has an unknown rule 'eval'"][0] == 'name = "suicidal_ideation"'
    assert found["band 'Moderate' overlaps the band before"][2] == 'label = "Moderate"'


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


def test_a_form_that_ends_at_its_first_question_is_not_asked_further():
    form = rules.load("pc-ptsd-5")
    rest = {f"pcptsd5_{n}" for n in range(1, 6)}
    assert rules.skipped_by_rule(form, {"pcptsd5_0": 0}) == rest
    assert rules.skipped_by_rule(form, {"pcptsd5_0": 1}) == set()
    columbia = rules.load("c-ssrs-screener")
    assert rules.skipped_by_rule(columbia, {"cssrs_2": 0}) == {"cssrs_3", "cssrs_4", "cssrs_5"}
    assert rules.skipped_by_rule(columbia, {"cssrs_6": 0}) == {"cssrs_6b"}


def test_a_question_for_one_sex_is_asked_of_that_sex_and_the_more_sensitive_one_where_it_is_not_known():
    form = rules.load("taps-1")
    for sex, left_out in (
        ("male", "taps1_2f"),
        ("female", "taps1_2m"),
        ("", "taps1_2m"),
        ("intersex", "taps1_2m"),
    ):
        assert rules.skipped_by_rule(form, {}, {"sex": sex}) == {left_out}


def test_a_short_form_names_the_full_one_it_leads_to():
    leads = {
        "phq-2": ({"phq2_1": 3, "phq2_2": 0}, ["phq-9"]),
        "audit-c": ({"auditc_1": 2, "auditc_2": 1, "auditc_3": 0}, ["audit"]),
        "pc-ptsd-5": ({"pcptsd5_0": 1, **{f"pcptsd5_{n}": 1 for n in range(1, 6)}}, ["pcl-5"]),
        "taps-1": ({"taps1_1": 4, "taps1_2f": 1, "taps1_3": 1, "taps1_4": 1}, ["audit", "dast-10"]),
        "who-5": ({f"who5_{n}": 4 for n in range(1, 6)}, ["phq-9"]),
        "phq-9": ({f"phq9_{n}": 3 for n in range(1, 11)}, []),
    }
    for name, (answers, full) in leads.items():
        form = rules.load(name)
        assert rules.steps_up_to(form, rules.score(form, answers).flags) == full, name


def test_an_answer_of_each_kind_is_one_of_the_printed_form_or_none():
    monitor, events, childhood = (rules.load(name) for name in ("bam-r", "lec-5", "ace-10"))
    assert rules.not_answers(monitor, {"bamr_2": 30, "bamr_14": 1}) == []
    assert rules.not_answers(monitor, {"bamr_2": 31, "bamr_14": 2, "bamr_3": -1}) == [
        "bamr_2",
        "bamr_14",
        "bamr_3",
    ]
    assert rules.not_answers(events, {"lec5_1": [0, 2], "lec5_2": "declined"}) == []
    assert rules.not_answers(events, {"lec5_1": [], "lec5_2": [0, 0], "lec5_3": [6], "lec5_4": 1}) == [
        "lec5_1", "lec5_2", "lec5_3", "lec5_4",
    ]  # fmt: skip
    assert rules.not_answers(childhood, {"ace_total": 4}) == []
    assert rules.not_answers(childhood, {"ace_total": 4, "ace_1": 1}) == ["ace_total"]


def test_the_worked_example_of_the_docs_holds_together():
    told = (FOLDER.parents[1] / "docs" / "instruments.md").read_text().split("```toml\n")
    data, cases = (tomllib.loads(part.split("```")[0]) for part in told[1:3])
    assert [problem.what for problem in check(data, cases["cases"], "sleep-3/1.toml")] == []


def test_every_answer_has_a_key_of_its_own_and_one_that_can_be_pressed():
    for form in rules.load_all():
        for item in queries.sheet(form, {}).items:
            keys = [option.key for option in item.options]
            assert len(set(keys)) == len(keys) and all(len(key) == 1 for key in keys), item.id
