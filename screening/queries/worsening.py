"""Whether a newest screen is reliably worse than the one before, by the instrument's published rule."""

from screening import rules
from screening.queries.screens import Latest


def worsened(latest: Latest) -> bool:
    """The two last complete totals are a reliable worsening; False where no rule was published, or nothing to compare."""
    if latest.change is None:
        return False
    earlier, later = (total for _day, total in latest.course[-2:])
    return "reliable_worsening" in rules.change(rules.load(latest.instrument), earlier, later).kinds
