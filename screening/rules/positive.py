"""What of a screen asks for a response: that it is positive, or that it is worse by its published rule."""

from collections.abc import Mapping
from typing import Any

from screening.rules.changes import change
from screening.rules.instruments import Instrument

POSITIVE = "positive"
WORSE = "worse"


def is_positive(form: Instrument, score: Mapping[str, Any]) -> bool:
    """Positive for certain, by the form's own rule: an incomplete form too, where what is answered reaches the cut-off."""
    if score["flags"].get("positive_screen"):
        return True
    rule: Mapping[str, Any] = next(
        (one for one in form.rules["flags"] if one["name"] == "positive_screen"), {}
    )
    least = {"total_at_least": rule.get("value"), "at_cutoff": score.get("cutoff")}.get(rule.get("rule", ""))
    return least is not None and (score["partial_sum"] or 0) >= least


def is_worse(form: Instrument, earlier: int | None, later: int | None) -> bool:
    """Reliably worse than the complete screen before, where such a rule was published."""
    if earlier is None or later is None:
        return False
    return "reliable_worsening" in change(form, earlier, later).kinds


# What a newer telling screen does to the response that is there: "open" a new one, "join" it, or "reopen" it.
def follows(state: str, *, worse: bool, holds: bool) -> str:
    """`state` of the newest response to this instrument ("" for none); `holds`: a referral is young enough to answer it.

    An open one is joined. What is in the plan or was put off answers a further positive, but not that it got worse.
    """
    if state in ("", "not_confirmed", "taken_back"):
        return "open"
    if state == "open":
        return "join"
    if state == "deferred":
        return "reopen" if worse else "join"
    if state == "referred" and not holds:
        return "open"
    return "open" if worse else "join"
