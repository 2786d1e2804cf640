"""Write appointments to the host calendar.

A message in the outbox does not describe a change. It is a request to make the event
agree with the appointment's current state. So late, repeated and duplicate messages do
no harm: no call is made if the event already agrees.
"""

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from invo_booking.domain.calendars.connection import Connection
from invo_booking.domain.calendars.host_events import EventState
from invo_booking.domain.calendars.provider_errors import (
    PermissionMissingError,
    ProviderDownError,
    ProviderError,
    ProviderRefusedError,
    ReconnectError,
    ThrottledError,
)
from invo_booking.persistence.outbox import CALENDAR, OutboxMessage
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings.calendars import PRIMARY_PROVIDER, writes_events_by_setting
from invo_booking.usecases.appointment import history
from invo_booking.usecases.calendars import removing, states
from invo_booking.usecases.calendars.granting import calendar_of_connection
from invo_booking.usecases.calendars.host.writing import EventWriter
from invo_booking.usecases.shared import notices
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.pacing import NotYetError

_log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
"""Duration of a message's lease; longer than all calls for one appointment."""

ALONE = timedelta(minutes=2)
"""Duration of the writer's lease, and so the longest time for which a killed writer
blocks other writers."""

UNWRITTEN_AT_ONCE = 20
"""Maximum number of missing writes that are queued at once. This is less than the
number of writes in a minute, so that new appointments do not wait behind a backlog."""


def write_due_events(deps: Deps, *, limit: int = 50) -> int:
    """Process due writes to the host calendar and due removals of events.

    Returns the number of processed messages. Safe to kill, and safe to run in many
    workers at once: only one of them writes.
    """
    done = 0
    with deps.unit_of_work() as work:
        connection = _ready(deps, work)
    if connection is not None:
        done += _write_messages(deps, connection, limit)
    return done + removing.remove_due_events(deps, limit=limit)


def add_missing_writes(deps: Deps) -> int:
    """Queue writes of missing or outdated events; return how many.

    These are events of appointments that were booked or changed before the connection
    existed, or while writing was off. Queuing a write twice is harmless.
    """
    with deps.unit_of_work() as work:
        connection = _ready(deps, work)
        if connection is None:
            return 0
        now = deps.now()
        appointments = work.host_events.appointments_to_write(
            connection.id, now, UNWRITTEN_AT_ONCE
        )
        for appointment_id in appointments:
            history.add_calendar_write(work, appointment_id, now)
    if appointments:
        deps.wake()
    return len(appointments)


def _ready(deps: Deps, work: UnitOfWork) -> Connection | None:
    """Return the connection to write to, if events can be written now.

    If writing is off, unprocessed messages are dropped. After writing is switched on
    again, ``add_missing_writes`` queues these writes again.
    """
    if not work.is_set_up:
        return None
    now = deps.now()
    connection, settings = work.connections.active(), work.settings
    in_use = (
        connection is not None and connection.provider == settings[PRIMARY_PROVIDER]
    )
    if connection is None or not in_use or not writes_events_by_setting(settings):
        work.outbox.drop_open(CALENDAR, now)
        return None
    is_well = not connection.needs_person and not connection.is_paused(now)
    can_write = connection.host is not None and deps.can_call(connection.provider)
    return connection if is_well and can_write else None


def _write_messages(deps: Deps, connection: Connection, limit: int) -> int:
    with deps.unit_of_work() as work:
        until = deps.now() + ALONE
        fence = work.host_events.lease_writing(connection.id, deps.now(), until)
    if fence is None:
        return 0
    try:
        return _MessageWriter(deps, connection, fence).run(limit)
    finally:
        with deps.unit_of_work() as work:
            work.host_events.extend_writing_lease(connection.id, fence, None)


class _MessageWriter:
    """Processes the messages of one connection, one after the other."""

    def __init__(self, deps: Deps, connection: Connection, fence: int) -> None:
        self._deps = deps
        self._connection = connection
        self._fence = fence
        calendar = calendar_of_connection(deps, connection)
        self._event_writer = EventWriter(deps, connection, calendar)

    def run(self, limit: int) -> int:
        """Process up to ``limit`` messages; stop if the provider limits the rate.

        Also stops if the writer's lease expired while a message was processed and
        another worker has the lease now.
        """
        for done in range(limit):
            message = self._next_message()
            if message is None or not self._carry_out(message):
                return done
        return limit

    def _next_message(self) -> OutboxMessage | None:
        now = self._deps.now()
        with self._deps.unit_of_work() as work:
            is_ours = work.host_events.extend_writing_lease(
                self._connection.id, self._fence, now + ALONE
            )
            if not is_ours:
                return None
            return work.outbox.lease(now, LEASE, (CALENDAR,))

    def _carry_out(self, message: OutboxMessage) -> bool:
        """Process one message; return whether to continue."""
        appointment_id = message.appointment_id
        try:
            if appointment_id is not None:
                self._event_writer.write_event(appointment_id)
        except NotYetError as early:
            self._postpone(message, early.until)
            return False
        except (ThrottledError, ReconnectError, PermissionMissingError) as error:
            self._stop(message, error)
            return False
        except ProviderRefusedError as error:
            self._show_refusal(message, error)
            return True
        except ProviderError as error:
            self._later(message, error)
            return False
        except Exception as error:  # noqa: BLE001  # one bad message must not stop the rest
            kind = type(error).__name__  # error texts may contain personal data
            _log.error("message %d cannot be carried out: %s", message.id, kind)
            with self._deps.unit_of_work() as work:
                work.outbox.retry_later(message, self._deps.now(), kind)
                notices.report_unforeseen_error(work, message, kind, self._deps.now())
            return True
        with self._deps.unit_of_work() as work:
            work.outbox.mark_sent(message, self._deps.now())
        return True

    def _postpone(self, message: OutboxMessage, until: datetime) -> None:
        with self._deps.unit_of_work() as work:
            work.outbox.postpone(message, until)

    def _stop(self, message: OutboxMessage, error: ProviderError) -> None:
        """Postpone the message until the connection works again."""
        with self._deps.unit_of_work() as work:
            work.outbox.postpone(message, self._deps.now())
            states.record_connection_failure(
                self._deps, work, self._connection.id, error
            )

    def _later(self, message: OutboxMessage, error: ProviderError) -> None:
        with self._deps.unit_of_work() as work:
            work.outbox.retry_later(message, self._deps.now(), str(error))
            if isinstance(error, ProviderDownError):
                states.record_connection_failure(
                    self._deps, work, self._connection.id, error
                )

    def _show_refusal(self, message: OutboxMessage, error: ProviderError) -> None:
        """Show staff that the provider permanently rejects an event."""
        now, appointment_id = self._deps.now(), message.appointment_id
        with self._deps.unit_of_work() as work:
            work.outbox.mark_failed(message, now, str(error))
            stored = appointment_id and work.host_events.find(
                appointment_id, self._connection.id, lock=True
            )
            if stored:
                work.host_events.save(
                    replace(stored, state=EventState.REFUSED, problem=str(error))
                )
                at = stored.period.start.isoformat()
                work.notify({"id": str(appointment_id), "at": at})
