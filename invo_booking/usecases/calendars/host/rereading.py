"""Read changed events of the host calendar again before their appointments follow.

A listing may be out of date or incomplete: a list of changes may lack recent changes,
and an event that is not listed may merely be outside the window.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from invo_booking.domain.calendars.host_events import EventState, StoredEvent
from invo_booking.domain.calendars.outside import HostEvent, UnreadableEvent
from invo_booking.domain.calendars.ports import BackendCalendar
from invo_booking.domain.calendars.provider_errors import (
    EventGoneError,
    EventUnreadableError,
)
from invo_booking.domain.interval import Interval
from invo_booking.usecases.calendars.host.counting import ChangeCount
from invo_booking.usecases.calendars.host.listing import Pairs

MOST_SINGLE = 20
"""Maximum number of moved events that are read one by one. Also the number of missing
events that are read as a sample if many events were changed at once.

If more events were moved, the calendar is listed instead, because one call lists
hundreds of events.
"""

AHEAD = 8
"""Number of events that are read ahead while a previous event is processed.

The number is large enough to keep all threads busy, and small enough to waste few calls
if the provider rejects further calls."""

Reading = HostEvent | UnreadableEvent | None
"""The current state of an event; ``None`` if the event no longer exists."""


def confirm_moves(calendar: BackendCalendar, moved: Pairs) -> Pairs:
    """Return the current state of moved events, without events that did not move.

    If the provider offers no list of changes, ``moved`` is up to date and returned
    unchanged.
    """
    if calendar.change_log is None:
        return moved
    current = _current_events(calendar, [event for _, event in moved])
    return [
        (stored, event)
        for stored, listed in moved
        if isinstance(event := current[listed.id], HostEvent)
        and _is_moved(stored, event)
    ]


def read_missing(
    calendar: BackendCalendar, missing: Sequence[StoredEvent], changes: ChangeCount
) -> Iterator[tuple[StoredEvent, Reading]]:
    """Yield missing stored events, each with its current event in the calendar.

    If many events were changed at once, staff decide about deleted events. So only
    ``MOST_SINGLE`` of the missing events are read at first, as a sample. If no event of
    the sample exists any more, the other events count as deleted without being read.
    They are read only when staff decide to write them again. Missing events that are
    written again without a decision are always read.

    Raises:
        ProviderError: If the provider does not say whether an event exists.
    """
    decided = [it for it in missing if it.digest]
    number = len(decided) if changes.is_usual else MOST_SINGLE
    first = [it for it in missing if not it.digest] + decided[:number]
    others = decided[number:]
    exists = False
    for stored, event in _with_readings(calendar, first):
        exists = exists or (event is not None and bool(stored.digest))
        yield stored, event
    if exists:
        yield from _with_readings(calendar, others)
    else:
        yield from ((stored, None) for stored in others)


def read_each(calendar: BackendCalendar, event_ids: Iterable[str]) -> Iterator[Reading]:
    """Yield events in the order of the ids, while threads read the next events.

    If reading an event fails, the reads that have not begun are dropped.

    Raises:
        ProviderError: If the provider does not say whether an event exists.
    """
    with ThreadPoolExecutor(calendar.limits.concurrency) as threads:
        begun = deque[Future[Reading]]()
        try:
            for event_id in event_ids:
                begun.append(threads.submit(_read, calendar, event_id))
                if len(begun) > AHEAD:
                    yield begun.popleft().result()
            while begun:
                yield begun.popleft().result()
        finally:
            for reading in begun:
                reading.cancel()


def _with_readings(
    calendar: BackendCalendar, stored: Sequence[StoredEvent]
) -> Iterator[tuple[StoredEvent, Reading]]:
    return zip(stored, read_each(calendar, [it.event_id for it in stored]), strict=True)


def _current_events(
    calendar: BackendCalendar, events: list[HostEvent]
) -> dict[str, Reading]:
    """Return the current state of events, by event id."""
    listed = _listed_events(calendar, events) if len(events) > MOST_SINGLE else {}
    others = [it.id for it in events if it.id not in listed]
    return listed | dict(zip(others, read_each(calendar, others), strict=True))


def _listed_events(
    calendar: BackendCalendar, events: list[HostEvent]
) -> dict[str, Reading]:
    """Return the events that the calendar lists in the span of these events, by id."""
    start = min(it.period.start for it in events)
    end = max(it.period.end for it in events)
    listing = calendar.events(Interval(start, end))
    return {it.id: None if it.cancelled else it for it in listing.events}


def _is_moved(stored: StoredEvent, event: HostEvent) -> bool:
    is_known = stored.state is not EventState.DELETED
    is_as_before = is_known and event.version == stored.version
    return not is_as_before and not event.series_id and event.is_storable


def _read(calendar: BackendCalendar, event_id: str) -> Reading:
    try:
        event = calendar.event(event_id)
    except EventUnreadableError:
        return UnreadableEvent(id=event_id)
    except EventGoneError:
        return None
    return event if event.is_storable else UnreadableEvent(id=event_id)
