"""Many of a kind: one client with n of everything that a page lists, and n clients with one of each."""

import datetime as dt
from itertools import pairwise
from typing import Any
from uuid import uuid4

from caseload.actions import ask_colleague, join_team
from clinic.access.door import open_chart, open_office
from clinic.access.models import BrokenGlass
from clinic.access.policy import Do
from clinic.access.rare import open_pair
from clinic.consent import actions as consent
from clinic.consent.models import Disclosure, Outbound, Packet
from clinic.kit import clock
from clinic.office.actions import add_staff
from clinic.people.queries import staff_with_duties
from clinic.record.models import (
    Allergy,
    Domain,
    Flag,
    InterimContact,
    LevelOfCare,
    Medication,
    Problem,
    WaitingPlace,
)
from follow_up import actions as follow_up
from intake import actions as intake
from intake.actions import add_contact
from intake.models import InterviewNotice
from screening import actions as screening
from screening.actions import NewScreen
from screening.models import ScreenResponse
from tests.cast import PASSWORD, Cast
from tests.consent.story import terms
from tests.house.clinic import (
    CONTACTS,
    FullClinic,
    _registered,
    ask_for_rights,
    begin_referral,
    came,
    days_ago,
    get_stuck,
    kept_safe,
    put_in_hands,
    release,
)
from tests.intake.interviews import confirmed_interview, told_interview
from tests.screening.answers import ALL, phq9
from tests.screening.ratings import COWS, rate
from tests.treatment_plans.plans import add_whole_problem, fill_words
from treatment_plans import actions as plans
from treatment_plans.models import Goal, Objective, PlanProblem, Shown


def client_with(cast: Cast, n: int, **who: Any) -> FullClinic:
    """One client of dana's with `n` of everything; the addresses of their rows."""
    client = cast.register(cast.sud, contacts=CONTACTS, **who)
    grown = {
        **kept_safe(cast, client, n),
        **_screens(cast, client, n),
        **_record(cast, client, n),
        **_released(cast, client, n),
    }
    grown |= {**_interviews(cast, client, n), **_drawn(cast, client, n)}
    grown |= _registered(cast, client)
    grown |= {"client": str(client), "member": _team(cast, client, n), "person": str(cast.omar.public_id)}
    signed, draft = _plans(cast, client, n)
    house = FullClinic(cast, client, client, client, client, client)
    grown |= _moved(cast, client, n)
    house.junes, house.rays = {**grown, **signed, "thing": grown["sitting"]}, {"client": str(client), **draft}
    put_in_hands(house)
    return house


def clients(cast: Cast, n: int) -> None:
    """`n` clients of dana's, each with what the lists show: scores, an open flag, a visit today, a referral, an ask."""
    to = None
    for number in range(n):
        client = cast.register(cast.sud, given_name=f"Ari{number}", family_name="Okafor", contacts=CONTACTS)
        with open_chart(cast.dana, client, to=Do.CONSENT) as chart:
            to = to or consent.add_recipient(chart, name="Dr. Abel Ruiz", checked=True)
            _screen(chart, {**ALL, "phq-9": phq9(1)}, days_ago(20))
            _visit(cast, chart)
            follow_up.start_referral(
                chart,
                recipient=to,
                reason="Primary care",
                purpose="treatment",
                urgency="routine",
                owner=cast.dana,
            )
        with open_chart(cast.sol, client, to=Do.ASSIGN_CARE) as chart:
            ask_colleague(
                chart, place=chart.episodes[0], to=cast.dana, words="Book a visit", due_on=clock.today()
            )


def _screen(chart: Any, answers: dict[str, Any], day: dt.date) -> list[Any]:
    place = chart.episodes[0]
    rows = [NewScreen(place, name, given, day) for name, given in answers.items()]
    return screening.record_screens(chart, rows=rows)


def _screens(cast: Cast, client: Any, n: int) -> dict[str, str]:
    with open_chart(cast.dana, client, to=Do.SCREEN) as chart:
        for day in range(n):
            _screen(chart, {**ALL, "phq-9": phq9(1)}, days_ago(day + 60))
        for flag in Flag.objects.filter(client=chart.client_id, closed_at__isnull=True):
            screening.file_safety_step(
                chart, flag=flag, told="The supervisor", asked="Plan, means, intent: none", done="Safety plan read",
                owner=cast.dana, next_contact_on=days_ago(1),
            )  # fmt: skip
        for day in range(n):
            sitting = screening.start_sitting(chart, instruments=["phq-9", "gad-7"])
            row = _screen(chart, {"phq-9": phq9(2)}, days_ago(day))[0]
        flag = Flag.objects.filter(client=chart.client_id, closed_at__isnull=True).latest("pk")
        waiting = ScreenResponse.objects.get(client=chart.client_id, state="open", instrument="phq-9")
        for hours in range(n, 0, -1):
            flow = rate(chart, {**COWS, "cows_1": 2}, hours_ago=hours, pulse=112).flowsheet
        return {
            "screen": _id(row), "sitting": _id(sitting), "flag": _id(flag), "instrument": "phq-9", "response": _id(waiting),
            "flow": _id(flow),
        }  # fmt: skip


def _id(row: Any) -> str:
    return str(row.public_id)


def _visit(cast: Cast, chart: Any) -> Any:
    return follow_up.book_appointment(
        chart,
        place=chart.episodes[0],
        starts_at=clock.now() + dt.timedelta(hours=1),
        staff=cast.dana,
        service="Visit",
    )


def _record(cast: Cast, client: Any, n: int) -> dict[str, str]:
    with open_chart(cast.dana, client, to=Do.BOOK) as chart:
        stamp = chart.stamp(chart.episodes[0])
        for number in range(n):
            contact = add_contact(chart, channel="phone", value=f"617 555 {number:04}", may_call=True)
            follow_up.keep_appointment(chart, appointment=_visit(cast, chart))
            visit = _visit(cast, chart)
            Allergy.objects.create(client_id=chart.client_id, substance=f"Substance {number}")
            listed = Problem.objects.create(
                **stamp, text=f"Problem {number}", domain=Domain.MENTAL_HEALTH, recorded_by=cast.dana
            )
            Medication.objects.create(**stamp, name=f"Medicine {number}", dose="5 mg", starts_on=days_ago(9))
    with open_chart(cast.sol, client, to=Do.ASSIGN_CARE) as chart:
        for _number in range(n):
            ask = ask_colleague(
                chart, place=chart.episodes[0], to=cast.dana, words="Book a visit", due_on=clock.today()
            )
    return {
        "contact": _id(contact),
        "appointment": _id(visit),
        "what": "arrive",
        "ask": _id(ask),
        "problem": _id(listed),
    }


def _drawn(cast: Cast, client: Any, n: int) -> dict[str, str]:
    """A formulation with `n` of everything."""
    with open_chart(cast.dana, client, to=Do.PLAN) as chart:
        row = plans.begin_formulation(chart)
        sister = plans.add_node(chart, formulation=row, kind="support", text="Her sister")
        for number in range(n):
            node = plans.add_node(chart, formulation=row, kind="stress", text=f"Night {number}")
            link = plans.draw_link(
                chart, formulation=row, from_node=sister, to_node=node, verb="helps", how="talks"
            )
            plans.add_evidence(chart, link=link, kind="words", words="Then I can breathe.")
            plans.add_insight(chart, formulation=row, kind="sign", words=f"The river {number}")
        return {"map": _id(row), "sort": "node", "piece": _id(sister), "link": _id(link)}


def _released(cast: Cast, client: Any, n: int) -> dict[str, str]:
    with open_chart(cast.dana, client, to=Do.CONSENT) as chart:
        for number in range(n):
            to = consent.add_recipient(
                chart,
                name=f"Dr. {number}",
                email="records@harbor.example",
                address="12 Pier Road",
                checked=True,
            )
        for _number in range(n):
            live = consent.sign_consent(chart, given=terms(cast.sud), recipient=to)
    printed = release(cast, client, begin_referral(cast, client, to), "print")
    release(cast, client, begin_referral(cast, client, to), "email")
    stuck = get_stuck(cast, client)
    for _number in range(n):
        draft = begin_referral(cast, client, to)
    with open_chart(cast.dana, client, to=Do.RELEASE):
        for _number in range(n - 1):  # the same packet again: no need to draw its PDF fifty times
            packet = _again(printed)
            _again(Disclosure.objects.filter(packet=printed).get(), packet=packet)
            _again(stuck, message_id=f"<{uuid4()}@localhost>")
    for _number in range(n):
        asked = ask_for_rights(cast, client, to)
    cast.register(
        cast.sud, given_name="Nona", family_name="Later"
    )  # somebody whom the notice still waits for
    return {
        **asked, "recipient": _id(to), "consent": _id(live), "packet": _id(printed), "referral": _id(draft), "outbound": _id(stuck),
    }  # fmt: skip


def _interviews(cast: Cast, client: Any, n: int) -> dict[str, str]:
    """An interview with `n` disagreements and `n` notices, after one that was confirmed."""
    with open_chart(cast.dana, client, to=Do.INTERVIEW) as chart:
        confirmed_interview(chart)
        row = told_interview(chart)
        found = InterviewNotice.objects.filter(interview=row).first()
        for number in range(n):
            intake.disagree(chart, interview=row, question="hopes.reason", words=f"No {number}", way="staff")
            _again(found, lead=f"talk.{number}")
        return {
            "interview": _id(row),
            "topic": "substances",
            "question": "hopes.reason",
            "notice": _id(found),
        }


def _again(row: Packet | Disclosure | Outbound | InterviewNotice, **other: Any) -> Any:
    twin = type(row)._default_manager.get(pk=row.pk)
    twin.pk, twin.public_id = None, uuid4()
    for name, value in other.items():
        setattr(twin, name, value)
    twin.save(force_insert=True)
    return twin


def _team(cast: Cast, client: Any, n: int) -> str:
    """`n` more colleagues work here and are on the team."""
    people = []
    with open_office(cast.abe, to=Do.MANAGE_STAFF) as office:
        for number in range(n):
            given = {"given_name": f"Kim{number}", "family_name": "Colleague", "credential": "LPC"}
            people.append(
                add_staff(
                    office,
                    email=f"kim{uuid4()}@clinic.example",
                    site=cast.main,
                    program=cast.sud,
                    role="clinician",
                    password=PASSWORD,
                    **given,
                )
            )
    known = list(staff_with_duties().filter(pk__in=[person.pk for person in people]))
    with open_chart(cast.sol, client, to=Do.ASSIGN_CARE) as chart:
        for person in known:
            member = join_team(chart, place=chart.episodes[0], staff=person)
    return _id(member)


def _plans(cast: Cast, client: Any, n: int) -> tuple[dict[str, str], dict[str, str]]:
    """A signed plan with `n` problems, goals, objectives, interventions and links, and the draft that follows it."""
    with open_chart(cast.dana, client, to=Do.SIGN_PLAN) as chart:
        plan = plans.start_plan(chart)
        fill_words(chart, plan)
        rows = [
            add_whole_problem(chart, plan=plan, text=f"Trouble {number}", domain="mental_health")
            for number in range(n + 1)
        ]
        for one, other in pairwise(rows):
            plans.link_problems(
                chart, plan=plan, from_problem=one, to_problem=other, verb="feeds", how="every night"
            )
        signed = plans.sign_plan(chart, plan=plan)
        ended = plans.summarize_plan(
            chart, plan=signed, kind="step_down", words="Well", goes_on="A visit a month"
        )
        draft = plans.new_version(chart, plan=signed)
        goal = Goal.objects.filter(plan=signed).first()
        part = PlanProblem.objects.filter(plan=draft).first()
        objective = Objective.objects.filter(plan=signed).first()
        shown = Shown.objects.filter(plan=signed).first()
    named = {"plan": _id(signed), "section": "strengths", "kind": "goal", "part": _id(goal), "to": _id(part)}
    named |= {"objective": _id(objective), "summary": _id(ended), "shown": _id(shown)}
    return named, {"plan": _id(draft), "part": _id(part), "to": _id(part), "key": f"add-goal-{_id(part)}"}


def _moved(cast: Cast, client: Any, n: int) -> dict[str, str]:
    """`n` interim contacts, levels of care, emergency openings, people who wait, and merges that wait."""
    ids = came(cast, client)
    with open_chart(cast.ines, client, to=Do.MOVE_EPISODE) as chart:
        place = chart.episodes[0]
        row = WaitingPlace.objects.get(episode=place.id)
        stamp, today = chart.stamp(place), clock.today(place.zone)
        spoken = {"how": "phone", "words": "Called", "by": cast.ines, "on": today}
        InterimContact.objects.bulk_create(
            [InterimContact(**stamp, place=row, **spoken) for _ in range(n - 1)]
        )
        LevelOfCare.objects.bulk_create(
            [
                LevelOfCare(
                    **stamp,
                    edition="clinic",
                    level="day",
                    starts_on=days_ago(9 + day),
                    ends_on=days_ago(8 + day),
                )
                for day in range(n - 1)
            ]
        )
        for hour in range(1, n):
            moment = clock.now() - dt.timedelta(hours=2 * hour)
            BrokenGlass.objects.create(
                client_id=chart.client_id,
                staff=cast.omar,
                why="other",
                words="Asked",
                opened_at=moment,
                until=moment,
            )
    for number in range(n):
        waits = cast.register(cast.sud, team=None, given_name=f"W{number}", family_name=f"Row{number}")
        with open_chart(cast.ines, waits, to=Do.KEEP_WAITING) as chart:
            intake.ask_for_place(chart, place=chart.episodes[0])
        other = cast.register(cast.sud, team=None, given_name=f"V{number}", family_name=f"Line{number}")
        with open_pair(cast.sol, waits, other) as pair:
            merge = intake.merge_clients(pair, reason="For the list")
    return {**ids, "merge": str(merge.public_id)}
