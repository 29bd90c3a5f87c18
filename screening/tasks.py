"""The tick that asks the next person about a flag. When one is due stands in its row: with the broker down nothing is
lost, and the first tick after it finds what has become due meanwhile."""

import logging

from celery import shared_task

from clinic.access.door import Job, clients_with, open_for_job
from clinic.access.policy import Do
from screening import actions, queries

log = logging.getLogger("entwine.escalate")

MOST = 200


@shared_task
def escalate_due() -> int:
    """Each flag that nobody has taken in time is the next person's, who is told; how many. Twice at once does it once."""
    job, asked = Job("escalate"), 0
    for client in clients_with(job, queries.with_flags_to_ask(), to=Do.ESCALATE, most=MOST):
        with open_for_job(job, [client], to=Do.ESCALATE) as opened:
            for flag in queries.flags_to_ask(opened):
                actions.escalate_flag(opened, flag=flag)
                asked += 1
    if asked:
        log.info("escalation", extra={"event": {"asked": asked}})
    return asked
