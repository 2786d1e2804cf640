"""Store what a customer was last mailed, as long as a mail about a change is unsent.

Staff can undo a change for some seconds. The mail about the change is delayed for this
time. A later change withdraws the waiting mail. The next mail then describes the
difference from what was last mailed, and is omitted if there is no difference.
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
"""Time in which a change can be undone: the page offers this for ten seconds, and five
seconds are added for the request."""


@dataclass(frozen=True, slots=True)
class LastMailed:
    """What a customer was last mailed about an appointment.

    Attributes:
        digest: Digest of the facts that the mail contains; equal if the facts are
            equal.
    """

    digest: str
    period: Interval
    agent_id: UUID | None

    @classmethod
    def of(cls, appointment: Appointment) -> Self:
        """Return what a mail about this state of an appointment says."""
        period, agent_id = appointment.period, appointment.agent_id
        return cls(customer_digest(appointment), period, agent_id)

    def as_outdated(self) -> Self:
        """Return a copy that differs from all states, so that a mail is sent."""
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
        before: The stored appointment. If no mail about a change is waiting, the
            customer was last mailed this state.
    """
    if before.version == 1:  # never changed, so no mail about a change exists
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
