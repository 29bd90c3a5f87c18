"""The whole plan as its author, and a cosigner, read it before they sign: every word, as it is kept beside a signature."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from treatment_plans.queries.plain import WORDING, PlainCopy, Section
from treatment_plans.queries.tree import PlanTree, Trouble


def whole_copy(tree: PlanTree) -> PlainCopy:
    """`tree` as its author and a cosigner read it before they sign: every word of it, in their language; no query."""
    language = (get_language() or "en")[:2]
    sections = [_told(tree), *(_trouble(trouble) for trouble in tree.troubles), _ties(tree), _frame(tree)]
    title = _("Plan, version %(number)s") % {"number": tree.plan.version_no}
    return PlainCopy(language, WORDING, title, [s for s in sections if s.lines])


def _told(tree: PlanTree) -> Section:
    lines = [(_("Strengths:"), tree.plan.strengths), (_("What matters most:"), tree.plan.words)]
    return Section("strengths", _("Strengths and what matters"), [line for line in lines if line[1].strip()])


def _trouble(trouble: Trouble) -> Section:
    lines = [(_("Side:"), trouble.domain_text)]
    if trouble.put_off:
        lines.append((_("Not now, because"), trouble.put_off))
    for wish in trouble.wishes:
        lines.append((_("Goal:"), wish.words))
        for aim in wish.aims:
            lines += [(_("Objective:"), aim.text), *([("", aim.measure)] if aim.measure else [])]
            lines += [(_("What will be done:"), step.line) for step in aim.steps]
    return Section("problem", f"{trouble.text} {trouble.code}".strip(), lines)


def _ties(tree: PlanTree) -> Section:
    lines = []
    for tie in tree.ties:
        lines.append((tie.sentence + ":", tie.how))
        lines += [(_("Planned:"), step.line) for step in tie.steps]
    return Section("links", _("How they feed each other"), lines)


def _frame(tree: PlanTree) -> Section:
    plan = tree.plan
    lines = [
        (_("When less care will be enough:"), plan.step_down),
        (_("Review on:"), f"{plan.review_on:%d-%b-%Y}" if plan.review_on else ""),
        (_("Agreed with the client on:"), f"{plan.agreed_on:%d-%b-%Y}" if plan.agreed_on else ""),
        (tree.participation_text + ":", plan.participation_words),
    ]
    return Section(
        "frame", _("Step-down, review, participation"), [line for line in lines if line[1].strip()]
    )
