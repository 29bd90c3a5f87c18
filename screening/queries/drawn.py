"""The five courses, drawn: the same chart on the chart page, on the plan and in its PDF."""

import datetime as dt
from collections.abc import Iterable

from clinic.access.chart import Open
from clinic.kit.charts import Mark, Series, Trend
from clinic.kit.words import gettext as _
from screening.queries.screens import trends


def trend_chart(chart: Open, today: dt.date, marks: Iterable[tuple[dt.date, str]] = ()) -> Trend | None:
    """Every instrument that was ever asked, on one time axis up to `today`; None while nothing was asked. One query.

    `marks`: (date, words) of what may explain a turn; those before the first screen are left out.
    """
    series = [
        Series(
            course.title,
            [(p.date, p.total, p.band) for p in course.points],
            course.low,
            course.high,
            course.bands,
        )
        for course in trends(chart)
        if course.points
    ]
    if not series:
        return None
    first = min(day for one in series for day, _value, _band in one.points)
    shown = [Mark(day, words) for day, words in marks if day >= first]
    return Trend(series, _("Scores over time"), min(first, today - dt.timedelta(days=30)), today, shown)
