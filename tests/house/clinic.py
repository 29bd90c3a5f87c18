"""A full clinic, made through the verbs that staff use: one of everything that a page can show, and many of a kind.

June (SUD, dana's) has it all; Ray's plan is still a draft; Rosa is in two programs, with dana and with mia; Eve has
nothing yet; Maya's rows are what a forged address under June's chart would name.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.contrib.auth.hashers import make_password

from caseload.actions import ask_colleague, join_team
from clinic.access.door import Job, open_chart, open_for_job
from clinic.access.handed import HANDED, hand_over, place_of
from clinic.access.policy import Do
from clinic.access.rare import open_merge, open_pair, open_shut_chart
from clinic.consent import actions as consent
from clinic.consent.models import Consent, Outbound, Packet, Recipient
from clinic.kit import clock
from clinic.people.models import Staff
from clinic.record.models import Contact, Flag, MergeStanding
from clinic.record.queries import banner
from follow_up import actions as follow_up
from follow_up.models import Referral
from follow_up.queries import offered_items, referral
from intake import actions as intake
from intake.actions import add_contact, admit
from intake.models import Arrival, InterviewNotice, Way
from intake.queries import merge_of
from intake.rules import Said
from screening import actions as screening
from screening.actions import AnswerPage
from screening.models import ScreenResponse
from tests.cast import Cast
from tests.consent.story import terms
from tests.intake.interviews import ALL as ALL_TOLD
from tests.intake.interviews import confirmed_interview, told_interview
from tests.screening.answers import ALL, phq9
from tests.screening.ratings import COWS, rate
from tests.treatment_plans.plans import whole_draft
from treatment_plans import actions as plans
from treatment_plans.models import Goal, Objective, PlanProblem, Shown

CONTACTS = [
    {"channel": "phone", "value": "617 555 0132", "may_call": True, "may_text": True},
    {"channel": "email", "value": "june@mail.example", "may_email": True},
]
REASON = "Please take over primary care."


@dataclass
class FullClinic:
    """The people, and the ids that addresses are made of: each kwarg of a route by name, for June and for Maya."""

    cast: Cast
    june: Any
    ray: Any
    rosa: Any
    eve: Any
    maya: Any
    junes: dict[str, str] = field(default_factory=dict)
    rays: dict[str, str] = field(default_factory=dict)
    mayas: dict[str, str] = field(default_factory=dict)
    in_hand: dict[str, Any] = field(default_factory=dict)  # kind -> the handover that June holds


def days_ago(days: int) -> dt.date:
    return clock.today() - dt.timedelta(days=days)


def full_clinic(cast: Cast) -> FullClinic:
    """Everything a page can show is there once or more."""
    june = cast.register(cast.sud, contacts=CONTACTS, appointment_at=clock.now() + dt.timedelta(days=3))
    ray = cast.register(cast.sud, given_name="Ray", family_name="Lindqvist", birth_date=dt.date(1979, 9, 9))
    eve = cast.register(cast.sud, given_name="Eve", family_name="Newhouse", birth_date=dt.date(1995, 5, 5))
    maya = cast.register(cast.sud, given_name="Maya", family_name="Castell", birth_date=dt.date(1991, 1, 11))
    house = FullClinic(cast, june, ray, two_programs(cast), eve, maya)
    for client in (june, ray, eve, maya):
        put_on_team(cast, client, cast.nell, cast.pat)
    house.junes = {"client": str(june), **_everything(cast, june)}
    house.mayas = {
        "client": str(june),
        **_everything(cast, maya),
    }  # another client's rows under June's address
    with open_chart(cast.dana, ray, to=Do.PLAN) as chart:
        taken = clock.today(chart.episodes[0].zone)
        screening.record_screen(chart, instrument="phq-9", answers=phq9(), taken_on=taken)
        draft = whole_draft(chart)
        part = PlanProblem.objects.filter(plan=draft).first()
        house.rays = {
            "client": str(ray), "plan": _id(draft), "part": _id(part), "to": _id(part), "key": f"add-goal-{_id(part)}"
        }  # fmt: skip
    house.junes["thing"], house.mayas["thing"] = house.junes["sitting"], house.mayas["sitting"]
    put_in_hands(house)
    house.junes["merge"] = house.mayas["merge"] = proposed_merge(cast)
    house.mayas["person"] = house.junes["person"] = str(cast.omar.public_id)
    return house


# What June holds of each kind that can be handed to a client: her row's name in `junes`.
HELD = {
    "screening": "sitting",
    "plan": "plan",
    "safety": "given",
    "interview": "interview",
    "consent": "offer",
}


def put_in_hands(house: FullClinic) -> None:
    """One of everything that can be handed over is in June's hands."""
    Staff.objects.filter(pk=house.cast.dana.pk).update(pin=make_password("246813"))
    for kind, name in HELD.items():
        with open_chart(house.cast.dana, house.june, to=HANDED[kind].by) as chart:
            place = place_of(chart, kind, house.junes[name])
            held, _token = hand_over(chart, place=place, kind=kind, thing=house.junes[name])
            house.in_hand[kind] = held.public_id
            if kind == "screening":
                _link, house.junes["token"] = hand_over(
                    chart, place=place, kind=kind, thing=house.junes[name], way="link"
                )


def two_programs(cast: Cast) -> Any:
    """Rosa: in the SUD program with dana, and in the mental-health program with mia."""
    rosa = cast.register(cast.sud, given_name="Rosa", family_name="Delgado", birth_date=dt.date(1984, 7, 17))
    admit(cast.ines, client=rosa, program=cast.mh, clinician=cast.mia)
    with open_chart(cast.dana, rosa, to=Do.SCREEN) as chart:
        taken = clock.today(chart.episodes[0].zone)
        for name, answers in {**ALL, "phq-9": phq9(2)}.items():
            screening.record_screen(chart, instrument=name, answers=answers, taken_on=taken)
    with open_chart(cast.dana, rosa, to=Do.SIGN_PLAN) as chart:
        plans.sign_plan(chart, plan=whole_draft(chart))
    to = _recipient(cast, rosa, "Harbor Detox Center")
    _consent(
        cast, rosa, to, patient_name="Rosa Delgado", signer_name="Rosa Delgado", signature="Rosa Delgado"
    )
    sent = begin_referral(cast, rosa, to)
    release(cast, rosa, sent, "print")
    with open_chart(cast.sol, rosa, to=Do.ASSIGN_CARE) as chart:
        place = next(e for e in chart.episodes if e.program_id == cast.sud.pk)
        _ask(cast, chart, place, "Call about the methadone dose")
    visit(cast, rosa, "Dosing visit")
    return rosa


def _id(row: Any) -> str:
    return str(row.public_id)


def put_on_team(cast: Cast, client: Any, *people: Any) -> str:
    with open_chart(cast.sol, client, to=Do.ASSIGN_CARE) as chart:
        for person in people:
            member = join_team(chart, place=chart.episodes[0], staff=person)
    return _id(member)


def _ask(cast: Cast, chart: Any, place: Any, words: str) -> str:
    return _id(ask_colleague(chart, place=place, to=cast.dana, words=words, due_on=clock.today()))


def _everything(cast: Cast, client: Any) -> dict[str, str]:
    ids = {
        **kept_safe(cast, client),
        **_screened(cast, client),
        **_planned(cast, client),
        **_released(cast, client),
        **_met(cast, client),
    }
    with open_chart(cast.sol, client, to=Do.ASSIGN_CARE) as chart:
        ids["ask"] = _ask(cast, chart, chart.episodes[0], "Please book the next visit this week")
    ids["member"] = put_on_team(cast, client, cast.pat)
    ids |= _interviewed(cast, client)
    with open_chart(cast.dana, client, to=Do.SET_CONTACT) as chart:
        row = Contact.objects.filter(client=chart.client_id).first() or add_contact(chart, **CONTACTS[0])
        ids["contact"] = _id(row)
    return {**ids, **_registered(cast, client), **came(cast, client)}


def _registered(cast: Cast, client: Any) -> dict[str, str]:
    """They walked in, and one of everything that the registration asks is told."""
    with open_chart(cast.fay, client, to=Do.TAKE_DETAILS) as chart:
        place, zone = chart.episodes[0], chart.episodes[0].zone
        Arrival.objects.create(
            **chart.stamp(place), arrived_at=clock.now(), arrived_on=clock.today(zone),
            temporary_id=intake.draw_temporary_id(cast.fay), registered_by=cast.fay,
        )  # fmt: skip
        intake.record_detail(chart, topic="employment", said=Said("answered", ("full_time",)))
        rows = {
            "name": intake.add_name(chart, use="alias", given_name="Junebug"),
            "address": intake.move_to(
                chart, street="12 Pier Road", suburb="Boston", state="MA", postcode="02110"
            ),
            "support": intake.add_support(chart, name="Ada Okafor", standing="never", relation="sister"),
            "coverage": intake.add_coverage(chart, kind="medicaid", member_id="M-1"),
            "self_pay": intake.pay_in_full(chart, place=place, since=clock.today(zone)),
        }
    ids = {name: _id(row) for name, row in rows.items()}
    return {**ids, "task": "details", "details": "home_and_work"}


def came(cast: Cast, client: Any) -> dict[str, str]:
    """Waited for a place and got it; a level of care; once opened by omar in an emergency, and closed again."""
    with open_chart(cast.ines, client, to=Do.KEEP_WAITING) as chart:
        place = chart.episodes[0]
        row = intake.ask_for_place(chart, place=place, words="Can come any day")
        today = clock.today(place.zone)
        intake.note_contact(chart, waiting=row, on=today, how="phone", words="Told her how long it takes")
        intake.admit_from_list(chart, waiting=row, on=today, version=row.version)
    with open_chart(cast.sol, client, to=Do.MOVE_EPISODE) as chart:
        intake.set_level(
            chart, place=chart.episode(place.id), edition="ASAM 3rd", level="1", recommended="2.1",
            reason="Works nights", on=clock.today(place.zone),
        )  # fmt: skip
    with open_shut_chart(cast.omar, client) as chart:
        glass = intake.break_glass(chart, why="medical", words="Found on the stairs")
    with open_chart(cast.omar, client, to=Do.BREAK_GLASS) as chart:
        intake.close_glass(chart)
    return {"episode": str(place.public_id), "place": _id(row), "glass": _id(glass)}


def proposed_merge(cast: Cast) -> str:
    """Two records that sol thinks are one person; both have signed something, so that somebody else must confirm it."""
    pair = [
        cast.register(cast.sud, given_name="Ann", family_name="Doubles", birth_date=dt.date(1970, 2, day))
        for day in (1, 11)
    ]
    for client in pair:
        _consent(cast, client, _recipient(cast, client), patient_name="Ann Doubles", signer_name="Ann Doubles",
                 signature="Ann Doubles")  # fmt: skip
    with open_pair(cast.sol, *pair) as opened:
        return _id(intake.merge_clients(opened, reason="Same scar, same sister, same story"))


def merge_of_two(cast: Cast, one: Any, other: Any) -> None:
    """The two are one person: sol proposes it, and where both have signed, ines confirms it."""
    with open_pair(cast.sol, one, other) as pair:
        row = intake.merge_clients(pair, reason="Told us so")
    if row.standing == MergeStanding.PROPOSED:
        with open_merge(cast.ines, row.public_id) as pair:
            intake.confirm_merge(pair, merge=merge_of(pair, row.public_id))


def _screened(cast: Cast, client: Any) -> dict[str, str]:
    """All five twice, a critical answer that was seen to and one that was not, a correction, a set and a draft begun."""
    with open_chart(cast.dana, client, to=Do.SCREEN) as chart:
        for name, answers in {**ALL, "phq-9": phq9(1)}.items():
            screening.record_screen(chart, instrument=name, answers=answers, taken_on=days_ago(30))
        screening.file_safety_step(
            chart, flag=Flag.objects.get(client=chart.client_id, closed_at__isnull=True), told="The supervisor on duty",
            asked="Plan, means, intent: none", done="Safety plan read together", owner=cast.dana,
            next_contact_on=days_ago(1),
        )  # fmt: skip
        sitting = screening.start_sitting(chart, instruments=["gad-7", "pcl-5"])
        for name, answers in {**ALL, "phq-9": phq9(2)}.items():
            row = screening.record_screen(chart, instrument=name, answers=answers, taken_on=days_ago(1))
        row = screening.correct_screen(
            chart, screen=row, answers={**ALL[name], "dast10_4": 1}, reason="Misheard"
        )
        page = AnswerPage(
            instrument="gad-7", screen_id=uuid4(), tab="tab", seen=0, taken_on=clock.today(chart.episodes[0].zone),
            sitting=sitting,
        )  # fmt: skip
        screening.keep_answers(chart, page=page, answers={"gad7_1": 1})
        flag = Flag.objects.get(client=chart.client_id, closed_at__isnull=True)
        flow = rate(chart, {**COWS, "cows_1": 2}, hours_ago=6, pulse=112).flowsheet
        rate(chart, {**COWS, "cows_2": 1}, hours_ago=5, systolic=130, diastolic=85)
        waiting = ScreenResponse.objects.get(client=chart.client_id, state="open", instrument="phq-9")
        return {
            "screen": _id(row), "sitting": _id(sitting), "flag": _id(flag), "instrument": "phq-9", "response": _id(waiting),
            "flow": _id(flow),
        }  # fmt: skip


def _planned(cast: Cast, client: Any) -> dict[str, str]:
    with open_chart(cast.dana, client, to=Do.SIGN_PLAN) as chart:
        plan = plans.sign_plan(chart, plan=whole_draft(chart))
        part = PlanProblem.objects.filter(plan=plan).first()
        named = {"section": "strengths", "kind": "goal", "part": _id(Goal.objects.filter(plan=plan).first())}
        counted = _id(Objective.objects.filter(plan=plan).first())
        ended = plans.summarize_plan(
            chart, plan=plan, kind="step_down", words="Well", goes_on="A monthly visit"
        )
        listed = _id(part.problem)
        named |= _drawn(chart)
        return {
            "plan": _id(plan),
            "to": _id(part),
            "objective": counted,
            "summary": _id(ended),
            "shown": _id(Shown.objects.filter(plan=plan).first()),
            "problem": listed,
            **named,
        }


def kept_safe(cast: Cast, client: Any, n: int = 1) -> dict[str, str]:
    """Both one-page plans in `n` finished versions, given to the client each time, and a draft of a next safety plan.
    What is answered critically after this asks for one more."""
    with open_chart(cast.dana, client, to=Do.KEEP_SAFETY) as chart:
        for _number in range(n):
            relapse = plans.start_relapse_plan(chart, place=chart.episodes[0])
            _finished(chart, relapse, triggers="Payday", naloxone="has", naloxone_place="By the door")
            page, kept = _finished(chart, plans.start_safety_plan(chart), signs="I stop eating")
        draft = plans.start_safety_plan(chart)
        return {"which": "safety", "page": _id(page), "given": _id(kept), "draft_page": _id(draft)}


def _finished(chart: Any, row: Any, **words: str) -> tuple[Any, Any]:
    row = plans.change_page(chart, page=row, version=row.version, **words)
    done = plans.finish_page(chart, page=row)
    return done, plans.give_page(chart, page=done, how="tablet")


def _drawn(chart: Any) -> dict[str, str]:
    """A map of the formulation with everything on it."""
    row = plans.begin_formulation(chart)
    crash = plans.add_node(chart, formulation=row, kind="stress", text="The accident in May")
    sister = plans.add_node(chart, formulation=row, kind="support", text="Her sister")
    link = plans.draw_link(
        chart, formulation=row, from_node=sister, to_node=crash, verb="helps", how="talks until it is over"
    )
    plans.add_evidence(chart, link=link, kind="words", words="Then I can breathe.")
    for kind in ("sign", "trigger", "helps", "person"):
        plans.add_insight(chart, formulation=row, kind=kind, words="The river")
    return {"map": _id(row), "sort": "node", "piece": _id(sister), "link": _id(link)}


def _recipient(cast: Cast, client: Any, organisation: str = "Harbor Family Medicine") -> Recipient:
    with open_chart(cast.dana, client, to=Do.CONSENT) as chart:
        return consent.add_recipient(
            chart, name="Dr. Ruth Amadi", organisation=organisation, address="12 Pier Road, Boston MA 02110",
            email="records@harbor.example", covered_entity=True, checked=True,
        )  # fmt: skip


def _consent(cast: Cast, client: Any, to: Recipient | None, **given: Any) -> Consent:
    with open_chart(cast.dana, client, to=Do.CONSENT) as chart:
        return consent.sign_consent(chart, given=terms(cast.sud, **given), recipient=to)


def begin_referral(cast: Cast, client: Any, to: Recipient) -> Referral:
    with open_chart(cast.dana, client, to=Do.REFER) as chart:
        row = follow_up.start_referral(
            chart, recipient=to, reason=REASON, purpose="treatment", urgency="routine", owner=cast.dana
        )
        return follow_up.choose_contents(chart, referral=row, keys=[f"referral:{row.public_id}"])


def release(cast: Cast, client: Any, row: Referral, method: str) -> Packet:
    with open_chart(cast.dana, client, to=Do.REFER) as chart:
        banner(chart)
        now = referral(chart, row.public_id)
        items = [item for item in offered_items(chart, now) if item.category == "reason"]
        return follow_up.refer(chart, referral=now, items=items, method=method)


def _interviewed(cast: Cast, client: Any) -> dict[str, str]:
    """A confirmed interview, and a later one in which things were told, declined and disagreed with."""
    with open_chart(cast.dana, client, to=Do.INTERVIEW) as chart:
        confirmed_interview(chart)
        row = told_interview(chart, {**ALL_TOLD, "hopes.before": "no"})
        question = "hopes.before"
        intake.disagree(chart, interview=row, question=question, words="It was my brother.", way=Way.STAFF)
        found = InterviewNotice.objects.filter(interview=row).first()
        return {"interview": _id(row), "topic": "substances", "question": question, "notice": _id(found)}


def _released(cast: Cast, client: Any) -> dict[str, str]:
    """A consent that holds and one taken back; a packet printed, one that nobody knows has arrived; a draft referral."""
    to = _recipient(cast, client)
    live, over = _consent(cast, client, to), _consent(cast, client, None, kind="tpo", redisclosure_told=True,
                                                      consequences_told=True)  # fmt: skip
    with open_chart(cast.dana, client, to=Do.CONSENT) as chart:
        consent.revoke_consent(chart, consent=over, text="I take this back.")
    packet = release(cast, client, begin_referral(cast, client, to), "print")
    release(cast, client, begin_referral(cast, client, to), "email")
    stuck = get_stuck(cast, client)
    draft = begin_referral(cast, client, to)
    asked = ask_for_rights(cast, client, to)
    return {
        **asked, "recipient": _id(to), "consent": _id(live), "packet": _id(packet), "referral": _id(draft), "outbound": _id(stuck),
    }  # fmt: skip


def ask_for_rights(cast: Cast, client: Any, to: Recipient) -> dict[str, str]:
    """A consent is prepared and not signed, the notice given, a restriction agreed, a complaint made, an emergency told."""
    with open_chart(cast.dana, client, to=Do.CONSENT) as chart:
        place = chart.episodes[0]
        offer = consent.prepare_consent(chart, given=terms(cast.sud), recipient=to)
        consent.give_notice(chart, place=place, way="paper", answer="acknowledged", language="en")
        restriction = consent.restrict(
            chart, place=place, words_="Not to my old doctor", categories=["visits"]
        )
        complaint = consent.record_complaint(
            chart, place=place, from_whom="The client", words_="My name was called out"
        )
        told = {
            "recipient_name": "Dr. Osei", "facility": "County Hospital", "discloser": "Dana", "nature": "Overdose",
            "what": "Current medication", "unobtainable": True, "medical_personnel": True,
        }  # fmt: skip
        consent.tell_without_consent(chart, place=place, ground="emergency", told=told)
    return {"offer": _id(offer), "restriction": _id(restriction), "complaint": _id(complaint)}


def get_stuck(cast: Cast, client: Any) -> Outbound:
    """What waits to be sent to or about this client was tried, and nobody knows whether it arrived."""
    with open_chart(cast.dana, client, to=Do.REFER) as chart:
        key = chart.client_id
    with open_for_job(Job("deliver"), [key], to=Do.SEND) as opened:
        for row in consent.claim_due(opened, most=60):
            if consent.begin_send(opened, outbound_id=row.pk):
                consent.conclude_send(opened, outbound_id=row.pk, outcome="unknown", code="timeout")
        return Outbound.objects.filter(client=key).latest("pk")


def visit(cast: Cast, client: Any, service: str = "Visit", minutes: int = 0) -> Any:
    with open_chart(cast.dana, client, to=Do.BOOK) as chart:
        return follow_up.book_appointment(
            chart, place=chart.home(Do.BOOK), starts_at=clock.now() + dt.timedelta(minutes=minutes), staff=cast.dana,
            service=service,
        )  # fmt: skip


def _met(cast: Cast, client: Any) -> dict[str, str]:
    """Visits booked, kept and cancelled."""
    kept, gone = (visit(cast, client, "Counseling", minute) for minute in range(2))
    booked = visit(cast, client, "Counseling", 60)  # still to come when the last test looks
    with open_chart(cast.dana, client, to=Do.BOOK) as chart:
        follow_up.keep_appointment(chart, appointment=kept)
        follow_up.cancel_appointment(chart, appointment=gone)
    return {"appointment": _id(booked), "what": "arrive"}
