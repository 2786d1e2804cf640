"""Record incidents, so that administrators get one mail for each new incident."""

from datetime import datetime, timedelta

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, or_

from invo_booking.persistence.repository import Repository
from invo_booking.persistence.tables.accounts import IncidentRow


class Incidents(Repository):
    """Incidents as one transaction sees them."""

    def record(self, kind: str, now: datetime, over_after: timedelta) -> bool:
        """Record that an incident is going on; return whether it has just begun.

        An incident ends when it has not been recorded for the time ``over_after``. If
        the last record is more than ``over_after`` in the future, a clock was wrong,
        and the incident begins again. Of many concurrent callers, only one gets
        ``True``.
        """
        seen_at = col(IncidentRow.seen_at)
        over = or_(seen_at < now - over_after, seen_at > now + over_after)
        statement = insert(IncidentRow).values(kind=kind, began_at=now, seen_at=now)
        fresh = statement.on_conflict_do_update(
            index_elements=["kind"],
            set_={"began_at": now, "seen_at": now},
            where=over,
        ).returning(col(IncidentRow.kind))
        if self._run(fresh).first() is not None:
            return True
        row = self._session.get(IncidentRow, kind, populate_existing=True)
        if row is not None and row.seen_at < now:
            row.seen_at = now
            self._session.add(row)
        return False

    def last_seen_at(self, kind: str) -> datetime | None:
        """Return when an incident was last recorded."""
        row = self._session.get(IncidentRow, kind)
        return row.seen_at if row else None
