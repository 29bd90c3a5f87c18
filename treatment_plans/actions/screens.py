"""The plan answers positive screens: what it takes up counts as answered, what it lets go of waits again."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from clinic.access.acts import act
from clinic.access.chart import Chart
from clinic.access.policy import Do
from clinic.record.models import Problem
from screening.actions import reopen_response, take_up_response
from screening.models import ScreenResponse
from screening.queries import responses_named, unsettled
from treatment_plans import rules
from treatment_plans.models import Plan, PlanProblem


@act(Do.PLAN)
def answer_screen(chart: Chart, *, response: ScreenResponse, problem: PlanProblem) -> ScreenResponse:
    """The positive screen is in the plan, as this problem of it; signed or still a draft.

    Who may: clinicians and prescribers on the team, in both episodes. Recorded: this row and the response's. Raises
    ValidationError where the plan is protected and the screen's own team could not read it, StaleEdit.
    """
    if problem.part2 and not response.part2:
        raise ValidationError(
            _(
                "This plan has extra legal protection (42 CFR Part 2), and the screen belongs to a program whose team may"
                " not read it. Answer the screen for that program: refer, put it off, or say why it is not confirmed."
            )
        )
    return take_up_response(chart, response=response, problem=problem.problem.public_id, words=problem.text)


def _answer_screens(chart: Chart, problem: PlanProblem, instrument: str = "") -> None:
    """The positive screens that this problem takes up (added from them, named like them, measured by them) are answered
    by it, where the screen's own team may know of the plan."""
    said = {"came_from": instrument or problem.instrument, "text": problem.text, "code": problem.code}
    taken = [
        one.public_id
        for one in unsettled(chart)
        if rules.takes_up(one.instrument, **said)
        and (one.part2 or not problem.part2)
        and chart.permits(Do.RESPOND, one.episode_id)
    ]
    for response in ScreenResponse.objects.filter(public_id__in=taken) if taken else ():
        take_up_response(chart, response=response, problem=problem.problem.public_id, words=problem.text)


def _let_go(chart: Chart, problems: Iterable[int]) -> None:
    """Of these problems, those that no plan holds any more answer no screen: each waits for an answer again."""
    gone = set(problems)
    if not gone:
        return
    over = Plan.objects.filter(superseded_by__frozen_at__isnull=False).values("pk")
    held = PlanProblem.objects.filter(~Q(plan__in=over), problem__in=gone, episode__in=chart.episode_ids)
    gone -= set(held.values_list("problem", flat=True))
    names = list(Problem.objects.filter(pk__in=gone).values_list("public_id", flat=True))
    for response in responses_named(chart, names) if names else ():
        if chart.permits(Do.RESPOND, response.episode_id):
            reopen_response(chart, response=response, reason=_("The problem is no longer in the plan"))
