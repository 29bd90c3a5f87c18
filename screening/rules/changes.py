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


def change(form: Instrument, earlier: int, later: int) -> Change:
    """What the step from `earlier` to `later` (complete totals) is called."""
    rule = form.rules["change"]
    points = later - earlier
    if not rule:
        return Change(points, ("no_published_rule",))
    kinds = []
    reliable = rule["reliable"]
    if points <= -reliable:
        kinds.append("reliable_improvement")
    elif points >= reliable:
        kinds.append("reliable_worsening")
    else:
        kinds.append("no_reliable_change")
    if earlier >= rule.get("response_from", 10**6) and -points * 100 >= earlier * rule["response_percent"]:
        kinds.append("response")
    if later < rule.get("remission_below", -1) <= earlier:
        kinds.append("remission")
    if later <= rule.get("clinically_significant_at_most", -1) < earlier and points <= -reliable:
        kinds.append("clinically_significant")
    return Change(points, tuple(kinds), rule["source"])
