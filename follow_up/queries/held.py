"""What someone holds between visits."""

from django.utils.translation import gettext as _

from clinic.access.chart import Open
from clinic.access.passing import Held
from clinic.kit import clock
from clinic.record.models import Appointment, AppointmentStatus
from follow_up.models import Referral, Step


def held(opened: Open, person: int) -> list[Held]:
    """Open referrals, and booked visits that are still to come."""
    referrals = Referral.objects.filter(episode__in=opened.episode_ids, owner=person).exclude(
        status=Step.CLOSED
    )
    visits = Appointment.objects.filter(
        episode__in=opened.episode_ids,
        staff=person,
        status=AppointmentStatus.BOOKED,
        starts_at__gte=clock.now(),
    )
    return [Held(_("Open referrals"), referrals, "owner"), Held(_("Booked visits"), visits, "staff")]
