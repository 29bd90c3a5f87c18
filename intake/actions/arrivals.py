"""Someone walked in; a colleague takes up what is still to do for them."""

import secrets
from typing import Any

from django.db import IntegrityError, transaction

from clinic.access.acts import act
from clinic.access.chart import Chart
from clinic.access.policy import Do
from clinic.kit import clock
from clinic.people.models import Staff
from clinic.record.models import CareTeam, Client
from intake.actions.registering import CARE_ROLES, _lead, register_client
from intake.models import Arrival, Pickup

# Whoever takes up one of these cares for the client from then on.
JOINING = ("safety_check", "clinician")


def draw_temporary_id(who: Any) -> str:
    """A short number to write on paper before anything is saved: T and six digits, nothing about the person."""
    return f"T-{secrets.randbelow(900_000) + 100_000}"


@act(Do.REGISTER)
def register_walk_in(chart: Chart, *, temporary_id: str, **given: Any) -> Client:
    """`register_client`, and that they walked in: what is still to do for them is due from today on.

    Where the temporary ID is somebody's already, another is drawn. Who may, recorded, raises: as `register_client`.
    """
    client = register_client(chart, **given)
    place = chart.episodes[0]
    arrival = Arrival(
        **chart.stamp(place), arrived_at=clock.now(), arrived_on=clock.today(place.zone),
        temporary_id=temporary_id, registered_by=chart.who,
    )  # fmt: skip
    try:
        with transaction.atomic():
            arrival.save()
    except IntegrityError:  # somebody else's, whose chart is not open here and cannot be asked for
        arrival.temporary_id = draw_temporary_id(chart.who)
        arrival.save()
    chart.note(program=place.program_id)
    return client


@act(Do.PICK_UP)
def pick_up(chart: Chart, *, arrival: Arrival, task: str, staff: Staff | None = None) -> Pickup:
    """One open task of someone who walked in is this colleague's, or the one they asked: whoever had it before.

    A clinician who takes up the safety check, or the client, while nobody of care is there, leads the care team from
    today: need-to-know within the program (42 CFR 2.12(c)(3)). Who may: whoever works in the program. Recorded: one row.
    """
    now, place, who = clock.now(), chart.episode(arrival.episode_id), staff or chart.who
    Pickup.objects.filter(episode=arrival.episode_id, task=task, released_at__isnull=True).update(
        released_at=now
    )
    row = Pickup.objects.create(**chart.stamp(place), task=task, staff=who, picked_at=now)
    chart.note(task=task, staff=who.pk)
    cares = any(place.program_id in who.programs_as(role) for role in CARE_ROLES[:2])
    team = CareTeam.objects.filter(episode=arrival.episode_id, ends_on__isnull=True)
    if task in JOINING and cares and not team.filter(role__in=CARE_ROLES[:2]).exists():
        team.filter(staff=who).update(ends_on=clock.today(place.zone))
        _lead(chart, place, who, clock.today(place.zone)).save()
        chart.note(joined=True)
    return row
