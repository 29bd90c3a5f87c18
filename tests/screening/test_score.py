"""Exact scoring: the published vectors, and what must hold for any answers."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from screening import rules

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "score_vectors.json").read_text())
FORMS = rules.offered()


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


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("{", "not JSON"),
        ('{"instrument": "phq-9"}', "answers"),
        ('{"instrument": "phq-99", "answers": {}}', "instrument"),
        ('{"instrument": "phq-9", "answers": {"phq9_1": 4}}', "phq9_1"),
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
    assert names in first["error"]
    assert second["total"] == 0


@st.composite
def _answered(draw, blanks=False):
    form = draw(st.sampled_from(FORMS))
    states = [None, "declined"] if blanks else []
    answers = {
        item.id: draw(
            st.one_of(st.integers(0, len(item.options) - 1), *([st.sampled_from(states)] if states else []))
        )
        for item in form.items
    }
    return form, answers


@given(_answered(), st.data())
def test_more_points_on_one_item_never_lower_the_total(asked, data):
    form, answers = asked
    item = form.item(data.draw(st.sampled_from(form.total_items)))
    before = rules.score(form, answers)
    heavier = [
        n for n, option in enumerate(item.options) if option.score >= item.options[answers[item.id]].score
    ]
    after = rules.score(form, {**answers, item.id: data.draw(st.sampled_from(heavier))})
    assert after.total >= before.total


@given(_answered(blanks=True), st.randoms())
def test_the_order_of_answering_does_not_matter(asked, random):
    form, answers = asked
    shuffled = list(answers.items())
    random.shuffle(shuffled)
    assert rules.score(form, dict(shuffled)) == rules.score(form, answers)


@given(_answered(blanks=True))
def test_there_is_never_a_total_while_a_needed_item_is_blank(asked):
    form, answers = asked
    score = rules.score(form, answers)
    blanks = sum(not isinstance(answers[name], int) for name in form.total_items)
    assert score.missing == blanks
    assert (score.total is None) == (blanks > 0)
    assert (score.band is None) or score.complete
    assert (score.prorated_total is not None) == (form.id == "phq-9" and 1 <= blanks <= 2)


@given(_answered(blanks=True))
def test_an_unknown_flag_can_still_become_either_and_a_known_one_never_turns(asked):
    form, answers = asked
    score = rules.score(form, answers)
    open_items = [name for name in form.total_items if not isinstance(answers[name], int)]
    lowest = {
        name: min(range(len(form.item(name).options)), key=lambda n, i=form.item(name): i.options[n].score)
        for name in open_items
    }
    highest = {
        name: max(range(len(form.item(name).options)), key=lambda n, i=form.item(name): i.options[n].score)
        for name in open_items
    }
    for filled in (lowest, highest):
        full = rules.score(form, {**answers, **filled})
        for name, value in score.flags.items():
            if value is True and name not in ("other_depressive_syndrome", "enough_for_other"):
                assert full.flags[name] is True, name


@given(_answered(blanks=True))
def test_a_critical_answer_is_critical_whatever_else_is_blank(asked):
    form, answers = asked
    nine = answers.get("phq9_9")
    assert rules.critical(form, answers) == ({"phq9_9"} if isinstance(nine, int) and nine >= 1 else set())


@pytest.mark.parametrize(
    ("name", "earlier", "later", "kinds"),
    [
        ("phq-9", 18, 12, {"reliable_improvement"}),
        ("phq-9", 18, 13, {"no_reliable_change"}),
        ("phq-9", 18, 9, {"reliable_improvement", "response"}),
        ("phq-9", 18, 4, {"reliable_improvement", "response", "remission"}),
        ("phq-9", 9, 4, {"no_reliable_change", "remission"}),
        ("phq-9", 8, 14, {"reliable_worsening"}),
        ("gad-7", 15, 11, {"reliable_improvement"}),
        ("gad-7", 15, 12, {"no_reliable_change"}),
        ("pcl-5", 45, 30, {"reliable_improvement"}),
        ("pcl-5", 45, 28, {"reliable_improvement", "clinically_significant"}),
        ("pcl-5", 45, 31, {"no_reliable_change"}),
        ("audit", 20, 4, {"no_published_rule"}),
        ("dast-10", 8, 2, {"no_published_rule"}),
    ],
)
def test_a_change_is_called_by_its_published_rule_or_not_at_all(name, earlier, later, kinds):
    change = rules.change(rules.load(name), earlier, later)
    assert set(change.kinds) == kinds
    assert change.points == later - earlier
    assert bool(change.source) == (kinds != {"no_published_rule"})
