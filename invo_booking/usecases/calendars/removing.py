"""Remove from a host calendar the events that no appointment needs.

A message contains all data that identifies the event, because the appointment may no
longer exist when the message is processed.
"""

import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from invo_booking.domain.calendars.connection import Connection, ConnectionState
from invo_booking.domain.calendars.host_events import EventState, StoredEvent
from invo_booking.domain.calendars.ports import BackendCalendar
from invo_booking.domain.calendars.provider_errors import (
    PermissionMissingError,
    ProviderError,
    ProviderRefusedError,
    ReconnectError,
    ThrottledError,
)
from invo_booking.domain.errors import NotFoundError
from invo_booking.domain.interval import Interval
from invo_booking.persistence.calendars.host_events import EVER
from invo_booking.persistence.outbox import REMOVAL, OutboxMessage
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.texts import count, say
from invo_booking.usecases.calendars import states
from invo_booking.usecases.calendars.alerts import connection_page_address
from invo_booking.usecases.calendars.granting import calendar_of_connection
from invo_booking.usecases.calendars.registration import provider_label
from invo_booking.usecases.calendars.states import TRIED_AGAIN_AFTER
from invo_booking.usecases.shared import notices
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.pacing import NotYetError, take_write_turn

_log = logging.getLogger(__name__)

SHOWN_FOR = timedelta(days=30)
"""How long administrators are shown that events could not be removed."""

INCIDENT = "events not removed"
OVER_AFTER = timedelta(hours=1)
"""Time without a failed removal after which the next failure is mailed again."""

LEASE = timedelta(minutes=5)
WAIT = timedelta(minutes=5)
"""Minimum delay of a message while its connection cannot be called."""

NEEDS_SOMEBODY = (ReconnectError, PermissionMissingError)
NOT_CONNECTED = "connections.removing.not_connected"


def add_removal(work: UnitOfWork, stored: StoredEvent, now: datetime) -> None:
    """Queue the removal of one event."""
    payload = {
        "connection": str(stored.connection_id),
        "event": stored.event_id,
        "key": str(stored.key),
        "period": [stored.period.start.isoformat(), stored.period.end.isoformat()],
    }
    work.outbox.add(REMOVAL, payload, now=now)


def add_all_removals(work: UnitOfWork, connection_id: UUID, now: datetime) -> int:
    """Queue the removal of a connection's future events; return how many.

    The appointments stay, and may be written to another host calendar.
    """
    ahead = work.host_events.existing_events(connection_id, Interval(now, EVER.end))
    for stored in ahead:
        if stored.state is not EventState.DELETED:
            add_removal(work, stored, now)
        work.host_events.save(replace(stored, state=EventState.GONE, seen_at=now))
    return len(ahead)


def remove_event(calendar: BackendCalendar, stored: StoredEvent) -> None:
    """Remove an event from the calendar. A missing event is not an error.

    Raises:
        ProviderError: If the removal failed.
    """
    event_id = stored.event_id
    if not event_id:
        event = calendar.find(stored.key, stored.period)
        event_id = event.id if event else ""
    if event_id and stored.state is not EventState.DELETED:
        calendar.cancel(event_id)


def remove_due_events(deps: Deps, *, limit: int = 50) -> int:
    """Process the removals that are due; return the number of processed messages."""
    for done in range(limit):
        with deps.unit_of_work() as work:
            message = work.outbox.lease(deps.now(), LEASE, (REMOVAL,))
        if message is None or not _remove_for_message(deps, message):
            return done
    return limit


def _remove_for_message(deps: Deps, message: OutboxMessage) -> bool:
    """Process one message; return whether to continue."""
    now = deps.now()
    with deps.unit_of_work() as work:
        connection = _connection(work, message)
        if connection is None:
            work.outbox.drop(message, now)
            return True
        if not connection.sealed_grant:
            _give_up(deps, work, message, connection, say(NOT_CONNECTED))
            return True
        if connection.is_paused(now) or connection.needs_person:
            later = connection.paused_until or now
            work.outbox.postpone(message, max(later, now + WAIT))
            return True
    try:
        calendar = calendar_of_connection(deps, connection)
        with deps.unit_of_work() as work:
            take_write_turn(work, connection.id, calendar.limits, now)
        remove_event(calendar, _event(message))
    except NotYetError as early:
        with deps.unit_of_work() as work:
            work.outbox.postpone(message, early.until)
        return False
    except ProviderError as error:
        _record_failure(deps, message, connection, error)
        return isinstance(error, ProviderRefusedError)
    with deps.unit_of_work() as work:
        work.outbox.mark_sent(message, deps.now())
    return True


def _record_failure(
    deps: Deps, message: OutboxMessage, connection: Connection, error: ProviderError
) -> None:
    now, needs_person = deps.now(), isinstance(error, NEEDS_SOMEBODY)
    is_ended = connection.state is ConnectionState.DISCONNECTED
    with deps.unit_of_work() as work:
        if isinstance(error, ProviderRefusedError) or (needs_person and is_ended):
            _give_up(deps, work, message, connection, str(error))
        elif isinstance(error, ThrottledError):
            work.outbox.postpone(message, now + error.wait)
            work.connections.pause(connection.id, now + error.wait)
        elif needs_person:
            work.outbox.postpone(message, now + TRIED_AGAIN_AFTER)
            states.record_connection_failure(deps, work, connection.id, error)
        else:
            work.outbox.retry_later(message, now, str(error))


def _connection(work: UnitOfWork, message: OutboxMessage) -> Connection | None:
    try:
        return work.connections.get(UUID(message.payload["connection"]))
    except NotFoundError:
        return None


def _give_up(
    deps: Deps,
    work: UnitOfWork,
    message: OutboxMessage,
    connection: Connection,
    why: str,
) -> None:
    """Give up a removal until somebody signs in again, and report it to administrators.

    If many removals fail at the same time, one mail is sent.
    """
    now = deps.now()
    work.outbox.mark_failed(message, now, why)
    _log.warning("an event was not removed from a host calendar: %s", message.id)
    if not work.incidents.record(INCIDENT, now, OVER_AFTER):
        return
    name = provider_label(connection.provider)
    page = connection_page_address(deps)
    text = say(
        "connections.removing.failed_body",
        provider=name,
        account=connection.account,
        why=why,
        page=page,
    )
    subject = say("connections.removing.failed_subject", provider=name)
    notices.notify_administrators(work, subject, text, now)


def removal_problem(work: UnitOfWork, now: datetime) -> tuple[int, str]:
    """Return how many events could not be removed lately, and a sentence about them.

    The sentence is empty if all events were removed.
    """
    number, why = work.removals.failed_count(now - SHOWN_FOR)
    if not number:
        return 0, ""
    return number, count("connections.removing.failed", number, why=why)


def _event(message: OutboxMessage) -> StoredEvent:
    payload = message.payload
    start, end = (
        datetime.fromisoformat(it).astimezone(UTC) for it in payload["period"]
    )
    return StoredEvent(
        appointment_id=UUID(int=0),
        connection_id=UUID(payload["connection"]),
        key=UUID(payload["key"]),
        event_id=payload["event"],
        state=EventState.PENDING,
        period=Interval(start, end),
    )
