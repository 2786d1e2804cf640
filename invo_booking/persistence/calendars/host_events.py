"""Store appointments' events in the host calendar, and the times of other events."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Uuid,
    and_,
    any_,
    func,
    insert,
    literal,
    text,
)
from sqlmodel import col, or_, select, update
from sqlmodel.sql.expression import SelectOfScalar

from invo_booking.domain.appointment import LIVE, Status
from invo_booking.domain.calendars.host_events import (
    NEEDS_DECISION,
    EventState,
    StoredEvent,
)
from invo_booking.domain.calendars.outside import HostEvent
from invo_booking.domain.interval import Interval
from invo_booking.persistence.mapping import columns_of, row_reader
from invo_booking.persistence.repository import Repository
from invo_booking.persistence.tables.core import AppointmentRow
from invo_booking.persistence.tables.outside import (
    ConnectionRow,
    HostBusyRow,
    HostEventRow,
)

_FOR_STAFF = [*(it.value for it in NEEDS_DECISION), EventState.REFUSED.value]

EVER = Interval(datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))

_UNWRITTEN = text("""
SELECT appointment.id FROM appointment
LEFT JOIN host_event AS event
  ON event.appointment_id = appointment.id AND event.connection_id = :connection
WHERE appointment.ends_at > :now AND (
  appointment.status = 'confirmed' AND (
    event.state IS NULL OR event.state = 'pending'
    OR event.state = 'written' AND (
      event.digest = '' OR event.starts_at <> appointment.starts_at
      OR event.ends_at <> appointment.ends_at
      OR event.agent_id IS DISTINCT FROM appointment.agent_id))
  OR appointment.status = 'cancelled' AND event.state <> 'gone')
AND NOT EXISTS (
  SELECT FROM outbox WHERE outbox.appointment_id = appointment.id
  AND outbox.state = 'open' AND outbox.kind = 'calendar')
ORDER BY appointment.starts_at LIMIT :most
""")

FINDING_LOCKS = 7_071
_FIND = text(
    "SELECT pg_try_advisory_xact_lock(:locks, hashtext(CAST(:connection AS text)))"
).bindparams(locks=FINDING_LOCKS)


class HostEvents(Repository):
    """Events of the host calendar as one transaction sees them."""

    def find(
        self, appointment_id: UUID, connection_id: UUID, *, lock: bool = False
    ) -> StoredEvent | None:
        """Return an appointment's event, optionally locked until the commit."""
        statement = select(HostEventRow).where(
            HostEventRow.appointment_id == appointment_id,
            HostEventRow.connection_id == connection_id,
        )
        if lock:
            statement = statement.with_for_update()
        return next(iter(self._read(statement)), None)

    def event_of_earlier_connection(
        self, appointment_id: UUID, connection_id: UUID
    ) -> StoredEvent | None:
        """Return an appointment's latest event that exists at another connection."""
        statement = select(HostEventRow).where(
            HostEventRow.appointment_id == appointment_id,
            HostEventRow.connection_id != connection_id,
            HostEventRow.state != EventState.GONE.value,
        )
        newest = statement.order_by(col(HostEventRow.written_at).desc().nulls_last())
        return next(iter(self._read(newest.limit(1))), None)

    def existing_events(
        self, connection_id: UUID, window: Interval
    ) -> list[StoredEvent]:
        """Return the events that exist, or may exist, and overlap a window."""
        statement = select(HostEventRow).where(
            HostEventRow.connection_id == connection_id,
            HostEventRow.state != EventState.GONE.value,
            HostEventRow.starts_at < window.end,
            HostEventRow.ends_at > window.start,
        )
        return self._read(statement)

    def own_keys(self, keys: Iterable[UUID]) -> frozenset[UUID]:
        """Return which of these keys belong to events that the product has written."""
        statement = select(HostEventRow.key).where(
            col(HostEventRow.key) == any_(literal(list(keys), ARRAY(Uuid())))
        )
        return frozenset(self._session.exec(statement))

    def events_to_decide(self, connection_id: UUID) -> list[StoredEvent]:
        """Return the events that staff must decide about, earliest first."""
        statement = select(HostEventRow).where(*undecided_conditions(connection_id))
        return self._read(statement.order_by(col(HostEventRow.starts_at)))

    def count_to_decide(self, connection_id: UUID) -> int:
        """Return the number of events that staff must decide about."""
        return self._count(HostEventRow, *undecided_conditions(connection_id))

    def save(self, stored: StoredEvent) -> None:
        """Store an event, replacing the row that was stored for it before."""
        self._session.merge(_row(stored))
        self._session.flush()

    def lock_if_unchanged(self, stored: StoredEvent) -> bool:
        """Lock an event until the commit; return whether it still equals ``stored``."""
        current = self.find(stored.appointment_id, stored.connection_id, lock=True)
        return (
            current is not None and replace(current, seen_at=stored.seen_at) == stored
        )

    def record_versions(
        self, connection_id: UUID, seen: Mapping[UUID, HostEvent], now: datetime
    ) -> None:
        """Store the versions of events that were read and whose time is unchanged.

        Skips an event that is being written.

        Args:
            seen: The events, by appointment.
            now: When they were read.
        """
        for appointment_id, event in seen.items():
            statement = (
                update(HostEventRow)
                .where(col(HostEventRow.appointment_id) == appointment_id)
                .where(col(HostEventRow.connection_id) == connection_id)
                .where(col(HostEventRow.state) != EventState.PENDING.value)
            )
            values = {"version": event.version, "seen_at": now}
            link = {"join_url": event.join_url} if event.join_url else {}
            self._session.exec(statement.values(**values, **link))

    def forget_contents(self, connection_id: UUID, now: datetime) -> None:
        """Clear the digests of events that are not over.

        The events are then compared with their appointments again. A missing event is
        written again; its appointment is not cancelled. Events may have been removed
        when the institution left the provider. If the appointment of such an event is
        confirmed, the event's row is deleted, so that a new event is written.
        """
        ahead = conditions_ahead(connection_id, now)
        self._change(HostEventRow, *ahead, digest="")
        confirmed = select(AppointmentRow.id).where(
            AppointmentRow.status == Status.CONFIRMED.value,
            col(AppointmentRow.ends_at) > now,
        )
        self._delete(
            HostEventRow,
            col(HostEventRow.connection_id) == connection_id,
            col(HostEventRow.state) == EventState.GONE.value,
            col(HostEventRow.appointment_id).in_(confirmed),
        )

    def join_url(self, appointment_id: UUID) -> str:
        """Return the URL of an appointment's online meeting; empty if there is none."""
        statement = select(HostEventRow.join_url).where(
            HostEventRow.appointment_id == appointment_id,
            HostEventRow.join_url != "",
            HostEventRow.state != EventState.GONE.value,
            col(HostEventRow.connection_id).in_(
                select(ConnectionRow.id).where(col(ConnectionRow.active))
            ),
        )
        return self._session.exec(statement).first() or ""

    def appointments_to_write(
        self, connection_id: UUID, now: datetime, most: int
    ) -> list[UUID]:
        """Return future appointments whose event is missing or may be outdated.

        Only one transaction at a time gets appointments: until it ends, other callers
        get an empty list. Leaves out appointments that have a write in the outbox or
        that staff must decide about.
        """
        if not self._run(_FIND, connection=connection_id).scalar_one():
            return []
        rows = self._run(_UNWRITTEN, connection=connection_id, now=now, most=most)
        return list(rows.scalars())

    def lease_writing(
        self, connection_id: UUID, now: datetime, until: datetime
    ) -> int | None:
        """Take the lease to write events.

        Returns:
            The number of the lease, to pass to ``extend_writing_lease``; ``None`` if
            another worker has the lease.
        """
        until_now = col(ConnectionRow.writing_until)
        statement = (
            update(ConnectionRow)
            .where(col(ConnectionRow.id) == connection_id)
            .where(or_(until_now.is_(None), until_now <= now))
            .values(writing_until=until, writing_fence=ConnectionRow.writing_fence + 1)
            .returning(col(ConnectionRow.writing_fence))
        )
        return self._run(statement).scalar_one_or_none()

    def extend_writing_lease(
        self, connection_id: UUID, fence: int, until: datetime | None
    ) -> bool:
        """Extend the lease to write events; if ``until`` is ``None``, end the lease.

        Returns:
            Whether the lease still had this number. If not, nothing is changed.
        """
        return bool(
            self._change(
                ConnectionRow,
                col(ConnectionRow.id) == connection_id,
                col(ConnectionRow.writing_fence) == fence,
                writing_until=until,
            )
        )

    def begin_write(
        self, connection_id: UUID, now: datetime, every: timedelta, burst: int
    ) -> datetime | None:
        """Take the right to write one event, if the rate limit allows it now.

        Implements the generic cell rate algorithm (ITU-T I.371) in one statement, so
        that all workers share the limit.

        Args:
            connection_id: Connection of the mailbox.
            every: Time between two events on average.
            burst: Number of events that may be written at once after a pause.

        Returns:
            When to try again; ``None`` if the event may be written now.
        """
        arrival = func.greatest(func.coalesce(ConnectionRow.write_from, now), now)
        allowed = now + (burst - 1) * every
        statement = (
            update(ConnectionRow)
            .where(col(ConnectionRow.id) == connection_id)
            .where(func.coalesce(ConnectionRow.write_from, now) <= allowed)
            .values(write_from=arrival + every)
            .returning(col(ConnectionRow.id))
        )
        if self._run(statement).first():
            return None
        wanted = select(ConnectionRow.write_from).where(
            ConnectionRow.id == connection_id
        )
        from_then = self._session.exec(wanted).first() or now
        return from_then - (burst - 1) * every

    def busy(self, connection_id: UUID, window: Interval) -> tuple[Interval, ...]:
        """Return the spans of other people's events in the host calendar."""
        statement = (
            select(HostBusyRow.starts_at, HostBusyRow.ends_at)
            .where(HostBusyRow.connection_id == connection_id)
            .where(HostBusyRow.starts_at < window.end)
            .where(HostBusyRow.ends_at > window.start)
            .order_by(col(HostBusyRow.starts_at), col(HostBusyRow.ends_at))
        )
        rows = self._session.exec(statement)
        return tuple(Interval(start, end) for start, end in rows)

    def replace_busy(self, connection_id: UUID, spans: Iterable[Interval]) -> bool:
        """Replace the spans of other people's events; return whether any changed."""
        wanted = tuple(sorted(set(spans)))
        if wanted == self.busy(connection_id, EVER):
            return False
        self._delete(HostBusyRow, col(HostBusyRow.connection_id) == connection_id)
        if wanted:
            self._session.connection().execute(
                insert(HostBusyRow),
                [
                    {"connection_id": connection_id, "starts_at": a, "ends_at": b}
                    for a, b in ((it.start, it.end) for it in wanted)
                ],
            )
        return True

    def _read(self, statement: SelectOfScalar[HostEventRow]) -> list[StoredEvent]:
        """Read the stored rows again, even if this transaction has read them before."""
        fresh = statement.execution_options(populate_existing=True)
        return list(map(_kept, self._session.exec(fresh)))


def conditions_ahead(connection_id: UUID, now: datetime) -> list[ColumnElement[bool]]:
    """Return the conditions for events that exist, or may exist, and are not over."""
    return [
        col(HostEventRow.connection_id) == connection_id,
        col(HostEventRow.state) != EventState.GONE.value,
        col(HostEventRow.ends_at) > now,
    ]


def undecided_conditions(connection_id: UUID) -> list[ColumnElement[bool]]:
    """Return the conditions for events about which staff must decide.

    These are events of live appointments, and events that the provider refuses to
    remove after a cancellation.
    """
    refused = col(HostEventRow.state) == EventState.REFUSED.value
    cancelled = col(AppointmentRow.status) == Status.CANCELLED.value
    open_ones = select(AppointmentRow.id).where(
        or_(
            col(AppointmentRow.status).in_([status.value for status in LIVE]),
            and_(refused, cancelled),
        )
    )
    return [
        col(HostEventRow.connection_id) == connection_id,
        col(HostEventRow.state).in_(_FOR_STAFF),
        col(HostEventRow.appointment_id).in_(open_ones),
    ]


def _wanted_period(row: HostEventRow) -> Interval | None:
    if row.wanted_starts_at and row.wanted_ends_at:
        return Interval(row.wanted_starts_at, row.wanted_ends_at)
    return None


_kept = row_reader(
    StoredEvent,
    period=lambda row: Interval(row.starts_at, row.ends_at),
    wanted=_wanted_period,
)


def _row(stored: StoredEvent) -> HostEventRow:
    return HostEventRow(
        **columns_of(stored, "period", "wanted", "problem"),
        problem=stored.problem[:300],
        starts_at=stored.period.start,
        ends_at=stored.period.end,
        wanted_starts_at=stored.wanted.start if stored.wanted else None,
        wanted_ends_at=stored.wanted.end if stored.wanted else None,
    )
