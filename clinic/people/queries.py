"""Readers of the people and the clinic's settings."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from clinic.kit import clock
from clinic.kit.written import kept
from clinic.people.models import ClinicSetting, OnCall, ProgramRole, Role, Site, Staff, Supervision

DEFAULTS: dict[str, Any] = {
    "idle_lock_minutes": 15,  # HIPAA 164.312(a)(2)(iii); minutes set by the clinic
    "in_house_need": False,  # 42 CFR 2.12(c)(3): other programs' clinicians of the same client may read
    "not_seen_days": 28,  # experience.md F7; PMC: contact within 4 weeks
    "referral_open_days": 14,
    "plan_due_days": 14,
    "plan_review_days": 90,
    "plan_rule": "house",  # treatment_plans/rules/reviews.py: whose days between reviews
    "plan_level_days": {},  # the clinic's own days between reviews by level of care, before the rule's
    "plan_level_due": {},  # and its own days from admission until a plan is due
    "paper": "letter",  # or "a4"
    "plan_cosign_days": 7,
    "late_entry_hours": 48,  # law.md, section 7, R2
    "reminder_hours": 24,
    "minor_rule": {},  # site -> what its state says of minors (42 CFR 2.14); not set: both sign, until 18
    "privacy_contact": "",  # 42 CFR 2.22(b)(1)(i): whom to ask about the notice; "" is the privacy officer
    "privacy_email": "",
    "nudge_days": [3, 7, 14],
    "handover_idle_minutes": 5,  # a tablet left lying about
    "link_idle_minutes": 20,  # at home, where nobody else picks it up
    "quick_exit_url": "https://www.weather.gov/",  # where "Leave this page" leads: says nothing about us
    "break_glass_minutes": 60,  # law.md R8
    "break_glass_most_a_day": 3,
    "break_glass_review_days": 3,
    "waiting_first": ["pregnant_injecting", "pregnant", "injecting"],  # 45 CFR 96.131
    "waiting_contact_days": 14,
    "waiting_first_contact_days": 2,  # 45 CFR 96.126: interim services within 48 hours
    "flag_minutes_clinic": 5,  # experience.md F3: until the next person is asked
    "flag_minutes_remote": 15,
    "duty_from": 8,  # hours of the day, at the site, in which a lead who has signed in counts as on duty
    "duty_until": 18,
    "cadence": {},  # program -> level of care ("": any) -> questionnaire -> days; what is not here: its own
    "response_days": 7,  # within how many days a positive screen should be answered
    "response_defer_days": 90,  # the longest a positive screen may be put off
    "response_holds_days": 90,  # how long a referral answers further positives of the same questionnaire
    "use_window_days": 28,  # after use or withdrawal, scores of mood and trauma are read with care (DSM-5: about a month)
    "screening": {},  # screening/queries/choices.py says what it may hold
}


# What a state says of minors until the clinic has set it: both sign, until 18 (42 CFR 2.14(c)).
MINOR_RULE = {"state": "", "adult": 18, "signs": "both", "age": 18, "other_signs": "both", "other_age": 18}


def current_period(today: Any = None) -> Q:
    """Rows with starts_on and ends_on that hold today."""
    day = today or clock.today()
    return Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gt=day))


def at_once(day: dt.date) -> dt.date:
    """The first day of access that begins on `day` at a site: never later than today by the installation's calendar, by which
    `current_period` counts. Where the site's day has begun first, the chart opens at once all the same."""
    return min(day, clock.today())


def staff_with_duties() -> QuerySet[Staff]:
    """Staff, each with `duty_rows`: the roles held today, read in the same query."""
    duties = (
        ProgramRole.objects.filter(current_period(), staff=OuterRef("pk"))
        .order_by("pk")
        .values(
            json=JSONObject(
                role=F("role"), program=F("program_id"), title=F("program__name"), kind=F("program__kind")
            )
        )
    )
    return Staff.objects.select_related("site").annotate(duty_rows=ArraySubquery(duties))


def person(pk: int) -> Staff:
    """One active person with their duties; Staff.DoesNotExist when gone or deactivated."""
    found = anybody(pk)
    if found is None or not found.is_active:
        raise Staff.DoesNotExist
    return found


def anybody(pk: Any) -> Staff | None:
    """One person with their duties, active or not; None where there is nobody. Asked by every page."""
    return next(iter(_anybody(None, pk=int(pk))), None)


@kept
def _anybody(_nothing: Any, *, pk: Any) -> QuerySet[Staff]:
    return staff_with_duties().filter(pk=pk)


def setting(name: str) -> Any:
    """The clinic's setting that holds now, or its default."""
    return next((row.value for row in _held(None, name=name)), DEFAULTS[name])


@kept
def _held(_house: None, *, name: Any) -> QuerySet[ClinicSetting]:
    return ClinicSetting.objects.filter(name=name, holds_from__lte=clock.now()).order_by("-holds_from")[:1]


def sites() -> list[Site]:
    """Every site of the clinic, by name."""
    return list(Site.objects.order_by("name"))


def settings_now(names: Iterable[str]) -> dict[str, Any]:
    """The settings of these names that hold now, or their defaults. One query."""
    rows = ClinicSetting.objects.filter(name__in=names, holds_from__lte=clock.now())
    held = rows.order_by("name", "-holds_from").distinct("name").values_list("name", "value")
    return {name: DEFAULTS[name] for name in names} | dict(held)


def colleagues(programs: list[int], *roles: str) -> QuerySet[Staff]:
    """Active staff who hold one of `roles` in one of `programs` today, by family name."""
    held = ProgramRole.objects.filter(current_period(), program__in=programs, role__in=roles)
    return Staff.objects.filter(pk__in=held.values("staff"), is_active=True).order_by(
        "family_name", "given_name"
    )


def neutral_names() -> dict[int, str]:
    """Each site's name for messages, by site."""
    return dict(Site.objects.values_list("pk", "neutral_name"))


def on_call(programs: Iterable[int], *, of_anyone: bool = False) -> dict[int, int]:
    """Who is on call for each of these programs, by program: the newest row that has begun, of someone who works here
    (`of_anyone`: or who does not any more)."""
    rows = OnCall.objects.filter(program__in=list(programs), starts_at__lte=clock.now())
    rows = rows if of_anyone else rows.filter(staff__is_active=True)
    newest = rows.order_by("program", "-starts_at", "-pk").distinct("program")
    return dict(newest.values_list("program_id", "staff_id"))


def ladder(program: int) -> list[int]:
    """Whom to ask for a program, one after the other: the person on call, then its supervisors, by family name.

    Never empty: where it has neither, its clinicians and prescribers; then whoever supervises or treats here at all.
    """
    first = list(on_call([program]).values())
    held = ProgramRole.objects.filter(current_period(), staff__is_active=True).order_by(
        "staff__family_name", "staff_id"
    )
    here, carers = held.filter(program=program), (Role.CLINICIAN, Role.PRESCRIBER)
    for rows in (
        here.filter(role=Role.SUPERVISOR),
        here.filter(role__in=carers),
        held.filter(role__in=(Role.SUPERVISOR, *carers)),
    ):
        found = list(dict.fromkeys([*first, *rows.values_list("staff_id", flat=True)]))
        if found:
            return found
    return list(Staff.objects.filter(is_active=True).order_by("pk").values_list("pk", flat=True))


def set_on_call_by(programs: Iterable[int]) -> list[OnCall]:
    """The rows that hold for these programs now, with program and person; one query."""
    rows = OnCall.objects.filter(program__in=programs, starts_at__lte=clock.now())
    newest = rows.order_by("program", "-starts_at", "-pk").distinct("program")
    return list(newest.select_related("program", "staff", "set_by"))


def heirs(leaver: Staff, programs: Iterable[int]) -> dict[int, list[Staff]]:
    """Who can take over what this person holds, by program: their own supervisor first, then its other supervisors, then
    its clinicians and prescribers. A program where nobody is left is not in it. One query."""
    own = Supervision.objects.filter(current_period(), staff=leaver, supervisor=OuterRef("staff"))
    held = ProgramRole.objects.filter(
        current_period(), program__in=list(programs), staff__is_active=True,
        role__in=(Role.SUPERVISOR, Role.CLINICIAN, Role.PRESCRIBER),
    ).exclude(staff=leaver)  # fmt: skip
    rows = (
        held.annotate(own=Exists(own))
        .select_related("staff")
        .order_by("staff__family_name", "staff__given_name")
    )
    found: dict[int, list[Staff]] = {}
    for row in sorted(rows, key=lambda one: (one.role != Role.SUPERVISOR, not one.own)):
        people = found.setdefault(row.program_id, [])
        if row.staff not in people:
            people.append(row.staff)
    return found
