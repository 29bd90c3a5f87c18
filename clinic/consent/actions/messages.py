"""Messages to the client and to colleagues: neutral words, by a way the client said is safe, nothing clinical."""

import datetime as dt
import uuid
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from clinic.access.acts import act
from clinic.access.chart import Open, OpenEpisode
from clinic.access.policy import Do
from clinic.consent import rules, words
from clinic.consent.models import MessageKind, Outbound, Packet, Status, Way
from clinic.consent.queries import program_names, reach
from clinic.kit import clock
from clinic.people.models import Staff
from clinic.people.queries import neutral_names

LONGEST_TEXT = 459  # three parts of a text message


class MayNotLeave(Exception):
    """The way out stays shut; `str(error)` is the reason in words. Nothing was written."""


def _queue(
    chart: Open, episode: OpenEpisode, *, kind: str, address: str, subject: str, body: str, from_name: str,
    packet: Packet | None = None, staff_to: Staff | None = None, released_by: Any = None, due_key: str | None = None,
    part2: bool = False, not_after: dt.datetime | None = None, way: str = Way.EMAIL,
    leaves_at: dt.datetime | None = None,
) -> Outbound:  # fmt: skip
    """One message waits to be sent. Raises MayNotLeave if its words tell what kind of place this is (P20)."""
    names = chart.remember("program names", program_names)
    if telling := rules.telling_words(f"{subject}\n{body}\n{from_name}", names):
        raise MayNotLeave(_("These words may not leave: %(words)s") % {"words": ", ".join(telling)})
    now = clock.now()
    return Outbound.objects.create(
        **chart.stamp(episode, part2=part2), kind=kind, address=address, subject=subject, body=body,
        from_name=from_name, packet=packet, staff_to=staff_to, released_by=released_by, queued_at=now, way=way,
        next_try_at=max(now, leaves_at or now),
        due_key=due_key, message_id=_new_message_id(), not_after=not_after,
    )  # fmt: skip


def _new_message_id() -> str:
    domain = settings.MAIL_FROM.rpartition("@")[2] or "localhost"
    return f"<{uuid.uuid4()}@{domain}>"


@act(Do.NUDGE)
def message_client(
    chart: Open, *, episode: OpenEpisode, subject: str, body: str, way: str = "", due_key: str | None = None,
    not_after: dt.datetime | None = None,
) -> Outbound:  # fmt: skip
    """A neutral message to the client waits to be sent, by a way they said is safe; sent once per `due_key`.

    `way`: "email" or "sms" (the body alone is sent), or whichever is safe. It waits for the hours they named, under the
    sender they want shown. From `not_after` on it is not sent any more: a visit is not announced once it has begun.

    Who may: the reminding job. Recorded: one row. Raises MayNotLeave: no safe way, hours that come too late, a text
    that is too long, or words that tell too much.
    """
    how = reach(chart, episode, way=way, not_after=not_after)
    if how.contact is None or how.why:
        raise MayNotLeave(how.why)
    if how.way == Way.SMS and len(body) > LONGEST_TEXT:
        raise MayNotLeave(_("A text message may hold %(count)s letters at most.") % {"count": LONGEST_TEXT})
    return _queue(
        chart, episode, kind=MessageKind.TO_CLIENT, address=how.contact.value, subject=subject, body=body, way=how.way,
        due_key=due_key, from_name=how.contact.show_as or _sender(chart, episode), not_after=not_after,
        leaves_at=how.at,
    )  # fmt: skip


@act(Do.NUDGE)
def message_staff(chart: Open, *, episode: OpenEpisode, to: Staff, due_key: str | None = None) -> Outbound:
    """A colleague is told that something waits for them here, and not what. Sent once per `due_key`. Recorded."""
    body = _("Something is waiting for you. Sign in to see it:\n%(url)s") % {"url": settings.BASE_URL}
    return _queue(
        chart, episode, kind=MessageKind.TO_STAFF, address=to.email, subject=_(words.SUBJECT_STAFF), body=body,
        staff_to=to, due_key=due_key, from_name=_sender(chart, episode),
    )  # fmt: skip


@act(Do.NUDGE)
def hold_back(chart: Open, *, episode: OpenEpisode, kind: str, due_key: str, why: str) -> Outbound:
    """What was due could not be said, and that is kept in its place, so that it is seen and not tried again."""
    now = clock.now()
    chart.note(why=why)
    return Outbound.objects.create(
        **chart.stamp(episode), kind=kind, address="", subject="", body="", from_name=_sender(chart, episode),
        status=Status.STOPPED, last_error=why, queued_at=now, next_try_at=now, ended_at=now, due_key=due_key,
        message_id=_new_message_id(),
    )  # fmt: skip


def _sender(chart: Open, episode: OpenEpisode) -> str:
    names: dict[int, str] = chart.remember("neutral names", neutral_names)
    return names[episode.site_id]
