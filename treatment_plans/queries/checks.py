"""What a plan must have and may hold: the checks that verbs make and pages show."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clinic.access.acts import attempted
from clinic.access.chart import Chart
from clinic.access.policy import Do
from clinic.people.models import Role, Staff, Supervision
from clinic.people.queries import colleagues, current_period
from clinic.record import icd10cm
from clinic.record.models import ChartRow
from treatment_plans.models import Plan
from treatment_plans.queries.tree import Aim, PlanTree, Step, Trouble

CARING = (Role.CLINICIAN, Role.PRESCRIBER, Role.PEER, Role.SUPERVISOR)


@dataclass(frozen=True)
class Missing:
    """One thing that must be there before the plan can be signed, and the place on the page where it belongs."""

    text: str
    anchor: str
    task: str


def missing(tree: PlanTree, today: dt.date) -> list[Missing]:
    """Everything that a plan needs to become active and does not have yet (law.md, section 5); empty: it can be signed.

    Signatures are not among them: a missing one reminds and never blocks care.
    """
    plan = tree.plan
    wanted = [
        (plan.strengths.strip(), _("Write down the client's strengths."), "strengths-strengths"),
        (tree.taken_up, _("Add at least one problem that the plan takes up."), "problems"),
        (plan.step_down.strip(), _("Say when less care will be enough."), "frame-step_down"),
        (plan.review_on, _("Set the day the plan will be reviewed."), "frame-review_on"),
        (plan.participation, _("Record how the client took part, or that they chose not to."), "frame-participation"),
        (plan.participation_words.strip(), _("Say in words how the client took part, or why not."), "frame-participation_words"),
    ]  # fmt: skip
    found = [Missing(text, anchor, anchor.split("-")[0]) for there, text, anchor in wanted if not there]
    if plan.review_on and plan.review_on < today:
        found.append(Missing(_("The review day has passed. Set a new one."), "frame-review_on", "frame"))
    work = [gap for trouble in tree.taken_up for gap in _trouble_gaps(trouble, today)]
    work += [
        (text, f"intervention-{step.public_id}")
        for tie in tree.ties
        for step in tie.steps
        for text in _step_gaps(step)
    ]
    return found + [Missing(text, anchor, "work") for text, anchor in work]


def _trouble_gaps(trouble: Trouble, today: dt.date) -> Iterator[tuple[str, str]]:
    if not trouble.wishes:
        text = _("%(problem)s has no goal yet.") % {"problem": trouble.text}
        yield text, f"problem-{trouble.public_id}"
    for wish in trouble.wishes:
        if not wish.aims:
            text = _("The goal “%(goal)s” has no objective yet.") % {"goal": short(wish.words)}
            yield text, f"goal-{wish.public_id}"
        for aim in wish.aims:
            for text in _aim_gaps(aim, today):
                yield text, f"objective-{aim.public_id}"


def _aim_gaps(aim: Aim, today: dt.date) -> list[str]:
    name = {"objective": short(aim.text)}
    found = []
    if not (aim.instrument or aim.counted):
        found.append(_("The objective “%(objective)s” does not say how it is measured.") % name)
    if aim.target is None:
        found.append(_("The objective “%(objective)s” has no target.") % name)
    if aim.target_on is None:
        found.append(_("The objective “%(objective)s” has no date.") % name)
    elif aim.target_on < today:
        found.append(_("The date of the objective “%(objective)s” has passed.") % name)
    if not aim.steps:
        found.append(_("Nothing is planned yet for the objective “%(objective)s”.") % name)
    return found + [text for step in aim.steps for text in _step_gaps(step)]


def _step_gaps(step: Step) -> list[str]:
    name = {"step": step.text or step.type_text}
    found = []
    if not step.frequency:
        found.append(_("“%(step)s” does not say how often.") % name)
    if not step.duration:
        found.append(_("“%(step)s” does not say for how long.") % name)
    if step.staff is None:
        found.append(_("“%(step)s” has nobody responsible.") % name)
    elif not step.staff_active:
        found.append(_("The person responsible for “%(step)s” no longer works here.") % name)
    return found


def short(text: str, longest: int = 60) -> str:
    """The beginning of a long text, for a sentence that names it."""
    words = " ".join(text.split())
    return words if len(words) <= longest else words[: longest - 1].rstrip() + "…"


def demand_draft(chart: Chart, plan: Plan) -> None:
    """Raises ValidationError where the plan is signed: it never changes, a new version supersedes it. The attempt is told
    to the ledger.

    The plan is held until the transaction ends, before any of its parts is: a part saved at the moment of signing
    waits, and is then refused here and not by the trigger.
    """
    held = Plan.objects.select_for_update().filter(pk=plan.pk).values_list("frozen_at", flat=True)
    found = list(held)
    if not found:
        raise ValidationError(_("This draft was discarded."))
    if found[0] is not None:
        attempted(chart, "treatment_plans.change_signed_plan", plan, signed=True)
        raise ValidationError(_("This plan is signed and cannot change. Start a new version of it."))


def demand_words(field: str, text: str, message: str) -> None:
    if not text.strip():
        raise ValidationError({field: message})


def demand_code(code: str) -> str:
    """The code as it is written, "" for none. Raises ValidationError where ICD-10-CM has no such code."""
    if not code.strip():
        return ""
    found = icd10cm.named(code)
    if found is None:
        said = _(
            "We do not know “%(code)s” as a complete ICD-10-CM code. Search by a word, or leave the code out."
        )
        raise ValidationError({"code": said % {"code": code.strip()[:20]}})
    return found.code


def demand_not_past(field: str, day: dt.date | None, today: dt.date) -> None:
    """Raises ValidationError naming the field where the day lies before `today`."""
    if day is not None and day < today:
        raise ValidationError({field: _("This date has passed. Choose today or a later day.")})


def demand_not_later(field: str, day: dt.date | None, today: dt.date) -> None:
    """Raises ValidationError naming the field where the day lies after `today`."""
    if day is not None and day > today:
        raise ValidationError({field: _("This day is still to come. Choose today or an earlier day.")})


def demand_room(chart: Chart, plan: Plan, source: ChartRow) -> None:
    """What comes from a Part 2 episode may only be written into a plan kept in one (42 CFR 2.12(d): it stays so)."""
    place = chart.episode(plan.episode_id)
    if source.part2 and not place.part2:
        raise ValidationError(
            _(
                "This comes from a substance use program whose records have extra legal protection (42 CFR Part 2)."
                " This plan is kept in %(program)s, where people without access to those records could read it."
                " Keep the plan in the protected program instead."
            )
            % {"program": place.program}
        )


def responsible(chart: Chart, plan: Plan) -> list[Staff]:
    """Who can be made responsible: active colleagues with a caring role in the plan's program, in one query."""
    place = chart.episode(plan.episode_id)
    return list(colleagues([place.program_id], *CARING))


def supervisors(chart: Chart, plan: Plan) -> list[Staff]:
    """Who can be asked to cosign: active supervisors of the plan's program, but not whoever asks; one query."""
    found = colleagues([chart.episode(plan.episode_id).program_id], Role.SUPERVISOR)
    return [person for person in found if person.pk != chart.who.actor_id]


def own_supervisor(who: Staff, people: list[Staff]) -> str:
    """The public id of the one of `people` who supervises `who` today, "" where nobody does; one query."""
    held = Supervision.objects.filter(current_period(), staff=who, supervisor__in=people).first()
    return next((str(person.public_id) for person in people if held and person.pk == held.supervisor_id), "")


def demand_responsible(chart: Chart, plan: Plan, staff: Staff | None) -> None:
    """Raises ValidationError where that person has left or does not care for people in the plan's program."""
    if staff is not None and staff.pk not in {person.pk for person in responsible(chart, plan)}:
        raise ValidationError({"staff": _("Choose a colleague who works in this program today.")})


def homes(chart: Chart) -> list[Any]:
    """The episodes a new plan may be kept in, the best one first: protected by Part 2, then the newest.

    A plan for both sides draws on Part 2 records, so it is offered where those may be kept.
    """
    allowed = [e for e in chart.episodes if e.ends_on is None and chart.permits(Do.PLAN, e.id)]
    return sorted(allowed, key=lambda e: (e.part2, e.starts_on, e.id), reverse=True)
