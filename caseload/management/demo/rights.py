"""What the demo's clients were told and asked for: the notice, a consent to read, a restriction, an emergency, a complaint."""

import datetime as dt
from typing import Any

from caseload.management.demo.courses import Course
from caseload.management.demo.people import MH
from clinic.access.chart import Chart
from clinic.access.door import open_chart
from clinic.access.policy import Do
from clinic.consent import actions as consents
from clinic.consent.models import Category, Ground, NoticeAnswer, NoticeWay, Recipient
from clinic.kit import clock
from clinic.people.models import Program, Staff


def _given(course: Course, place: Any, **more: Any) -> dict[str, Any]:
    """What a consent of this client's would say."""
    name = f"{course.given} {course.family}"
    return {
        "kind": "general", "patient_name": name, "programs": [place.program_id], "purposes": ["treatment"],
        "categories": [Category.PROBLEMS, Category.MEDICATIONS, Category.USE_SCREENS], "expires": "event",
        "description": "My problems, my medicines, and my alcohol and drug questionnaires.",
        "expires_event": "My first visit there", "expires_on": None, "revocation_told": True, **more,
    }  # fmt: skip


def give_notice(chart: Chart, course: Course, at: dt.datetime) -> None:
    """Most were given the notice on the first day; every ninth could not take it in, every eleventh was not asked yet."""
    if course.number % 11 == 7:
        return
    place = chart.episodes[0]
    not_able = course.number % 9 == 5
    with clock.backdated(at):
        consents.give_notice(
            chart, place=place, language=course.language,
            way=NoticeWay.WHEN_ABLE if not_able else (NoticeWay.PAPER, NoticeWay.SCREEN, NoticeWay.ALOUD)[course.number % 3],
            answer=NoticeAnswer.NOT_ABLE if not_able else (
                NoticeAnswer.DECLINED if course.number % 8 == 6 else NoticeAnswer.ACKNOWLEDGED
            ),
            why="In withdrawal that day; slept" if not_able else "",
        )  # fmt: skip


def ask_for_rights(chart: Chart, course: Course, recipient: Recipient) -> None:
    """A consent waits to be read; one asks not to tell the old doctor; one was told of in an emergency; one complained."""
    place = chart.episodes[0]
    if course.number % 6 == 3:
        offer = consents.prepare_consent(chart, given=_given(course, place), recipient=recipient)
        if course.number % 12 == 9:
            consents.answer_offer(chart, offer=offer, answer="later", said="When my sister is here")
    if course.number % 20 == 4:
        consents.restrict(
            chart, place=place, words_="Do not tell my old doctor about the drinking", recipient=recipient,
            categories=[Category.USE_SCREENS],
        )  # fmt: skip
    if course.number % 20 == 8:
        told = {
            "recipient_name": "Dr. Abena Osei", "facility": "Springfield General, emergency room",
            "discloser": chart.who.signing_name, "nature": "Found unresponsive in the waiting room",
            "what": "Current medicines, allergies, last use as told that morning", "unobtainable": True,
            "medical_personnel": True,
        }  # fmt: skip
        consents.tell_without_consent(chart, place=place, ground=Ground.EMERGENCY, told=told)
    if course.number % 30 == 11:
        consents.record_complaint(
            chart,
            place=place,
            from_whom="The client",
            words_="My full name was called out in the waiting room.",
        )


def let_the_other_program_read(course: Course, client: Any, lead: Staff, today: dt.date) -> None:
    """Of those in two programs, every second lets the other team read this record, until treatment here ends."""
    if course.number % 24:
        return
    with open_chart(lead, client, to=Do.CONSENT, route="demo") as chart:
        place = next(
            (one for one in chart.episodes if one.program != MH and chart.permits(Do.CONSENT, one.id)), None
        )
        if place is None:
            return
        name = f"{course.given} {course.family}"
        given = _given(
            course, place, kind="inside", expires="end_of_treatment", signer_name=name, signature=name, signed_on=today,
            description="My whole record, so that both teams can work together.",
        )  # fmt: skip
        consents.sign_consent(chart, given=given, to_program=Program.objects.get(name=MH))
