"""Store which grants of personal calendars have ended, because the agent signed out."""

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from invo_booking.persistence.repository import Repository
from invo_booking.persistence.tables.outside import EndedGrantRow


class EndedGrants(Repository):
    """Ended grants as one transaction sees them; only their hashes are stored."""

    def add(self, grant_hash: str, now: datetime) -> None:
        """Refuse a grant from now on. Idempotent."""
        statement = insert(EndedGrantRow).values(hash=grant_hash, ended_at=now)
        self._run(statement.on_conflict_do_nothing())

    def has(self, grant_hash: str) -> bool:
        """Whether a grant was ended."""
        return self._session.get(EndedGrantRow, grant_hash) is not None

    def forget_before(self, before: datetime) -> None:
        """Delete the hashes of grants that ended before an instant."""
        self._delete(EndedGrantRow, col(EndedGrantRow.ended_at) < before)
