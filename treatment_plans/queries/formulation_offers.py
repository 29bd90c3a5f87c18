"""What might belong on the map and is not there yet, each with where it comes from. Nothing is added without a click."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from clinic.access.chart import Chart, ChartNotFound, OpenEpisode
from clinic.record.models import Domain, Problem
from screening.queries import Latest, latest_screens
from treatment_plans import rules
from treatment_plans.models import NodeKind
from treatment_plans.queries.formulation import Map
from treatment_plans.queries.positives import Positive, positives, said_of
from treatment_plans.queries.suggestions import Suggestion


@dataclass(frozen=True)
class LinkOffer:
    """A link that is often found between two that are on the map: a question to ask, with its source."""

    tail: str
    head: str
    verb: str
    sentence: str
    example: str
    source: str


def map_offers(chart: Chart, found: Map | None, place: OpenEpisode | None) -> list[Suggestion]:
    """Standing problems of the list that are not on the map, then positive screens that none of the listed takes up.

    What is Part 2 is not offered for a map kept in a program that is not. One query here; the screens are shared.
    """
    there = {node.problem for node in found.nodes} if found else set()
    listed = list(Problem.objects.filter(Problem.STANDING, episode__in=chart.episode_ids).order_by("pk"))

    def fits(row: Problem | Positive) -> bool:
        return place is None or place.part2 or not row.part2

    offers = [
        Suggestion(f"problem:{one.public_id}", one.text, one.domain, str(one.get_domain_display()), _("From the problem list"))
        for one in listed
        if str(one.public_id) not in there and fits(one)
    ]  # fmt: skip
    for screen in positives(chart):
        topic = rules.TOPICS.get(screen.instrument)
        if (
            topic
            and fits(screen)
            and not any(
                rules.takes_up(screen.instrument, came_from="", text=one.text, code=one.code)
                for one in listed
            )
        ):
            name = str(Domain(topic.domain).label)
            offers.append(
                Suggestion(f"screen:{screen.instrument}", _(topic.problem), topic.domain, name, screen.source)
            )
    return offers


def taken_up_by(chart: Chart, instrument: str) -> Problem | None:
    """The standing problem of the list that is about what this instrument asks, None where there is none; one query."""
    listed = Problem.objects.filter(Problem.STANDING, episode__in=chart.episode_ids).order_by("pk")
    return next(
        (one for one in listed if rules.takes_up(instrument, came_from="", text=one.text, code=one.code)),
        None,
    )


def common_offers(found: Map) -> list[LinkOffer]:
    """Links often found between the problems on the map, that are not drawn in that direction; no query."""
    nodes = {one.public_id: one for one in found.nodes if one.kind == NodeKind.PROBLEM}
    there = {(one.tail.public_id, one.head.public_id) for one in found.links}
    told = [(key, one.text, one.code) for key, one in nodes.items()]
    return [
        LinkOffer(
            tail, head, common.verb,
            f"{nodes[tail].text} {_(rules.LINK_VERBS[common.verb])} {nodes[head].text}", _(common.example), common.source,
        )
        for tail, head, common in rules.common_links(told, there)
    ]  # fmt: skip


def screens_for(chart: Chart, place: OpenEpisode) -> list[Latest]:
    """The newest questionnaires of the chart that may stand on a map kept in `place`; a shared query."""
    return [one for one in latest_screens(chart) if place.part2 or not one.part2]


def screen_of(chart: Chart, place: OpenEpisode, public_id: str) -> Latest | None:
    """The one of these with that public id, None for none chosen; ChartNotFound for any other."""
    if not public_id:
        return None
    for one in screens_for(chart, place):
        if str(one.public_id) == public_id:
            return one
    raise ChartNotFound


def in_words(screen: Latest) -> str:
    """PHQ-9 14 (moderate)."""
    return said_of(screen)
