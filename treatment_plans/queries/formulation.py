"""A formulation as pages and papers read it: one query for all of it, and the drawing made of that."""

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from clinic.access.chart import Chart, ChartNotFound, Open
from clinic.kit.written import kept
from clinic.record.models import Domain, Problem
from treatment_plans import rules
from treatment_plans.models import (
    PIECES,
    Evidence,
    EvidenceKind,
    Formulation,
    FormulationLink,
    FormulationNode,
    Insight,
    InsightKind,
    Intervention,
    NodeKind,
    Plan,
)
from treatment_plans.queries.lines import step_line
from treatment_plans.queries.reading import not_taken, standing, wrong
from treatment_plans.queries.tree import PlanTree


@dataclass
class Node:
    """One box: `text` is the problem list's today where that may be seen. `code` and `over` are a problem's."""

    id: int
    public_id: str
    version: int
    kind: str
    text: str
    domain: str
    problem: str = ""
    code: str = ""
    over: bool = False
    at: tuple[int, int] | None = None

    @property
    def group(self) -> str:
        return self.domain if self.kind == NodeKind.PROBLEM else self.kind

    @property
    def caption(self) -> str:
        name = Domain(self.domain).label if self.kind == NodeKind.PROBLEM else NodeKind(self.kind).label
        return f"{name}, {_('over')}" if self.over else str(name)


@dataclass
class Ground:
    """What a link rests on."""

    public_id: str
    version: int
    kind: str
    words: str
    on: dt.date | None
    by: str

    @property
    def kind_text(self) -> str:
        return str(EvidenceKind(self.kind).label)


@dataclass
class Thread:
    """One link, its number on the drawing, what it rests on, and what a plan does about it."""

    id: int
    public_id: str
    version: int
    number: int
    tail: Node
    head: Node
    verb: str
    how: str
    grounds: list[Ground] = field(default_factory=list)
    planned: list[str] = field(default_factory=list)

    @property
    def verb_text(self) -> str:
        return gettext(rules.LINK_VERBS[self.verb])

    @property
    def sentence(self) -> str:
        return f"{self.tail.text} {self.verb_text} {self.head.text}"


@dataclass
class Known:
    """An early sign, a trigger, what helps or who helps."""

    public_id: str
    version: int
    kind: str
    words: str


@dataclass
class Sketch:
    """Boxes and links, as they are drawn: a plan's own, or a formulation's."""

    nodes: list[Node]
    links: list[Thread]

    @cached_property
    def drawing(self) -> rules.Drawing:
        return drawn(self.nodes, self.links)

    @cached_property
    def drawing_narrow(self) -> rules.Drawing:
        return drawn(self.nodes, self.links, rules.PHONE)

    @cached_property
    def drawing_upright(self) -> rules.Drawing:
        return drawn(self.nodes, self.links, rules.UPRIGHT)


@dataclass
class Map(Sketch):
    """A whole formulation."""

    row: Formulation
    insights: list[Known]

    @property
    def public_id(self) -> str:
        return str(self.row.public_id)

    @property
    def is_moved(self) -> bool:
        return any(node.at for node in self.nodes)

    def links_from(self, node: Node) -> list[Thread]:
        return [one for one in self.links if one.tail is node]

    def links_to(self, node: Node) -> list[Thread]:
        return [one for one in self.links if one.head is node]

    @cached_property
    def groups(self) -> list[tuple[str, list[tuple[Node, list[Thread], list[Thread]]]]]:
        """(name, [(node, links from it, links to it)]): the twin of the drawing as lists, in reading order."""
        named: list[tuple[str, list[str]]] = [
            (_("What happened, or weighs"), [NodeKind.STRESS]),
            (str(Domain.SUBSTANCE_USE.label), [Domain.SUBSTANCE_USE]),
            (str(Domain.MENTAL_HEALTH.label), [Domain.MENTAL_HEALTH]),
            (_("Other problems"), [Domain.MEDICAL, Domain.SOCIAL, Domain.LEGAL]),
            (_("Supports and strengths"), [NodeKind.SUPPORT, NodeKind.STRENGTH]),
        ]  # fmt: skip
        found = [
            (name, [(n, self.links_from(n), self.links_to(n)) for n in self.nodes if n.group in groups])
            for name, groups in named
        ]
        return [(name, rows) for name, rows in found if rows]

    @cached_property
    def known(self) -> list[tuple[str, str, list[Known]]]:
        """(kind, name, rows): signs, triggers, what helps, people, each whether anything is there or not."""
        return [
            (kind.value, str(kind.label), [one for one in self.insights if one.kind == kind])
            for kind in InsightKind
        ]


def drawn(nodes: list[Node], links: list[Thread], paper: Any = rules.WIDE) -> rules.Drawing:
    """The drawing of these boxes and arrows; no query."""
    boxes = [rules.Box(one.public_id, one.text, one.group, one.caption, one.at) for one in nodes]
    arrows = [
        rules.Arrow(
            one.public_id,
            one.tail.public_id,
            one.head.public_id,
            one.number,
            one.verb_text,
            one.how,
            "holds" if one.verb in rules.HOLDING else "",
        )
        for one in links
    ]
    return rules.draw(boxes, arrows, paper)


def _rows(rows: QuerySet[Any], **columns: Any) -> ArraySubquery:
    named = {name: F(column) if isinstance(column, str) else column for name, column in columns.items()}
    told = JSONObject(id=F("pk"), public_id=F("public_id"), version=F("version"), **named)
    return ArraySubquery(rows.order_by("pk").values(json=told))


def with_pieces(maps: QuerySet[Formulation]) -> QuerySet[Formulation]:
    """Formulations, each with all that is on it and what plans do about its links, in one query."""
    here = {"formulation": OuterRef("pk"), "removed_at__isnull": True}
    # A problem is read where its episode is open; the node keeps the words of the day it was put on the map.
    problem = Problem.objects.filter(pk=OuterRef("problem_id"))
    holds = Plan.objects.filter(standing(), ~Exists(wrong()))
    return maps.annotate(
        node_rows=_rows(
            FormulationNode.objects.filter(**here), kind="kind", x="x", y="y",
            text=Coalesce(Subquery(problem.values("text")), F("text")),
            domain=Coalesce(Subquery(problem.values("domain")), F("domain")),
            problem=Subquery(problem.values("public_id")), code=Subquery(problem.values("code")),
            status=Subquery(problem.values("status")),
        ),
        link_rows=_rows(
            FormulationLink.objects.filter(**here), tail="from_node_id", head="to_node_id", verb="verb", how="how"
        ),
        evidence_rows=_rows(
            Evidence.objects.filter(**here), link="link_id", kind="kind", words="words", on="on",
            given="recorded_by__given_name", family="recorded_by__family_name",
        ),
        insight_rows=_rows(Insight.objects.filter(**here), kind="kind", words="words"),
        step_rows=_rows(
            Intervention.objects.filter(
                link__formulation_link__formulation=OuterRef("pk"), plan__in=holds, episode=OuterRef("episode")
            ),
            link="link__formulation_link_id", kind="kind", text="text", frequency="frequency", frozen="plan__frozen_at",
        ),
    )  # fmt: skip


def _read(row: Any) -> Map:
    nodes = {
        r["id"]: Node(
            r["id"], r["public_id"], r["version"], r["kind"], r["text"], r["domain"], r["problem"] or "", r["code"] or "",
            r["status"] in ("resolved", "in_error"), (r["x"], r["y"]) if r["x"] is not None else None,
        )
        for r in row.node_rows
    }  # fmt: skip
    there = [r for r in row.link_rows if r["tail"] in nodes and r["head"] in nodes]
    links = [
        Thread(
            r["id"], r["public_id"], r["version"], number, nodes[r["tail"]], nodes[r["head"]], r["verb"], r["how"],
            [_ground(e) for e in row.evidence_rows if e["link"] == r["id"]],
            [_step(s) for s in row.step_rows if s["link"] == r["id"]],
        )
        for number, r in enumerate(there, start=1)
    ]  # fmt: skip
    insights = [Known(r["public_id"], r["version"], r["kind"], r["words"]) for r in row.insight_rows]
    return Map(list(nodes.values()), links, row, insights)


def _ground(row: dict[str, Any]) -> Ground:
    on = dt.date.fromisoformat(row["on"]) if row["on"] else None
    by = " ".join(part for part in (row["given"], row["family"]) if part)
    return Ground(row["public_id"], row["version"], row["kind"], row["words"], on, by)


def _step(row: dict[str, Any]) -> str:
    line = step_line(gettext(rules.INTERVENTIONS[row["kind"]]), row["text"], row["frequency"])
    return line if row["frozen"] else _("%(step)s (draft)") % {"step": line}


def maps_of(chart: Open) -> list[Map]:
    """Every formulation of the open episodes, the best home for both sides first, in one query."""
    return sorted((_read(row) for row in _every(chart)), key=lambda one: _rank(chart, one), reverse=True)


@kept
def _every(opened: Open) -> QuerySet[Formulation]:
    return with_pieces(Formulation.objects.filter(episode__in=opened.episode_ids))


def _rank(chart: Open, one: Map) -> tuple[bool, bool, Any]:
    place = chart.episode(one.row.episode_id)
    return place.ends_on is None, place.part2, place.starts_on


def map_of(chart: Open, public_id: Any) -> Map:
    """The formulation of that public id with all that is on it, in one query; ChartNotFound where it is not open."""
    rows = Formulation.objects.filter(episode__in=chart.episode_ids, public_id=public_id)
    row = with_pieces(rows).first()
    if row is None:
        raise ChartNotFound
    return _read(row)


def map_row(chart: Open, public_id: Any) -> Formulation:
    """That formulation alone; ChartNotFound where it is not open."""
    row = Formulation.objects.filter(episode__in=chart.episode_ids, public_id=public_id).first()
    if row is None:
        raise ChartNotFound
    return row


def piece_row(chart: Open, sort: str, public_id: Any, formulation: Any) -> Any:
    """A node, link, piece of evidence or insight of that map, removed or not; ChartNotFound for any other."""
    if sort not in PIECES:
        raise ChartNotFound
    rows = PIECES[sort].objects.filter(
        episode__in=chart.episode_ids, public_id=public_id, formulation__public_id=formulation
    )
    ends = {"link": ("from_node", "to_node"), "evidence": ("link",)}.get(sort, ())
    try:
        found = rows.select_related("formulation", *ends).first()
    except ValidationError:  # not a public id at all
        found = None
    if found is None:
        raise ChartNotFound
    return found


def map_of_plan(tree: PlanTree | None) -> Sketch | None:
    """The links of a plan as a map, from the plan's own rows: once signed, the picture is as frozen as they are. No query.

    None where the plan joins nothing.
    """
    if tree is None or not tree.ties:
        return None
    nodes = {
        one.id: Node(
            one.id, str(one.public_id), one.version, NodeKind.PROBLEM, one.text, one.domain, code=one.code
        )
        for one in tree.troubles
        if any(one.id in tie.ends for tie in tree.ties)
    }
    links = [
        Thread(
            tie.id, str(tie.public_id), tie.version, number, nodes[tie.ends[0]], nodes[tie.ends[1]], tie.verb, tie.how,
            planned=[step.line for step in tie.steps],
        )
        for number, tie in enumerate(tree.ties, start=1)
    ]  # fmt: skip
    return Sketch(list(nodes.values()), links)


def link_named(chart: Open, plan: Plan, public_id: str) -> FormulationLink:
    """The link of the map with that public id that the plan has not taken; ChartNotFound for any other."""
    rows = not_taken(plan.pk, plan.episode_id).select_related("from_node__problem", "to_node__problem")
    for link in rows:
        if str(link.public_id) == public_id:
            return link
    raise ChartNotFound


def demand_place_for(chart: Chart, formulation: Formulation, source: Any) -> None:
    """What comes from a Part 2 episode may only stand on a map kept in one (42 CFR 2.12(d): it stays so)."""
    place = chart.episode(formulation.episode_id)
    if source.part2 and not place.part2:
        raise ValidationError(
            _(
                "This comes from a substance use program whose records have extra legal protection (42 CFR Part 2)."
                " This formulation is kept in %(program)s, where people without access to those records could read it."
                " Draw it in the protected program instead."
            )
            % {"program": place.program}
        )
