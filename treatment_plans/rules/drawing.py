"""A formulation as a drawing: its boxes in their places, its arrows between them."""

from collections.abc import Sequence

from treatment_plans.rules.arrows import arrows_between
from treatment_plans.rules.layout import WIDE, Arrow, Box, Drawing, Paper, place, pulls_of, sized


def draw(boxes: Sequence[Box], arrows: Sequence[Arrow], paper: Paper = WIDE) -> Drawing:
    """Every box and arrow in its place."""
    ends = [key for one in arrows for key in (one.tail, one.head)]
    pulls = pulls_of(boxes, arrows, paper)
    placed = place([sized(box, paper, ends.count(box.key)) for box in boxes], paper, pulls)
    height = max([box.y + box.h for box in placed.values()], default=120) + 24
    drawn = arrows_between(placed, arrows, paper)
    lowest = max([one.label.y + one.label.h for one in drawn], default=0)
    return Drawing(paper.width, max(height, lowest + 12), tuple(placed[box.key] for box in boxes), drawn)
