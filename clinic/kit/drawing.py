"""The pen: words, symbols, numbered badges and hatching as pieces of SVG. Charts are put together from these.

Nothing here says by colour alone what it says: in grey print a hollow symbol, a hatch and a badge's outline remain.
"""

from collections.abc import Callable, Sequence
from html import escape

INK, SOFT, LINE, TINT, EVENT = "#16292d", "#47575b", "#c9bfae", "#102a43", "#8a4520"
LINE_HEIGHT = 12


def scale(low: float, high: float, top: float, bottom: float) -> Callable[[float], float]:
    span = (high - low) or 1
    return lambda value: bottom - (min(max(value, low), high) - low) / span * (bottom - top)


def path(spots: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in spots)


def text(
    x: float, y: float, words: str, *, size: float = 11, fill: str = SOFT, end: str = "", bold: bool = False
) -> str:
    anchor = f' text-anchor="{end}"' if end else ""
    weight = ' font-weight="700"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{fill}"{anchor}{weight}>{escape(words)}</text>'


def plate(x: float, y: float, words: str) -> str:
    """A piece of paper behind a number that begins at x, so that hatching does not run through it."""
    wide = len(words) * 6.2 + 3
    return f'<rect x="{x - 1.5:.1f}" y="{y - 9:.1f}" width="{wide:.1f}" height="11" rx="2" fill="#fff" fill-opacity="0.85"/>'


def wrapped(label: str, most: float) -> list[str]:
    """A band's words on as many lines as there is room for in a line."""
    lines: list[str] = []
    for word in label.split():
        if lines and len(lines[-1]) + 1 + len(word) <= most:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def apart(middles: Sequence[float], lines: Sequence[int], top: float, bottom: float) -> list[float]:
    """The same heights, falling from the first, moved as little as keeps every line of words readable."""
    half = [count * LINE_HEIGHT / 2 for count in lines]
    placed: list[float] = []
    floor = bottom + 5
    for middle, room in zip(middles, half, strict=True):
        placed.append(min(middle, floor - room))
        floor = placed[-1] - room
    ceiling = top - 5
    for index in range(len(placed) - 1, -1, -1):
        placed[index] = max(placed[index], ceiling + half[index])
        ceiling = placed[index] + half[index]
    return placed


def symbol(kind: str, x: float, y: float, colour: str, *, hollow: bool = False) -> str:
    """A point's symbol, filled; or its outline on white, for a value that is to be read with something in mind."""
    ink = f'fill="#fff" stroke="{colour}" stroke-width="1.7"' if hollow else f'fill="{colour}"'
    if kind == "circle":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.6" {ink}/>'
    shapes = {
        "square": "M-3.3 -3.3H3.3V3.3H-3.3Z",
        "diamond": "M0 -4.6L4.6 0L0 4.6L-4.6 0Z",
        "triangle": "M0 -4.4L4.3 3.4H-4.3Z",
        "wedge": "M0 4.4L4.3 -3.4H-4.3Z",
    }
    return f'<path transform="translate({x:.1f} {y:.1f})" d="{shapes[kind]}" {ink}/>'


def hatched(left: float, top: float, right: float, bottom: float) -> str:
    """A field of slanted lines with its edges, drawn line by line: every viewer and every printer knows lines."""
    right = max(right, left + 3)
    width, height = right - left, bottom - top
    lines = []
    step = 7
    while step < width + height:
        x1, y1 = left + min(step, width), top + max(0, step - width)
        x2, y2 = left + max(0, step - height), top + min(step, height)
        lines.append(f"M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}")
        step += 7
    edges = f"M{left:.1f} {top:.1f}V{bottom:.1f}M{right:.1f} {top:.1f}V{bottom:.1f}"
    return (
        f'<path d="{"".join(lines)}" stroke="{SOFT}" stroke-width="0.7" stroke-opacity="0.55" fill="none"/>'
        f'<path d="{edges}" stroke="{SOFT}" stroke-width="0.9" stroke-dasharray="3 2" fill="none"/>'
    )


def lanes(places: Sequence[float], room: float = 19) -> list[int]:
    """A lane for each badge, so that none covers another; three at most."""
    ends: list[float] = []
    lanes = []
    for x in places:
        lane = next((i for i, end in enumerate(ends) if x - end >= room), min(len(ends), 2))
        ends[lane : lane + 1] = [x]
        lanes.append(lane)
    return lanes


BADGE_SHAPES = {
    "square": "M-7.5 -7.5H7.5V7.5H-7.5Z",
    "diamond": "M0 -10L10 0L0 10L-10 0Z",
    "solid": "M-3.6 -8.7H3.6L8.7 -3.6V3.6L3.6 8.7H-3.6L-8.7 3.6V-3.6Z",
}


def badge(x: float, y: float, number: int, shape: str = "circle") -> str:
    """A mark's number in its shape; the solid one is dark, for what could not wait."""
    fill, ink = (INK, "#fff") if shape == "solid" else ("#fff", EVENT)
    edge = f'fill="{fill}" stroke="{INK if shape == "solid" else EVENT}" stroke-width="1.3"'
    if shape in BADGE_SHAPES:
        drawn = f'<path transform="translate({x:.1f} {y:.1f})" d="{BADGE_SHAPES[shape]}" {edge}/>'
    else:
        drawn = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="8" {edge}/>'
    return drawn + text(x, y + 3.8, str(number), fill=ink, end="middle", bold=True)
