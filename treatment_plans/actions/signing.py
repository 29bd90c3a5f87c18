"""A plan is signed: by its author, and by the client or their representative, now or later."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clinic.access.acts import act
from clinic.access.chart import Chart
from clinic.access.policy import Do
from clinic.kit import clock
from clinic.people.models import Staff
from clinic.record.models import Signature, SignerRole, StaleEdit
from treatment_plans.actions.afterwards import ask_cosign
from treatment_plans.actions.participation import _sign_as_staff, _sign_copy
from treatment_plans.actions.plans import PARTS
from treatment_plans.actions.screens import _let_go
from treatment_plans.models import Plan, PlanProblem
from treatment_plans.queries.checks import demand_draft, missing
from treatment_plans.queries.plain import plain_copy
from treatment_plans.queries.reading import tree
from treatment_plans.queries.tree import PlanTree
from treatment_plans.queries.whole import whole_copy


@act(Do.SIGN_PLAN)
def sign_plan(
    chart: Chart,
    *,
    plan: Plan,
    text_hash: str | None = None,
    client_name: str = "",
    client_role: str = SignerRole.CLIENT,
    drawn: str = "",
    declined_reason: str = "",
    supervisor: Staff | None = None,
) -> Plan:
    """The plan and every part of it are frozen at one moment, signed by who does this over the hash of its text.

    With `client_name` the client (or representative) signs the same text, or declines with `declined_reason`; without
    it their signature is asked for later and nothing is held up. `supervisor` is asked to cosign. `text_hash` is of the
    text that was read before signing; the words as they were shown are kept beside each signature. Who may: clinicians
    and prescribers on the team. Recorded: one row with the hash. Raises StaleEdit where the text has changed since it
    was read, ValidationError with every missing part; nothing is changed then.
    """
    plan = Plan.objects.select_for_update().get(pk=plan.pk)
    demand_draft(chart, plan)
    whole = tree(chart, plan)
    if text_hash is not None and text_hash != whole.text_hash:
        raise StaleEdit(plan)
    lacking = missing(whole, clock.today(chart.episode(plan.episode_id).zone))
    if lacking:
        raise ValidationError([found.text for found in lacking])
    now = clock.now()
    for model in PARTS:
        model.objects.filter(plan=plan).update(frozen_at=now)
    Plan.objects.filter(pk=plan.pk).update(frozen_at=now)
    plan.frozen_at = now
    if plan.supersedes_id:
        _let_go(chart, PlanProblem.objects.filter(plan=plan.supersedes_id).values_list("problem", flat=True))
    _sign_as_staff(chart, whole, SignerRole.AUTHOR)
    if client_name.strip():
        _sign_client(chart, whole, client_name, client_role, drawn, declined_reason)
    if supervisor is not None:
        ask_cosign(chart, plan=plan, supervisor=supervisor)
    chart.note(text_hash=whole.text_hash, version_no=plan.version_no, client_signed=bool(client_name.strip()))
    return plan


def _sign_client(
    chart: Chart, whole: PlanTree, name: str, role: str, drawn: str, declined_reason: str, language: str = ""
) -> Signature:
    if role not in (SignerRole.CLIENT, SignerRole.REPRESENTATIVE):
        raise ValidationError({"client_role": _("Choose who signs.")})
    return _sign_copy(
        chart,
        whole,
        plain_copy(whole, language) if language else whole_copy(whole),
        role,
        name=name.strip()[:160],
        drawn=drawn,
        declined_reason=declined_reason.strip()[:300],
    )


@act(Do.SIGN_PLAN)
def sign_as_client(
    chart: Chart,
    *,
    plan: Plan,
    client_name: str,
    client_role: str = SignerRole.CLIENT,
    drawn: str = "",
    declined_reason: str = "",
    language: str = "",
) -> Signature:
    """The client or representative signs a plan that was signed before, or declines with a reason; the plan is untouched.
    With `language`, it is the plain page in it that they were shown, and that is kept beside the signature.

    Who may (take the signature): clinicians and prescribers on the team. Recorded: one row with the text's hash.
    Raises ValidationError where the plan is a draft, or nobody is named.
    """
    whole = tree(chart, plan)
    if not whole.is_signed:
        raise ValidationError(_("Sign the plan yourself first."))
    if not client_name.strip():
        raise ValidationError({"client_name": _("Write the name of who signs.")})
    chart.note(text_hash=whole.text_hash)
    return _sign_client(chart, whole, client_name, client_role, drawn, declined_reason, language)
