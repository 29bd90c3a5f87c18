"""The interview sent to the client by a link, or its address given in person, and the link taken back."""

from clinic.access.acts import act
from clinic.access.chart import Chart
from clinic.access.handed import end_all
from clinic.access.models import Handover, Way
from clinic.access.policy import Do
from clinic.consent.release import page_link, send_page
from intake.actions.interview import _open
from intake.models import Interview


@act(Do.INTERVIEW)
def send_interview(chart: Chart, *, interview: Interview, way: str = "") -> Handover:
    """A link to this interview waits to be sent to the client, who goes on with it where they are; an earlier one is over.

    `way`: "email", "sms", or whichever the client called safe. Who may: `Do.INTERVIEW`, `Do.HAND_OVER` and `Do.NUDGE`. Recorded: a row for each of the three. Raises MayNotLeave with
    the reason in words, and nothing is left of it then; ValidationError once it is confirmed.
    """
    row = _open(interview)
    place = chart.episode(row.episode_id)
    return send_page(
        chart, place=place, kind="interview", thing=row.public_id, language=row.language, way=way
    )


@act(Do.INTERVIEW)
def show_interview(chart: Chart, *, interview: Interview) -> str:
    """The address of a link to this interview, once, to be given to the client in person; nothing is sent, and an earlier
    link is over. It is kept nowhere but hashed.

    Who may: `Do.INTERVIEW` and `Do.HAND_OVER`. Recorded: a row for each. Raises MayNotLeave where no birth date is on file;
    ValidationError once it is confirmed.
    """
    row = _open(interview)
    place = chart.episode(row.episode_id)
    _handover, address = page_link(
        chart, place=place, kind="interview", thing=row.public_id, language=row.language
    )
    return address


@act(Do.INTERVIEW)
def withdraw_interview(chart: Chart, *, interview: Interview) -> Interview:
    """No link opens this interview any more; what was told is kept. Who may: `Do.INTERVIEW`. Recorded: one row."""
    end_all(interview.public_id, Way.LINK)
    return interview
