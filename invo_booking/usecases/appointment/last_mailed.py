"""Keep what a customer was told last, while the mail about a change waits.

Staff can undo a change for some seconds. The mail about it waits as long, and whatever
happens to the appointment meanwhile takes it back: the next mail tells how it differs
from what was told last, and there is none if it does not.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from uuid import UUID

from invo_booking.domain.appointment import Appointment
from invo_booking.domain.changes import customer_digest
from invo_booking.domain.interval import Interval
from invo_booking.persistence.unit_of_work import UnitOfWork

UNDO = timedelta(seconds=15)
"""The ten seconds a page offers to undo, and what it takes to get here."""


@dataclass(frozen=True, slots=True)
class LastMailed:
    """What a customer was told last about an appointment.

    Attributes:
        digest: Equal for two states of which a customer is told the same.
    """

    digest: str
    period: Interval
    agent_id: UUID | None

    @classmethod
    def of(cls, appointment: Appointment) -> Self:
        """Return what is told of an appointment."""
        period, agent_id = appointment.period, appointment.agent_id
        return cls(customer_digest(appointment), period, agent_id)

    def as_payload(self) -> dict[str, str]:
        """Return it as plain JSON."""
        return {
            "digest": self.digest,
            "starts_at": self.period.start.isoformat(),
            "ends_at": self.period.end.isoformat(),
            "agent_id": str(self.agent_id or ""),
        }


def take_back_mail(work: UnitOfWork, before: Appointment, now: datetime) -> LastMailed:
    """Take back the mail about a change that waits, and return what was told last.

    Args:
        work: The transaction.
        before: The appointment as it is stored, told as it is if no mail waits.
        now: The present instant.
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
