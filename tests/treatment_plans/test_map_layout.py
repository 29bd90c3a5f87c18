"""The drawing of a formulation: deterministic, and no two boxes overlap whatever the graph."""

import re
from itertools import combinations, pairwise, product

from hypothesis import given, settings
from hypothesis import strategies as st

from treatment_plans.rules import LINK_VERBS, PHONE, WIDE, Arrow, Box, common_links, draw

GROUPS = ("substance_use", "mental_health", "medical", "social", "legal", "stress", "support", "strength")
texts = st.text(alphabet=st.sampled_from("abc mwWM il.é"), min_size=1, max_size=90)


@st.composite
def graphs(drawing):
    count = drawing(st.integers(1, 30))
    boxes = [
        Box(
            str(n), drawing(texts), drawing(st.sampled_from(GROUPS)), "Caption",
            drawing(st.none() | st.tuples(st.integers(0, 1400), st.integers(0, 1400))),
        )
        for n in range(count)
    ]  # fmt: skip
    ends = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)).filter(
        lambda two: two[0] != two[1]
    )
    pairs = drawing(st.lists(ends, max_size=20)) if count > 1 else []
    return boxes, [Arrow(f"a{n}", str(a), str(b), n, "feeds", "words") for n, (a, b) in enumerate(pairs, 1)]


def clear(a, b):
    return a.x + a.w <= b.x or b.x + b.w <= a.x or a.y + a.h <= b.y or b.y + b.h <= a.y


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_no_two_boxes_overlap_all_stay_on_the_paper_and_the_same_map_is_the_same_drawing(graph):
    for paper in (WIDE, PHONE):
        drawing = draw(*graph, paper)
        assert all(clear(a, b) for a, b in combinations(drawing.boxes, 2))
        for box in drawing.boxes:
            assert (
                box.x >= 0
                and box.x + box.w <= drawing.width
                and box.y >= 0
                and box.y + box.h <= drawing.height
            )
        written = [one.label for one in drawing.arrows if one.label.lines]
        assert all(clear(a, b) for a, b in combinations(written, 2))
        assert all(clear(label, box) for label in written for box in drawing.boxes)
        assert drawing == draw(*graph, paper)


def test_both_directions_between_two_problems_have_their_own_arrow_and_words():
    boxes = [
        Box("a", "Alcohol use, severe", "substance_use", "Use"),
        Box("p", "Panic", "mental_health", "Mind"),
    ]
    there = Arrow("1", "a", "p", 1, LINK_VERBS["sets_off"], "withdrawal brings panic")
    back = Arrow("2", "p", "a", 2, LINK_VERBS["feeds"], "drinks to sleep")
    one, two = draw(boxes, [there, back]).arrows
    assert one.path != two.path and one.point != two.point
    assert [text for _y, text, _verb in one.label.lines] == ["sets off", "withdrawal brings panic"]
    assert [text for _y, text, _verb in two.label.lines] == ["feeds", "drinks to sleep"]


def test_two_that_hold_one_problem_reach_it_without_crossing():
    boxes = [
        Box("o", "Opioid use", "substance_use", "Use", (20, 180)),
        Box("t", "Trauma and stress", "mental_health", "Mind"),
        Box("b", "Back pain", "medical", "Medical"),
        Box("s", "My mother has the children on weekends", "support", "Support", (20, 580)),
        Box("d", "I want to be there for my daughter", "strength", "Strength", (380, 580)),
    ]
    drawing = draw(
        boxes,
        [
            Arrow("0", "b", "o", 3, "sets off", ""),
            Arrow("1", "s", "o", 1, "helps with", ""),
            Arrow("2", "d", "o", 2, "protects against", ""),
        ],
    )
    one, two = (list(_points(arrow.path)) for arrow in drawing.arrows[1:])
    assert not [pair for pair in product(pairwise(one), pairwise(two)) if _cross(*pair)]


def _points(path):
    x1, y1, x2, y2, x3, y3, x4, y4 = (float(n) for n in re.findall(r"-?[\d.]+", path))
    for t in (step / 30 for step in range(31)):
        a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
        yield a * x1 + b * x2 + c * x3 + d * x4, a * y1 + b * y2 + c * y3 + d * y4


def _cross(one, two):
    def side(a, b, c):
        return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])

    (a, b), (c, d) = one, two
    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0


def test_the_commonest_links_are_offered_for_what_is_there_and_not_twice():
    nodes = [("a", "Drinking to sleep", ""), ("p", "", "F41.0"), ("x", "No bus", "")]
    found = common_links(nodes, set())
    assert {(a, b, one.verb) for a, b, one in found} >= {("a", "p", "eases"), ("p", "a", "sets_off")}
    assert all(one.source for _a, _b, one in found) and not common_links(nodes, {("a", "p"), ("p", "a")})
