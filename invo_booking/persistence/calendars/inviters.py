"""Remember who invites the customer of each appointment."""

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from invo_booking.domain.calendars.inviter import Inviter
from invo_booking.persistence.repository import Repository
from invo_booking.persistence.tables.outside import InviterRow


class Inviters(Repository):
    """Inviters as one transaction sees them."""

    def find(self, appointment_id: UUID) -> Inviter | None:
        """Return who invites a customer; ``None`` if no inviter is stored."""
        row = self._session.get(InviterRow, appointment_id, populate_existing=True)
        return Inviter(row.name) if row else None

    def add_if_none(self, appointment_id: UUID, inviter: Inviter) -> Inviter:
        """Store an inviter unless the appointment has one; return the stored inviter.

        If several transactions do this at the same time, the inviter of the first to
        commit is stored.
        """
        values = {"appointment_id": appointment_id, "name": inviter.value}
        statement = insert(InviterRow).values(**values).on_conflict_do_nothing()
        self._run(statement)
        return self.find(appointment_id) or inviter

    def replace(self, appointment_id: UUID, inviter: Inviter) -> None:
        """Store who invites a customer from now on."""
        row = InviterRow(appointment_id=appointment_id, name=inviter.value)
        self._session.merge(row)
        self._session.flush()
