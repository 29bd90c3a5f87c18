"""The office's verbs: adding a colleague, ending someone's access."""

import datetime as dt
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F

from clinic.access.acts import act, record
from clinic.access.chart import Office, Refused
from clinic.access.door import Job
from clinic.access.policy import Do
from clinic.kit import clock
from clinic.people.models import ClinicSetting, OnCall, Program, ProgramRole, Role, Site, Staff
from clinic.people.queries import colleagues, on_call

ON_CALL = (Role.CLINICIAN, Role.PRESCRIBER, Role.SUPERVISOR)


@act(Do.MANAGE_STAFF)
def add_staff(
    office: Office,
    *,
    email: str,
    given_name: str,
    family_name: str,
    credential: str,
    site: Site,
    program: Program,
    role: str,
    password: str,
) -> Staff:
    """Someone works here from today, with one role in one program and a first password.

    Who may: the administrator. Recorded: one row with the new person's public id.
    """
    person = Staff(
        email=email, given_name=given_name, family_name=family_name, credential=credential, site=site
    )
    person.set_password(password)
    person.save()
    ProgramRole.objects.create(staff=person, program=program, role=role, starts_on=clock.today(site.zone))
    return person


@act(Do.MANAGE_STAFF)
def deactivate_staff(office: Office, *, person: Staff) -> Staff:
    """They can no longer sign in; an open session ends at its next request. Roles end today.

    Who may: the administrator, not for themselves. Recorded: one row. Raises ValueError for oneself.
    """
    if person.pk == office.who.pk:
        raise ValueError("own account")
    person.is_active = False
    person.save(update_fields=["is_active"])
    today = clock.today()
    ended = ProgramRole.objects.filter(staff=person, ends_on__isnull=True)
    ended.filter(starts_on__lt=today).update(ends_on=today)
    ended.filter(starts_on__gte=today).update(ends_on=today + dt.timedelta(days=1))
    return person


@act(Do.MANAGE_STAFF)
def pass_on_duty(office: Office, *, leaver: Staff, heirs: dict[int, Staff]) -> int:
    """Where the leaver is on call, the program's heir is from now on; how many programs. Recorded: one row.

    Who may: the administrator.
    """
    held = [program for program, staff in on_call(heirs, of_anyone=True).items() if staff == leaver.pk]
    OnCall.objects.bulk_create(
        OnCall(program_id=program, staff=heirs[program], starts_at=clock.now(), set_by=office.who)
        for program in held
    )
    office.note(programs=held)
    return len(held)


@act(Do.MANAGE_STAFF)
def change_setting(office: Office, *, name: str, value: object) -> None:
    """The setting holds from now on; earlier rows stay. Who may: the administrator. Recorded: the name and value."""
    ClinicSetting.objects.create(name=name, value=value, holds_from=clock.now(), set_by=office.who)
    office.note(setting=name, value=value)


@act(Do.SET_ON_CALL)
def set_on_call(office: Office, *, program: Program, staff: Staff) -> OnCall:
    """From now on this person is asked for the program when nobody of the team is there or takes a flag.

    Who may: a supervisor of the program. Recorded: one row with program and person. Raises Refused for another
    program, ValueError for someone who does not care for people in it.
    """
    if program.pk not in office.who.programs_as(Role.SUPERVISOR):
        raise Refused(Do.SET_ON_CALL)
    if not colleagues([program.pk], *ON_CALL).filter(pk=staff.pk).exists():
        raise ValueError("does not care for people in this program")
    office.note(program=program.pk, staff=staff.pk)
    return OnCall.objects.create(program=program, staff=staff, starts_at=clock.now(), set_by=office.who)


def set_pin(who: Staff, *, pin: str) -> None:
    """Their PIN is this one from now on, hashed; it takes a tablet back and does nothing else.

    Who may: each for themselves. Recorded: one row, without the PIN.
    """
    who.pin = make_password(pin)
    with transaction.atomic():
        who.save(update_fields=["pin"])
        record(who, "office.set_pin")


def end_sign_ins(who: Staff) -> None:
    """Every session of this colleague has ended, in whatever browser. Who may: themselves, by signing out.

    Recorded: one row without a chart.
    """
    with transaction.atomic():
        Staff.objects.filter(pk=who.pk).update(sign_ins_ended=F("sign_ins_ended") + 1)
        record(who, "office.end_sign_ins")


def found_clinic(
    job: Job, *, sites: list[dict[str, str]], programs: list[dict[str, object]], people: list[dict[str, Any]]
) -> list[Staff]:
    """Sites, programs and staff stand as described; what is there already (by name, by e-mail) stays as it is.

    `people`: email, given_name, family_name, credential, site (name), password, roles [(program name, role)],
    starts_on. Who may: a command of the installation. Recorded: one row. Returns the people, in order.
    """
    with transaction.atomic():
        places = {s["name"]: Site.objects.get_or_create(name=s["name"], defaults=s)[0] for s in sites}
        houses = {
            str(p["name"]): Program.objects.get_or_create(
                name=p["name"], defaults={**p, "site": places[str(p["site"])]}
            )[0]
            for p in programs
        }
        found = [_settle(person, places, houses) for person in people]
        record(job, "office.found_clinic", staff=len(found), programs=len(houses))
    return found


def _settle(person: dict[str, Any], places: dict[str, Site], houses: dict[str, Program]) -> Staff:
    names = {key: person[key] for key in ("given_name", "family_name", "credential")}
    staff, new = Staff.objects.get_or_create(
        email=person["email"], defaults={**names, "site": places[person["site"]]}
    )
    if new:
        staff.set_password(person["password"])
        staff.save()
        for program, role in person["roles"]:
            ProgramRole.objects.create(
                staff=staff, program=houses[program], role=role, starts_on=person["starts_on"]
            )
    return staff
