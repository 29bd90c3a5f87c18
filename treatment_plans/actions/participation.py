"""The client's part in the plan: what they say about it, verbatim, and their signature on what they were shown."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clinic.access.acts import act
from clinic.access.chart import Chart
from clinic.access.policy import Do
from clinic.kit import clock
from clinic.record.models import Signature, SignerRole, StaleEdit
from treatment_plans.models import ClientWord, Plan, Shown, Voice
from treatment_plans.queries.checks import demand_words
from treatment_plans.queries.plain import PlainCopy, plain_copy
from treatment_plans.queries.reading import tree
from treatment_plans.queries.tree import SIGNED_KIND, PlanTree
from treatment_plans.queries.whole import whole_copy


def _say(
    chart: Chart, plan: Plan, kind: str, words: str, section: str, language: str, taken_by: int | None
) -> ClientWord:
    demand_words("words", words, _("Write it in your own words."))
    if kind not in Voice.values:
        raise ValidationError({"kind": _("Choose one of the list.")})
    parts = {part.key: part.heading for part in plain_copy(tree(chart, plan), language).sections}
    if section and section not in parts:
        raise ValidationError(
            {"section": _("That part is not in the plan any more. Your words are still here.")}
        )
    chart.note(kind=kind, language=language)
    return ClientWord.objects.create(
        **chart.stamp(chart.episode(plan.episode_id), part2=plan.part2), plan=plan, kind=kind, section=section,
        heading=parts.get(section, "")[:240], words=words.strip(), language=language, taken_by_id=taken_by,
    )  # fmt: skip


@act(Do.SIGN_PLAN)
def take_client_word(
    chart: Chart, *, plan: Plan, kind: str, words: str, section: str = "", language: str = "en"
) -> ClientWord:
    """What the client said about the plan, draft or signed, is on file verbatim, with who wrote it down.

    A disagreement, and agreement taken back, change nothing in the plan and stay beside it. Who may: clinicians and
    prescribers on the team. Recorded: one row with the kind. Raises ValidationError naming the field.
    """
    return _say(chart, plan, kind, words, section, language, chart.who.actor_id)


@act(Do.SIGN_AS_CLIENT)
def say_about_plan(
    chart: Chart, *, plan: Plan, kind: str, words: str, section: str = "", language: str = "en"
) -> ClientWord:
    """The same, by the client at the screen. Who may: the client while the plan is in their hands."""
    return _say(chart, plan, kind, words, section, language, None)


@act(Do.SIGN_AS_CLIENT)
def sign_shown_plan(
    chart: Chart,
    *,
    plan: Plan,
    name: str,
    body_hash: str,
    language: str,
    role: str = SignerRole.CLIENT,
    drawn: str = "",
    declined_reason: str = "",
) -> Signature:
    """The client at the screen signs the signed plan they were shown, or declines; the very text shown is kept with it.

    `body_hash` is of the page they read. Who may: the client while the plan is in their hands. Recorded: one row with
    both hashes. Raises StaleEdit where the page is not what is kept now, ValidationError naming the field.
    """
    whole = tree(chart, plan)
    copy = plain_copy(whole, language)
    if not whole.is_signed:
        raise ValidationError(
            _("This plan is still a draft. You can say what you think of it; sign it when it is done.")
        )
    if copy.body_hash != body_hash:
        raise StaleEdit(plan)
    if not name.strip():
        raise ValidationError({"name": _("Write your name.")})
    signed = _sign_copy(
        chart,
        whole,
        copy,
        role,
        name=name.strip()[:160],
        drawn=drawn,
        declined_reason=declined_reason.strip()[:300],
    )
    chart.note(text_hash=signed.text_hash, shown_hash=copy.body_hash, language=language)
    return signed


def _sign_as_staff(chart: Chart, whole: PlanTree, role: str) -> Signature:
    """The colleague who does this signs every word of the plan as it stands."""
    who = chart.who
    return _sign_copy(chart, whole, whole_copy(whole), role, name=who.signing_name, staff_id=who.actor_id)


def _sign_copy(chart: Chart, whole: PlanTree, copy: PlainCopy, role: str, **given: Any) -> Signature:
    """A signature over the plan's hash; `copy`, the text that was shown, is kept beside it. ValidationError where this
    person has signed it before (the database refuses it too), and for a plan that was entered in error."""
    if whole.in_error:
        raise ValidationError(_("This plan was entered in error. Nothing is added to it."))
    if whole.has_signed(role, given["name"]):
        raise ValidationError(_("This plan is signed already. Nothing was added."))
    stamp = chart.stamp(chart.episode(whole.plan.episode_id), part2=whole.plan.part2)
    signed = Signature.objects.create(
        **stamp, object_kind=SIGNED_KIND, object_id=whole.plan.public_id, role=role, text_hash=whole.text_hash,
        signed_at=clock.now(), **given,
    )  # fmt: skip
    Shown.objects.create(
        **stamp, plan=whole.plan, signature=signed, language=copy.language, wording=copy.wording, body=copy.body,
        body_hash=copy.body_hash,
    )  # fmt: skip
    return signed
