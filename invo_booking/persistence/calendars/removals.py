"""Find and retry the removals of events from host calendars."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select, update

from invo_booking.persistence.outbox import REMOVAL
from invo_booking.persistence.tables.core import OutboxRow


class Removals:
    """Removals in the outbox, as one transaction sees them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def open_count(self, connection_id: UUID) -> int:
        """Return the number of a connection's events that are still to be removed."""
        statement = (
            select(func.count())
            .select_from(OutboxRow)
            .where(OutboxRow.state == "open", OutboxRow.kind == REMOVAL)
            .where(col(OutboxRow.payload)["connection"].astext == str(connection_id))
        )
        return self._session.exec(statement).one()

    def failed_count(self, since: datetime) -> tuple[int, str]:
        """Return how many removals of events have failed since an instant.

        Returns:
            The number of failed removals, and why the latest one failed.
        """
        of_them = (
            OutboxRow.kind == REMOVAL,
            OutboxRow.state == "failed",
            col(OutboxRow.ended_at) > since,
        )
        number = self._session.exec(
            select(func.count()).select_from(OutboxRow).where(*of_them)
        ).one()
        latest = (
            select(OutboxRow.last_error)
            .where(*of_them)
            .order_by(col(OutboxRow.ended_at).desc())
        )
        return number, self._session.exec(latest.limit(1)).first() or ""

    def retry(self, connection_id: UUID, now: datetime) -> None:
        """Retry the failed removals of a connection's events."""
        statement = (
            update(OutboxRow)
            .where(col(OutboxRow.kind) == REMOVAL)
            .where(col(OutboxRow.state).in_(["failed", "dropped"]))
            .where(col(OutboxRow.payload)["connection"].astext == str(connection_id))
        )
        fresh = {"state": "open", "ended_at": None, "attempts": 0, "last_error": ""}
        self._session.exec(statement.values(due_at=now, created_at=now, **fresh))
