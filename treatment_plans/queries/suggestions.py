"""What might belong in the plan and is not there yet. Nothing is added without a click."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clinic.access.chart import Chart, ChartNotFound
from clinic.kit.dates import date_format
from clinic.record.models import Domain, Problem
from screening.queries import latest_screens, measuring
from treatment_plans import rules
from treatment_plans.queries.positives import Positive, positives
from treatment_plans.queries.tree import PlanTree, Trouble


@dataclass(frozen=True)
class Suggestion:
    """A problem that a positive screen or the problem list suggests. `key` is what its button posts."""

    key: str
    text: str
    domain: str
    domain_text: str
    source: str


def suggestions(chart: Chart, tree: PlanTree | None) -> list[Suggestion]:
    """Positive screens that nothing answers for good yet, and problems of the client's list that are not in it.

    One query here, for the problem list; the screens are screening's own, shared.
    """
    there = {trouble.problem for trouble in tree.troubles} if tree else set()
    listed = Problem.objects.filter(Problem.STANDING, episode__in=chart.episode_ids).order_by("pk")
    found = [_from_screen(p) for p in positives(chart) if p.instrument in rules.TOPICS]
    return found + [_from_list(problem) for problem in listed if problem.pk not in there]


def _from_screen(positive: Positive) -> Suggestion:
    topic = rules.TOPICS[positive.instrument]
    name = str(Domain(topic.domain).label)
    return Suggestion(f"screen:{positive.instrument}", _(topic.problem), topic.domain, name, positive.source)


def _from_list(problem: Problem) -> Suggestion:
    source = _("From the problem list")
    if problem.source_text:
        source = _("From the problem list, said by: %(who)s") % {"who": problem.source_text}
    name = str(Domain(problem.domain).label)
    return Suggestion(f"problem:{problem.public_id}", problem.text, problem.domain, name, source)


def positive_screen(chart: Chart, instrument: str) -> Positive:
    """The client's positive screen of that instrument that is not answered yet; ChartNotFound where there is none."""
    for positive in positives(chart):
        if positive.instrument == instrument and instrument in rules.TOPICS:
            return positive
    raise ChartNotFound


def listed_problem(chart: Chart, public_id: str) -> Problem:
    """A problem of the open episodes by its public id; ChartNotFound where it is not open."""
    try:
        problem = Problem.objects.filter(episode__in=chart.episode_ids, public_id=public_id).first()
    except ValidationError:  # not a public id at all
        problem = None
    if problem is None:
        raise ChartNotFound
    return problem


@dataclass(frozen=True)
class Offer:
    """An intervention often chosen for this, with the source that says so."""

    kind: str
    name: str
    source: str


def offers(tree: PlanTree, to: str) -> list[Offer]:
    """What is often chosen for the problem of that objective, or for that link; `to` is its public id. No query."""
    if any(str(tie.public_id) == to for tie in tree.ties):
        return [Offer(key, _(kind.name), _(kind.source)) for key, kind in rules.offered_for(set(), link=True)]
    for trouble in tree.troubles:
        if to in {str(aim.public_id) for wish in trouble.wishes for aim in wish.aims}:
            return [
                Offer(key, _(kind.name), _(kind.source))
                for key, kind in rules.offered_for(_topics(trouble), side=trouble.domain)
            ]
    return []


def _topics(trouble: Trouble) -> set[str]:
    said = {"came_from": trouble.instrument, "text": trouble.text, "code": trouble.code}
    found = {name for name in rules.TOPICS if rules.takes_up(name, **said)}
    return found | ({"opioid"} if rules.names_opioids(trouble.text, trouble.code) else set())


def first_measure(chart: Chart, tree: PlanTree, to: str) -> dict[str, Any]:
    """What an objective of that goal may be measured by, as its form begins: the questionnaire that asks about the
    problem, its newest total, where that is from, and the review day. No query of its own.

    A total that Part 2 protects is not offered to a plan kept in a program that is not.
    """
    trouble = next(t for t in tree.troubles if to in {str(wish.public_id) for wish in t.wishes})
    said = {"came_from": trouble.instrument, "text": trouble.text, "code": trouble.code}
    place, measures = chart.episode(tree.plan.episode_id), {form.id for form in measuring()}
    about = [
        one
        for one in latest_screens(chart)
        if one.instrument in measures and rules.takes_up(one.instrument, **said)
        and one.complete and one.total is not None and (place.part2 or not one.part2)
    ]  # fmt: skip
    about.sort(key=lambda one: (one.instrument == trouble.instrument, one.date))
    begun: dict[str, Any] = {"target_on": tree.plan.review_on}
    if not about:
        return begun
    newest = about[-1]
    told = {"title": newest.title, "total": newest.total, "day": date_format(newest.date, "j M Y")}
    said_then = _("%(title)s %(total)s on %(day)s") % told
    return {**begun, "instrument": newest.instrument, "baseline": newest.total, "said": said_then}


@dataclass(frozen=True)
class Hint:
    """Something worth a look before signing; it never blocks."""

    text: str
    anchor: str


def hints(chart: Chart, tree: PlanTree) -> list[Hint]:
    """What joins the two sides and is not there yet, in words: no link between them. The rest is `check`'s."""
    found = []
    sides = {t.id: t.domain for t in tree.taken_up if t.domain in ("substance_use", "mental_health")}
    joined = any(
        {sides.get(end) for end in tie.ends} == {"substance_use", "mental_health"} for tie in tree.ties
    )
    if len(set(sides.values())) == 2 and not joined:
        text = _("The plan has substance use and mental health problems and no link between them yet. How does one feed the other?")  # fmt: skip
        found.append(Hint(text, "links"))
    return found
