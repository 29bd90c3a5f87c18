"""Links between problems that are often found, as a question to ask and never as a finding. Each names its source."""

from dataclasses import dataclass

from treatment_plans.rules.marks import gettext_noop as _
from treatment_plans.rules.topics import takes_up


@dataclass(frozen=True)
class Common:
    """`tail` acts on `head` (instruments that ask about them), how, for example."""

    tail: str
    head: str
    verb: str
    example: str
    source: str


TIP42, TIP57, TIP45 = "SAMHSA TIP 42 (2020)", "SAMHSA TIP 57 (2014)", "SAMHSA TIP 45 (2006)"
COMMON = (
    Common("audit", "gad-7", "eases", _("drinks to calm down, or to sleep"), TIP42),
    Common("audit", "gad-7", "sets_off", _("the morning after, worry and panic are worse"), TIP42),
    Common("audit", "phq-9", "feeds", _("days after drinking are lower"), TIP42),
    Common("phq-9", "audit", "feeds", _("low evenings end in drinking"), TIP42),
    Common("audit", "pcl-5", "eases", _("drinks so that the memories stay away"), TIP57),
    Common("pcl-5", "audit", "sets_off", _("a bad night is followed by a drink"), TIP57),
    Common("dast-10", "pcl-5", "eases", _("used to stop the nightmares"), TIP57),
    Common("pcl-5", "dast-10", "sets_off", _("what brings it back brings the wish to use"), TIP57),
    Common("dast-10", "phq-9", "feeds", _("coming down deepens the low mood"), TIP42),
    Common("phq-9", "dast-10", "feeds", _("uses to feel something, or nothing"), TIP42),
    Common("dast-10", "gad-7", "sets_off", _("withdrawal brings panic"), TIP45),
    Common("gad-7", "dast-10", "sets_off", _("uses before going among people"), TIP42),
    Common("pcl-5", "phq-9", "feeds", _("staying away from everything leaves nothing good"), TIP57),
    Common("gad-7", "audit", "sets_off", _("a glass before the phone call"), TIP42),
)


def common_links(
    nodes: list[tuple[str, str, str]], there: set[tuple[str, str]], most: int = 4
) -> list[tuple[str, str, Common]]:
    """(tail, head, link) of links often found between these nodes (key, text, code) and not drawn in that direction."""
    found: list[tuple[str, str, Common]] = []
    for one in COMMON:
        for tail, text, code in nodes:
            for head, other, second in nodes:
                if (
                    tail != head
                    and (tail, head) not in there
                    and takes_up(one.tail, came_from="", text=text, code=code)
                    and takes_up(one.head, came_from="", text=other, code=second)
                    and (tail, head) not in {(a, b) for a, b, _one in found}
                ):
                    found.append((tail, head, one))
    return found[:most]
