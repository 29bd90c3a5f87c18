"""A set sent by a link, or its address given in person: neutral words, by a way the client said is safe, and only where a birth date can be asked for."""

from clinic.access.acts import act
from clinic.access.chart import Chart
from clinic.access.handed import end_all
from clinic.access.models import Handover, Way
from clinic.access.policy import Do
from clinic.consent.release import page_link, send_page
from screening.models import Sitting


@act(Do.SCREEN)
def send_link(chart: Chart, *, sitting: Sitting, way: str = "") -> Handover:
    """A link to this set waits to be sent to the client; an earlier one of the same set is over.

    `way`: "email", "sms", or whichever the client called safe. Who may: `Do.SCREEN`, `Do.HAND_OVER` and `Do.NUDGE`.
    Recorded: a row for each of the three. Raises MayNotLeave with the reason in words, and nothing is left of it.
    """
    place = chart.episode(sitting.episode_id)
    return send_page(
        chart, place=place, kind="screening", thing=sitting.public_id, language=sitting.language, way=way
    )


@act(Do.SCREEN)
def show_link(chart: Chart, *, sitting: Sitting) -> str:
    """The address of a link to this set, once, to be given to the client in person; nothing is sent, and an earlier link is
    over. It is kept nowhere but hashed.

    Who may: `Do.SCREEN` and `Do.HAND_OVER`. Recorded: a row for each. Raises MayNotLeave where no birth date is on file.
    """
    place = chart.episode(sitting.episode_id)
    _handover, address = page_link(
        chart, place=place, kind="screening", thing=sitting.public_id, language=sitting.language
    )
    return address


@act(Do.SCREEN)
def withdraw_link(chart: Chart, *, sitting: Sitting) -> Sitting:
    """No link opens this set any more; what was answered is kept. Who may: `Do.SCREEN`. Recorded: one row."""
    end_all(sitting.public_id, Way.LINK)
    return sitting
