"""Find and delete mails to staff that are about no appointment."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import aliased
from sqlmodel import col, select

from invo_booking.persistence.outbox import (
    ADMINISTRATOR,
    LINK,
    NOTICE,
    WITHOUT_APPOINTMENT,
)
from invo_booking.persistence.repository import Repository
from invo_booking.persistence.tables.core import OutboxRow

_HAS_NO_APPOINTMENT = col(OutboxRow.appointment_id).is_(None)
"""Lets the database use the index on appointments."""


class Notices(Repository):
    """Mails to staff as one transaction sees them."""

    def link_problem(self, link_id: UUID) -> str:
        """Return why the mail with a link to set a password has not been delivered yet.

        Empty if the mail was sent, or was not yet tried.
        """
        statement = (
            select(OutboxRow.last_error)
            .where(_HAS_NO_APPOINTMENT, OutboxRow.kind == NOTICE)
            .where(col(OutboxRow.state).in_(["open", "failed"]))
            .where(col(OutboxRow.payload)[LINK].astext == str(link_id))
        )
        return self._session.exec(statement).first() or ""

    def has_failed(self, since: datetime) -> bool:
        """Whether the latest notice to an administrator was not delivered.

        Args:
            since: Notices that failed earlier are ignored.
        """
        later = aliased(OutboxRow)
        whose = col(OutboxRow.payload)[ADMINISTRATOR].astext
        sent = (
            select(later.id)
            .where(col(later.appointment_id).is_(None))
            .where(later.kind == NOTICE, later.state == "done")
            .where(col(later.payload)[ADMINISTRATOR].astext == whose)
            .where(col(later.id) > OutboxRow.id)
        )
        statement = (
            select(OutboxRow.id)
            .where(_HAS_NO_APPOINTMENT)
            .where(OutboxRow.kind == NOTICE, OutboxRow.state == "failed")
            .where(whose.is_not(None), col(OutboxRow.ended_at) >= since)
            .where(~sent.exists())
            .limit(1)
        )
        return self._session.exec(statement).first() is not None

    def forget(self, before: datetime) -> None:
        """Delete mails about no appointment that were closed before an instant.

        A closed mail was sent or dropped, or failed for good.
        """
        self._delete(
            OutboxRow,
            _HAS_NO_APPOINTMENT,
            col(OutboxRow.kind).in_(WITHOUT_APPOINTMENT),
            col(OutboxRow.state) != "open",
            col(OutboxRow.ended_at) < before,
        )
