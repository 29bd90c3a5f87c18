"""After signing: cosignature, addendum, correction, entered in error. The plan itself stays as it was."""

import datetime as dt
import hashlib

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clinic.access.acts import act, attempted
from clinic.access.chart import Chart, Refused
from clinic.access.policy import Do
from clinic.kit import clock
from clinic.people.models import Role, Staff
from clinic.people.queries import colleagues, setting
from clinic.record.models import Signature, SignerRole
from treatment_plans import rules
from treatment_plans.actions.participation import _sign_as_staff
from treatment_plans.models import Cosigning, NoteKind, Plan, PlanNote
from treatment_plans.queries.checks import demand_not_past, demand_words
from treatment_plans.queries.reading import tree


@act(Do.SIGN_PLAN)
def ask_cosign(
    chart: Chart, *, plan: Plan, supervisor: Staff | None, due_on: dt.date | None = None
) -> Cosigning:
    """A named supervisor is asked to cosign the signed plan by a day; one who was asked before is let off.

    It holds nothing up. Who may: clinicians and prescribers on the team. Recorded: one row. Raises ValidationError
    naming the field: the supervisor must work in the plan's program today, and not be the author.
    """
    if not plan.is_signed:
        raise ValidationError(_("Sign the plan yourself first."))
    place = chart.episode(plan.episode_id)
    if supervisor is None or supervisor.pk not in {
        p.pk for p in colleagues([place.program_id], Role.SUPERVISOR)
    }:
        raise ValidationError({"supervisor": _("Choose a supervisor who works in this program today.")})
    if supervisor.pk == chart.who.actor_id:
        raise ValidationError({"supervisor": _("Nobody cosigns their own plan.")})
    today = clock.today(place.zone)
    due = due_on or today + dt.timedelta(days=int(setting("plan_cosign_days")))
    demand_not_past("due_on", due, today)
    now = clock.now()
    Cosigning.objects.filter(plan=plan, answered_at__isnull=True).update(
        answered_at=now, returned=_("Someone else was asked instead")
    )
    return Cosigning.objects.create(
        **chart.stamp(place, part2=plan.part2), plan=plan, supervisor=supervisor, due_on=due,
        asked_by_id=chart.who.actor_id, asked_at=now,
    )  # fmt: skip


def _asked(chart: Chart, plan: Plan) -> Cosigning:
    """What this supervisor was asked; ValidationError where nothing is open, Refused (told) where it is another's to do."""
    row = Cosigning.objects.select_for_update().filter(plan=plan, answered_at__isnull=True).first()
    if row is None:
        raise ValidationError(_("No cosignature is waited for: it was given, or somebody answered."))
    if row.supervisor_id != chart.who.actor_id:
        attempted(chart, "treatment_plans.cosign", plan, asked_of_another=True)
        raise Refused(Do.COSIGN_PLAN)
    return row


@act(Do.COSIGN_PLAN)
def cosign(chart: Chart, *, plan: Plan) -> Signature:
    """The named supervisor's signature stands beside the author's, over the same text; nothing is edited or locked by it.

    Who may: the supervisor who was asked. Recorded: one row with the hash. Raises ValidationError, Refused.
    """
    row = _asked(chart, plan)
    whole = tree(chart, plan)
    signed = _sign_as_staff(chart, whole, SignerRole.COSIGNER)
    Cosigning.objects.filter(pk=row.pk).update(answered_at=clock.now())
    chart.note(text_hash=signed.text_hash)
    return signed


@act(Do.COSIGN_PLAN)
def return_plan(chart: Chart, *, plan: Plan, words: str) -> Cosigning:
    """The supervisor does not cosign, and says why; the plan holds as before, and its author reads the reason.

    Who may: the supervisor who was asked. Recorded: one row. Raises ValidationError where no reason is given.
    """
    row = _asked(chart, plan)
    demand_words("words", words, _("Say in a few words what should change."))
    row.returned, row.answered_at = words.strip()[:300], clock.now()
    row.save_over(row.version, "returned", "answered_at")
    return row


@act(Do.SIGN_PLAN)
def add_note(
    chart: Chart, *, plan: Plan, kind: str, words: str, happened_on: dt.date | None = None
) -> PlanNote:
    """A labelled addendum or correction stands beside the signed plan, or that it was entered in error; all stays readable.

    Written more than `late_entry_hours` after the day it is about, it is labelled a late entry. A plan entered in error
    leaves the care view and the one before it holds again. Who may: clinicians and prescribers on the team. Recorded:
    one row with kind and hash. Raises ValidationError naming the field.
    """
    if not plan.is_signed:
        raise ValidationError(_("This plan is still a draft. Change it as it is."))
    if kind not in NoteKind.values:
        raise ValidationError({"kind": _("Choose one of the list.")})
    demand_words("words", words, _("Write down what is to be added, or why."))
    place = chart.episode(plan.episode_id)
    today, now = clock.today(place.zone), clock.now()
    on = happened_on or today
    if on > today:
        raise ValidationError({"happened_on": _("Choose today or an earlier day.")})
    if PlanNote.objects.filter(plan=plan, kind=NoteKind.IN_ERROR).exists():
        raise ValidationError(_("This plan was entered in error. Nothing is added to it."))
    text = words.strip()
    digest = hashlib.sha256(f"{plan.public_id}\n{kind}\n{on}\n{text}".encode()).hexdigest()
    chart.note(kind=kind, text_hash=digest)
    late = kind != NoteKind.IN_ERROR and rules.is_late_entry(on, now, int(setting("late_entry_hours")))
    return PlanNote.objects.create(
        **chart.stamp(place, part2=plan.part2), plan=plan, kind=kind, words=text, happened_on=on, late=late,
        staff_id=chart.who.actor_id, signed_as=chart.who.signing_name[:160], text_hash=digest, written_at=now,
    )  # fmt: skip
