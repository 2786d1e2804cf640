"""Count the changes that periodic tasks would make now, and store usual numbers."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import TextClause, text

from invo_booking.persistence.repository import Repository
from invo_booking.persistence.tables.upkeep import UsualAmountRow

_EXPIRED = text("""
SELECT count(*) FILTER (WHERE status = 'requested'
    AND (confirm_by <= :now OR confirm_by IS NOT NULL AND starts_at <= :now)), count(*)
FROM appointment WHERE status IN ('requested', 'confirmed')
""")
_ENDED = text("""
SELECT count(*) FILTER (WHERE status = 'confirmed' AND ends_at <= :now), count(*)
FROM appointment WHERE status IN ('requested', 'confirmed')
""")
_OUTDATED = text("""
SELECT count(*) FILTER (WHERE starts_at < :midnight AND ends_at <= :midnight
    AND ends_at > :since AND status NOT IN ('requested', 'confirmed')), count(*)
FROM appointment
""")
_OVER_BY = text("SELECT count(*) FROM appointment WHERE ends_at <= :at")


@dataclass(frozen=True, slots=True)
class DueAmount:
    """The number of changes that a periodic task would make now.

    Attributes:
        due: Number of appointments that would be changed or deleted now.
        of: Number of appointments that were examined.
    """

    due: int
    of: int


class Due(Repository):
    """Due changes as one transaction sees them."""

    def count_expiring(self, now: datetime) -> DueAmount:
        """Count the requests to expire now, and all live appointments."""
        return self._count_due(_EXPIRED, now=now)

    def count_completing(self, now: datetime) -> DueAmount:
        """Count the appointments to complete now, and all live appointments."""
        return self._count_due(_ENDED, now=now)

    def count_purgeable(self, midnight: datetime, since: datetime) -> DueAmount:
        """Count all appointments, and those to purge that ended after ``since``."""
        return self._count_due(_OUTDATED, midnight=midnight, since=since)

    def count_ended_by(self, at: datetime) -> int:
        """Count the appointments, in any state, that end at or before an instant."""
        return self._run(_OVER_BY, at=at).scalar_one()

    def usual(self, kind: str) -> int:
        """Return how many changes at once an operator declared usual; 0 if none."""
        row = self._session.get(UsualAmountRow, kind)
        return row.most if row else 0

    def accept(self, kind: str, most: int, now: datetime) -> None:
        """Store how many changes of a kind are usual from now on."""
        self._put(UsualAmountRow, {"kind": kind}, {"most": most, "set_at": now})

    def _count_due(self, statement: TextClause, **values: datetime) -> DueAmount:
        return DueAmount(*self._run(statement, **values).one())
