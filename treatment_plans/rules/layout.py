"""Where the boxes and arrows of a formulation stand. Pure and deterministic: the same map is the same drawing.

Three columns: what happened above, the two sides facing each other with the middle free for what goes between them, then
what else weighs, then supports and strengths. A box that was moved stays where it was put; no two ever overlap, whatever
the graph. On a telephone two columns, and arrows carry their number alone (the list below says the rest).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

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
UPRIGHT = Paper(720, (8, 256, 504), 208, 15, 20, True, 88, 56)  # across a sheet that stands
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
    caption_y: int = 0

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


def pulls_of(boxes: Sequence[Box], arrows: Sequence[Arrow], paper: Paper) -> dict[str, float]:
    """Towards which x each box is drawn by the sides that it is linked with: 0.5 is the middle of the paper."""
    side = {box.key: {LEFT: 0.0, RIGHT: 1.0}.get(box.group) for box in boxes}
    pulls: dict[str, float] = {}
    for box in boxes:
        others = [
            one.head if one.tail == box.key else one.tail for one in arrows if box.key in (one.tail, one.head)
        ]
        known = [at for at in (side[other] for other in others) if at is not None]
        pulls[box.key] = sum(known) / len(known) if known else 0.5
    return pulls


def sized(box: Box, paper: Paper, links: int) -> Placed:
    """As high as its text needs, and as its links need so that each has a port of its own."""
    lines = wrapped(box.text, paper.letter, paper.box - 30, most=5)
    top = 38 if box.caption else 24
    tall = top + (len(lines) - 1) * paper.line + 14
    step = 26 if box.group in (LEFT, RIGHT) else 13
    high = max(tall, 20 + step * links) if paper.labels else max(tall, 16 + 14 * links)
    down = top + (high - tall) // 2
    bases = tuple((down + number * paper.line, line) for number, line in enumerate(lines))
    return Placed(box, 0, 0, paper.box, high, bases, down - 21 if box.caption else 0)


def _at(one: Placed, x: int, y: int) -> Placed:
    """The box moved there from where it stands now."""
    down = y - one.y
    lines = tuple((base + down, text) for base, text in one.lines)
    return replace(one, x=x, y=y, lines=lines, caption_y=one.caption_y + down)


def place(boxes: Sequence[Placed], paper: Paper, pulls: dict[str, float]) -> dict[str, Placed]:
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
        slots = _sides(mine, paper, top) if band == "sides" else _rows(mine, paper, top, pulls)
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


def _rows(
    boxes: Sequence[Placed], paper: Paper, top: int, pulls: dict[str, float]
) -> list[tuple[Placed, int, int]]:
    """Row by row, each box in the free column that is nearest to what it is linked with."""
    slots, most = [], len(paper.columns)
    for start in range(0, len(boxes), most):
        row, free = boxes[start : start + most], list(range(most))
        for one in sorted(row, key=lambda box: -abs(pulls[box.box.key] - 0.5)):
            wanted = pulls[one.box.key] * (most - 1)
            column = min(free, key=lambda at: (abs(at - wanted), at))
            free.remove(column)
            slots.append((one, paper.columns[column], top))
        top += max(one.h for one in row) + paper.row_gap
    return slots


def _free(one: Placed, others: Iterable[Placed]) -> Placed:
    """Where it was to stand, or as far below as it takes for it to overlap nothing."""
    others = list(others)
    x, y = one.x, one.y
    while hit := [other for other in others if overlap((x, y, one.w, one.h), other, APART)]:
        y = max(other.y + other.h for other in hit) + APART + 1
    return _at(one, x, y)


def overlap(area: tuple[float, float, float, float], box: Placed | Label, apart: float = 0) -> bool:
    x, y, w, h = area
    return (
        x < box.x + box.w + apart
        and box.x < x + w + apart
        and y < box.y + box.h + apart
        and box.y < y + h + apart
    )
