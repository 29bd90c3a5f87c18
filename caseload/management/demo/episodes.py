"""What the demo's episodes went through: a waiting list, levels of care, one person twice, one emergency access."""

import datetime as dt
from typing import Any

from caseload.management.demo.build import at
from clinic.access.door import open_chart
from clinic.access.policy import Do
from clinic.access.rare import open_pair, open_shut_chart
from clinic.kit import clock
from clinic.people.models import Program, Staff
from intake import actions

# given name, family name, born, days waiting, priority, what matters, days since somebody spoke with them
WAITING = (
    ("Corinne", "Vasquez", dt.date(1993, 3, 14), 3, "pregnant", "26 weeks; can come any morning", 1),
    ("Marcus", "Thibodeaux", dt.date(1986, 11, 2), 5, "injecting", "Naloxone handed out at the desk", None),
    ("Yolanda", "Pruitt", dt.date(1969, 7, 30), 24, "standard", "Works nights; call after two", 9),
    ("Dmitri", "Kowalczyk", dt.date(1979, 1, 19), 11, "standard", "", None),
)
LEVELS = (("1", "", ""), ("2.1", "", ""), ("1", "2.1", "Works nights and has no ride to the day program"))


def fill_waiting_list(staff: dict[str, Staff], program: Program, today: dt.date) -> None:
    """Four people wait for the program; one of them has been offered a place."""
    for given, family, born, days, priority, words, spoken in WAITING:
        asked = today - dt.timedelta(days=days)
        with clock.backdated(at(asked, program.site.zone)):
            client = actions.register(
                staff["ines"],
                program=program,
                given_name=given,
                family_name=family,
                birth_date=born,
                starts_on=asked,
            )
            with open_chart(staff["fay"], client.public_id, to=Do.KEEP_WAITING) as chart:
                row = actions.ask_for_place(
                    chart, place=chart.episodes[0], priority=priority, words=words, asked_on=asked
                )
        with open_chart(staff["fay"], client.public_id, to=Do.KEEP_WAITING) as chart:
            if spoken is not None:
                on = today - dt.timedelta(days=spoken)
                actions.note_contact(
                    chart, waiting=row, on=on, how="phone", words="Told them where they stand"
                )
            if given == "Yolanda":
                actions.offer_place(
                    chart, waiting=row, offered_for=today + dt.timedelta(days=2), version=row.version
                )


def set_level(course: Any, client: Any, staff: dict[str, Staff], zone: str) -> None:
    """The level of care that was given on the day they came."""
    level, recommended, reason = LEVELS[course.number % len(LEVELS)]
    with (
        clock.backdated(at(course.began, zone, 11)),
        open_chart(staff["sol"], client, to=Do.MOVE_EPISODE) as chart,
    ):
        actions.set_level(
            chart, place=chart.episodes[0], edition="ASAM 3rd", level=level, recommended=recommended, reason=reason,
            on=course.began,
        )  # fmt: skip


def come_twice(staff: dict[str, Staff], program: Program) -> None:
    """One person was registered twice and merged; another was registered twice and nobody has noticed yet."""
    born = dt.date(1990, 5, 17)
    pair = [
        actions.register(
            staff["ines"], program=program, given_name=given, family_name="Iverson", birth_date=born,
            contacts=[{"channel": "phone", "value": "+1 202-555-0177", "may_call": True}],
        ).public_id
        for given in ("Katherine", "Kate")
    ]  # fmt: skip
    with open_pair(staff["sol"], *pair) as opened:
        actions.merge_clients(opened, reason="Same phone and birth date; she says she goes by Kate.")
    for given, family in (("Theodore", "Blanchard"), ("Teddy", "Blanchard")):
        actions.register(
            staff["ines"], program=program, given_name=given, family_name=family, birth_date=dt.date(1982, 9, 8),
            contacts=[{"channel": "phone", "value": "+1 202-555-0163", "may_call": True}],
        )  # fmt: skip


def open_in_emergency(staff: dict[str, Staff], client: Any, today: dt.date, zone: str) -> None:
    """A clinician of the other program opened this chart the day before yesterday; the review waits."""
    with clock.backdated(at(today - dt.timedelta(days=2), zone, 16)):
        with open_shut_chart(staff["omar"], client) as chart:
            actions.break_glass(
                chart, why="danger", words="In the lobby, very upset; needed to know the safety plan"
            )
        with open_chart(staff["omar"], client, to=Do.BREAK_GLASS) as chart:
            actions.close_glass(chart)
