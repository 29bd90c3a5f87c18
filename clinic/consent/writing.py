"""The consent as it would be written: one place puts it together, for the page that shows it and the verb that signs."""

import datetime as dt
from typing import Any

from django.utils import translation

from clinic.access.chart import Chart
from clinic.access.policy import Do
from clinic.consent import rules, words
from clinic.consent.models import Category, Consent, ConsentKind, Expires, Offer, Purpose, Recipient
from clinic.consent.queries import today_of
from clinic.people.models import Program

ALL_BUT_NOTES = [name for name in Category.values if name != rules.COUNSELLING_NOTES]


def facts(given: dict[str, Any], recipient: Recipient | None, to_program: Program | None) -> dict[str, Any]:
    """Who receives, as the rules ask it."""
    return {
        "recipient": recipient.title if recipient else (words.tpo_class() if given["kind"] == ConsentKind.TPO else ""),
        "to_program": to_program.name if to_program else "", "recipient_ended": bool(recipient and recipient.ended_on),
        "via_intermediary": bool(recipient and recipient.intermediary),
    }  # fmt: skip


def of_kind(given: dict[str, Any]) -> dict[str, Any]:
    """What the kind itself says, whatever was typed: a form of its own has no other purpose and no other content."""
    fixed: dict[str, dict[str, Any]] = {
        ConsentKind.TPO: {"purposes": list(rules.TPO_PURPOSES)},
        ConsentKind.INSIDE: {"purposes": [Purpose.TREATMENT], "categories": ALL_BUT_NOTES},
    }
    return {**given, **fixed.get(given["kind"], {})}


def build(
    chart: Chart,
    given: dict[str, Any],
    recipient: Recipient | None,
    to_program: Program | None,
    language: str,
) -> Consent:
    """The row as it would be written, in the language that is active now; not yet saved."""
    who_receives = str(facts(given, recipient, to_program)["recipient" if not to_program else "to_program"])
    acting = bool(given.get("by_representative"))
    return Consent(
        **chart.stamp(home(chart, given["programs"])), kind=given["kind"], patient_name=given["patient_name"],
        discloser=discloser(chart, given), programs=given["programs"], categories=given["categories"],
        description=given["description"].strip(), recipient=recipient, recipient_words=who_receives,
        via_intermediary=bool(recipient and recipient.intermediary), members=given.get("members", "").strip(),
        to_program=to_program, redisclosure_told=bool(given.get("redisclosure_told")), purposes=given["purposes"],
        proceeding=given.get("proceeding", "").strip(), no_fundraising=bool(given.get("no_fundraising", True)),
        revocation_words=words.revocation_words(), expires=given["expires"],
        expires_on=given.get("expires_on") if given["expires"] == Expires.DATE else None,
        expires_event=given.get("expires_event", "").strip() if given["expires"] == Expires.EVENT else "",
        by_representative=acting, signer_name=given.get("signer_name", "").strip(),
        authority_kind=given.get("authority_kind", "") if acting else "",
        authority=given.get("authority", "") if acting else "",
        authority_document=given.get("authority_document", "") if acting else "",
        authority_until=given.get("authority_until") if acting else None,
        parent_name=given.get("parent_name", "").strip(), signed_on=given.get("signed_on") or today_of(chart),
        consequences_told=bool(given.get("consequences_told")), language=language, text_version=words.TEXT_VERSION,
    )  # fmt: skip


def home(chart: Chart, programs: list[int]) -> Any:
    """The consent lies in a Part 2 episode if it lets one share: whoever may not see that may not see its consent."""
    may = [
        e for e in chart.episodes if chart.permits(Do.CONSENT, e.id) or chart.permits(Do.SIGN_AS_CLIENT, e.id)
    ]
    mine = [e for e in may if e.program_id in programs]
    mine = [e for e in mine if e.ends_on is None] or mine or [chart.home(chart.to)]
    return max(mine, key=lambda e: (e.part2, e.starts_on, e.id))


def discloser(chart: Chart, given: dict[str, Any]) -> str:
    """In words; from what was prepared where only one episode is open, as in the client's own hands."""
    if given.get("discloser"):
        return str(given["discloser"])
    named = {e.program_id: e.program for e in chart.episodes}
    return "; ".join(named[program] for program in given["programs"] if program in named)


def terms_of(offer: Offer) -> dict[str, Any]:
    """What was prepared, as `build` takes it."""
    terms = dict(offer.terms)
    day = terms.pop("expires_on", "")
    return {**terms, "expires_on": dt.date.fromisoformat(day) if day else None}


def would_be(chart: Chart, offer: Offer, language: str = "en") -> Consent:
    """The consent as it would stand if it were signed now, unsaved: what the page shows is what is signed."""
    with translation.override(language):
        return build(chart, terms_of(offer), offer.recipient, offer.to_program, language)
