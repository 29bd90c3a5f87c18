"""A disclosure: what the client's consent covers, and nothing else, is put into one packet."""

from typing import Any

from django.utils.translation import gettext as _

from clinic.access.acts import act
from clinic.access.chart import Chart, OpenEpisode
from clinic.access.policy import Do
from clinic.consent import rules, words
from clinic.consent.actions.messages import MayNotLeave, _queue
from clinic.consent.models import (
    Category,
    Disclosure,
    MessageKind,
    Method,
    Outbound,
    Packet,
    Purpose,
    Recipient,
)
from clinic.consent.queries import Standing, coverage, why_shut
from clinic.consent.rules import Item
from clinic.kit import clock
from clinic.kit.pdf import render_pdf
from clinic.people.models import Site
from clinic.record.queries import banner

BASIS = "consent, 42 CFR 2.31 and 2.33"


class NotCovered(MayNotLeave):
    """No live consent covers any of it; `reasons` is [(item, why)]. Nothing was written."""

    def __init__(self, reasons: list[tuple[Item, str]]) -> None:
        super().__init__(reasons[0][1] if reasons else _("Nothing was chosen"))
        self.reasons = reasons


@act(Do.RELEASE)
def disclose(
    chart: Chart, *, recipient: Recipient, purpose: str, items: list[Item], method: str, about: str = ""
) -> Packet:
    """A packet of those items that a live consent covers stands frozen; printed, it is disclosed; mailed, it waits.

    What the consent does not cover is left out and named, with the reason, in the packet's `withheld`, which is for
    staff and never printed. Part 2 rows bring Statement 1 of 42 CFR 2.32 and the consent's scope into the packet. For
    print the Disclosure row is in this transaction, so that it is committed before the bytes can be asked for; for
    e-mail it is written when the first byte is about to leave. `about`: what asked for it ("referral:" and its id). Who may: clinicians and prescribers of the team.
    Recorded: one row with counts and the hash. Raises NotCovered, MayNotLeave.
    """
    if method not in Method.values:
        raise MayNotLeave(
            _("A packet is printed or sent by e-mail; no text message and nothing else holds one.")
        )
    standing, kept, held = coverage(chart, recipient, purpose, items)
    if standing is None or not kept:
        raise NotCovered(held)
    if method == Method.EMAIL and not (recipient.email and recipient.verified_on):
        raise MayNotLeave(_("The recipient's e-mail address has not been checked."))
    episode = _home(chart, standing, kept)
    part2 = any(item.part2 for item in kept)
    notice = rules.NOTICE_VERSION if part2 else ""
    pdf = _render(chart, standing, recipient, purpose, kept, part2, episode)
    packet = Packet.objects.create(
        **chart.stamp(episode, part2=part2), consent=standing.consent, recipient=recipient, purpose=purpose,
        method=method, about=about, items=[_listed(item) for item in kept],
        withheld=[{**_listed(item), "why": reason} for item, reason in held], notice=notice, pdf=pdf,
        pdf_hash=words.sha256(pdf), made_at=clock.now(), made_by=chart.who, frozen_at=clock.now(),
    )  # fmt: skip
    if method == Method.EMAIL:
        _mail(chart, packet, episode)
    else:
        _write_disclosure(packet, standing, sender=chart.who)
    chart.note(
        consent=str(standing.consent.public_id), items=len(kept), withheld=len(held), pdf=packet.pdf_hash
    )
    return packet


def _home(chart: Chart, standing: Standing, kept: list[Item]) -> OpenEpisode:
    """The packet lies in a Part 2 episode if it holds anything of one: whoever may not see that may not see it."""
    programs = {item.program for item in kept if item.part2} or {item.program for item in kept}
    mine = [
        e for e in chart.episodes if e.program_id in programs and e.client_id == standing.consent.client_id
    ]
    if not mine and any(item.part2 for item in kept):
        raise MayNotLeave(
            _("The consent was signed in the other of this person's two records. Sign it again, then send.")
        )
    return max(mine, key=lambda e: (e.ends_on is None, e.starts_on, e.id)) if mine else chart.episode(
        standing.consent.episode_id
    )  # fmt: skip


def _listed(item: Item) -> dict[str, Any]:
    return {
        "kind": item.kind, "id": item.id, "label": item.label, "category": item.category, "part2": item.part2,
        "program": item.program,
    }  # fmt: skip


def _render(
    chart: Chart, standing: Standing, recipient: Recipient, purpose: str, kept: list[Item], part2: bool,
    episode: OpenEpisode,
) -> bytes:  # fmt: skip
    groups = [
        (str(category.label), [item for item in kept if item.category == category])
        for category in Category
        if any(item.category == category for item in kept)
    ]
    return render_pdf(
        "consent/packet_pdf.html",
        {
            "banner": banner(chart), "recipient": recipient, "purpose": Purpose(purpose).label, "groups": groups,
            "scope": words.scope(standing.consent), "statement": rules.STATEMENT_1 if part2 else "",
            "site": Site.objects.get(pk=episode.site_id), "discloser": standing.consent.discloser,
            "printed_by": chart.who.signing_name, "today": clock.today(episode.zone),
        },
    )  # fmt: skip


def _mail(chart: Chart, packet: Packet, episode: OpenEpisode) -> Outbound:
    site = Site.objects.get(pk=episode.site_id)
    body = _("A document is attached.\n\nQuestions? Call %(phone)s.\n\n%(office)s") % {
        "phone": site.phone or _("the office"), "office": site.neutral_name,
    }  # fmt: skip
    return _queue(
        chart, episode, kind=MessageKind.DISCLOSURE, address=packet.recipient.email, packet=packet,
        subject=_("A document from %(office)s") % {"office": site.neutral_name}, body=body, from_name=site.neutral_name,
        released_by=chart.who, part2=packet.part2,
    )  # fmt: skip


def _write_disclosure(
    packet: Packet, standing: Standing, *, sender: Any, outbound: Outbound | None = None, attempt: int = 1
) -> Disclosure:
    """The row without which nothing leaves: P10; the accounting of 42 CFR 2.25 reads it."""
    recipient = packet.recipient
    address = outbound.address if outbound else recipient.address
    return Disclosure.objects.create(
        client_id=packet.client_id, episode_id=packet.episode_id, part2=packet.part2, at=clock.now(),
        recipient=recipient, recipient_name=recipient.title, recipient_address=address,
        what=[row["label"] for row in packet.items], purpose=packet.purpose, basis=BASIS, consent=standing.consent,
        consent_hash=standing.consent.text_hash, notice=packet.notice, method=packet.method, packet=packet,
        outbound=outbound, attempt=attempt, sender=sender,
    )  # fmt: skip


@act(Do.RELEASE)
def print_packet(chart: Chart, *, packet: Packet) -> Packet:
    """The packet's bytes may be handed out again: its consent still holds, asked now. Recorded: one row.

    Raises MayNotLeave when the consent was taken back or has ended (2.31(c)), or a restriction was agreed since.
    """
    if against := why_shut(chart, packet):
        raise MayNotLeave(_(against))
    chart.note(pdf=packet.pdf_hash)
    return packet
