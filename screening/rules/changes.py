"""What a change from one total to another is called, by published rules only. None is invented."""

from dataclasses import dataclass

from screening.rules.instruments import Instrument


@dataclass(frozen=True)
class Change:
    """`points`: later minus earlier. `better`: True where that is an improvement, None where nothing changed.

    `kinds`: codes that hold, of response, remission, reliable_improvement, reliable_worsening, no_reliable_change,
    important_improvement, important_worsening (the minimal important difference is reached),
    clinically_significant; or no_published_rule alone. `source` is where the rule was published.
    """

    points: int
    kinds: tuple[str, ...]
    source: str = ""
    better: bool | None = None


def change(form: Instrument, earlier: int, later: int, reliable: int | None = None) -> Change:
    """What the step from `earlier` to `later` (complete totals) is called.

    `reliable`: the clinic's choice among the published thresholds (GAD-7: 4, the file's own, or 6). Response and
    remission are counted from a total of at least `response_from` only: 5 to 4 is no remission (HEDIS DRR-E).
    Raises ValueError for a threshold that nobody published.
    """
    rule = form.rules["change"]
    points = later - earlier
    gained = points if form.better == "higher" else -points
    better = None if gained == 0 else gained > 0
    if not rule:
        return Change(points, ("no_published_rule",), better=better)
    needed = rule["reliable"] if reliable is None else reliable
    if needed not in reliable_choices(form):
        raise ValueError(f"{form.id}: no published reliable change of {needed} points")
    kinds = [_size(gained, needed, "reliable") or "no_reliable_change"]
    if important := _size(gained, rule.get("mcid", form.high + 1), "important"):
        kinds.append(important)
    if earlier >= rule.get("response_from", form.high + 1):
        kinds += ["response"] if gained * 100 >= earlier * rule["response_percent"] else []
        kinds += ["remission"] if later < rule["remission_below"] else []
    if earlier <= rule.get("remission_above", -1) < later:
        kinds.append("remission")
    if later <= rule.get("clinically_significant_at_most", -1) < earlier and gained >= needed:
        kinds.append("clinically_significant")
    return Change(points, tuple(kinds), rule["source"], better)


def reliable_choices(form: Instrument) -> tuple[int, ...]:
    """The published thresholds of reliable change, the file's own first; empty where there is none."""
    rule = form.rules["change"]
    return (rule["reliable"], *rule.get("reliable_or", [])) if rule else ()


def _size(gained: int, needed: int, word: str) -> str:
    if gained >= needed:
        return f"{word}_improvement"
    return f"{word}_worsening" if gained <= -needed else ""
