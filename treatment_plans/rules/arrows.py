"""The arrows of a formulation and the words on them: each a curve through no box, each label hiding as little as can be."""

from collections.abc import Sequence
from dataclasses import replace
from math import atan2

from treatment_plans.rules.layout import Arrow, Drawn, Label, Paper, Placed, overlap, width_of, wrapped

Point = tuple[float, float]
Curve = tuple[Point, Point, Point, Point]
MANY = 14  # with more arrows than that, labels no longer look for a place that hides no other arrow


def arrows_between(placed: dict[str, Placed], arrows: Sequence[Arrow], paper: Paper) -> tuple[Drawn, ...]:
    """The arrows, each from a port of its own on the sides that face each other; labels that overlap nothing."""
    sides = {one.key: _facing(placed[one.tail], placed[one.head], list(placed.values())) for one in arrows}
    ports = _ports(placed, arrows, sides)
    curves = {
        one.key: _clear_curve(
            ports[one.key, "tail"], ports[one.key, "head"], sides[one.key],
            [box for box in placed.values() if box.box.key not in (one.tail, one.head)],
        )
        for one in arrows
    }  # fmt: skip
    sampled = {key: [_on(curve, step / 24) for step in range(1, 24)] for key, curve in curves.items()}
    found: list[Drawn] = []
    for one in arrows:
        others = [point for key, points in sampled.items() if key != one.key for point in points]
        taken: list[Placed | Label] = [*placed.values(), *(drawn.label for drawn in found)]
        label = _label(one, curves[one.key], taken, others if len(arrows) <= MANY else [], paper)
        point = _head(ports[one.key, "head"], sides[one.key][1])
        found.append(Drawn(one, _path(curves[one.key]), point, label))
    return tuple(found)


def _clear_curve(start: Point, end: Point, sides: tuple[str, str], boxes: Sequence[Placed]) -> Curve:
    """The plainest curve between the two that runs through no box; where there is none, the plainest."""
    plain = _curve(start, end, sides)
    across = sides[0] in ("left", "right")
    for bend in (0, 60, -60, 110, -110, 170, -170):
        bent = tuple((x, y + bend) if across else (x + bend, y) for x, y in plain[1:3])
        curve = (plain[0], bent[0], bent[1], plain[3])
        points = [_on(curve, step / 16) for step in range(1, 16)]
        if not any(overlap((x, y, 0, 0), box, 2) for x, y in points for box in boxes):
            return curve
    return plain


def _facing(a: Placed, b: Placed, boxes: Sequence[Placed]) -> tuple[str, str]:
    """Which sides of the two an arrow uses."""
    across = max(b.x - (a.x + a.w), a.x - (b.x + b.w))
    if across >= 24:
        return ("right", "left") if a.x < b.x else ("left", "right")
    top, bottom = (a, b) if a.y < b.y else (b, a)
    between = [
        c
        for c in boxes
        if c not in (a, b)
        and top.y < c.y < bottom.y
        and c.x < max(a.x, b.x) + a.w
        and min(a.x, b.x) < c.x + c.w
    ]
    if not between:
        return ("bottom", "top") if a.y < b.y else ("top", "bottom")
    side = "right" if a.x + a.w / 2 <= max(c.x + c.w for c in boxes) / 2 else "left"
    return side, side


def _ports(
    placed: dict[str, Placed], arrows: Sequence[Arrow], sides: dict[str, tuple[str, str]]
) -> dict[tuple[str, str], Point]:
    """Where each arrow leaves and arrives: spread along the side, in the order of the directions of the other ends, so
    that two that come from one direction do not cross."""
    used: dict[tuple[str, str], list[tuple[float, int, tuple[str, str]]]] = {}
    for one in arrows:
        leaves, arrives = sides[one.key]
        for end, key, side, other, facing in (
            ("tail", one.tail, leaves, one.head, arrives),
            ("head", one.head, arrives, one.tail, leaves),
        ):
            turned = _direction(_middle(placed[key], side), side, _middle(placed[other], facing))
            used.setdefault((key, side), []).append((turned, one.number, (one.key, end)))
    ports: dict[tuple[str, str], Point] = {}
    for (key, side), ends in used.items():
        box = placed[key]
        for place, (_turned, _number, port) in enumerate(sorted(ends), start=1):
            share = place / (len(ends) + 1)
            if side in ("top", "bottom"):
                ports[port] = (box.x + box.w * share, float(box.y if side == "top" else box.y + box.h))
            else:
                ports[port] = (float(box.x if side == "left" else box.x + box.w), box.y + box.h * share)
    return ports


def _middle(box: Placed, side: str) -> Point:
    (x, y), (ox, oy) = box.centre, OUT[side]
    return x + ox * box.w / 2, y + oy * box.h / 2


def _direction(start: Point, side: str, end: Point) -> float:
    """How far the way to `end` turns from straight out of the side: to the right or downwards is more."""
    (dx, dy), (ox, oy) = (end[0] - start[0], end[1] - start[1]), OUT[side]
    return round(atan2(dx * abs(oy) + dy * abs(ox), dx * ox + dy * oy), 3)


OUT = {"left": (-1, 0), "right": (1, 0), "top": (0, -1), "bottom": (0, 1)}
HEAD = 10


def _curve(start: Point, end: Point, sides: tuple[str, str]) -> Curve:
    (sx, sy), (ex, ey) = start, end
    (ox, oy), (px, py) = OUT[sides[0]], OUT[sides[1]]
    ex, ey = ex + px * HEAD, ey + py * HEAD  # the line ends where its point begins
    reach = 84 if sides[0] == sides[1] else max(28, min(150, (abs(ex - sx) if ox else abs(ey - sy)) * 0.5))
    return (sx, sy), (sx + ox * reach, sy + oy * reach), (ex + px * reach, ey + py * reach), (ex, ey)


def _on(curve: Curve, t: float) -> Point:
    a, b, c, d = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
    x, y = (a * curve[0][i] + b * curve[1][i] + c * curve[2][i] + d * curve[3][i] for i in (0, 1))
    return x, y


def _path(curve: Curve) -> str:
    points = [f"{x:.1f} {y:.1f}" for x, y in curve]
    return f"M{points[0]} C{points[1]}, {points[2]}, {points[3]}"


def _head(end: Point, side: str) -> str:
    x, y = end
    ox, oy = OUT[side]
    back_x, back_y = x + ox * (HEAD + 2), y + oy * (HEAD + 2)
    return f"{x:.1f},{y:.1f} {back_x - oy * 6:.1f},{back_y - ox * 6:.1f} {back_x + oy * 6:.1f},{back_y + ox * 6:.1f}"


SMALL = 13
PLACES = (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82, 0.1, 0.9)


def _label(
    arrow: Arrow, curve: Curve, taken: Sequence[Placed | Label], lines: Sequence[Point], paper: Paper
) -> Label:
    """The widest plate that overlaps no box and no other label, and hides as little of other arrows as can be; else the
    number alone."""
    best: tuple[int, Label] | None = None
    for room, most in ((236, 3), (150, 3), (130, 2)) if paper.labels else ():
        plate = _plate(arrow, room, most)
        for t in PLACES:
            aside = max(0.0, plate.w / 2 - 12)  # its own line still runs under its edge
            for over, down in ((0, 0), (0, -26), (0, 26), (aside, 0), (-aside, 0)):
                x, y = _on(curve, t)
                left, top = x - plate.w / 2 + over, y - plate.h / 2 + down
                area = (left, top, plate.w, plate.h)
                inside = left >= 2 and left + plate.w <= paper.width - 2 and top >= 2
                if not inside or any(overlap(area, other, 6) for other in taken):
                    continue
                hides = sum(left < px < left + plate.w and top < py < top + plate.h for px, py in lines)
                if best is None or hides < best[0]:
                    best = hides, _moved(plate, round(left), round(top))
                if not hides:
                    return best[1]
    return best[1] if best else _number(curve, taken)


def _number(curve: Curve, taken: Sequence[Placed | Label]) -> Label:
    number = Label(0, 0, 24, 24, ())
    spots = [_on(curve, t) for t in PLACES]
    for x, y in spots:
        if not any(overlap((x - 12, y - 12, 24, 24), other, 1) for other in taken):
            return _moved(number, round(x - 12), round(y - 12))
    return _moved(number, round(spots[0][0] - 12), round(spots[0][1] - 12))


def _plate(arrow: Arrow, room: int, most: int) -> Label:
    verb = wrapped(arrow.verb, SMALL + 0.5, room - 40, most=2)
    words = wrapped(arrow.words, SMALL, room - 16, most=most) if arrow.words else []
    widest = max(
        [width_of(line, SMALL + 0.5) + 32 for line in verb] + [width_of(line, SMALL) + 8 for line in words]
    )
    lines = [(17 + 16 * number, line, True) for number, line in enumerate(verb)]
    lines += [(19 + 16 * (len(verb) + number), line, False) for number, line in enumerate(words)]
    return Label(0, 0, round(min(room, widest + 8)), lines[-1][0] + 8, tuple(lines))


def _moved(label: Label, x: int, y: int) -> Label:
    return replace(label, x=x, y=y, lines=tuple((base + y, text, verb) for base, text, verb in label.lines))
