"""The one way out (house.md, law 3). It knows three kinds; anything that leaves is one of them."""

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from clinic.access.chart import Chart, Open, OpenEpisode
from clinic.access.handed import hand_over
from clinic.access.models import Handover, Way
from clinic.consent.actions import MayNotLeave, NotCovered, disclose, message_client, message_staff
from clinic.consent.models import MessageKind, Outbound, Packet
from clinic.consent.rules import Item
from clinic.kit.dates import date_format

__all__ = ["Item", "MayNotLeave", "MessageKind", "NotCovered", "page_link", "release", "send_page"]

VERBS: dict[str, Any] = {
    MessageKind.TO_CLIENT: message_client,
    MessageKind.TO_STAFF: message_staff,
    MessageKind.DISCLOSURE: disclose,
}


def release(chart: Open, *, kind: str, **what: Any) -> Outbound | Packet:
    """Something leaves, or the reason why it may not is raised as MayNotLeave (NotCovered names it item by item).

    `to_client`: episode, subject, body, way ("email", "sms" or whichever is safe), due_key. `to_staff`: episode, to, due_key. Both: neutral words and nothing
    clinical; to a client only where they said it is safe. `disclosure`: recipient, purpose, items, method; it keeps
    what the live consent covers, and puts the notice of 42 CFR 2.32 into the packet. Each is an act of its own, with
    its own policy line and ledger row.
    """
    result: Outbound | Packet = VERBS[kind](chart, **what)
    return result


def send_page(
    chart: Chart, *, place: OpenEpisode, kind: str, thing: Any, language: str, way: str = ""
) -> Handover:
    """A link to what is put into the client's hands waits to be sent to them; an earlier one to the same thing is over.

    Neutral words, by a way the client called safe ("email", "sms", or whichever is). Who may: `Do.HAND_OVER`, the kind's
    own act, and `Do.NUDGE`; recorded: a row for the handover and one for the message. Raises MayNotLeave with the reason
    in words: no safe way, hours that come too late, no birth date that whoever opens it could be asked for. Nothing is
    left of it then.
    """
    handover, url = page_link(chart, place=place, kind=kind, thing=thing, language=language)
    with override(language):
        until = date_format(handover.expires_at.astimezone(ZoneInfo(place.zone)), "j M, H:i")
        words = _(
            "There is a page for you. It is open until %(until)s:\n%(url)s\nYou do not have to. You can also do it here with us."
        )
        release(
            chart, kind=MessageKind.TO_CLIENT, episode=place, subject=_("A page for you"), way=way,
            body=words % {"until": until, "url": url}, due_key=f"link:{handover.public_id}", not_after=handover.expires_at,
        )  # fmt: skip
    return handover


def page_link(
    chart: Chart, *, place: OpenEpisode, kind: str, thing: Any, language: str
) -> tuple[Handover, str]:
    """A link to what is put into the client's hands, and its address; an earlier one to the same thing is over.

    Nothing is sent. Who may: `Do.HAND_OVER` and the kind's own act. Recorded: a row for the handover. Raises MayNotLeave
    where there is no birth date that whoever opens it could be asked for.
    """
    if not chart.client.has_birth_date:
        raise MayNotLeave(_("No birth date is on file, so nobody could check who opens the link."))
    handover, token = hand_over(chart, place=place, kind=kind, thing=thing, way=Way.LINK, language=language)
    return handover, settings.BASE_URL.rstrip("/") + reverse("office:visit", args=[token])
