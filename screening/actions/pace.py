"""What the client says about being asked: not today, and how many at one visit."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clinic.access.acts import act
from clinic.access.chart import Chart, OpenEpisode
from clinic.access.policy import Do
from clinic.kit import clock
from screening.models import MostPerVisit, NotToday, Sitting

LONGEST = 90  # days


@act(Do.SCREEN)
def note_not_today(
    chart: Chart, *, until: dt.date, instruments: list[str] | None = None, place: OpenEpisode | None = None
) -> NotToday:
    """The client would rather not answer these (none named: any) today; they are not due until that day.

    Who may: `Do.SCREEN`. Recorded: one row. Raises ValidationError where the day has come, or is further off than 90
    days: it can be said again then.
    """
    home = place or chart.home(Do.SCREEN)
    today = clock.today(home.zone)
    if not today < until <= today + dt.timedelta(days=LONGEST):
        raise ValidationError(
            {"until": _("Choose a day within the next 90 days; it can be said again then.")}
        )
    return NotToday.objects.create(
        **chart.stamp(home), instruments=instruments or [], said_on=today, until=until, by=chart.who
    )


@act(Do.ANSWER)
def say_not_today(chart: Chart, *, sitting: Sitting) -> NotToday:
    """The client says "not today" themselves, alone at the screen: nothing is due for them until tomorrow.

    It holds for every questionnaire, not for those of this set alone: otherwise what waits for another visit would be due
    in its place. Who may: the client whose set it is. Recorded: one row.
    """
    place = chart.episode(sitting.episode_id)
    today = clock.today(place.zone)
    return NotToday.objects.create(**chart.stamp(place), said_on=today, until=today + dt.timedelta(days=1))


@act(Do.SCREEN)
def agree_most(chart: Chart, *, most: int, place: OpenEpisode | None = None) -> MostPerVisit:
    """The client agreed to so many questionnaires at one visit; no more are due at once from now on.

    Who may: `Do.SCREEN`. Recorded: one row. Raises ValidationError unless it is 1 to 20.
    """
    if not 1 <= most <= 20:
        raise ValidationError({"most": _("Choose a number from 1 to 20.")})
    home = place or chart.home(Do.SCREEN)
    return MostPerVisit.objects.create(
        **chart.stamp(home), most=most, agreed_on=clock.today(home.zone), by=chart.who
    )
