"""Where the boxes and arrows of a formulation stand. Pure and deterministic: the same map is the same drawing.

Three columns: what happened above, the two sides facing each other with the middle free for what goes between them, then
what else weighs, then supports and strengths. A box that was moved stays where it was put; no two ever overlap, whatever
the graph. On a telephone two columns, and arrows carry their number alone (the list below says the rest).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

NARROW_LETTERS, WIDE_LETTERS = set("fijlrtI.,:;'|!()[]-/ "), set("mwMW@%&")
GRID = 8
APART = 14  # between two boxes, and between a label and a box
LEFT, RIGHT, BANDS = "substance_use", "mental_health", ("stress", "sides", "other", "strength")


@dataclass(frozen=True)
class Box:
    """One node before it is placed: `group` is its side or kind, `at` where someone put it."""

    key: str
    text: str
    group: str
    caption: str = ""
    at: tuple[int, int] | None = None


@dataclass(frozen=True)
class Arrow:
    """One link: its number on the drawing, the verb, the example."""

    key: str
    tail: str
    head: str
    number: int
    verb: str = ""
    words: str = ""
    kind: str = ""  # "holds": it helps against what it points at


@dataclass(frozen=True)
class Paper:
    """How wide the drawing is and what fits: the columns' left edges, the size of a box, letters and label."""

    width: int
    columns: tuple[int, ...]
    box: int
    letter: float
    line: int
    labels: bool
    band_gap: int
    row_gap: int


WIDE = Paper(976, (16, 384, 752), 208, 15, 20, True, 88, 56)
PHONE = Paper(360, (6, 206), 148, 14, 18, False, 40, 30)


@dataclass(frozen=True)
class Placed:
    """A box where it stands: top left corner, size, and its text in lines."""

    box: Box
    x: int
    y: int
    w: int
    h: int
    lines: tuple[tuple[int, str], ...]  # (y of the base line, text)

    @property
    def mid(self) -> int:
        return self.x + self.w // 2

    @property
    def centre(self) -> tuple[float, float]:
        return self.x + self.w / 2, self.y + self.h / 2


@dataclass(frozen=True)
class Label:
    """The words on an arrow, in a plate of their own; `lines` is empty where only the number fits."""

    x: int
    y: int
    w: int
    h: int
    lines: tuple[tuple[int, str, bool], ...]  # (y of the base line, text, whether it is the verb)


@dataclass(frozen=True)
class Drawn:
    """An arrow as it is drawn: its curve, its point, and its label."""

    arrow: Arrow
    path: str
    point: str
    label: Label


@dataclass(frozen=True)
class Drawing:
    width: int
    height: int
    boxes: tuple[Placed, ...]
    arrows: tuple[Drawn, ...]
    bands: tuple[tuple[str, int], ...] = field(default=())  # (name, y) of each band's heading


def width_of(text: str, size: float) -> float:
    """How wide a line of our face is, never too little."""
    units = sum(
        0.34 if c in NARROW_LETTERS else 0.9 if c in WIDE_LETTERS else 0.7 if c.isupper() else 0.57
        for c in text
    )
    return units * size


def wrapped(text: str, size: float, room: float, most: int = 99) -> list[str]:
    """The text in lines that fit the room; a word that is too long is broken; what exceeds `most` lines ends in …."""
    lines, now = [], ""
    for word in text.split():
        for piece in _broken(word, size, room):
            longer = f"{now} {piece}" if now else piece
            if width_of(longer, size) <= room:
                now = longer
            else:
                lines.append(now)
                now = piece
    lines.append(now)
    if len(lines) > most:
        last = lines[most - 1]
        while last and width_of(last + "…", size) > room:
            last = last[:-1]
        lines = [*lines[: most - 1], last.rstrip() + "…"]
    return lines


def _broken(word: str, size: float, room: float) -> list[str]:
    pieces = [""]
    for letter in word:
        if width_of(pieces[-1] + letter, size) > room:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def draw(boxes: Sequence[Box], arrows: Sequence[Arrow], paper: Paper = WIDE) -> Drawing:
    """Every box and arrow in its place."""
    placed = _place([_sized(box, paper) for box in boxes], paper)
    height = max([box.y + box.h for box in placed.values()], default=120) + 24
    drawn = _arrows(placed, arrows, paper)
    lowest = max([one.label.y + one.label.h for one in drawn], default=0)
    return Drawing(paper.width, max(height, lowest + 12), tuple(placed[box.key] for box in boxes), drawn)


def _sized(box: Box, paper: Paper) -> Placed:
    lines = wrapped(box.text, paper.letter, paper.box - 30, most=5)
    top = 38 if box.caption else 24
    bases = tuple((top + number * paper.line, line) for number, line in enumerate(lines))
    return Placed(box, 0, 0, paper.box, top + (len(lines) - 1) * paper.line + 14, bases)


def _at(one: Placed, x: int, y: int) -> Placed:
    return replace(one, x=x, y=y, lines=tuple((base + y, text) for base, text in one.lines))


def _place(boxes: Sequence[Placed], paper: Paper) -> dict[str, Placed]:
    found: dict[str, Placed] = {}
    moved = [one for one in boxes if one.box.at is not None and paper.labels]
    for one in moved:
        x, y = one.box.at or (0, 0)
        x = min(max(x, 0), paper.width - paper.box)
        found[one.box.key] = _free(_at(one, x, max(y, 8)), found.values())
    rest = [one for one in boxes if one.box.key not in found]
    top = 24
    for band in BANDS:
        mine = [one for one in rest if _band(one.box.group) == band]
        slots = _sides(mine, paper, top) if band == "sides" else _rows(mine, paper, top)
        for one, x, y in slots:
            found[one.box.key] = _free(_at(one, x, y), found.values())
        if mine:
            bottom = max(found[one.box.key].y + one.h for one in mine)
            top = bottom + paper.band_gap
    return found


def _band(group: str) -> str:
    if group in (LEFT, RIGHT):
        return "sides"
    return "stress" if group == "stress" else "strength" if group in ("strength", "support") else "other"


def _sides(boxes: Sequence[Placed], paper: Paper, top: int) -> list[tuple[Placed, int, int]]:
    """The two sides face each other; the shorter one stands in the middle of the longer one's height."""
    columns = [[one for one in boxes if one.box.group == side] for side in (LEFT, RIGHT)]
    heights = [sum(one.h for one in column) + paper.row_gap * (len(column) - 1) for column in columns]
    slots = []
    for column, x, height in zip(columns, (paper.columns[0], paper.columns[-1]), heights, strict=True):
        y = top + max(0, max(heights) - height) // 2
        for one in column:
            slots.append((one, x, y))
            y += one.h + paper.row_gap
    return slots


def _rows(boxes: Sequence[Placed], paper: Paper, top: int) -> list[tuple[Placed, int, int]]:
    """Row by row; a row that is not full stands in the middle."""
    slots, most, pitch = [], len(paper.columns), paper.columns[1] - paper.columns[0]
    for start in range(0, len(boxes), most):
        row = boxes[start : start + most]
        left = (paper.width - (len(row) - 1) * pitch - paper.box) // 2
        for number, one in enumerate(row):
            slots.append((one, left + number * pitch, top))
        top += max(one.h for one in row) + paper.row_gap
    return slots


def _free(one: Placed, others: Iterable[Placed]) -> Placed:
    """Where it was to stand, or as far below as it takes for it to overlap nothing."""
    others = list(others)
    x, y = one.x, one.y
    while hit := [other for other in others if _overlap((x, y, one.w, one.h), other, APART)]:
        y = max(other.y + other.h for other in hit) + APART + 1
    return _at(replace(one, lines=tuple((base - one.y, text) for base, text in one.lines)), x, y)


def _overlap(area: tuple[float, float, float, float], box: Placed | Label, apart: float = 0) -> bool:
    x, y, w, h = area
    return (
        x < box.x + box.w + apart
        and box.x < x + w + apart
        and y < box.y + box.h + apart
        and box.y < y + h + apart
    )


Point = tuple[float, float]


def _arrows(placed: dict[str, Placed], arrows: Sequence[Arrow], paper: Paper) -> tuple[Drawn, ...]:
    """The arrows, each from a port of its own on the sides that face each other; labels that overlap nothing."""
    sides = {one.key: _facing(placed[one.tail], placed[one.head], list(placed.values())) for one in arrows}
    ports = _ports(placed, arrows, sides)
    found: list[Drawn] = []
    for one in arrows:
        start, end = ports[one.key, "tail"], ports[one.key, "head"]
        curve = _curve(start, end, sides[one.key])
        label = _label(one, curve, placed.values(), [other.label for other in found], paper)
        found.append(Drawn(one, _path(curve), _head(end, sides[one.key][1]), label))
    return tuple(found)


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
    """Where each arrow leaves and arrives: spread along the side, in the order of where the other end lies."""
    used: dict[tuple[str, str], list[tuple[float, int, tuple[str, str]]]] = {}
    for one in arrows:
        for end, key, other, side in (
            ("tail", one.tail, one.head, sides[one.key][0]),
            ("head", one.head, one.tail, sides[one.key][1]),
        ):
            x, y = placed[other].centre
            along = x if side in ("top", "bottom") else y
            used.setdefault((key, side), []).append((along, one.number, (one.key, end)))
    ports: dict[tuple[str, str], Point] = {}
    for (key, side), ends in used.items():
        box = placed[key]
        for place, (_along, _number, port) in enumerate(sorted(ends), start=1):
            share = place / (len(ends) + 1)
            if side in ("top", "bottom"):
                ports[port] = (box.x + box.w * share, float(box.y if side == "top" else box.y + box.h))
            else:
                ports[port] = (float(box.x if side == "left" else box.x + box.w), box.y + box.h * share)
    return ports


OUT = {"left": (-1, 0), "right": (1, 0), "top": (0, -1), "bottom": (0, 1)}
HEAD = 10


def _curve(start: Point, end: Point, sides: tuple[str, str]) -> tuple[Point, Point, Point, Point]:
    (sx, sy), (ex, ey) = start, end
    (ox, oy), (px, py) = OUT[sides[0]], OUT[sides[1]]
    ex, ey = ex + px * HEAD, ey + py * HEAD  # the line ends where its point begins
    reach = 84 if sides[0] == sides[1] else max(28, min(150, (abs(ex - sx) if ox else abs(ey - sy)) * 0.5))
    return (sx, sy), (sx + ox * reach, sy + oy * reach), (ex + px * reach, ey + py * reach), (ex, ey)


def _on(curve: tuple[Point, Point, Point, Point], t: float) -> Point:
    a, b, c, d = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
    x, y = (a * curve[0][i] + b * curve[1][i] + c * curve[2][i] + d * curve[3][i] for i in (0, 1))
    return x, y


def _path(curve: tuple[Point, Point, Point, Point]) -> str:
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
    arrow: Arrow,
    curve: tuple[Point, Point, Point, Point],
    boxes: Iterable[Placed],
    labels: Sequence[Label],
    paper: Paper,
) -> Label:
    """The widest plate that overlaps no box and no other label, else the number alone."""
    taken: list[Placed | Label] = [*boxes, *labels]
    sizes = ((236, 3), (150, 3), (130, 2)) if paper.labels else ()
    for room, most in sizes:
        plate = _plate(arrow, room, most)
        for t in PLACES:
            for shift in (0, -26, 26):
                x, y = _on(curve, t)
                left, top = x - plate.w / 2, y - plate.h / 2 + shift
                area = (left, top, plate.w, plate.h)
                inside = left >= 2 and left + plate.w <= paper.width - 2 and top >= 2
                if inside and not any(_overlap(area, other, 6) for other in taken):
                    return _moved(plate, round(left), round(top))
    number = Label(0, 0, 24, 24, ())
    spots = [_on(curve, t) for t in PLACES]
    for x, y in spots:
        if not any(_overlap((x - 12, y - 12, 24, 24), other, 1) for other in taken):
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
