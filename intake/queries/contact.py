"""What the front desk's page of one client shows: how to reach them, who cares for them, when they come next."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import QuerySet
from django.db.models.functions import JSONObject
from django.utils.dates import WEEKDAYS_ABBR

from clinic.access.chart import Chart
from clinic.kit import clock
from clinic.people.models import Role, Staff
from clinic.people.queries import current_period
from clinic.record.models import Address, Appointment, AppointmentStatus, CareTeam, Client, Contact
from clinic.record.queries import of_records


@dataclass(frozen=True)
class Visit:
    """One appointment still to come, with the zone of its site."""

    starts_at: Any
    minutes: int
    service: str
    staff: str
    site: str
    zone: str


@dataclass(frozen=True)
class Member:
    """Someone on the care team."""

    name: str
    role: str
    lead: bool


@dataclass(frozen=True)
class HomeAndTeam:
    """Where the client lives (street, suburb, state, postcode), and who cares for them."""

    address: dict[str, str] | None
    team: list[Member]


@dataclass(frozen=True)
class WayToReach:
    """One way to reach the client, as whoever is about to use it must see it: at which hours, and whether now."""

    row: Contact
    days: list[str]
    safe_now: bool
    safe_at: dt.datetime
    zone: str

    @property
    def any_time(self) -> bool:
        return not (self.days or self.row.safe_from or self.row.safe_until)


def ways_to_reach(chart: Chart) -> list[WayToReach]:
    """`current_contacts` with their safe hours at this moment, in the client's own zone."""
    now, zone = clock.now(), chart.episodes[0].zone
    return [_way(row, now, zone) for row in current_contacts(chart)]


def _way(row: Contact, now: dt.datetime, zone: str) -> WayToReach:
    at = row.next_safe(now, zone)
    days = [str(WEEKDAYS_ABBR[day]) for day in sorted(row.safe_days) if day in WEEKDAYS_ABBR]
    return WayToReach(row, days, at <= now, at, row.zone or zone)


def current_contacts(chart: Chart) -> QuerySet[Contact]:
    """The ways to reach this client that still hold, phones first."""
    return of_records(Contact, chart.clients).filter(ends_on__isnull=True).order_by("-channel", "pk")


def current_address(chart: Chart) -> Address | None:
    """Where the client lives now, as far as it was told."""
    return of_records(Address, chart.clients).filter(ends_on__isnull=True).order_by("-pk").first()


def home_and_team(chart: Chart) -> HomeAndTeam:
    """Address and care team of the open episodes today, the lead first, in one query."""
    homes = (
        of_records(Address, chart.clients)
        .filter(ends_on__isnull=True)
        .order_by("-pk")
        .values(json=JSONObject(street="street", suburb="suburb", state="state", postcode="postcode"))
    )
    members = (
        CareTeam.objects.filter(current_period(), episode__in=chart.episode_ids)
        .order_by("-lead", "staff__family_name")
        .values(
            json=JSONObject(
                given="staff__given_name", family="staff__family_name", credential="staff__credential",
                role="role", lead="lead",
            )
        )
    )  # fmt: skip
    row = (
        Client.objects.filter(pk=chart.client_id)
        .values_list(ArraySubquery(homes[:1]), ArraySubquery(members))
        .get()
    )
    return HomeAndTeam(row[0][0] if row[0] else None, [_member(**member) for member in row[1]])


def _member(given: str, family: str, credential: str, role: str, lead: bool) -> Member:
    person = Staff(given_name=given, family_name=family, credential=credential)
    return Member(person.signing_name, str(Role(role).label), lead)


def next_appointments(chart: Chart) -> list[Visit]:
    """Booked appointments from now on in the open episodes, soonest first, at most ten."""
    rows = (
        Appointment.objects.filter(
            episode__in=chart.episode_ids, status=AppointmentStatus.BOOKED, starts_at__gte=clock.now()
        )
        .select_related("staff", "site")
        .order_by("starts_at")[:10]
    )
    return [
        Visit(row.starts_at, row.minutes, row.service, row.staff.signing_name, row.site.name, row.site.zone)
        for row in rows
    ]
