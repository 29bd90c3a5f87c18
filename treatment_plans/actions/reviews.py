"""The plan is reviewed, and summed up when care ends or becomes less."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clinic.access.acts import act
from clinic.access.chart import Chart
from clinic.access.policy import Do
from clinic.kit import clock
from treatment_plans.models import Plan, PlanReview, PlanSummary, ReviewOutcome, SummaryKind
from treatment_plans.queries.checks import demand_not_past, demand_words
from treatment_plans.queries.progress import Standing, standings
from treatment_plans.queries.reading import tree
from treatment_plans.queries.review import changed_since_signing
from treatment_plans.queries.tree import PlanTree, Wish


@act(Do.SIGN_PLAN)
def review_plan(
    chart: Chart, *, plan: Plan, outcome: str, words: str, next_on: dt.date | None = None
) -> PlanReview:
    """The plan that holds was reviewed: what had changed since signing, as it was shown, what was found, the next day.

    Signed by who does this; the plan stays as it was signed. Who may: clinicians and prescribers on the team. Recorded:
    one row with outcome and hash. Raises ValidationError naming the field.
    """
    whole = tree(chart, plan)
    if not whole.is_signed or whole.superseded or whole.in_error:
        raise ValidationError(_("Only the plan that holds is reviewed."))
    if outcome not in ReviewOutcome.values:
        raise ValidationError({"outcome": _("Choose one of the list.")})
    demand_words("words", words, _("Say in a few words what was found."))
    place = chart.episode(plan.episode_id)
    if outcome == ReviewOutcome.GOES_ON and next_on is None:
        raise ValidationError({"next_on": _("Set the day of the next review.")})
    demand_not_past("next_on", next_on, clock.today(place.zone))
    shown = changed_since_signing(chart, whole).lines
    digest = _digest(whole.text_hash, outcome, words.strip(), shown, str(next_on))
    chart.note(outcome=outcome, text_hash=digest)
    return PlanReview.objects.create(
        **chart.stamp(place, part2=plan.part2), plan=plan, outcome=outcome, words=words.strip(), shown=shown,
        next_on=next_on, staff_id=chart.who.actor_id, signed_as=chart.who.signing_name[:160], text_hash=digest,
    )  # fmt: skip


@act(Do.SIGN_PLAN)
def summarize_plan(chart: Chart, *, plan: Plan, kind: str, words: str, goes_on: str) -> PlanSummary:
    """A discharge or step-down summary stands beside the signed plan: its goals, and where each objective stood that day.

    Who may: clinicians and prescribers on the team. Recorded: one row with kind and hash. Raises ValidationError naming
    the field.
    """
    whole = tree(chart, plan)
    if not whole.is_signed or whole.in_error:
        raise ValidationError(_("Sign the plan first."))
    if kind not in SummaryKind.values:
        raise ValidationError({"kind": _("Choose one of the list.")})
    demand_words("words", words, _("Say in a few words how it went."))
    demand_words("goes_on", goes_on, _("Say what goes on, and where to turn."))
    body = _where_it_stood(whole, standings(chart, whole))
    digest = _digest(whole.text_hash, kind, words.strip(), goes_on.strip(), json.dumps(body, sort_keys=True))
    chart.note(kind=kind, text_hash=digest)
    return PlanSummary.objects.create(
        **chart.stamp(chart.episode(plan.episode_id), part2=plan.part2), plan=plan, kind=kind, words=words.strip(),
        goes_on=goes_on.strip(), body=body, staff_id=chart.who.actor_id, signed_as=chart.who.signing_name[:160],
        text_hash=digest,
    )  # fmt: skip


def _where_it_stood(whole: PlanTree, states: Mapping[str, Standing]) -> list[dict[str, Any]]:
    """Each problem with its goals, and where each objective stands today: a copy, so that the summary never changes."""
    return [
        {"problem": trouble.text, "put_off": trouble.put_off, "goals": [_goal(wish, states) for wish in trouble.wishes]}
        for trouble in whole.troubles
    ]  # fmt: skip


def _goal(wish: Wish, states: Mapping[str, Standing]) -> dict[str, Any]:
    stood = [(aim, states[str(aim.public_id)]) for aim in wish.aims]
    return {
        "words": wish.words,
        "objectives": [
            {"text": aim.text, "state": then.state_text, "words": then.words, "steps": [step.line for step in aim.steps]}
            for aim, then in stood
        ],
    }  # fmt: skip


def _digest(*texts: str) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()
