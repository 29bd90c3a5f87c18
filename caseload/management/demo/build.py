"""Puts the courses into the clinic through the verbs that staff use, with the clock moved back for each day."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from caseload.management.demo.courses import Course, Visit
from caseload.management.demo.people import BOTH, MH, SUD
from clinic.access.chart import Chart
from clinic.access.door import open_chart
from clinic.access.policy import Do
from clinic.consent import actions as consents
from clinic.consent.models import Category, Method, Recipient
from clinic.kit import clock
from clinic.people.models import Program, Staff
from clinic.record.models import Channel, Domain, Flag
from clinic.record.queries import banner
from follow_up import actions as follow_up
from follow_up import queries as follow_up_queries
from intake.actions import admit, register
from screening import actions as screening
from screening import rules
from screening.actions import NewScreen
from screening.queries import latest_screens
from treatment_plans import actions as plans
from treatment_plans.models import Plan, SafetyPlan

TRANSLATED = ("phq-9", "gad-7", "audit")
PROBLEMS = {
    SUD: (
        ("Alcohol use, severe", Domain.SUBSTANCE_USE, "audit"),
        ("Depressed mood", Domain.MENTAL_HEALTH, "phq-9"),
    ),
    MH: (
        ("Panic attacks and worry", Domain.MENTAL_HEALTH, "gad-7"),
        ("Drinking to sleep", Domain.SUBSTANCE_USE, "audit"),
    ),
    BOTH: (
        ("Opioid use", Domain.SUBSTANCE_USE, "dast-10"),
        ("Trauma and stress", Domain.MENTAL_HEALTH, "pcl-5"),
    ),
}
LATER = {
    "phq-9": ("Low mood", Domain.MENTAL_HEALTH),
    "gad-7": ("Worry", Domain.MENTAL_HEALTH),
    "pcl-5": ("Memories that come back", Domain.MENTAL_HEALTH),
    "audit": ("Drinking at weekends", Domain.SUBSTANCE_USE),
    "dast-10": ("Pills that were not prescribed", Domain.SUBSTANCE_USE),
}
LINKS = {
    SUD: ("feeds", "Low days end in drinking; the morning after is lower still."),
    MH: ("eases", "Two drinks quiet the panic at night, and it comes back at four in the morning."),
    BOTH: ("eases", "Used to stop the nightmares; withdrawal brings them back."),
}
WORDS = {
    SUD: ("I want to wake up and not count the drinks.", "I want to feel something other than tired."),
    MH: ("I want to ride the bus again.", "I want to sleep without a glass next to the bed."),
    BOTH: ("I want to stay off fentanyl for my daughter.", "I want the nights to be quiet."),
}
CARE = {
    SUD: (("relapse_prevention", "Weekly"), ("cbt", "Every two weeks")),
    MH: (("cbt", "Weekly"), ("mi", "Monthly")),
    BOTH: (("moud", "Monthly"), ("trauma_therapy", "Weekly")),
}


def at(day: dt.date, zone: str, hour: int = 10) -> dt.datetime:
    """That hour of that day at a site, aware."""
    return dt.datetime.combine(day, dt.time(hour), ZoneInfo(zone))


def enrol(course: Course, who: Staff, clinician: Staff, program: Program) -> Any:
    """The person is registered on the day they came; returns the client's public id."""
    zone = program.site.zone
    contacts = [
        {"channel": Channel.PHONE, "value": course.phone, "may_call": True, "may_text": course.number % 3 != 0,
         "may_voicemail": False, "ask_for": course.given, "hours": ""},
        {"channel": Channel.EMAIL, "value": course.email, "may_email": course.number % 4 != 0},
    ]  # fmt: skip
    with clock.backdated(at(course.began, zone, 9)):
        client = register(
            who,
            program=program,
            given_name=course.given,
            family_name=course.family,
            chosen_name=course.chosen,
            pronouns=course.pronouns,
            sex=course.sex,
            birth_date=course.born,
            language=course.language,
            clinician=clinician,
            starts_on=course.began,
            contacts=contacts,
            address={"street": course.street, "suburb": "Springfield", "state": "NJ", "postcode": "07081"},
        )
    return client.public_id


def screen(chart: Chart, course: Course, visit: Visit, zone: str, last: bool) -> None:
    """What was answered on one visit is on the chart; a critical answer was seen to, but for a few on purpose."""
    place = chart.episodes[0]
    with clock.backdated(at(visit.on, zone)):
        rows = [
            NewScreen(place, name, answers, visit.on, course.language if name in TRANSLATED else "en")
            for name, answers in visit.answers.items()
        ]
        for taken in screening.record_screens(chart, rows=rows):
            critical = rules.critical(rules.load(taken.instrument), taken.answers)
            if critical and not (last and not course.answered):
                _see_to(chart, taken.thread, visit.on)
                if not (last and course.number % 4 == 1):  # a few are still asked for
                    _keep_safe(chart, course)


def _see_to(chart: Chart, thread: Any, on: dt.date) -> None:
    for flag in Flag.objects.filter(source_id=thread, closed_at__isnull=True):
        screening.file_safety_step(
            chart,
            flag=flag,
            told="The supervisor on duty",
            asked="Thoughts, plan, means and what holds them here; no plan, no intent today",
            done="Safety plan read together; a friend holds the medication",
            next_contact_on=on + dt.timedelta(days=3),
            owner=chart.who,
        )


SAFETY = {
    "signs": "I stop answering my phone\nI sit in the car after work and do not go in",
    "coping": "Walk to the river and back\nThe playlist from Sunday\nCold water on my face",
    "places": "The library reading room\nMy cousin's kitchen",
    "helpers": "My sister, 202 555 0119: she knows she is on this page",
    "services": "My counselor here, weekdays until 5",
    "making_safe": "My sister keeps the pills, since March\nNo alcohol in the house",
}
HARD_DAYS = {
    "triggers": "Payday\nThe anniversary in spring",
    "early_signs": "I skip group\nI say that I am fine, a lot",
    "helps": "Call Ray before I go anywhere\nEat something first",
    "naloxone": "has",
    "naloxone_place": "Kitchen shelf, left of the sink",
    "naloxone_others": "Ray\nThe neighbor downstairs, who has the key",
    "not_alone": "Ray stays on the phone; the door is not locked",
}


def _keep_safe(chart: Chart, course: Course) -> None:
    """The safety plan is written and given; where there is one already, both go over it again."""
    row = SafetyPlan.objects.filter(client=chart.client_id, frozen_at__isnull=False).first()
    if row is None:
        draft = plans.start_safety_plan(chart)
        row = plans.finish_page(chart, page=plans.change_page(chart, page=draft, version=1, **SAFETY))
    plans.give_page(chart, page=row, how="paper", language=course.language)


def write_hard_days(chart: Chart, course: Course) -> None:
    """The relapse and overdose plan, written and given."""
    draft = plans.start_relapse_plan(chart, place=chart.episodes[0])
    row = plans.finish_page(chart, page=plans.change_page(chart, page=draft, version=1, **HARD_DAYS))
    plans.give_page(chart, page=row, how="photo", language=course.language)


def draw_plan(chart: Chart, course: Course, program: str, zone: str, today: dt.date) -> Plan:
    """A unified plan: both sides, the link between them, goals in the client's words, signed but for a few drafts."""
    drawn = min(course.began + dt.timedelta(days=12), today)
    with clock.backdated(at(drawn, zone, 14)):
        plan = plans.start_plan(chart)
        problems = [
            plans.add_problem(
                chart, plan=plan, text=text, domain=domain, instrument=instrument, said_by="The client"
            )
            for text, domain, instrument in PROBLEMS[program]
        ]
        if course.number % 3:
            _put_off(chart, plan, {problem.instrument for problem in problems})
        verb, how = LINKS[program]
        plans.link_problems(
            chart, plan=plan, from_problem=problems[0], to_problem=problems[1], verb=verb, how=how
        )
        for problem, words, (kind, often) in zip(problems, WORDS[program], CARE[program], strict=True):
            goal = plans.add_goal(chart, problem=problem, words=words)
            low = {"phq-9": 9, "gad-7": 7, "pcl-5": 28, "audit": 7, "dast-10": 2}[problem.instrument]
            objective = plans.add_objective(
                chart,
                goal=goal,
                text=f"{rules.load(problem.instrument).short_title} at {low} or lower",
                instrument=problem.instrument,
                target=low,
                target_on=drawn + dt.timedelta(days=150),
            )
            plans.add_intervention(
                chart, kind=kind, objective=objective, frequency=often, duration="Six months", staff=chart.who
            )
        plan.refresh_from_db()
        plans.change_plan(
            chart,
            plan=plan,
            version=plan.version,
            strengths="Keeps every promise to a sister; cooks for the whole house; knows when to ask.",
            words="To be the one people can count on again.",
            step_down="Eight weeks under both targets: visits every four weeks.",
            review_on=_review_day(course, drawn, today),
            participation="took_part",
            participation_words="Read every goal aloud and changed two of them.",
        )
        if course.number % 7 != 5:
            plan.refresh_from_db()
            signs = "" if course.number % 8 == 3 else f"{course.given} {course.family}"
            plans.sign_plan(chart, plan=plan, client_name=signs)
        if program != MH and course.number % 2:
            write_hard_days(chart, course)
    return plan


def _review_day(course: Course, drawn: dt.date, today: dt.date) -> dt.date:
    """Most reviews are still to come; every fifth is overdue."""
    after_90_days = drawn + dt.timedelta(days=90)
    if course.number % 5 == 1:
        return after_90_days
    return max(after_90_days, today + dt.timedelta(days=20 + course.number))


def _put_off(chart: Chart, plan: Plan, taken_up: set[str]) -> None:
    """What else was asked about is in the plan too, for later and with the reason."""
    for instrument, (text, domain) in LATER.items():
        if instrument not in taken_up:
            reason = "Agreed with the client: after the first two goals"
            plans.add_problem(
                chart,
                plan=plan,
                text=text,
                domain=domain,
                instrument=instrument,
                said_by="The client",
                put_off=reason,
            )


def chart_of(who: Staff, client: Any) -> Any:
    """The clinician's own open chart, as in any working day."""
    return open_chart(who, client, to=Do.PLAN, route="demo")


def come(chart: Chart, visit: Visit, zone: str) -> None:
    """The visit was booked, and kept or not."""
    place = chart.episodes[0]
    with clock.backdated(at(visit.on, zone, 11)):
        booked = follow_up.book_appointment(
            chart, place=place, starts_at=at(visit.on, zone), staff=chart.who, service="Session"
        )
        if visit.kept:
            follow_up.keep_appointment(chart, appointment=booked)
        else:
            follow_up.mark_no_show(chart, appointment=booked)


def book_next(chart: Chart, course: Course, zone: str, today: dt.date) -> None:
    """Most have a next visit; those who were lost, and every seventh, do not."""
    if course.arc == "lost" or course.number % 7 == 6:
        return
    day = today + dt.timedelta(days=1 + course.number % 9)
    day += dt.timedelta(days={5: 2, 6: 1}.get(day.weekday(), 0))
    starts = at(day, zone, 9 + course.number % 8)
    follow_up.book_appointment(
        chart, place=chart.episodes[0], starts_at=starts, staff=chart.who, service="Session"
    )


def refer_out(chart: Chart, course: Course, recipient: Recipient, zone: str, today: dt.date) -> None:
    """A consent, and a referral handed over on paper some time ago, whose loop is at one step or another."""
    began = max(course.began, today - dt.timedelta(days=6 + 5 * (course.number % 5)))
    place = chart.episodes[0]
    with clock.backdated(at(began, zone, 15)):
        consents.sign_consent(
            chart,
            recipient=recipient,
            given={
                "kind": "general", "patient_name": f"{course.given} {course.family}", "programs": [place.program_id],
                "categories": [Category.REASON, Category.PROBLEMS, Category.MOOD_SCREENS],
                "description": "Why I am referred, my problem list, and my mood questionnaires.",
                "purposes": ["treatment"], "revocation_told": True, "expires": "date",
                "expires_on": began + dt.timedelta(days=365), "signer_name": f"{course.given} {course.family}",
                "signature": f"{course.given} {course.family}", "by_representative": False, "authority": "",
                "signed_on": began, "redisclosure_told": False, "consequences_told": False,
            },
        )  # fmt: skip
        referral = follow_up.start_referral(
            chart, recipient=recipient, reason="Primary care and blood work", purpose="treatment", urgency="routine",
            owner=chart.who,
        )  # fmt: skip
        banner(chart)
        items = follow_up_queries.offered_items(chart, referral)
        later = {str(row.public_id) for row in latest_screens(chart) if row.date > began}
        shared = [
            item
            for item in items
            if item.category in (Category.REASON, Category.PROBLEMS, Category.MOOD_SCREENS)
            and item.id not in later
        ]
        follow_up.refer(chart, referral=referral, items=shared, method=Method.PRINT)
    if course.number % 4 == 0:
        with clock.backdated(at(began + dt.timedelta(days=3), zone, 15)):
            follow_up.record_step(chart, referral=referral, step="received", on=began + dt.timedelta(days=3))


def add_recipients(chart: Chart) -> Recipient:
    """Outside providers of the demo; made once, by whoever needs the first."""
    found = Recipient.objects.filter(organisation="Riverbend Family Medicine").first()
    return found or consents.add_recipient(
        chart,
        name="Dr. Lena Ostrowski",
        organisation="Riverbend Family Medicine",
        address="88 River Road, Springfield, NJ 07081",
        phone="+12025550173",
        email="records@riverbend.example",
        covered_entity=True,
        checked=True,
    )


def second_program(client: Any, staff: dict[str, Staff], program: Program, today: dt.date) -> None:
    """Some are treated in two programs at once, by two teams that do not see each other's episode."""
    other = Program.objects.select_related("site").get(name=MH)
    if program.pk == other.pk:
        return
    began = today - dt.timedelta(days=20)
    with clock.backdated(at(began, other.site.zone, 9)):
        admit(staff["ines"], client=client, program=other, clinician=staff["omar"], starts_on=began)
