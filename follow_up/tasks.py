"""The tick that asks what is to be said between visits. It writes rows; the delivering tick sends them."""

import logging

from celery import shared_task
from django.db import IntegrityError

from clinic.access.door import Job, clients_with, open_for_job
from clinic.access.policy import Do
from clinic.consent.release import MayNotLeave
from clinic.kit import clock
from clinic.people.queries import setting
from follow_up import actions, queries

log = logging.getLogger("entwine.remind")

SLICE = 100


@shared_task
def remind_due() -> int:
    """Clients with a visit soon and owners of waiting referrals have their message waiting, once each; how many."""
    job, hours, days = (
        Job("remind"),
        int(setting("reminder_hours")),
        [int(day) for day in setting("nudge_days")],
    )
    today = clock.today()
    wanted = queries.with_reminders(hours) | queries.with_nudges(days, today)
    clients = clients_with(job, wanted, to=Do.NUDGE, most=1000)
    return sum(
        _try(job, clients[start : start + SLICE], hours, days) for start in range(0, len(clients), SLICE)
    )


def _try(job: Job, clients: list[int], hours: int, days: list[int]) -> int:
    """A slice; if something in it may not be written, each client by themselves, so that one holds up nobody else."""
    try:
        return _slice(job, clients, hours, days)
    except (IntegrityError, MayNotLeave) as error:
        # Two ticks at once meet on the due key (the other wrote it), or the site's name tells too much.
        if len(clients) > 1:
            return sum(_try(job, [client], hours, days) for client in clients)
        log.warning("reminder left", extra={"event": {"error": type(error).__name__, "client": clients[0]}})
        return 0


def _slice(job: Job, clients: list[int], hours: int, days: list[int]) -> int:
    with open_for_job(job, clients, to=Do.NUDGE) as opened:
        visits = list(queries.reminders(opened, hours))
        for appointment in visits:
            actions.remind_of_visit(opened, appointment=appointment)
        waiting = queries.nudges(opened, days, clock.today())
        for referral, day in waiting:
            actions.nudge_owner(opened, referral=referral, day=day)
    return len(visits) + len(waiting)
