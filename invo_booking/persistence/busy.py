"""What the primary provider told of agents' own calendars."""

from sqlmodel import Session, delete

from invo_booking.persistence.supply_tables import AgentCalendarRow, BusyIntervalRow


class Busy:
    """Busy intervals as one transaction sees them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def forget(self) -> None:
        """Delete all that was told, and how and when it was read."""
        self._session.exec(delete(BusyIntervalRow))
        self._session.exec(delete(AgentCalendarRow))
