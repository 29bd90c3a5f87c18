"""The formulation: begun, drawn, moved, rubbed out and put back. Live: nothing here is signed, a plan freezes its copy."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clinic.access.acts import act
from clinic.access.chart import Chart, OpenEpisode, Refused
from clinic.access.policy import Do
from clinic.kit import clock
from clinic.record.models import Problem
from treatment_plans import rules
from treatment_plans.actions.problems import _copied, list_problem
from treatment_plans.models import (
    Evidence,
    EvidenceKind,
    Formulation,
    FormulationLink,
    FormulationNode,
    Insight,
    InsightKind,
    Link,
    NodeKind,
    Plan,
    PlanProblem,
)
from treatment_plans.queries.checks import demand_not_later, demand_words, homes
from treatment_plans.queries.formulation import demand_place_for

MOST = 2000  # how far from the corner a box may be put


@act(Do.PLAN)
def begin_formulation(chart: Chart, *, place: OpenEpisode | None = None) -> Formulation:
    """The episode (by default the best home for both sides) has a formulation; the one that is there, or an empty one.

    Who may: clinicians and prescribers on the team. Recorded: one row. Raises Refused where no episode allows it.
    """
    home = place or next(iter(homes(chart)), None)
    if home is None or not chart.permits(Do.PLAN, home.id):
        raise Refused(Do.PLAN)
    found = Formulation.objects.filter(episode=home.id).first()
    return found or Formulation.objects.create(**chart.stamp(home), begun_by_id=chart.who.actor_id)


@act(Do.PLAN)
def change_formulation(
    chart: Chart, *, formulation: Formulation, version: int, words: str, drawn_on: dt.date | None = None
) -> Formulation:
    """The formulation has these words of the client's, and was last gone through with them on that day.

    Who may: clinicians and prescribers on the team. Recorded: one row. Raises StaleEdit, ValidationError.
    """
    demand_not_later("drawn_on", drawn_on, clock.today(chart.episode(formulation.episode_id).zone))
    formulation.words, formulation.drawn_on = words.strip(), drawn_on
    formulation.save_over(version, "words", "drawn_on")
    return formulation


def _stamp(chart: Chart, formulation: Formulation, part2: bool = False) -> dict[str, Any]:
    place = chart.episode(formulation.episode_id)
    return {**chart.stamp(place, part2=part2 or formulation.part2), "formulation": formulation}


@act(Do.PLAN)
def put_problem(chart: Chart, *, formulation: Formulation, problem: Problem) -> FormulationNode:
    """A problem of the list is on the map; one that is there already stays as it is.

    Who may: clinicians and prescribers on the team, in both episodes. Recorded: one row. Raises ValidationError where the
    problem is protected by Part 2 and the map is kept in an episode that is not.
    """
    demand_place_for(chart, formulation, problem)
    if problem.client_id != formulation.client_id:
        problem = _copied(chart, formulation, problem)
    there = FormulationNode.objects.filter(
        formulation=formulation, problem=problem, removed_at__isnull=True
    ).first()
    return there or FormulationNode.objects.create(
        **_stamp(chart, formulation, problem.part2), kind=NodeKind.PROBLEM, problem=problem, text=problem.text,
        domain=problem.domain,
    )  # fmt: skip


@act(Do.PLAN)
def add_node(chart: Chart, *, formulation: Formulation, kind: str, text: str) -> FormulationNode:
    """What happened or weighs, a support or a strength is on the map. `kind` may also be a side of the problem list: the
    problem is listed then, in the map's episode, and on the map.

    Who may: clinicians and prescribers on the team. Recorded: one row. Raises ValidationError naming the field.
    """
    demand_words("text", text, _("Say in a few words what it is."))
    if kind in (NodeKind.STRESS, NodeKind.SUPPORT, NodeKind.STRENGTH):
        return FormulationNode.objects.create(**_stamp(chart, formulation), kind=kind, text=text.strip())
    place = chart.episode(formulation.episode_id)
    problem = list_problem(chart, place=place, text=text, domain=kind, source="client")
    return put_problem(chart, formulation=formulation, problem=problem)


@act(Do.PLAN)
def change_node(
    chart: Chart, *, node: FormulationNode, version: int, text: str, kind: str
) -> FormulationNode:
    """The node is this, in these words. A problem's words are the list's, and are changed there.

    Who may: clinicians and prescribers on the team. Recorded: one row. Raises StaleEdit, ValidationError.
    """
    demand_words("text", text, _("Say in a few words what it is."))
    if node.kind == NodeKind.PROBLEM or kind not in (NodeKind.STRESS, NodeKind.SUPPORT, NodeKind.STRENGTH):
        raise ValidationError({"kind": _("A problem is changed on the problem list.")})
    node.text, node.kind = text.strip(), kind
    node.save_over(version, "text", "kind")
    return node


@act(Do.PLAN)
def move_node(chart: Chart, *, node: FormulationNode, version: int, x: int, y: int) -> FormulationNode:
    """The box stands there on the drawing, in steps of the grid. Who may: as for `change_node`. Recorded: one row.

    Raises StaleEdit where someone changed or moved it first.
    """
    step = rules.GRID
    node.x, node.y = (min(max(round(at / step), 0), MOST // step) * step for at in (x, y))
    node.save_over(version, "x", "y")
    return node


@act(Do.PLAN)
def tidy_map(chart: Chart, *, formulation: Formulation) -> Formulation:
    """Every box stands where the drawing would put it. Who may: as for `change_node`. Recorded: one row."""
    for node in FormulationNode.objects.filter(formulation=formulation, x__isnull=False):
        node.x = node.y = None
        node.save_over(node.version, "x", "y")
    return formulation


def _demand_verb(verb: str, how: str) -> None:
    if verb not in rules.LINK_VERBS:
        raise ValidationError({"verb": _("Choose one of the list.")})
    demand_words("how", how, _("Say in a few words how this is for the client."))


@act(Do.PLAN)
def draw_link(
    chart: Chart, *, formulation: Formulation, from_node: FormulationNode | None, to_node: FormulationNode | None,
    verb: str, how: str,
) -> FormulationLink:  # fmt: skip
    """The map says how one node acts on another, and how that is for this person.

    Who may: clinicians and prescribers on the team. Recorded: one row. Raises ValidationError naming the field: two
    different nodes that are on this map.
    """
    tail, head = _on_map(formulation, "from_node", from_node), _on_map(formulation, "to_node", to_node)
    if tail == head:
        raise ValidationError({"to_node": _("A link joins two different things. Choose another one.")})
    _demand_verb(verb, how)
    return FormulationLink.objects.create(
        **_stamp(chart, formulation), from_node=tail, to_node=head, verb=verb, how=how.strip()
    )


def _on_map(formulation: Formulation, name: str, node: FormulationNode | None) -> FormulationNode:
    if node is None or node.formulation_id != formulation.pk or node.removed_at:
        raise ValidationError({name: _("Choose something that is on the map.")})
    return node


@act(Do.PLAN)
def redraw_link(chart: Chart, *, link: FormulationLink, version: int, verb: str, how: str) -> FormulationLink:
    """The link has this verb and these words; so has the draft of a plan that took it. Signed plans stay as they are.

    Who may: clinicians and prescribers on the team. Recorded: one row. Raises StaleEdit, ValidationError.
    """
    _demand_verb(verb, how)
    link.verb, link.how = verb, how.strip()
    link.save_over(version, "verb", "how")
    for taken in Link.objects.filter(formulation_link=link, plan__frozen_at__isnull=True):
        taken.verb, taken.how = link.verb, link.how
        taken.save_over(taken.version, "verb", "how")
    return link


def _into_formulation(
    chart: Chart, plan: Plan, tail: PlanProblem, head: PlanProblem, verb: str, how: str
) -> FormulationLink:
    """The link of the formulation that a plan's link is taken from: the one that says so already, or drawn now."""
    row = begin_formulation(chart, place=chart.episode(plan.episode_id))
    ends = [put_problem(chart, formulation=row, problem=one.problem) for one in (tail, head)]
    there = FormulationLink.objects.filter(
        formulation=row, from_node=ends[0], to_node=ends[1], verb=verb, removed_at__isnull=True
    )
    same = there.filter(how=how.strip()).first()
    return same or draw_link(chart, formulation=row, from_node=ends[0], to_node=ends[1], verb=verb, how=how)


@act(Do.PLAN)
def add_evidence(
    chart: Chart,
    *,
    link: FormulationLink,
    kind: str,
    words: str,
    on: dt.date | None = None,
    screen: Any = None,
) -> Evidence:
    """The link rests on this: a questionnaire of the chart (`screen`, a screening.queries.Latest), what was recorded, or
    what the client said.

    Who may: clinicians and prescribers on the team. Recorded: one row. Raises ValidationError naming the field, also where
    the questionnaire is protected by Part 2 and the map is kept in an episode that is not.
    """
    if kind not in EvidenceKind.values:
        raise ValidationError({"kind": _("Choose one of the list.")})
    if kind == EvidenceKind.SCREEN and screen is None:
        raise ValidationError({"screen": _("Choose the questionnaire.")})
    demand_words("words", words, _("Say in words what it shows."))
    demand_not_later("on", on, clock.today(chart.episode(link.episode_id).zone))
    if screen is not None:
        demand_place_for(chart, link.formulation, screen)
    return Evidence.objects.create(
        **_stamp(chart, link.formulation, bool(screen and screen.part2)), link=link, kind=kind, words=words.strip(), on=on,
        screen=screen.public_id if screen else None, recorded_by_id=chart.who.actor_id,
    )  # fmt: skip


@act(Do.PLAN)
def add_insight(chart: Chart, *, formulation: Formulation, kind: str, words: str) -> Insight:
    """An early sign, a trigger, what helps or who helps is noted, in the client's words.

    Who may: clinicians and prescribers on the team. Recorded: one row. Raises ValidationError naming the field.
    """
    if kind not in InsightKind.values:
        raise ValidationError({"kind": _("Choose one of the list.")})
    demand_words("words", words, _("Write it down, in the client's words."))
    return Insight.objects.create(**_stamp(chart, formulation), kind=kind, words=words.strip())


@act(Do.PLAN)
def change_insight(chart: Chart, *, insight: Insight, version: int, kind: str, words: str) -> Insight:
    """It is this, in these words. Who may and what is recorded: as for `add_insight`. Raises StaleEdit, ValidationError."""
    if kind not in InsightKind.values:
        raise ValidationError({"kind": _("Choose one of the list.")})
    demand_words("words", words, _("Write it down, in the client's words."))
    insight.kind, insight.words = kind, words.strip()
    insight.save_over(version, "kind", "words")
    return insight


@act(Do.PLAN)
def remove_piece(chart: Chart, *, piece: Any) -> Any:
    """A node, a link, a piece of evidence or an insight is off the map; a node's links go with it. Nothing is deleted.

    Who may: clinicians and prescribers on the team. Recorded: one row. A problem stays on the problem list, and a plan
    that took a link keeps its own.
    """
    now = clock.now()
    gone = [piece]
    if isinstance(piece, FormulationNode):
        gone += _links_of(piece).filter(removed_at__isnull=True)
    for one in gone:
        one.removed_at = now
        one.save_over(one.version, "removed_at")
    chart.note(removed=len(gone))
    return piece


def _links_of(node: FormulationNode) -> Any:
    ends = FormulationLink.objects.filter(from_node=node) | FormulationLink.objects.filter(to_node=node)
    return ends.filter(episode=node.episode_id)


@act(Do.PLAN)
def put_back(chart: Chart, *, piece: Any) -> Any:
    """What was removed is on the map again, with the links that went with it and whose other end is there.

    Who may: clinicians and prescribers on the team. Recorded: one row. Raises ValidationError where it cannot: an end of
    the link is off the map, or the problem was put on the map again meanwhile.
    """
    moment = piece.removed_at
    if moment is None:
        return piece
    back = [piece]
    if isinstance(piece, FormulationNode):
        again = FormulationNode.objects.filter(
            formulation=piece.formulation_id, problem=piece.problem_id, removed_at__isnull=True
        )
        if piece.problem_id and again.exists():
            raise ValidationError(_("This problem is on the map again already."))
        others = _links_of(piece).filter(removed_at=moment).select_related("from_node", "to_node")
        back += [
            one
            for one in others
            if all(end.pk == piece.pk or not end.removed_at for end in (one.from_node, one.to_node))
        ]
    elif isinstance(piece, FormulationLink) and (piece.from_node.removed_at or piece.to_node.removed_at):
        raise ValidationError(_("One end of this link is off the map. Put that back first."))
    for one in back:
        one.removed_at = None
        one.save_over(one.version, "removed_at")
    return piece


@act(Do.SEE_PLAN)
def print_formulation(chart: Chart, *, formulation: Formulation) -> Formulation:
    """That the formulation was printed, by whom, is on the ledger. Who may: whoever may see the plan."""
    return formulation
