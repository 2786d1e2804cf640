"""Keep what a customer was last mailed while the mail about a change waits.

Staff can undo a change for some seconds, and its mail waits as long. A later change
withdraws the waiting mail: the next mail contains the difference from what was last
mailed, or is omitted if there is none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from uuid import UUID

from invo_booking.domain.appointment import Appointment
from invo_booking.domain.changes import customer_digest
from invo_booking.domain.interval import Interval
from invo_booking.persistence.unit_of_work import UnitOfWork

UNDO = timedelta(seconds=15)
"""Time in which a change can be undone: the ten seconds of the page, and some for the
request."""


@dataclass(frozen=True, slots=True)
class LastMailed:
    """What a customer was last mailed about an appointment.

    Attributes:
        digest: Equal for states about which a customer gets the same mail.
    """

    digest: str
    period: Interval
    agent_id: UUID | None

    @classmethod
    def of(cls, appointment: Appointment) -> Self:
        """Return what a mail says about an appointment."""
        period, agent_id = appointment.period, appointment.agent_id
        return cls(customer_digest(appointment), period, agent_id)

    def as_outdated(self) -> Self:
        """Return the value for a customer who is mailed whatever changes next."""
        return replace(self, digest="")

    def as_payload(self) -> dict[str, str]:
        """Return the value as JSON."""
        return {
            "digest": self.digest,
            "starts_at": self.period.start.isoformat(),
            "ends_at": self.period.end.isoformat(),
            "agent_id": str(self.agent_id or ""),
        }


def take_back_mail(work: UnitOfWork, before: Appointment, now: datetime) -> LastMailed:
    """Withdraw the waiting mail about a change, and return what was last mailed.

    Args:
        before: The stored appointment, which was mailed as it is if no mail waits.
    """
    if before.version == 1:  # never changed, so that no mail tells of a change
        return LastMailed.of(before)
    payload = work.outbox.take_back(before.id, now)
    return _read_payload(payload) if payload else LastMailed.of(before)


def _read_payload(payload: Mapping[str, Any]) -> LastMailed:
    start, end = (
        datetime.fromisoformat(payload[key]).astimezone(UTC)
        for key in ("starts_at", "ends_at")
    )
    agent = payload["agent_id"]
    return LastMailed(
        payload["digest"], Interval(start, end), UUID(agent) if agent else None
    )
