"""Record queues whose open slots are being filled up by unconfirmed requests."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy
from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, func, select

from invo_booking.domain.appointment import Status
from invo_booking.persistence.repository import Repository
from invo_booking.persistence.tables.core import AppointmentRow, table_of
from invo_booking.persistence.tables.limits import NO_BRANCH, FloodRow, OpenStartsRow

_BEGIN = text("""
INSERT INTO flood (queue_id, since, until) VALUES (:queue, :now, :until)
ON CONFLICT (queue_id) DO UPDATE SET since = excluded.since, until = excluded.until
WHERE flood.until <= :now
RETURNING queue_id
""")
_FLOODS = table_of(FloodRow).columns
_CURRENT = sqlalchemy.select(_FLOODS.queue_id).where(_FLOODS.until > bindparam("now"))


@dataclass(frozen=True, slots=True)
class QueuePlace:
    """The calls of a queue, or the queue's visits at one branch.

    Attributes:
        branch_id: ``None`` for calls.
    """

    queue_id: UUID
    branch_id: UUID | None


@dataclass(frozen=True, slots=True)
class UnconfirmedLoad:
    """How many unconfirmed requests a ``QueuePlace`` has, and how much time they take.

    Attributes:
        requests: Number of requests.
        time: Sum of the requests' lengths, without buffers.
    """

    requests: int
    time: timedelta


class Floods(Repository):
    """Measurements of queues, and flooded queues."""

    def unconfirmed_load_since(
        self, since: datetime
    ) -> dict[QueuePlace, UnconfirmedLoad]:
        """Return the load of unconfirmed requests made after an instant."""
        length = col(AppointmentRow.ends_at) - col(AppointmentRow.starts_at)
        place = col(AppointmentRow.queue_id), col(AppointmentRow.branch_id)
        statement = (
            select(*place, func.count(), func.sum(length))
            .where(AppointmentRow.status == Status.REQUESTED.value)
            .where(AppointmentRow.requested_at > since)
            .group_by(*place)
        )
        rows = self._session.exec(statement).all()
        return {
            QueuePlace(queue_id, branch_id): UnconfirmedLoad(count, time)
            for queue_id, branch_id, count, time in rows
        }

    def record_open_starts(
        self, place: QueuePlace, open_starts: int, now: datetime
    ) -> None:
        """Store how many open starts a ``QueuePlace`` has now."""
        statement = insert(OpenStartsRow).values(
            queue_id=place.queue_id,
            branch_id=place.branch_id or NO_BRANCH,
            at=now,
            open_starts=open_starts,
        )
        self._run(statement.on_conflict_do_nothing())

    def open_starts_since(
        self, since: datetime
    ) -> dict[QueuePlace, list[tuple[datetime, int]]]:
        """Return times and numbers of open starts stored after an instant."""
        statement = (
            select(OpenStartsRow)
            .where(OpenStartsRow.at > since)
            .order_by(col(OpenStartsRow.at))
        )
        noted: dict[QueuePlace, list[tuple[datetime, int]]] = {}
        for row in self._session.exec(statement):
            branch = None if row.branch_id == NO_BRANCH else row.branch_id
            place = QueuePlace(row.queue_id, branch)
            noted.setdefault(place, []).append((row.at, row.open_starts))
        return noted

    def begin(self, queue: UUID, now: datetime, until: datetime) -> bool:
        """Mark a queue as flooded; return whether it was not flooded before.

        Of several concurrent callers, only one gets ``True``.
        """
        return self._run(_BEGIN, queue=queue, now=now, until=until).first() is not None

    def extend(self, queue: UUID, until: datetime) -> None:
        """Keep a queue marked as flooded until a later instant."""
        self._run(
            text("UPDATE flood SET until = :until WHERE queue_id = :queue"),
            queue=queue,
            until=until,
        )

    def current(self, now: datetime) -> set[UUID]:
        """Return the queues that are flooded."""
        return set(self._run(_CURRENT, now=now).scalars())

    def forget(self, before: datetime) -> None:
        """Delete measurements, and floods that ended, before an instant."""
        self._delete(OpenStartsRow, col(OpenStartsRow.at) < before)
        self._delete(FloodRow, col(FloodRow.until) < before)
