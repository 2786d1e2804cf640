"""Read the host calendar: entirely, or only what has changed since the last time.

A provider lists changes in a fixed window. The window that is read moves with time, so
the window of a list of changes ends a day later. When the window that is read reaches
beyond the window of the list, a new list begins. A new list also adds changes that the
provider left out of the previous list, such as the deletion of a single occurrence of a
series.
"""

from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from invo_booking.domain.calendars.busy_times import widen_to_days
from invo_booking.domain.calendars.connection import Connection
from invo_booking.domain.calendars.host_events import StoredEvent
from invo_booking.domain.calendars.outside import EventChanges, EventListing
from invo_booking.domain.calendars.ports import BackendCalendar, ChangeLog
from invo_booking.domain.calendars.provider_errors import CursorExpiredError
from invo_booking.domain.interval import Interval
from invo_booking.persistence.calendars.listed_events import HostCursor
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.usecases.calendars.host.listing import usable_listing
from invo_booking.usecases.shared.deps import Deps

AHEAD = timedelta(days=1)
"""How much later the window of a list of changes ends than the window that is read."""


def read_host_calendar(
    deps: Deps,
    calendar: BackendCalendar,
    connection: Connection,
    window: Interval,
    known: Iterable[StoredEvent],
) -> EventListing:
    """Return the events of the host calendar in a window.

    The product's own events are listed as unreadable if their data cannot be stored.
    Safe to kill and to run twice: changes are stored together with the new cursor, and
    only if no other run has stored a new cursor meanwhile.

    Args:
        calendar: The calendar of the connection.
        connection: The connection whose host calendar is read.
        window: Span of the events to return, in UTC.
        known: The stored events in this window.

    Raises:
        ProviderError: If the calendar could not be read.
    """
    log = calendar.change_log
    if log is None:
        return usable_listing(calendar.events(window))
    with deps.unit_of_work() as work:
        before = work.listed_events.cursor(connection.id)
    begun, changes = _next_changes(log, before, window)
    ours = {it.event_id for it in known if it.event_id}
    with deps.unit_of_work() as work:
        work.connections.get_for_update(connection.id)  # of two runs, one waits here
        if work.listed_events.cursor(connection.id) == before:
            own_changes = _without_others(work, changes, ours)
            _store(work, connection.id, begun, own_changes)
        return work.listed_events.known_events(connection.id, window)


def _next_changes(
    log: ChangeLog, before: HostCursor | None, window: Interval
) -> tuple[Interval | None, EventChanges]:
    """Return the changes and, before them, the window of the list if it is new."""
    if before is not None and before.window.covers(window):
        with suppress(CursorExpiredError):
            return None, log.changes(before.cursor, before.window)
    begun = list_window(window)
    return begun, log.changes("", begun)


def list_window(window: Interval) -> Interval:
    """Return the window of a new list of changes: ``window`` and the day after it."""
    return widen_to_days(window.widen(timedelta(0), AHEAD))


def _store(
    work: UnitOfWork,
    connection_id: UUID,
    window: Interval | None,
    changes: EventChanges,
) -> None:
    """Store changes; if a window is given, begin a new list with these changes."""
    if window is not None:
        work.listed_events.begin(connection_id, window, changes)
    else:
        work.listed_events.apply(connection_id, changes)


def _without_others(
    work: UnitOfWork, changes: EventChanges, ours: Collection[str]
) -> EventChanges:
    """Return the changes, with only the id and time of other people's events."""
    listing = usable_listing(changes.listing)
    events = (*listing.events, *listing.unreadable)
    keys = work.host_events.own_keys(it.key for it in events if it.key)
    return replace(
        changes,
        listing=EventListing(
            events=tuple(
                it
                if it.key in keys or {it.id, it.series_id} & set(ours)
                else replace(it, uid="", key=None, join_url="")
                for it in listing.events
            ),
            unreadable=tuple(
                it if it.key in keys else replace(it, key=None)
                for it in listing.unreadable
            ),
        ),
    )
