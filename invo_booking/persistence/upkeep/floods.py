"""Which queues are being filled up with requests that nobody confirms."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, delete, func, select

from invo_booking.domain.appointment import Status
from invo_booking.persistence.tables.core import AppointmentRow
from invo_booking.persistence.tables.limits import FloodRow, OpenStartsRow

_BEGIN = text("""
INSERT INTO flood (queue_id, since, until) VALUES (:queue, :now, :until)
ON CONFLICT (queue_id) DO UPDATE SET since = excluded.since, until = excluded.until
WHERE flood.until <= :now
RETURNING queue_id
""")


@dataclass(frozen=True, slots=True)
class UnconfirmedLoad:
    """What requests that nobody has confirmed take of a queue.

    Attributes:
        requests: How many there are.
        time: How long they take together, buffers left out.
    """

    requests: int
    time: timedelta


class Floods:
    """What is measured of queues, and which of them are flooded."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def unconfirmed_load_since(self, since: datetime) -> dict[UUID, UnconfirmedLoad]:
        """Return what requests made after an instant hold unconfirmed, by queue."""
        length = col(AppointmentRow.ends_at) - col(AppointmentRow.starts_at)
        queue = col(AppointmentRow.queue_id)
        statement = (
            select(queue, func.count(), func.sum(length))
            .where(AppointmentRow.status == Status.REQUESTED.value)
            .where(AppointmentRow.requested_at > since)
            .group_by(queue)
        )
        found = self._session.exec(statement).all()
        return {
            queue_id: UnconfirmedLoad(count, time) for queue_id, count, time in found
        }

    def record_open_starts(self, queue: UUID, open_starts: int, now: datetime) -> None:
        """Remember how many open starts a queue has."""
        statement = insert(OpenStartsRow).values(
            queue_id=queue, at=now, open_starts=open_starts
        )
        self._session.connection().execute(statement.on_conflict_do_nothing())

    def open_starts_since(
        self, since: datetime
    ) -> dict[UUID, list[tuple[datetime, int]]]:
        """Return when how many open starts were noted after an instant, by queue."""
        statement = (
            select(OpenStartsRow)
            .where(OpenStartsRow.at > since)
            .order_by(col(OpenStartsRow.at))
        )
        noted: dict[UUID, list[tuple[datetime, int]]] = {}
        for row in self._session.exec(statement):
            noted.setdefault(row.queue_id, []).append((row.at, row.open_starts))
        return noted

    def begin(self, queue: UUID, now: datetime, until: datetime) -> bool:
        """Call a queue flooded; return whether it was not so before.

        Of several that find it at the same time one alone is told that it is new.
        """
        values = {"queue": queue, "now": now, "until": until}
        return self._session.connection().execute(_BEGIN, values).first() is not None

    def extend(self, queue: UUID, until: datetime) -> None:
        """Let a flood last longer."""
        self._session.connection().execute(
            text("UPDATE flood SET until = :until WHERE queue_id = :queue"),
            {"queue": queue, "until": until},
        )

    def current(self, now: datetime) -> set[UUID]:
        """Return the queues that are flooded."""
        statement = select(FloodRow.queue_id).where(FloodRow.until > now)
        return set(self._session.exec(statement))

    def forget(self, before: datetime) -> None:
        """Forget what was measured, and what floods ended, before an instant."""
        self._session.exec(delete(OpenStartsRow).where(col(OpenStartsRow.at) < before))
        self._session.exec(delete(FloodRow).where(col(FloodRow.until) < before))
