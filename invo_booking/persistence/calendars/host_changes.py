"""Count events of the host calendar that people moved or deleted there."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, text
from sqlmodel import Session, col, or_, select

from invo_booking.domain.appointment import CancelledBy
from invo_booking.domain.calendars.host_events import EventState
from invo_booking.persistence.calendars.host_events import (
    conditions_ahead,
    undecided_conditions,
)
from invo_booking.persistence.tables.core import AppointmentRow
from invo_booking.persistence.tables.outside import HostEventRow

_FOLLOWED_MOVES = text("""
SELECT count(DISTINCT event.appointment_id) FROM host_event AS event
JOIN audit ON audit.object_id = CAST(event.appointment_id AS text)
WHERE event.connection_id = :connection AND event.seen_at > :since
AND audit.at > :since AND audit.object_kind = 'appointment'
AND audit.action = 'moved' AND audit.actor = 'host calendar' AND audit.actor_id IS NULL
""")


class HostChanges:
    """Changes of the host calendar as one transaction sees them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def count_ahead(self, connection_id: UUID, now: datetime) -> int:
        """Return the number of events that exist, or may exist, and are not over."""
        statement = select(func.count()).select_from(HostEventRow)
        return self._session.exec(
            statement.where(*conditions_ahead(connection_id, now))
        ).one()

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
        statement = select(func.count()).where(
            *undecided_conditions(connection_id), or_(deleted, moved)
        )
        return self._session.exec(statement).one()

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
        values = {"connection": connection_id, "since": since}
        rows = self._session.connection().execute(_FOLLOWED_MOVES, values)
        return rows.scalar_one()
