"""Exact scoring: the published vectors, and what must hold for any answers."""

import io
import itertools
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from screening import rules

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "score_vectors.json").read_text())
FORMS = rules.load_all()


def _differences(wanted, got, path=()):
    for key, value in wanted.items():
        if isinstance(value, dict):
            yield from _differences(value, got.get(key, {}), (*path, key))
        elif got.get(key, "absent") != value:
            yield (*path, key), value, got.get(key, "absent")


@pytest.mark.parametrize("vector", VECTORS, ids=[v["id"] for v in VECTORS])
def test_a_published_vector_scores_as_published(vector, tmp_path):
    file = tmp_path / "one.jsonl"
    file.write_text(json.dumps(vector))
    out = io.StringIO()
    call_command("score", str(file), stdout=out)
    got = json.loads(out.getvalue())
    assert list(_differences({**vector["expected"], "item_scores": vector["item_scores"]}, got)) == []
    assert got["flags"] == vector["expected"]["flags"]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("{", "not JSON"),
        ('{"instrument": "phq-9"}', "answers"),
        ('{"instrument": "phq-99", "answers": {}}', "instrument"),
        ('{"instrument": "../phq-9", "answers": {}}', "instrument"),
        ('{"instrument": ["phq-9"], "answers": {}}', "instrument"),
        ("[1, 2]", "answers"),
        ("[" * 100_000, "not JSON"),
        ('{"instrument": "phq-9", "answers": {"phq9_1": 4}}', "phq9_1"),
        ('{"instrument": "phq-9", "answers": {"phq9_1": -1}}', "phq9_1"),
        ('{"instrument": "phq-9", "answers": {"phq9_1": 1.0}}', "phq9_1"),
        ('{"instrument": "phq-9", "answers": {"phq9_1": "1"}}', "phq9_1"),
        ('{"instrument": "phq-9", "answers": {"phq9_1": [1]}}', "phq9_1"),
        ('{"instrument": "phq-9", "answers": {"phq9_1": true}}', "phq9_1"),
        ('{"instrument": "phq-9", "answers": {"phq9_77": 1}}', "phq9_77"),
    ],
)
def test_a_bad_line_is_named_and_the_next_is_still_scored(line, names, tmp_path):
    file = tmp_path / "lines.jsonl"
    file.write_text(line + "\n" + json.dumps(VECTORS[0]))
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("score", str(file), stdout=out)
    first, second = map(json.loads, out.getvalue().splitlines())
    assert first["line"] == 1
    assert first["error"].startswith(first["field"])
    assert names in first["error"]
    assert second["total"] == 0


def test_a_line_that_is_no_utf8_is_named_and_a_byte_order_mark_is_no_fault(tmp_path):
    file = tmp_path / "lines.jsonl"
    good = json.dumps(VECTORS[0]).encode()
    file.write_bytes(
        b"\xef\xbb\xbf" + good + b"\n" + good.replace(b"phq9_1", b"phq\xff_1", 1) + b"\r\n" + good
    )
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("score", str(file), stdout=out)
    first, second, third = map(json.loads, out.getvalue().splitlines())
    assert (first["total"], second["line"], third["total"]) == (0, 2, 0)


def test_a_file_that_is_not_there_is_said_so(tmp_path):
    with pytest.raises(CommandError, match="no_such_file"):
        call_command("score", str(tmp_path / "no_such_file"))


def _one(item):
    if item.kind == "number":
        return st.integers(item.min, item.max)
    places = st.integers(0, len(item.options) - 1)
    return st.lists(places, min_size=1, max_size=3, unique=True) if item.kind == "many" else places


@st.composite
def _answered(draw, blanks=False):
    form = draw(st.sampled_from(FORMS))
    states = [st.sampled_from([None, "declined"])] if blanks else []
    asked = [item for item in form.items if item.id != form.total_entry]
    return form, {item.id: draw(st.one_of(_one(item), *states)) for item in asked}


def _worth(form, score):
    """What more points must never lower: the total, the parts, the level."""
    levels = [level["label"] for level in form.rules["levels"]]
    level = levels.index(score.minimum_level) if levels else 0
    return [score.total or 0, level, *(points or 0 for points in score.subscales.values())]


@settings(max_examples=60, deadline=None)
@given(_answered(), st.data())
def test_more_points_on_one_item_never_lower_the_score(asked, data):
    form, answers = asked
    if not form.total_items:
        return
    item = form.item(data.draw(st.sampled_from(form.total_items)))
    before = rules.score(form, answers)
    every = range(item.min, item.max + 1) if item.kind == "number" else range(len(item.options))
    heavier = [value for value in every if item.points(value) >= item.points(answers[item.id])]
    after = rules.score(form, {**answers, item.id: data.draw(st.sampled_from(heavier))})
    assert all(new >= old for new, old in zip(_worth(form, after), _worth(form, before), strict=True))


@settings(max_examples=60, deadline=None)
@given(_answered(blanks=True), st.randoms())
def test_the_order_of_answering_does_not_matter(asked, random):
    form, answers = asked
    shuffled = list(answers.items())
    random.shuffle(shuffled)
    assert rules.score(form, dict(shuffled)) == rules.score(form, answers)


@settings(max_examples=150, deadline=None)
@given(_answered(blanks=True))
def test_there_is_never_a_total_while_a_needed_item_is_blank(asked):
    form, answers = asked
    score = rules.score(form, answers)
    skipped = {name for name in rules.skipped_by_rule(form, answers) if answers[name] is None}
    if form.id == "pc-ptsd-5" and answers["pcptsd5_0"] == 0:
        skipped = set(form.total_items)  # no event: the form ends there
    blanks = sum(not isinstance(answers[name], int | list) for name in set(form.needed) - skipped)
    assert score.missing == blanks
    assert score.complete == (blanks == 0)
    assert (score.total is None) == (blanks > 0 or not form.has_total)
    if form.rule != "triage":
        assert (score.band is None) or score.complete
    assert (score.prorated_total is not None) == (form.id == "phq-9" and 1 <= blanks <= 2)
    parts = [scale for scale in form.rules["subscales"] if scale["report"] == "subscales"]
    for scale in parts:
        whole = all(score.item_scores[name] is not None for name in scale["items"])
        assert (score.subscales[scale["name"]] is not None) == whole


@st.composite
def _nearly_answered(draw):
    """Up to three needed items declined, all others answered: few enough to try every way of filling them in."""
    form, answers = draw(_answered())
    open_items = draw(st.sets(st.sampled_from(form.needed), min_size=1, max_size=3))
    return form, {**answers, **dict.fromkeys(open_items, "declined")}, sorted(open_items)


TOTALS = ("total_at_least", "total_at_most", "at_cutoff")


def _ways(item):
    if item.kind == "many":
        return [[0]]
    return (item.min, item.min + 1, item.max) if item.kind == "number" else range(len(item.options))


@settings(max_examples=80, deadline=None)
@given(_nearly_answered())
def test_a_flag_is_known_exactly_when_every_way_of_filling_in_the_blanks_agrees(asked):
    form, answers, open_items = asked
    now = rules.score(form, answers)
    ways = itertools.product(*(_ways(form.item(name)) for name in open_items))
    filled = [rules.score(form, {**answers, **dict(zip(open_items, way, strict=True))}) for way in ways]
    for rule in form.rules["flags"]:
        name, flag = rule["name"], now.flags[rule["name"]]
        could_be = {one.flags[name] for one in filled}
        if rule["rule"] in TOTALS:
            assert (flag is None) == (now.total is None), name  # a cut-off on the total waits for the total
        elif rule["rule"] == "may_be_higher":
            assert flag is any(one.minimum_level != now.minimum_level for one in filled), name
        elif rule["rule"].startswith("alert"):
            assert flag is False or could_be == {True}, name
            if rule["rule"] in ("alert_any", "alert_level"):
                assert flag is (could_be == {True}), name
        elif rule["rule"] not in ("count", "cutoff_used"):
            assert flag is (could_be.pop() if len(could_be) == 1 else None), name


@settings(max_examples=60, deadline=None)
@given(_answered(blanks=True))
def test_a_critical_answer_is_critical_whatever_else_is_blank(asked):
    form, answers = asked
    watched = {"phq-9": ["phq9_9"], "c-ssrs-screener": [f"cssrs_{n}" for n in ("3", "4", "5", "6", "6b")]}
    found = {n for n in watched.get(form.id, []) if isinstance(answers[n], int) and answers[n] >= 1}
    assert rules.critical(form, answers) == found


@pytest.mark.parametrize(
    ("name", "earlier", "later", "kinds"),
    [
        ("phq-9", 18, 12, {"reliable_improvement", "important_improvement"}),
        ("phq-9", 18, 13, {"no_reliable_change", "important_improvement"}),
        ("phq-9", 18, 14, {"no_reliable_change"}),
        ("phq-9", 18, 9, {"reliable_improvement", "important_improvement", "response"}),
        ("phq-9", 18, 4, {"reliable_improvement", "important_improvement", "response", "remission"}),
        ("phq-9", 10, 5, {"no_reliable_change", "important_improvement", "response"}),
        ("phq-9", 10, 4, {"reliable_improvement", "important_improvement", "response", "remission"}),
        # response and remission are counted from a total above 9
        ("phq-9", 9, 4, {"no_reliable_change", "important_improvement"}),
        ("phq-9", 5, 4, {"no_reliable_change"}),
        ("phq-9", 8, 14, {"reliable_worsening", "important_worsening"}),
        ("gad-7", 15, 11, {"reliable_improvement", "important_improvement"}),
        ("gad-7", 15, 12, {"no_reliable_change"}),
        # a fall by half is a convention there, not a published rule
        ("gad-7", 15, 2, {"reliable_improvement", "important_improvement"}),
        ("gad-7", 11, 15, {"reliable_worsening", "important_worsening"}),
        ("pcl-5", 45, 30, {"reliable_improvement", "important_improvement"}),
        ("pcl-5", 45, 28, {"reliable_improvement", "important_improvement", "clinically_significant"}),
        ("pcl-5", 45, 31, {"no_reliable_change", "important_improvement"}),
        ("pcl-5", 40, 28, {"no_reliable_change", "important_improvement"}),
        ("pcl-5", 45, 37, {"no_reliable_change"}),  # the published range begins at 9
        ("pcl-5", 30, 39, {"no_reliable_change", "important_worsening"}),
        (
            "pcl-5",
            28,
            13,
            {"reliable_improvement", "important_improvement"},
        ),  # was below the clinical threshold already
        ("audit", 20, 4, {"no_published_rule"}),
        ("dast-10", 8, 2, {"no_published_rule"}),
        ("who-5", 40, 52, {"reliable_improvement", "remission"}),  # there more is better
        ("who-5", 40, 48, {"no_reliable_change"}),
        ("who-5", 60, 48, {"reliable_worsening"}),
        ("cows", 20, 4, {"no_published_rule"}),
    ],
)
def test_a_change_is_called_by_its_published_rule_or_not_at_all(name, earlier, later, kinds):
    change = rules.change(rules.load(name), earlier, later)
    assert set(change.kinds) == kinds
    assert change.points == later - earlier
    assert bool(change.source) == (kinds != {"no_published_rule"})


def test_a_clinic_may_choose_between_published_thresholds_and_no_other():
    form = rules.load("gad-7")
    assert rules.change(form, 15, 10).kinds == ("reliable_improvement", "important_improvement")
    assert rules.change(form, 15, 10, reliable=6).kinds == ("no_reliable_change", "important_improvement")
    with pytest.raises(ValueError, match="no published reliable change of 5"):
        rules.change(form, 15, 10, reliable=5)


def test_items_the_form_does_not_ask_count_0_whether_or_not_that_was_written_down():
    form = rules.load("audit")
    last = {"audit_9": 1, "audit_10": 0}
    told = {f"audit_{n}": "skipped" for n in range(2, 9)}
    for between in (told, dict.fromkeys(told), {}):
        score = rules.score(form, {"audit_1": 0, **between, **last})
        assert (score.complete, score.total, score.item_scores["audit_5"]) == (True, 2, 0)


def test_what_to_do_next_starts_with_the_person():
    form = rules.load("phq-9")
    score = rules.score(form, {"phq9_9": 1, "phq9_1": 3})
    assert rules.next_steps(form, score.flags, complete=score.complete) == ["safety_step", "finish"]
