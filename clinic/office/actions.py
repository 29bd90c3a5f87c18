"""The office's verbs: adding a colleague, ending someone's access."""

import datetime as dt

from clinic.access.acts import act
from clinic.access.chart import Office
from clinic.access.policy import Do
from clinic.kit import clock
from clinic.people.models import ClinicSetting, Program, ProgramRole, Site, Staff


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
    person = Staff(email=email, given_name=given_name, family_name=family_name, credential=credential, site=site)
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
def change_setting(office: Office, *, name: str, value: object) -> None:
    """The setting holds from now on; earlier rows stay. Who may: the administrator. Recorded: the name and value."""
    ClinicSetting.objects.create(name=name, value=value, holds_from=clock.now(), set_by=office.who)
    office.note(setting=name, value=value)
