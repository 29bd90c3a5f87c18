"""A formulation for some: drawn with the client beside their plan, with what each link rests on. Nobody here is real."""

from typing import Any

from caseload.management.demo.build import at
from caseload.management.demo.courses import Course
from caseload.management.demo.people import BOTH, MH, SUD
from clinic.access.chart import Chart
from clinic.kit import clock
from clinic.record.models import Problem
from screening.queries import latest_screens
from treatment_plans import actions as plans
from treatment_plans.models import FormulationLink
from treatment_plans.queries.formulation_offers import in_words

DRAWN = 9  # the first so many of the demo's people

# By program: what is put on the map beside the plan's two problems, "use" and "mind" (key: kind, words).
NODES: dict[str, dict[str, tuple[str, str]]] = {
    SUD: {
        "loss": ("stress", "Father's death two winters ago"),
        "nights": ("stress", "Night shifts"),
        "sister": ("support", "My sister calls every evening"),
        "cook": ("strength", "I cook for the whole house"),
    },
    MH: {
        "crash": ("stress", "The accident on the bridge"),
        "rent": ("social", "Behind with the rent"),
        "group": ("support", "Thursday group"),
        "stubborn": ("strength", "I don't give up easily"),
    },
    BOTH: {
        "attack": ("stress", "What happened at nineteen"),
        "pain": ("medical", "Back pain"),
        "mother": ("support", "My mother has the children on weekends"),
        "daughter": ("strength", "I want to be there for my daughter"),
    },
}
LINKS: dict[str, list[tuple[str, str, str, str]]] = {
    SUD: [
        ("mind", "use", "sets_off", "Empty evenings end at the bar."),
        ("loss", "mind", "underlies", "It began that winter."),
        ("nights", "use", "sets_off", "A drink to sleep by day."),
        ("sister", "mind", "helps", "I laugh when she calls."),
        ("cook", "use", "protects", "No drink while the stove is on."),
    ],
    MH: [
        ("use", "mind", "sets_off", "Shaky mornings bring the panic."),
        ("crash", "mind", "underlies", "Every bridge is that bridge."),
        ("mind", "rent", "feeds", "Missed shifts because of the bus."),
        ("rent", "use", "sets_off", "A letter, then a bottle."),
        ("group", "use", "helps", "Someone asks how the week was."),
    ],
    BOTH: [
        ("mind", "use", "sets_off", "After a bad night I call him."),
        ("attack", "mind", "underlies", "The smell of it brings it back."),
        ("pain", "use", "sets_off", "It started with the pills for my back."),
        ("use", "pain", "masks", "I feel nothing at all then."),
        ("mother", "use", "helps", "When they are with her I can go to group."),
        ("daughter", "use", "protects", "I don't use when she is here."),
    ],
}
KNOWN = (
    ("sign", "I stop answering the phone"), ("sign", "I sleep in my clothes"), ("trigger", "Payday"),
    ("trigger", "Rain at night"), ("helps", "A cold shower, then a walk to the river"), ("helps", "Counting back from a hundred"),
    ("person", "My sister; she knows what to ask"), ("person", "Marek from the group, any hour"),
)  # fmt: skip
WORDS = {
    SUD: "When I am low I drink, and when I have been drinking I am lower. Somewhere there I lost him twice.",
    MH: "The panic takes the bus away from me, and the wine takes the panic, until four in the morning.",
    BOTH: "I used to make the nights stop. Now the nights come because I use.",
}
CODED = {SUD: ("F10.20", "F32.1"), MH: ("F41.0", "F10.10"), BOTH: ("F11.20", "F43.12")}
SEVERITY = {SUD: ("severe", "moderate"), MH: ("moderate", "mild"), BOTH: ("severe", "severe")}


def draw_formulation(chart: Chart, course: Course, plan: Any, program: str, zone: str) -> None:
    """The plan's two problems are coded and joined on a map, with what happened, what holds, and what the client knows."""
    if course.number >= DRAWN:
        return
    with clock.backdated(at(course.began, zone, 15)):
        row = plans.begin_formulation(chart, place=chart.episode(plan.episode_id))
        link = FormulationLink.objects.filter(formulation=row).select_related("from_node", "to_node").first()
        if link is None:
            return
        ends = (link.from_node, link.to_node)
        _code(ends, program, chart)
        use, mind = sorted(ends, key=lambda node: node.domain != "substance_use")
        nodes = {"use": use, "mind": mind}
        for key, (kind, text) in NODES[program].items():
            nodes[key] = plans.add_node(chart, formulation=row, kind=kind, text=text)
        drawn = [
            plans.draw_link(
                chart, formulation=row, from_node=nodes[tail], to_node=nodes[head], verb=verb, how=how
            )
            for tail, head, verb, how in LINKS[program]
        ]
        for kind, words in KNOWN:
            plans.add_insight(chart, formulation=row, kind=kind, words=words)
        plans.change_formulation(
            chart, formulation=row, version=row.version, words=WORDS[program], drawn_on=clock.today(zone)
        )
    plans.add_evidence(chart, link=drawn[0], kind="words", words="I never put it like that before.")
    screen = next((one for one in latest_screens(chart) if one.positive), None)
    if screen is not None:
        plans.add_evidence(
            chart, link=link, kind="screen", words=in_words(screen), on=screen.date, screen=screen
        )


def _code(ends: tuple[Any, ...], program: str, chart: Chart) -> None:
    """The problems of the list get their diagnosis and how severe it is."""
    told = dict(
        zip(
            (end.problem_id for end in ends), zip(CODED[program], SEVERITY[program], strict=True), strict=True
        )
    )
    for problem in Problem.objects.filter(pk__in=told, episode__in=chart.episode_ids):
        code, severity = told[problem.pk]
        plans.revise_problem(
            chart,
            problem=problem,
            version=problem.version,
            code=code,
            severity=severity,
            source="client",
            said_by="",
        )
