"""Count events of the host calendar that people moved or deleted there."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, text
from sqlmodel import col, or_, select

from invo_booking.domain.appointment import CancelledBy
from invo_booking.domain.calendars.host_events import EventState
from invo_booking.persistence.calendars.host_events import (
    conditions_ahead,
    undecided_conditions,
)
from invo_booking.persistence.repository import Repository
from invo_booking.persistence.tables.core import AppointmentRow
from invo_booking.persistence.tables.outside import HostEventRow

_FOLLOWED_MOVES = text("""
SELECT count(DISTINCT event.appointment_id) FROM host_event AS event
JOIN audit ON audit.object_id = CAST(event.appointment_id AS text)
WHERE event.connection_id = :connection AND event.seen_at > :since
AND audit.at > :since AND audit.object_kind = 'appointment'
AND audit.action = 'moved' AND audit.actor = 'host calendar' AND audit.actor_id IS NULL
""")


class HostChanges(Repository):
    """Changes of the host calendar as one transaction sees them."""

    def count_ahead(self, connection_id: UUID, now: datetime) -> int:
        """Return the number of events that exist, or may exist, and are not over."""
        return self._count(HostEventRow, *conditions_ahead(connection_id, now))

    def count_changed_at_once(self, connection_id: UUID) -> int:
        """Return how many deleted or moved events have had no consequences yet.

        Counts all deleted events that staff must decide about. Counts moved events only
        if their appointments were not moved too because many events were changed at
        once.
        """
        deleted = HostEventRow.state == EventState.DELETED.value
        moved = and_(
            col(HostEventRow.state) == EventState.MOVED.value,
            col(HostEventRow.problem) == "",
        )
        undecided = undecided_conditions(connection_id)
        return self._count(HostEventRow, *undecided, or_(deleted, moved))

    def count_cancelled(self, connection_id: UUID, since: datetime) -> int:
        """Return how many appointments were cancelled because of deleted events.

        Somebody had deleted the events of these appointments in the host calendar.
        """
        statement = (
            select(func.count())
            .select_from(HostEventRow)
            .join(AppointmentRow, col(AppointmentRow.id) == HostEventRow.appointment_id)
            .where(
                HostEventRow.connection_id == connection_id,
                HostEventRow.state == EventState.GONE.value,
                col(HostEventRow.seen_at) > since,
                AppointmentRow.cancelled_by == CancelledBy.PROVIDER.value,
            )
        )
        return self._session.exec(statement).one()

    def count_followed_moves(self, connection_id: UUID, since: datetime) -> int:
        """Return how many appointments were moved because their events were moved.

        Somebody had moved these events in the host calendar.
        """
        moves = self._run(_FOLLOWED_MOVES, connection=connection_id, since=since)
        return moves.scalar_one()
