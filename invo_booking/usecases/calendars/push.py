"""Write appointments to the host calendar.

A message does not describe a change. It demands that the event agrees with the
appointment's current state. So messages may be repeated, late or added twice, and cause
no call if nothing is to be done. The product's own id of an event is stored before the
event is created, so that the event is found after a crash or a lost answer.
"""

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from invo_booking.domain.appointment import Appointment, Status
from invo_booking.domain.calendars.connection import Connection
from invo_booking.domain.calendars.host_events import EventState, StoredEvent
from invo_booking.domain.calendars.outside import EventDraft, HostEvent
from invo_booking.domain.calendars.provider_errors import (
    EventChangedError,
    EventGoneError,
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
from invo_booking.texts import say
from invo_booking.usecases.appointment import history
from invo_booking.usecases.calendars import host_drafts, pull, removing, states
from invo_booking.usecases.calendars.granting import calendar_of_connection
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.pacing import NotYetError, take_write_turn
from invo_booking.usecases.shared.ports import BackendCalendar

_log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
"""Duration of a message's lease; longer than all calls for one appointment."""

ALONE = timedelta(minutes=2)
"""Duration of the writer's lease, and so the longest time for which a killed writer
blocks others."""

LOOKS = 3
UNWRITTEN_AT_ONCE = 20
"""Maximum number of missing writes added at once. These are fewer than are written in a
minute, so that new appointments do not wait behind a backlog."""

MADE_A_SERIES = "connections.push.became_series"

UNUSABLE = "connections.push.unusable_answer"

_OVER = frozenset({Status.CANCELLED, Status.EXPIRED})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """The next action for one event.

    Attributes:
        stored: The stored event.
        draft: The event to write; ``None`` to remove the event.
        agent_id: The agent whom the event invites.
        is_first: Whether the event was never written before, so that it cannot exist.
        reads_meeting: Whether only the address of the online meeting is to be read.
    """

    stored: StoredEvent
    draft: EventDraft | None = None
    agent_id: UUID | None = None
    is_first: bool = False
    reads_meeting: bool = False


def write_due_events(deps: Deps, *, limit: int = 50) -> int:
    """Write due appointments to the host calendar, and remove events that are due.

    Returns the number of processed messages. Safe to run in many workers at once, of
    which only one writes, and safe to kill.
    """
    done = 0
    with deps.unit_of_work() as work:
        connection = _ready(deps, work)
    if connection is not None:
        done += _write_messages(deps, connection, limit)
    return done + removing.remove_due_events(deps, limit=limit)


def add_missing_writes(deps: Deps) -> int:
    """Queue writes of missing or outdated events; return how many.

    These are events of appointments that were made before the connection, or while
    writing was off. Queuing a write twice is harmless.
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

    If writing is off, open messages are dropped. After it is switched on,
    ``add_missing_writes`` adds them again.
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
        if not work.host_events.lease_writing(connection.id, deps.now(), until):
            return 0
    try:
        return _EventWriter(
            deps, connection, calendar_of_connection(deps, connection)
        ).run(limit)
    finally:
        with deps.unit_of_work() as work:
            work.host_events.extend_writing_lease(connection.id, None)


class _EventWriter:
    """Processes the messages of one connection, one after the other."""

    def __init__(
        self, deps: Deps, connection: Connection, calendar: BackendCalendar
    ) -> None:
        self._deps = deps
        self._connection = connection
        self._calendar = calendar

    def run(self, limit: int) -> int:
        """Process up to ``limit`` messages; stop if the provider limits the rate."""
        for done in range(limit):
            now = self._deps.now()
            with self._deps.unit_of_work() as work:
                message = work.outbox.lease(now, LEASE, (CALENDAR,))
                work.host_events.extend_writing_lease(self._connection.id, now + ALONE)
            if message is None or not self._carry_out(message):
                return done
        return limit

    def _carry_out(self, message: OutboxMessage) -> bool:
        """Process one message; return whether to continue."""
        appointment_id = message.appointment_id
        try:
            if appointment_id is not None:
                self._agree(appointment_id)
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
            kind = type(error).__name__  # the message may contain personal data
            _log.error("message %d cannot be carried out: %s", message.id, kind)
            with self._deps.unit_of_work() as work:
                work.outbox.retry_later(message, self._deps.now(), kind)
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
        """Show staff that the provider refuses an event for good."""
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

    def _agree(self, appointment_id: UUID) -> None:
        """Make the host calendar agree with an appointment.

        Raises:
            ProviderError: If that failed.
            NotYetError: If the provider's rate limit does not allow a write yet.
        """
        for _ in range(LOOKS):
            with self._deps.unit_of_work() as work:
                step = self._next_step(work, appointment_id)
            if step is None:
                return
            try:
                self._write_step(step)
            except EventChangedError:
                continue
            with self._deps.unit_of_work() as work:
                states.record_working(self._deps, work, self._connection.id)
            return
        raise ProviderDownError(say("connections.push.keeps_changing"))

    def _next_step(self, work: UnitOfWork, appointment_id: UUID) -> _Step | None:
        """Determine the next action, and store that it has started."""
        now = self._deps.now()
        appointment = work.appointments.find(appointment_id)
        if appointment is None:
            return None
        stored = work.host_events.find(appointment_id, self._connection.id, lock=True)
        step = self._find_step(work, appointment, stored, now)
        if step is None:
            return None
        take_write_turn(work, self._connection.id, self._calendar.limits, now)
        if step.draft is not None and not step.reads_meeting:
            begun = replace(step.stored, state=EventState.PENDING, problem="")
            work.host_events.save(begun)
            return replace(step, stored=begun)
        return step

    def _find_step(
        self,
        work: UnitOfWork,
        appointment: Appointment,
        stored: StoredEvent | None,
        now: datetime,
    ) -> _Step | None:
        if appointment.status in _OVER:
            may_stand = stored is not None and stored.state is not EventState.GONE
            return _Step(stored=stored) if stored and may_stand else None
        if appointment.status is not Status.CONFIRMED or appointment.ends_at <= now:
            return None
        is_first = stored is None
        if stored is None:
            earlier = work.host_events.event_of_earlier_connection(
                appointment.id, self._connection.id
            )
            is_first = earlier is None
            stored = self._event_to_make(appointment, earlier)
        elif host_drafts.waits_for_staff(stored, appointment):
            return None
        draft = host_drafts.event_draft(work, appointment, stored.key)
        if (
            stored.state is EventState.WRITTEN
            and stored.digest == host_drafts.event_digest(draft)
        ):
            if not host_drafts.is_meeting_missing(stored, draft, now):
                return None
            return _Step(stored=stored, draft=draft, reads_meeting=True)
        return _Step(
            stored=stored, draft=draft, agent_id=appointment.agent_id, is_first=is_first
        )

    def _event_to_make(
        self, appointment: Appointment, earlier: StoredEvent | None
    ) -> StoredEvent:
        """Return a new event, with the key of an earlier connection's event."""
        begun = StoredEvent(
            appointment_id=appointment.id,
            connection_id=self._connection.id,
            state=EventState.PENDING,
            period=appointment.period,
        )
        if earlier is None:
            return begun
        return replace(begun, key=earlier.key, period=earlier.period)

    def _write_step(self, step: _Step) -> None:
        stored, draft = step.stored, step.draft
        if draft is None:
            removing.remove_event(self._calendar, stored)
            self._store_gone(stored)
        elif step.reads_meeting:
            host_drafts.read_meeting(self._deps, self._calendar, stored, draft)
        elif stored.event_id:
            self._change_event(step, stored, draft)
        else:
            self._store(step, self._make_event(step, draft), draft)

    def _make_event(self, step: _Step, draft: EventDraft) -> HostEvent:
        event = None
        if not step.is_first:
            event = self._calendar.find(step.stored.key, step.stored.period)
        if event is None:
            event = self._calendar.create(draft)
            if event.period == draft.period:
                return event
        return self._calendar.change(event, draft)

    def _change_event(
        self, step: _Step, stored: StoredEvent, draft: EventDraft
    ) -> None:
        """Update an event, unless people moved or deleted it in the calendar.

        Such changes are followed. For providers whose changes are not followed, the
        event is corrected or created again.
        """
        is_followed = self._calendar.limits.two_way
        try:
            there = self._calendar.event(stored.event_id)
            if there.series_id:
                raise ProviderRefusedError(say(MADE_A_SERIES))
            known = {stored.period, stored.wanted, draft.period}
            if is_followed and there.period not in known:
                pull.apply_move(self._deps, stored, there)
                return
            self._store(step, self._calendar.change(there, draft), draft)
        except EventGoneError:
            if is_followed:
                pull.apply_deletion(self._deps, stored)
            else:
                self._store(step, self._calendar.create(draft), draft)

    def _store(self, step: _Step, event: HostEvent, draft: EventDraft) -> None:
        if not event.is_storable:
            raise ProviderRefusedError(say(UNUSABLE))
        now = self._deps.now()
        current = replace(
            step.stored,
            event_id=event.id,
            version=event.version,
            uid=event.uid,
            state=EventState.WRITTEN,
            digest=host_drafts.event_digest(draft),
            agent_id=step.agent_id,
            period=draft.period,
            wanted=None,
            join_url=event.join_url,
            written_at=now,
            seen_at=now,
        )
        with self._deps.unit_of_work() as work:
            stored = work.host_events.find(
                current.appointment_id, current.connection_id, lock=True
            )
            if stored is None or stored.state is EventState.GONE:
                removing.add_removal(work, current, now)  # ended during the write
            elif replace(stored, seen_at=step.stored.seen_at) == step.stored:
                work.host_events.save(current)
                host_drafts.look_for_meeting_later(work, current, draft, now)
            else:  # two writers: unknown whose values are the last
                work.host_events.save(replace(current, digest=""))
                history.add_calendar_write(work, current.appointment_id, now)

    def _store_gone(self, stored: StoredEvent) -> None:
        with self._deps.unit_of_work() as work:
            gone = replace(stored, state=EventState.GONE, seen_at=self._deps.now())
            work.host_events.save(gone)
