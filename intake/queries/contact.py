"""What the front desk's page of one client shows: how to reach them, who cares for them, when they come next."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from clinic.access.chart import Chart
from clinic.kit import clock
from clinic.people.queries import current_period
from clinic.record.models import Address, Appointment, AppointmentStatus, CareTeam, Contact


@dataclass(frozen=True)
class Visit:
    """One appointment still to come, with the zone of its site."""

    starts_at: Any
    minutes: int
    service: str
    staff: str
    site: str
    zone: str


def current_contacts(chart: Chart) -> QuerySet[Contact]:
    """The ways to reach this client that still hold, phones first."""
    return Contact.objects.filter(client=chart.client_id, ends_on__isnull=True).order_by("-channel", "pk")


def current_address(chart: Chart) -> Address | None:
    """Where the client lives now, as far as it was told."""
    return Address.objects.filter(client=chart.client_id, ends_on__isnull=True).order_by("-pk").first()


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


def team(chart: Chart) -> QuerySet[CareTeam]:
    """Who is on the care team of the open episodes today, the lead first."""
    return (
        CareTeam.objects.filter(current_period(), episode__in=chart.episode_ids)
        .select_related("staff")
        .order_by("-lead", "staff__family_name")
    )
