"""What a change from one total to another is called, by published rules only. None is invented."""

from dataclasses import dataclass

from screening.rules.instruments import Instrument


@dataclass(frozen=True)
class Change:
    """`points`: later minus earlier; on all five instruments less is better.

    `kinds`: codes that hold, of response, remission, reliable_improvement, reliable_worsening, no_reliable_change,
    clinically_significant; or no_published_rule alone. `source` is where the rule was published.
    """

    points: int
    kinds: tuple[str, ...]
    source: str = ""


def change(form: Instrument, earlier: int, later: int, reliable: int | None = None) -> Change:
    """What the step from `earlier` to `later` (complete totals) is called.

    `reliable`: the clinic's choice among the published thresholds (GAD-7: 4, the file's own, or 6). Response and
    remission are counted from a total of at least `response_from` only: 5 to 4 is no remission (HEDIS DRR-E).
    Raises ValueError for a threshold that nobody published.
    """
    rule = form.rules["change"]
    points = later - earlier
    if not rule:
        return Change(points, ("no_published_rule",))
    needed = rule["reliable"] if reliable is None else reliable
    if needed not in (rule["reliable"], *rule.get("reliable_or", [])):
        raise ValueError(f"{form.id}: no published reliable change of {needed} points")
    kinds = []
    if points <= -needed:
        kinds.append("reliable_improvement")
    elif points >= needed:
        kinds.append("reliable_worsening")
    else:
        kinds.append("no_reliable_change")
    if earlier >= rule.get("response_from", form.high + 1):
        kinds += ["response"] if -points * 100 >= earlier * rule["response_percent"] else []
        kinds += ["remission"] if later < rule["remission_below"] else []
    if later <= rule.get("clinically_significant_at_most", -1) < earlier and points <= -needed:
        kinds.append("clinically_significant")
    return Change(points, tuple(kinds), rule["source"])
