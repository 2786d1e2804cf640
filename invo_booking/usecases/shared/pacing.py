"""Limit how fast host calendar events are written, within the provider's limit."""

from datetime import datetime, timedelta
from uuid import UUID

from invo_booking.domain.calendars.outside import Limits
from invo_booking.persistence.unit_of_work import UnitOfWork


class NotYetError(Exception):
    """It is too early to write the next event.

    Attributes:
        until: When the next event can be written, in UTC.
    """

    def __init__(self, until: datetime) -> None:
        super().__init__(f"not before {until:%H:%M:%S}")
        self.until = until


def take_write_turn(
    work: UnitOfWork, connection_id: UUID, limits: Limits, now: datetime
) -> None:
    """Reserve the right to write one event to the host calendar now.

    Raises:
        NotYetError: If too many events were written recently.
    """
    until = work.host_events.begin_write(
        connection_id, now, _every(limits), limits.burst
    )
    if until is not None:
        raise NotYetError(until)


def _every(limits: Limits) -> timedelta:
    return timedelta(minutes=1) / limits.writes_per_minute
