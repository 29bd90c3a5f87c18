"""Both one-page plans as the client reads them, on a screen or on paper: their words under headings in plain words of ours.

The steps of the safety plan are those of the Safety Planning Intervention (Stanley and Brown, Cognitive and Behavioral
Practice 2012;19:256), named in our own words; what to do in an overdose follows SAMHSA's Overdose Prevention and Response
Toolkit (2025), in our own words too.
"""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from treatment_plans.models import Naloxone, RelapsePlan

WORDING = "2026-11"  # goes up when a sentence of ours below changes
AFTER = {
    "safety": "Stanley B, Brown GK. Cogn Behav Pract 2012;19:256-264",
    "relapse": "SAMHSA Overdose Prevention and Response Toolkit, 2025",
}


@dataclass
class Step:
    """One step of a page: the field it comes from, its heading, what the client said, what we always add."""

    name: str
    heading: str
    lines: list[str]
    ours: list[str] = field(default_factory=list)
    numbered: bool = False


@dataclass
class PageCopy:
    """One page in one language. `empty`: the headings under which nothing stands yet."""

    language: str
    title: str
    steps: list[Step]

    @property
    def empty(self) -> list[str]:
        return [step.heading for step in self.steps if not step.lines and not step.numbered]


def page_copy(row: Any, language: str, *, phone: str = "") -> PageCopy:
    """`row` as the client reads it. What they said stays in the language in which it was said; no query."""
    with override(language):
        if isinstance(row, RelapsePlan):
            return PageCopy(language, _("My plan for hard days"), _hard_days(row))
        return PageCopy(language, _("My safety plan"), _crisis(row, phone))


def _of_crisis() -> dict[str, str]:
    return {
        "signs": _("How I can tell that a crisis may come"),
        "coping": _("What I can do on my own"),
        "places": _("People and places that take my mind off it"),
        "helpers": _("Whom I can ask for help"),
        "services": _("My care team and help lines"),
        "making_safe": _("How I make the place I am in safe"),
    }


def _of_hard_days() -> dict[str, str]:
    return {
        "triggers": _("What can set it off"),
        "early_signs": _("Early signs that I or others may see"),
        "helps": _("What helps me"),
        "naloxone": _("Naloxone"),
        "not_alone": _("How I keep from using alone"),
        "overdose": _("What to do in an overdose"),
    }


def lines_of(text: str) -> list[str]:
    """One line of what was typed is one entry; a dash or dot that was typed before it is not said twice."""
    return [line.strip(" -•*\t") for line in text.splitlines() if line.strip(" -•*\t")]


def _crisis(row: Any, phone: str) -> list[Step]:
    steps = [Step(name, heading, lines_of(getattr(row, name))) for name, heading in _of_crisis().items()]
    lines = [_("Call or text 988, day or night. It is free."), _("In danger right now: call 911.")]
    if phone:
        lines.insert(0, _("This clinic: %(phone)s") % {"phone": phone})
    next(step for step in steps if step.name == "services").ours = lines
    return steps


def _hard_days(row: RelapsePlan) -> list[Step]:
    steps = [Step(name, heading, lines_of(getattr(row, name))) for name, heading in _of_hard_days().items()]
    by_name = {step.name: step for step in steps}
    by_name["naloxone"].lines = _naloxone(row)
    by_name["overdose"].ours = overdose_steps()
    by_name["overdose"].numbered = True
    return steps


def _naloxone(row: RelapsePlan) -> list[str]:
    said = {
        Naloxone.HAS: _("I have it."),
        Naloxone.GETS: _("I do not have it yet. I will get it."),
        Naloxone.DECLINES: _("I do not want it now. I can ask for it at any time."),
        Naloxone.NOT_NEEDED: _("We talked about it. I do not need it now."),
    }
    found = [str(said[Naloxone(row.naloxone)])] if row.naloxone else []
    if row.naloxone_place:
        found.append(_("It is here: %(place)s") % {"place": row.naloxone_place})
    others = lines_of(row.naloxone_others)
    if others:
        found.append(_("Who else knows, and who has the key: %(who)s") % {"who": "; ".join(others)})
    return found


def overdose_steps() -> list[str]:
    """What to do in an overdose, one thing after the other."""
    return [
        _("Call their name. Rub the middle of the chest hard with your fist."),
        _("No answer, slow breath, or blue or gray lips? Call 911. Say where you are."),
        _("Spray naloxone in the nose. It does no harm if it was not opioids."),
        _("Tilt the head back. Give one breath each 5 seconds."),
        _("Still no breath in 3 minutes? Spray one more time."),
        _("When they breathe, lay them on their side. Stay with them. It can wear off."),
    ]
