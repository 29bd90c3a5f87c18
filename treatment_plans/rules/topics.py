"""What questionnaires ask about, and when a screen counts as answered by a plan."""

from collections.abc import Iterable
from dataclasses import dataclass

from treatment_plans.rules.marks import gettext_noop as _

# How one problem acts on another, read as a sentence: "Alcohol use / sets off / Panic".
LINK_VERBS = {
    "feeds": _("feeds"),
    "sets_off": _("sets off"),
    "eases": _("is used to ease"),
    "masks": _("hides"),
    "blocks": _("gets in the way of recovery from"),
    "protects": _("protects against"),
    "underlies": _("lies behind"),
    "helps": _("helps with"),
}

HOLDING = ("protects", "helps")  # what helps against something; the others keep it going


@dataclass(frozen=True)
class Topic:
    """What an instrument asks about: the problem it suggests, and what shows that a plan takes it up."""

    problem: str
    domain: str
    stems: tuple[str, ...]
    codes: tuple[str, ...]  # ICD-10-CM, by their first characters


TOPICS = {
    "phq-9": Topic(_("Depression"), "mental_health", ("depress", "low mood", "mood"), ("F32", "F33", "F34", "F31")),
    "gad-7": Topic(_("Anxiety"), "mental_health", ("anxi", "panic", "worr"), ("F40", "F41")),
    "pcl-5": Topic(_("Trauma and stress"), "mental_health", ("trauma", "ptsd", "post-trauma"), ("F43",)),
    "audit": Topic(_("Alcohol use"), "substance_use", ("alcohol", "drink", "substance"), ("F10",)),
    "dast-10": Topic(
        _("Drug use"),
        "substance_use",
        ("drug", "opioid", "opiate", "heroin", "fentanyl", "cocaine", "cannabis", "meth", "stimulant", "benzo",
         "sedative", "pills", "substance"),
        ("F11", "F12", "F13", "F14", "F15", "F16", "F18", "F19"),
    ),
}  # fmt: skip
# Short forms ask about the same as the full ones they lead to.
TOPICS |= {"phq-2": TOPICS["phq-9"], "pc-ptsd-5": TOPICS["pcl-5"], "audit-c": TOPICS["audit"]}
TOPICS |= {
    "who-5": Topic(_("Low well-being"), "mental_health", ("well-being", "depress", "mood"), ("F3",)),
    "c-ssrs-screener": Topic(_("Suicidal thoughts"), "mental_health", ("suicid",), ("R45.851", "T14.91")),
    "taps-1": Topic(
        _("Substance use"),
        "substance_use",
        (*TOPICS["audit"].stems, *TOPICS["dast-10"].stems, "tobacco", "nicotine", "smok"),
        ("F10", "F17", *TOPICS["dast-10"].codes),
    ),
}


def takes_up(instrument: str, *, came_from: str, text: str, code: str) -> bool:
    """Whether a plan's problem is about what `instrument` asks: added from it, named like it, or coded so."""
    if came_from == instrument:
        return True
    topic = TOPICS.get(instrument)
    if topic is None:
        return False
    said = text.lower()
    return any(stem in said for stem in topic.stems) or code.upper().startswith(topic.codes)


def is_answered(instrument: str, problems: Iterable[tuple[str, str, str]], measured: Iterable[str]) -> bool:
    """A positive screen is answered: a problem (instrument it came from, text, code) takes it up, or an objective
    is measured by it. A problem that the plan puts off with a reason answers too."""
    if instrument in set(measured):
        return True
    return any(takes_up(instrument, came_from=came, text=text, code=code) for came, text, code in problems)
