"""Find and retry the removals of events from host calendars."""

from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from invo_booking.persistence.outbox import REMOVAL
from invo_booking.persistence.repository import Repository
from invo_booking.persistence.tables.core import OutboxRow


class Removals(Repository):
    """Removals in the outbox, as one transaction sees them."""

    def open_count(self, connection_id: UUID) -> int:
        """Return the number of a connection's events that are still to be removed."""
        return self._count(
            OutboxRow,
            OutboxRow.state == "open",
            OutboxRow.kind == REMOVAL,
            col(OutboxRow.payload)["connection"].astext == str(connection_id),
        )

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
        latest = (
            select(OutboxRow.last_error)
            .where(*of_them)
            .order_by(col(OutboxRow.ended_at).desc())
        )
        why = self._session.exec(latest.limit(1)).first() or ""
        return self._count(OutboxRow, *of_them), why

    def retry(self, connection_id: UUID, now: datetime) -> None:
        """Retry the failed removals of a connection's events."""
        fresh = {"state": "open", "ended_at": None, "attempts": 0, "last_error": ""}
        self._change(
            OutboxRow,
            col(OutboxRow.kind) == REMOVAL,
            col(OutboxRow.state).in_(["failed", "dropped"]),
            col(OutboxRow.payload)["connection"].astext == str(connection_id),
            due_at=now,
            created_at=now,
            **fresh,
        )
