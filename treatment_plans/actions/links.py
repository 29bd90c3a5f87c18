"""The links of a draft: taken from the formulation, or drawn in both at once. One link, live there, frozen here."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clinic.access.acts import act
from clinic.access.chart import Chart
from clinic.access.policy import Do
from treatment_plans import rules
from treatment_plans.actions.formulation import _into_formulation
from treatment_plans.actions.parts import _known, _stamp, take_problem
from treatment_plans.models import FormulationLink, Intervention, Link, Plan, PlanProblem
from treatment_plans.queries.checks import demand_draft, demand_words


@act(Do.PLAN)
def link_problems(
    chart: Chart,
    *,
    plan: Plan,
    from_problem: PlanProblem | None,
    to_problem: PlanProblem | None,
    verb: str,
    how: str,
) -> Link:
    """The draft says how one of its problems acts on another, and how that is for this person; so does the formulation.

    Who may: clinicians and prescribers on the team. Recorded: one row. Raises ValidationError naming the field.
    """
    demand_draft(chart, plan)
    ends = _demand_ends(plan, from_problem, to_problem)
    _known("verb", verb, rules.LINK_VERBS)
    demand_words("how", how, _("Say in a few words how this is for the client."))
    drawn = _into_formulation(chart, plan, *ends, verb, how)
    return Link.objects.create(
        **_stamp(chart, plan), from_problem=ends[0], to_problem=ends[1], verb=verb, how=how.strip(),
        formulation_link=drawn,
    )  # fmt: skip


def _demand_ends(
    plan: Plan, one: PlanProblem | None, other: PlanProblem | None
) -> tuple[PlanProblem, PlanProblem]:
    if one is None or one.plan_id != plan.pk:
        raise ValidationError({"from_problem": _("Choose a problem of this plan.")})
    if other is None or other.plan_id != plan.pk:
        raise ValidationError({"to_problem": _("Choose a problem of this plan.")})
    if one == other:
        raise ValidationError({"to_problem": _("Choose two different problems.")})
    return one, other


@act(Do.PLAN)
def take_link(chart: Chart, *, plan: Plan, link: FormulationLink) -> Link:
    """A link of the formulation is in this draft with the words it has today, and so are the problems it joins.

    Who may: clinicians and prescribers on the team. Recorded: one row. Raises ValidationError where it is there already,
    joins something that is no problem, or the plan is signed.
    """
    demand_draft(chart, plan)
    ends = (link.from_node.problem, link.to_node.problem)
    joined = [one for one in ends if one is not None]
    if len(joined) < 2 or link.removed_at:
        raise ValidationError(_("A plan takes links between two problems that are on the map."))
    if Link.objects.filter(plan=plan, formulation_link=link).exists():
        raise ValidationError(_("This link is in the plan already."))
    parts = [
        PlanProblem.objects.filter(plan=plan, problem=one).first()
        or take_problem(chart, plan=plan, problem=one)
        for one in joined
    ]
    place = chart.episode(plan.episode_id)
    return Link.objects.create(
        **chart.stamp(place, part2=plan.part2 or link.part2), plan=plan, from_problem=parts[0], to_problem=parts[1],
        verb=link.verb, how=link.how, formulation_link=link,
    )  # fmt: skip


@act(Do.PLAN)
def change_link(
    chart: Chart,
    *,
    link: Link,
    version: int,
    from_problem: PlanProblem | None,
    to_problem: PlanProblem | None,
    verb: str,
    how: str,
) -> Link:
    """The link joins these two problems with these words, here and in the formulation. Who may and what is recorded: as
    for `link_problems`. Raises StaleEdit, ValidationError.
    """
    demand_draft(chart, link.plan)
    link.from_problem, link.to_problem = _demand_ends(link.plan, from_problem, to_problem)
    _known("verb", verb, rules.LINK_VERBS)
    demand_words("how", how, _("Say in a few words how this is for the client."))
    link.verb, link.how = verb, how.strip()
    link.formulation_link = _redrawn(chart, link)
    link.save_over(version, "from_problem", "to_problem", "verb", "how", "formulation_link")
    return link


def _redrawn(chart: Chart, link: Link) -> FormulationLink:
    """The formulation's link with what the plan's now says: the same one where its ends are the same, else another."""
    held = link.formulation_link
    ends = (link.from_problem.problem_id, link.to_problem.problem_id)
    same = held and not held.removed_at and (held.from_node.problem_id, held.to_node.problem_id) == ends
    if held is None or not same:
        return _into_formulation(chart, link.plan, link.from_problem, link.to_problem, link.verb, link.how)
    held.verb, held.how = link.verb, link.how
    held.save_over(held.version, "verb", "how")
    return held


@act(Do.PLAN)
def remove_link(chart: Chart, *, link: Link) -> None:
    """The link and what was planned for it are out of this draft. Raises ValidationError for a signed plan."""
    demand_draft(chart, link.plan)
    Intervention.objects.filter(link=link).delete()
    Link.objects.filter(pk=link.pk).delete()
    chart.note(removed=str(link.public_id))
