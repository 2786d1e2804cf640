"""Store the listed events of the host calendar, and the provider's cursor.

With the cursor, the next query returns only what has changed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID, uuid4

from sqlalchemy import insert
from sqlmodel import col, or_, select

from invo_booking.domain.calendars.outside import (
    LONGEST_EVENT_ID,
    LONGEST_VERSION,
    EventChanges,
    EventListing,
    HostEvent,
    UnreadableEvent,
)
from invo_booking.domain.interval import Interval
from invo_booking.persistence.repository import Repository
from invo_booking.persistence.tables.outside import HostCursorRow, ListedEventRow


@dataclass(frozen=True, slots=True)
class HostCursor:
    """The provider's cursor for the next query of changes in a window."""

    cursor: str
    window: Interval


class ListedEvents(Repository):
    """Listed events as one transaction sees them.

    Of other people's events, only ids, versions and times are stored.
    """

    def cursor(self, connection_id: UUID, *, lock: bool = False) -> HostCursor | None:
        """Return the cursor; ``None`` if no events were listed yet.

        Args:
            lock: Whether to lock the cursor until the commit.
        """
        statement = select(HostCursorRow).where(
            HostCursorRow.connection_id == connection_id
        )
        if lock:
            statement = statement.with_for_update()
        row = self._session.exec(
            statement.execution_options(populate_existing=True)
        ).first()
        if row is None:
            return None
        return HostCursor(row.cursor, Interval(row.starts_at, row.ends_at))

    def forget(self, connection_id: UUID) -> None:
        """Delete the listed events and the cursor, so that all are listed again."""
        for row in (ListedEventRow, HostCursorRow):
            of_it = col(row.connection_id) == connection_id
            self._delete(row, of_it)

    def begin(
        self, connection_id: UUID, window: Interval, changes: EventChanges
    ) -> None:
        """Replace all stored events with the first listing of events in a window."""
        self.forget(connection_id)
        self._session.add(
            HostCursorRow(
                connection_id=connection_id,
                cursor=changes.cursor,
                starts_at=window.start,
                ends_at=window.end,
            )
        )
        self._add(connection_id, changes.listing)

    def apply(self, connection_id: UUID, changes: EventChanges) -> None:
        """Apply changes to the listed events; the cursor must be locked."""
        row = self._session.get_one(HostCursorRow, connection_id)
        row.cursor = changes.cursor
        self._session.add(row)
        removed = list(map(_stored_id, changes.removed))
        listed = (*changes.listing.events, *changes.listing.unreadable)
        replaced = [_stored_id(it.id) for it in listed]
        self._delete(
            ListedEventRow,
            col(ListedEventRow.connection_id) == connection_id,
            or_(
                col(ListedEventRow.event_id).in_([*removed, *replaced]),
                col(ListedEventRow.series_id).in_(removed),
            ),
        )
        self._add(connection_id, changes.listing)

    def known_events(self, connection_id: UUID, window: Interval) -> EventListing:
        """Return the listed events that overlap a window, earliest first.

        Includes unreadable events whose time is unknown.
        """
        statement = select(ListedEventRow).where(
            ListedEventRow.connection_id == connection_id,
            or_(
                col(ListedEventRow.starts_at).is_(None),
                (col(ListedEventRow.starts_at) < window.end)
                & (col(ListedEventRow.ends_at) > window.start),
            ),
        )
        ordered = statement.order_by(
            col(ListedEventRow.starts_at), col(ListedEventRow.event_id)
        )
        rows = list(self._session.exec(ordered))
        return EventListing(
            events=tuple(_event(row) for row in rows if row.is_readable),
            unreadable=tuple(_unreadable(row) for row in rows if not row.is_readable),
        )

    def _add(self, connection_id: UUID, listing: EventListing) -> None:
        rows = [*map(_row, listing.events), *_unreadable_rows(listing.unreadable)]
        of_it = {"connection_id": connection_id}
        by_id = {row["event_id"]: row | of_it for row in rows}
        self._session.flush()
        if by_id:
            self._session.connection().execute(
                insert(ListedEventRow), list(by_id.values())
            )


def _row(event: HostEvent) -> dict[str, object]:
    return {
        "event_id": _stored_id(event.id),
        "version": event.version[:LONGEST_VERSION],
        "uid": event.uid,
        "key": event.key,
        "series_id": _stored_id(event.series_id),
        "join_url": event.join_url,
        "starts_at": event.period.start,
        "ends_at": event.period.end,
        "is_readable": True,
    }


def _unreadable_rows(events: Iterable[UnreadableEvent]) -> list[dict[str, object]]:
    """Return the rows of unreadable events; an event without id gets one."""
    return [
        {
            "event_id": _stored_id(event.id) or f"#{uuid4().hex}",
            "version": "",
            "uid": "",
            "key": event.key,
            "series_id": "",
            "join_url": "",
            "starts_at": event.period.start if event.period else None,
            "ends_at": event.period.end if event.period else None,
            "is_readable": False,
        }
        for event in events
    ]


def _event(row: ListedEventRow) -> HostEvent:
    return HostEvent(
        id=row.event_id,
        version=row.version,
        uid=row.uid,
        period=_period(row),
        key=row.key,
        join_url=row.join_url,
        series_id=row.series_id,
    )


def _unreadable(row: ListedEventRow) -> UnreadableEvent:
    return UnreadableEvent(
        id="" if row.event_id.startswith("#") else row.event_id,
        key=row.key,
        period=_period(row) if row.starts_at else None,
    )


def _period(row: ListedEventRow) -> Interval:
    if row.starts_at is None or row.ends_at is None:
        raise ValueError("a readable event has its times")
    return Interval(row.starts_at, row.ends_at)


def _stored_id(event_id: str) -> str:
    """Return an event's id, or a digest of an id that is too long to be stored."""
    if len(event_id) <= LONGEST_EVENT_ID:
        return event_id
    return sha256(event_id.encode()).hexdigest()
