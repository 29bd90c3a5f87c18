"""The tick that sends. Rows are the truth: with the broker down nothing is lost, the next tick finds them."""

import logging
import time

from celery import shared_task

from clinic.access.door import Job, clients_with, open_for_job
from clinic.access.policy import Do
from clinic.consent import actions, outbound, queries

log = logging.getLogger("entwine.deliver")

BATCH = 20
LONGEST = 120.0  # seconds of one tick; the next one goes on


@shared_task
def deliver_due() -> int:
    """Every message that is due now is tried once. Returns how many were sent."""
    job, sent, until = Job("deliver"), 0, time.monotonic() + LONGEST
    while time.monotonic() < until:
        clients = clients_with(job, queries.with_due_messages(), to=Do.SEND, most=BATCH)
        if not clients:
            break
        with open_for_job(job, clients, to=Do.SEND) as opened:
            claimed = [(row.pk, row.client_id) for row in actions.claim_due(opened, most=BATCH)]
            look = opened.look
        if not claimed:
            break
        sent += sum(_deliver(job, row, client, look) for row, client in claimed)
    return sent


def _deliver(job: Job, row: int, client: int, look: int | None) -> bool:
    with open_for_job(job, [client], to=Do.SEND, look=look) as opened:
        letter = actions.begin_send(opened, outbound_id=row)
    if letter is None:
        return False
    result = outbound.send(letter)
    with open_for_job(job, [client], to=Do.SEND, look=look) as opened:
        actions.conclude_send(opened, outbound_id=row, outcome=result.outcome, code=result.code)
    log.info("delivery", extra={"event": {"outbound": row, "outcome": result.outcome, "code": result.code}})
    return result.outcome == outbound.SENT
