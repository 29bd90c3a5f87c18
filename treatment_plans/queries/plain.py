"""The plan in plain words, for the client: one page, English or Spanish, no scores, no codes, no labels of ours."""

import datetime as dt
import hashlib
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import override

from clinic.kit.dates import date_format
from treatment_plans.queries.tree import PlanTree, Said

WORDING = "2026-11"  # goes up when a sentence of ours below changes


@dataclass
class Section:
    """One part of the page: a key that comments refer to, a heading, lines of (label, words), what was said about it."""

    key: str
    heading: str
    lines: list[tuple[str, str]]
    said: list[Said] = field(default_factory=list)


@dataclass
class PlainCopy:
    """The whole page in one language; `body_hash` is of exactly these words."""

    language: str
    wording: str
    title: str
    sections: list[Section]

    @property
    def body(self) -> str:
        """The page as it reads, without its looks: what is kept beside the signature."""
        lines = [self.title]
        for section in self.sections:
            lines += ["", section.heading, *(f"{label} {words}".strip() for label, words in section.lines)]
        return "\n".join(lines)

    @property
    def body_hash(self) -> str:
        return hashlib.sha256(self.body.encode()).hexdigest()


def plain_copy(tree: PlanTree, language: str) -> PlainCopy:
    """`tree` as the client reads it. What people wrote stays in the language in which they wrote it; no query."""
    with override(language):
        sections = [_own_words(tree), *_problems(tree), *_links(tree), _less(tree)]
        found = PlainCopy(language, WORDING, _("My care plan"), [s for s in sections if s.lines])
    for section in found.sections:
        section.said = tree.said_about(section.key)
    return found


def _own_words(tree: PlanTree) -> Section:
    lines = [
        (_("What I am good at, and who helps me:"), tree.plan.strengths),
        (_("What I want most:"), tree.plan.words),
    ]
    return Section("strengths", _("About me"), [line for line in lines if line[1].strip()])


def _problems(tree: PlanTree) -> list[Section]:
    found = []
    for trouble in tree.troubles:
        if trouble.put_off:
            lines = [(_("Not now. Why:"), trouble.put_off)]
        else:
            lines = []
            for wish in trouble.wishes:
                lines.append((_("My goal:"), wish.words))
                for aim in wish.aims:
                    lines.append((_("A step:"), _by(aim.text, aim.target_on)))
                    lines += [(_("What we will do:"), step.plain) for step in aim.steps]
        found.append(Section(f"problem:{trouble.public_id}", trouble.text, lines))
    return found


def _by(text: str, day: dt.date | None) -> str:
    if day is None:
        return text
    return _("%(text)s By %(day)s.") % {
        "text": f"{text.rstrip('.')}.",
        "day": date_format(day, "DATE_FORMAT"),
    }


def _links(tree: PlanTree) -> list[Section]:
    lines = []
    for tie in tree.ties:
        lines.append((tie.sentence + ":", tie.how))
        lines += [(_("What we will do:"), step.plain) for step in tie.steps]
    return [Section("links", _("How one thing leads to another"), lines)]


def _less(tree: PlanTree) -> Section:
    lines = [(_("I will need less help when:"), tree.plan.step_down)] if tree.plan.step_down.strip() else []
    if tree.plan.review_on:
        lines.append(
            (_("We will look at this plan again on:"), date_format(tree.plan.review_on, "DATE_FORMAT"))
        )
    return Section("frame", _("What comes next"), lines)
