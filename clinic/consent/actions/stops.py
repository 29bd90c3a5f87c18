"""What several verbs of the way out do to a message: end it, and say so in a row of its own."""

from typing import Any

from clinic.consent.models import DeliveryOutcome, Outbound, Status
from clinic.kit import clock


def _end(outbound: Outbound, status: str, outcome: str, code: str, by: Any = None) -> None:
    outbound.status, outbound.last_error, outbound.ended_at = status, code[:60], clock.now()
    outbound.version += 1
    outbound.save(update_fields=["status", "last_error", "ended_at", "version"])
    _tell(outbound, outcome, code, by)


def _tell(outbound: Outbound, outcome: str, code: str = "", by: Any = None) -> None:
    DeliveryOutcome.objects.create(
        client_id=outbound.client_id, episode_id=outbound.episode_id, part2=outbound.part2, outbound=outbound,
        attempt=outbound.attempts, at=clock.now(), outcome=outcome, code=code[:60],
        by=by if getattr(by, "actor_kind", "") == "staff" else None,
    )  # fmt: skip


def _stop(outbound: Outbound, code: str, by: Any = None) -> None:
    _end(outbound, Status.STOPPED, "stopped", code, by)
