"""The client's rights: the notice, restrictions, complaints; and what is told without a consent."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from clinic.access.acts import act
from clinic.access.chart import Chart, OpenEpisode
from clinic.access.policy import Do
from clinic.consent import rules, words
from clinic.consent.models import (
    Complaint,
    Ground,
    NoticeGiven,
    Recipient,
    Restriction,
    RestrictionAnswer,
    Told,
)
from clinic.consent.queries import limits, notice_for, today_of
from clinic.kit import clock
from clinic.record.queries import self_pays


class MustAgree(ValueError):
    """The law leaves no choice: paid in full, a health plan is not told (42 CFR 2.26(a)(6)). Nothing was written."""


class Unwritten(ValueError):
    """What the law asks to be written down is missing; `missing` is [(field, what to do)]. Nothing was written."""

    def __init__(self, missing: list[tuple[str, str]]) -> None:
        super().__init__(", ".join(name for name, _words in missing))
        self.missing = missing


@act(Do.CONSENT)
def give_notice(
    chart: Chart, *, place: OpenEpisode, way: str, answer: str, language: str, why: str = ""
) -> NoticeGiven:
    """The notice of 42 CFR 2.22 was given, in which words and how, or could not be yet; it never blocks care.

    Who may: whoever takes consents. Recorded: one row with the version and the text's hash.
    """
    text = notice_for(place, language)
    digest = words.sha256(text.text)
    chart.note(version=text.version, text=digest, answer=answer)
    return NoticeGiven.objects.create(
        **chart.stamp(place), notice_version=text.version, language=text.language, text_hash=digest, way=way,
        answer=answer, why=why.strip(), on=clock.today(place.zone), given_by=chart.who,
    )  # fmt: skip


@act(Do.CONSENT)
def restrict(
    chart: Chart, *, place: OpenEpisode, words_: str, categories: list[str], recipient: Recipient | None = None,
    health_plans: bool = False, paid_in_full: bool = False, agreed: bool = True, reason: str = "",
) -> Restriction:  # fmt: skip
    """What the client asked us not to share is on record with our answer; agreed, it beats a consent from now on.

    Who may: whoever takes consents. Raises MustAgree where it is refused though it was paid in full and concerns a
    health plan. Recorded: one row.
    """
    paid_in_full = paid_in_full or (health_plans and self_pays(chart).exists())
    must = health_plans and paid_in_full
    if must and not agreed:
        raise MustAgree(
            _("The service was paid in full: the health plan must not be told. This cannot be refused.")
        )
    if not agreed and not reason.strip():
        raise Unwritten([("reason", _("Say why it was not agreed to"))])
    answer = (
        RestrictionAnswer.MUST if must else RestrictionAnswer.AGREED if agreed else RestrictionAnswer.REFUSED
    )
    chart.answers.pop("limits", None)
    return Restriction.objects.create(
        **chart.stamp(place), asked_on=today_of(chart), words=words_.strip(), categories=categories,
        recipient=recipient, health_plans=health_plans, paid_in_full=paid_in_full, answer=answer,
        reason=reason.strip(), answered_by=chart.who,
    )  # fmt: skip


@act(Do.CONSENT)
def end_restriction(chart: Chart, *, restriction: Restriction, why: str) -> Restriction:
    """The restriction holds no more, as the client agreed or asked. Raises StaleEdit. Recorded: one row."""
    restriction.ended_on, restriction.ended_why = today_of(chart), why.strip()
    restriction.save_over(restriction.version, "ended_on", "ended_why")
    chart.answers.pop("limits", None)
    return restriction


@act(Do.RELEASE)
def tell_without_consent(
    chart: Chart, *, place: OpenEpisode, ground: str, told: dict[str, Any], at: dt.datetime | None = None
) -> Told:
    """Something is told on a ground that the law names; it is written down, whole, before the form closes.

    42 CFR 2.12(c)(4)-(6), 2.51(c). `told`: the fields that the ground asks for (rules.BASES). Where a restriction was
    agreed to, an emergency may go past it and the recipient is asked not to share further (2.26(a)). Who may:
    clinicians and prescribers of the team. Raises Unwritten, naming what is missing. Recorded: one row with the ground.
    """
    if missing := rules.missing_for(ground, told):
        raise Unwritten(missing)
    chart.note(ground=ground, source=rules.BASES[ground].source(place.part2))
    return Told.objects.create(
        **chart.stamp(place), ground=ground, at=at or clock.now(), recipient_name=told["recipient_name"].strip(),
        facility=str(told.get("facility", "")).strip(), discloser=told["discloser"].strip(),
        nature=str(told.get("nature", "")).strip(), what=told["what"].strip(),
        agreement=str(told.get("agreement", "")).strip(),
        asked_no_further=ground == Ground.EMERGENCY and bool(limits(chart)), recorded_by=chart.who,
    )  # fmt: skip


@act(Do.CONSENT)
def record_complaint(chart: Chart, *, place: OpenEpisode, from_whom: str, words_: str) -> Complaint:
    """A complaint about privacy is on record and waits for the privacy officer (42 CFR 2.4). Recorded: one row."""
    return Complaint.objects.create(
        **chart.stamp(place), received_on=today_of(chart), received_by=chart.who, from_whom=from_whom.strip(),
        words=words_.strip(),
    )  # fmt: skip


@act(Do.SEE_COMPLAINTS)
def answer_complaint(chart: Chart, *, complaint: Complaint, outcome: str) -> Complaint:
    """The complaint is answered, in words. Who may: the privacy officer. Raises StaleEdit. Recorded: one row."""
    complaint.answered_on, complaint.answered_by, complaint.outcome = (
        today_of(chart),
        chart.who,
        outcome.strip(),
    )
    complaint.save_over(complaint.version, "answered_on", "answered_by", "outcome")
    return complaint
