"""The interview sent to the client by a link, and the link taken back."""

from clinic.access.acts import act
from clinic.access.chart import Chart
from clinic.access.handed import end_all
from clinic.access.models import Handover, Way
from clinic.access.policy import Do
from clinic.consent.release import send_page
from intake.actions.interview import _open
from intake.models import Interview


@act(Do.INTERVIEW)
def send_interview(chart: Chart, *, interview: Interview) -> Handover:
    """A link to this interview waits to be sent to the client, who goes on with it where they are; an earlier one is over.

    Who may: `Do.INTERVIEW`, `Do.HAND_OVER` and `Do.NUDGE`. Recorded: a row for each of the three. Raises MayNotLeave with
    the reason in words, and nothing is left of it then; ValidationError once it is confirmed.
    """
    row = _open(interview)
    place = chart.episode(row.episode_id)
    return send_page(chart, place=place, kind="interview", thing=row.public_id, language=row.language)


@act(Do.INTERVIEW)
def withdraw_interview(chart: Chart, *, interview: Interview) -> Interview:
    """No link opens this interview any more; what was told is kept. Who may: `Do.INTERVIEW`. Recorded: one row."""
    end_all(interview.public_id, Way.LINK)
    return interview
