"""What is said about a plan, draft or signed, and leaves it as it is: answers to the check, and what was counted."""

import datetime as dt
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clinic.access.acts import act
from clinic.access.chart import Chart
from clinic.access.policy import Do
from clinic.kit import clock
from treatment_plans.models import Answer, Count, Objective, Plan
from treatment_plans.queries.checks import demand_words
from treatment_plans.queries.integration import check
from treatment_plans.queries.reading import tree


@act(Do.PLAN)
def answer_check(chart: Chart, *, plan: Plan, rule: str, about: str, words: str) -> Answer:
    """What the integration check asks about this plan is answered: the question, the words, by whom, when.

    A later answer to the same question stands in place of this one, which stays on file. Who may: clinicians and
    prescribers on the team. Recorded: one row with the rule. Raises ValidationError where nothing is said, or the
    question is not asked (any more).
    """
    demand_words("words", words, _("Write the answer in a few words."))
    found = check(chart, tree(chart, plan))
    asked = next((a for a in (*found.open, *found.answered) if (a.rule, a.about) == (rule, about)), None)
    if asked is None or not asked.asks:
        raise ValidationError(
            _("This is not asked any more: something has changed since the page was opened.")
        )
    chart.note(rule=rule)
    return Answer.objects.create(
        **chart.stamp(chart.episode(plan.episode_id), part2=plan.part2), plan=plan, rule=rule, about=about,
        asked=asked.text, words=words.strip(), staff_id=chart.who.actor_id,
    )  # fmt: skip


@act(Do.PLAN)
def count_objective(
    chart: Chart, *, objective: Objective, on: dt.date | None, value: Decimal | float | None
) -> Count:
    """So many were counted for this objective on that day; it stands in place of an earlier count of the day.

    Who may: clinicians and prescribers on the team. Recorded: one row. Raises ValidationError naming the field: the
    plan must be signed, the objective counted, the day not to come.
    """
    if not objective.plan.is_signed:
        raise ValidationError(_("Sign the plan first: counting begins then."))
    if not objective.counted:
        raise ValidationError(_("This objective is measured by a questionnaire, and needs no counting."))
    if value is None:
        raise ValidationError({"value": _("Write how many were counted.")})
    place = chart.episode(objective.episode_id)
    if on is None or on > clock.today(place.zone):
        raise ValidationError({"on": _("Choose today or an earlier day.")})
    return Count.objects.create(
        **chart.stamp(place, part2=objective.part2), objective=objective, on=on, value=value,
        staff_id=chart.who.actor_id,
    )  # fmt: skip
