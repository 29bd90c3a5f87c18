"""The loop of a referral: its steps, when the next is due, and when its owner is nudged. Pure."""

import datetime as dt

DRAFT, SENT, RECEIVED, BOOKED, SEEN, REPORT_BACK, CLOSED = (
    "draft", "sent", "received", "booked", "seen", "report_back", "closed",
)  # fmt: skip
ORDER = (DRAFT, SENT, RECEIVED, BOOKED, SEEN, REPORT_BACK, CLOSED)
OPEN = ORDER[:-1]

# Days after a step by which the next should have happened (experience.md F6: worklist at day 3, 7 and 14).
WAITS = {DRAFT: 3, SENT: 3, RECEIVED: 7, BOOKED: 7, SEEN: 14, REPORT_BACK: 3}


def may_follow(now: str, then: str) -> bool:
    """Steps may be skipped forward, never taken back; a draft is sent or closed, and what is closed stays closed."""
    if now == DRAFT:
        return then in (SENT, CLOSED)
    return now != CLOSED and ORDER.index(then) > ORDER.index(now)


def next_due(step: str, on: dt.date, booked_for: dt.date | None = None) -> dt.date | None:
    """When the loop should have moved on; after a booking, the day after the visit."""
    if step == CLOSED:
        return None
    if step == BOOKED and booked_for:
        return booked_for + dt.timedelta(days=1)
    return on + dt.timedelta(days=WAITS[step])


def nudge_day(since: dt.date, today: dt.date, days: list[int]) -> int | None:
    """The latest of the nudging days that has come since the loop last moved; None before the first."""
    passed = (today - since).days
    return max((day for day in days if day <= passed), default=None)


# What a visit may be marked as, and from which states (record.AppointmentStatus).
MARKS = {
    "arrive": ("arrived", ("booked",)),
    "keep": ("kept", ("booked", "arrived")),
    "no-show": ("no_show", ("booked",)),
    "cancel": ("cancelled", ("booked", "arrived")),
}


def may_mark(status: str, mark: str) -> bool:
    """A visit is marked once: what was kept, missed or cancelled stays so."""
    return status in MARKS[mark][1]
