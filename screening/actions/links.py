"""A set sent by a link: neutral words, by a way the client said is safe, and only where a birth date can be asked for."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from clinic.access.acts import act
from clinic.access.chart import Chart
from clinic.access.handed import end_all, hand_over
from clinic.access.models import Handover, Way
from clinic.access.policy import Do
from clinic.consent.release import MayNotLeave, MessageKind, release
from screening.models import Sitting


@act(Do.SCREEN)
def send_link(chart: Chart, *, sitting: Sitting, way: str = "") -> Handover:
    """A link to this set waits to be sent to the client; an earlier one of the same set is over.

    `way`: "email", "sms", or whichever the client called safe. Who may: `Do.SCREEN`, `Do.HAND_OVER` and `Do.NUDGE`.
    Recorded: a row for each of the three. Raises MayNotLeave with the reason in words: no safe way, hours that come too
    late, no birth date on file that whoever opens it could be asked for. Nothing is left of it then.
    """
    client, place = chart.client, chart.episode(sitting.episode_id)
    if client.birth_date is None or client.birth_estimated:
        raise MayNotLeave(_("No birth date is on file, so nobody could check who opens the link."))
    handover, token = hand_over(
        chart, place=place, kind="screening", thing=sitting.public_id, way=Way.LINK, language=sitting.language
    )
    url = settings.BASE_URL.rstrip("/") + reverse("office:visit", args=[token])
    with override(sitting.language):
        until = date_format(handover.expires_at.astimezone(ZoneInfo(place.zone)), "j M, H:i")
        words = _(
            "There is a page for you. It is open until %(until)s:\n%(url)s\nYou do not have to. You can also do it here with us."
        )
        release(
            chart, kind=MessageKind.TO_CLIENT, episode=place, subject=_("A page for you"), way=way,
            body=words % {"until": until, "url": url}, due_key=f"link:{handover.public_id}", not_after=handover.expires_at,
        )  # fmt: skip
    return handover


@act(Do.SCREEN)
def withdraw_link(chart: Chart, *, sitting: Sitting) -> Sitting:
    """No link opens this set any more; what was answered is kept. Who may: `Do.SCREEN`. Recorded: one row."""
    end_all(sitting.public_id, Way.LINK)
    return sitting
