"""Readers: which consents there are, which are prepared, and what they cover today."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import JSONObject

from clinic.access.chart import Chart, Open
from clinic.consent import rules
from clinic.consent.models import (
    Answer,
    Consent,
    Ending,
    Offer,
    Packet,
    Recipient,
    Restriction,
    RestrictionAnswer,
    Revocation,
)
from clinic.consent.rules import Item
from clinic.kit import clock
from clinic.people.models import Program
from clinic.people.queries import MINOR_RULE, current_period, setting
from clinic.record.models import Draft, SelfPay, Sharing, Signature

DRAFT = "consent"
ANYONE = rules.Party(0, covered_entity=True)  # for TPO: somebody of the class


@dataclass(frozen=True)
class Standing:
    """A consent and how it stands on a day: live, expired, revoked or not_yet, and that in words."""

    consent: Consent
    terms: rules.Terms
    state: str

    @property
    def is_live(self) -> bool:
        return self.state == rules.LIVE


def _with_revocation(opened: Open) -> QuerySet[Consent]:
    revoked = Revocation.objects.filter(consent=OuterRef("pk"))
    ended = Ending.objects.filter(consent=OuterRef("pk"))
    open_to = Sharing.objects.filter(consent=OuterRef("public_id"), ended_at__isnull=True).order_by("pk")
    return (
        Consent.objects.filter(episode__in=opened.episode_ids)
        .annotate(
            is_revoked=Exists(revoked),
            revoked_at=Subquery(revoked.values("received_at")[:1]),
            ended_as=Subquery(ended.values("how")[:1]),
            ended_on=Subquery(ended.values("on")[:1]),
            open_to=ArraySubquery(open_to.values("program__name")),
            limit_rows=ArraySubquery(_limit_rows(opened)),
            self_pay_rows=ArraySubquery(_self_pay_rows(opened)),
        )
        .select_related("recipient", "episode", "taken_by", "to_program")
        .order_by("-signed_on", "-pk")
    )


def _standing(consent: Any, today: dt.date) -> Standing:
    terms = consent.terms(
        revoked=consent.is_revoked,
        treatment_ended_on=consent.episode.ends_on,
        ended_as=consent.ended_as or "",
    )
    return Standing(consent, terms, rules.standing(terms, today))


def today_of(opened: Open) -> dt.date:
    """Today at the site of the open chart's newest episode."""
    return clock.today(opened.episodes[-1].zone if opened.episodes else None)


def consents(opened: Open) -> list[Standing]:
    """Every consent of the open episodes, newest first, each with how it stands today. One query."""
    return [_standing(consent, today_of(opened)) for consent in _with_revocation(opened)]


def consent(opened: Open, public_id: Any) -> Standing:
    """One consent, with how it stands today; Consent.DoesNotExist."""
    return _standing(_with_revocation(opened).get(public_id=public_id), today_of(opened))


def standing_of(opened: Open, consent_id: int) -> Standing:
    """How this consent stands now, read afresh: asked in the transaction right before anything leaves (2.31(c))."""
    return _standing(_with_revocation(opened).get(pk=consent_id), today_of(opened))


def coverage(
    opened: Open, recipient: Recipient, purpose: str, items: list[Item]
) -> tuple[Standing | None, list[Item], list[tuple[Item, str]]]:
    """(the consent a packet can rest on, what it covers, what it withholds with the reason in words).

    Of several consents that name the recipient, the one that covers most; an agreed restriction beats it for
    treatment, payment and operations. 42 CFR 2.13(a), 2.26, 2.31(c). One query.
    """
    found = consents(opened)
    first: Any = found[0].consent if found else None
    held = _as_limits([*first.limit_rows, *first.self_pay_rows]) if found else []
    terms = [(one, one.terms) for one in found]
    return rules.split_by_consent(terms, recipient.party, purpose, items, today_of(opened), held)


def would_cover(
    opened: Open, consent: Consent, purpose: str, items: list[Item]
) -> tuple[list[Item], list[tuple[Item, str]]]:
    """(what this consent would let go, what it would withhold and why): a packet's own filter, before anyone signs.

    A consent for a class is shown as for one of it; one for another program here has no packet and shows the same.
    """
    party = consent.recipient.party if consent.recipient else ANYONE
    terms = consent.terms()
    if consent.to_program_id:
        terms, party = replace(terms, recipient_id=0), rules.Party(0, covered_entity=False)
    _key, kept, held = rules.split_by_consent(
        [(consent, terms)], party, purpose, items, today_of(opened), limits(opened)
    )
    return kept, held


def limits(opened: Open) -> list[rules.Limit]:
    """The restrictions that were agreed to and hold (42 CFR 2.26). One query, once."""
    return opened.remember("limits", lambda: _limits(opened))


def _limits(opened: Open) -> list[rules.Limit]:
    rows = _limit_rows(opened).union(_self_pay_rows(opened), all=True)
    return _as_limits([row["json"] for row in rows])


def _limit_rows(opened: Open) -> Any:
    """The agreed restrictions as JSON: a query of its own, or part of the consents' one."""
    rows = Restriction.objects.filter(episode__in=opened.episode_ids, ended_on__isnull=True)
    return rows.exclude(answer=RestrictionAnswer.REFUSED).values(
        json=JSONObject(categories=F("categories"), recipient=F("recipient_id"), plans=F("health_plans"))
    )


def _self_pay_rows(opened: Open) -> Any:
    """What the client pays in full: nothing of that program goes to a health plan (2.26(a)(6))."""
    rows = SelfPay.objects.filter(current_period(), episode__in=opened.episode_ids)
    return rows.values(json=JSONObject(program=F("episode__program_id"), plans=Value(True)))


def _as_limits(rows: list[dict[str, Any]]) -> list[rules.Limit]:
    return [
        rules.Limit(tuple(row.get("categories", ())), row.get("recipient"), row["plans"], row.get("program"))
        for row in rows
    ]


def why_shut(opened: Open, packet: Packet) -> str:
    """ "" if this packet may still leave now, asked afresh; else what stands against it (2.26, 2.31(c))."""
    standing = standing_of(opened, packet.consent_id)
    if not standing.is_live:
        return rules.WHY_NOT[standing.state]
    if packet.recipient.ended_on:
        return rules.WHY_NOT["gone"]
    party = packet.recipient.party
    held = any(
        rules.is_limited(limits(opened), party, packet.purpose, row["category"], row.get("program"))
        for row in packet.items
    )
    return rules.LIMITED if held else ""


def recipients(opened: Open, words: str = "") -> QuerySet[Recipient]:
    """Outside recipients whose name, organization or address holds `words`, by name.

    Organizations are one list for the house. A private person is shown to whoever added them, and where a consent or
    a prepared one of the open episodes names them: a mother's name on a list of the whole house would tell whose.
    """
    named = {"recipient": OuterRef("pk"), "episode__in": opened.episode_ids}
    known = Exists(Consent.objects.filter(**named)) | Exists(Offer.objects.filter(**named))
    found = Recipient.objects.filter(
        ~Q(organisation="") | Q(added_by=opened.who.actor_id) | Q(known), ended_on__isnull=True
    ).order_by("organisation", "name")
    if words:
        found = found.filter(
            Q(name__icontains=words) | Q(organisation__icontains=words) | Q(address__icontains=words)
        )
    return found


def recipient(public_id: Any) -> Recipient:
    """One outside recipient; Recipient.DoesNotExist."""
    return Recipient.objects.get(public_id=public_id)


def draft(opened: Open, staff_id: int, kind: str) -> Draft | None:
    """What this person has typed of a consent of that kind for this client and not yet had signed."""
    return Draft.objects.filter(client__in=opened.clients, staff=staff_id, kind=DRAFT, key=kind).first()


def signatures(opened: Open, consent_row: Consent) -> list[Signature]:
    """The signatures under a consent: the client's or a representative's, and a parent's where both sign."""
    return list(
        Signature.objects.filter(
            episode__in=opened.episode_ids, object_kind="consent", object_id=consent_row.public_id
        ).order_by("pk")
    )


def offers(opened: Open, *, still_open: bool = True) -> QuerySet[Offer]:
    """Consents prepared and not yet signed, newest first."""
    found = (
        Offer.objects.filter(episode__in=opened.episode_ids)
        .select_related("recipient", "prepared_by", "to_program")
        .order_by("-prepared_at")
    )
    return found.filter(answer__in=[Answer.WAITING, Answer.LATER]) if still_open else found


def offer(opened: Open, public_id: Any) -> Offer:
    """One prepared consent; Offer.DoesNotExist."""
    return Offer.objects.select_related("recipient", "prepared_by", "to_program", "consent").get(
        episode__in=opened.episode_ids, public_id=public_id
    )


def sharings(opened: Open, consent_row: Consent) -> QuerySet[Sharing]:
    """What another program here may read under this consent, and still may."""
    return Sharing.objects.filter(
        episode__in=opened.episode_ids, consent=consent_row.public_id, ended_at__isnull=True
    )


def other_programs(opened: Open) -> list[Program]:
    """Programs of the house that hold none of the open episodes: a consent can let them read."""
    mine = {episode.program_id for episode in opened.episodes}
    return list(Program.objects.exclude(pk__in=mine).order_by("name"))


def about_signer(chart: Chart, programs: list[int] | None = None) -> dict[str, Any]:
    """What the rules must know of the client to say who signs a consent of these programs (none named: of any open one).

    `whose` as `rules.who_signs`, `signers` [(program, whose)] each for itself, `deceased`. 1 query, 2 where not all of them are open.
    """
    age, held = chart.client.age(today_of(chart)), setting("minor_rule")
    named = {one.program_id: (one.program, one.site_id, one.part2) for one in chart.episodes}
    if missing := {*(programs or ())} - named.keys():  # a prepared consent may name what is not open here
        there = Program.objects.filter(pk__in=missing).values_list("pk", "name", "site_id", "part2")
        named |= {key: (name, site, part2) for key, name, site, part2 in there}
    asked = [named[program] for program in programs or named if program in named]
    laws = {site: rules.StateRule(**MINOR_RULE | held.get(str(site), {})) for _name, site, _part2 in asked}
    signers = [(program, rules.who_signs(age, laws[site], part2=part2)) for program, site, part2 in asked]
    whose = rules.together(one for _program, one in signers)
    return {"whose": whose, "signers": signers, "deceased": chart.client.deceased_on is not None}
