"""Make single events of the host calendar agree with their appointments.

The product's own id of an event is stored before the event is created, so that the
event is found after a crash or a lost response.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from invo_booking.domain.appointment import Appointment, Status
from invo_booking.domain.calendars.connection import Connection
from invo_booking.domain.calendars.host_events import EventState, StoredEvent
from invo_booking.domain.calendars.outside import EventDraft, HostEvent
from invo_booking.domain.calendars.ports import BackendCalendar
from invo_booking.domain.calendars.provider_errors import (
    EventChangedError,
    EventGoneError,
    ProviderDownError,
    ProviderRefusedError,
)
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.texts import say
from invo_booking.usecases.appointment import history
from invo_booking.usecases.calendars import pull, removing, states
from invo_booking.usecases.calendars.host import counting, deletions, drafts, inviting
from invo_booking.usecases.calendars.host.counting import ChangeCount
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.pacing import take_write_turn

LOOKS = 3
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
        is_first: Whether no earlier write was tried, so that the event cannot exist in
            the calendar.
        reads_meeting: Whether the only action is to read the URL of the online meeting.
    """

    stored: StoredEvent
    draft: EventDraft | None = None
    agent_id: UUID | None = None
    is_first: bool = False
    reads_meeting: bool = False


class EventWriter:
    """Writes the events of one connection, one after the other."""

    def __init__(
        self, deps: Deps, connection: Connection, calendar: BackendCalendar
    ) -> None:
        self._deps = deps
        self._connection = connection
        self._calendar = calendar

    def write_event(self, appointment_id: UUID) -> None:
        """Make the host calendar agree with an appointment.

        Raises:
            ProviderError: If the write failed.
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
        """Determine the next action, and store that the action has started."""
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
        elif drafts.waits_for_staff(stored, appointment):
            return None
        inviting.record_host_invitation(work, appointment)
        draft = drafts.event_draft(work, appointment, stored.key)
        if stored.state is EventState.WRITTEN and stored.digest == drafts.event_digest(
            draft
        ):
            if not drafts.is_meeting_missing(stored, draft, now):
                return None
            return _Step(stored=stored, draft=draft, reads_meeting=True)
        return _Step(
            stored=stored, draft=draft, agent_id=appointment.agent_id, is_first=is_first
        )

    def _event_to_make(
        self, appointment: Appointment, earlier: StoredEvent | None
    ) -> StoredEvent:
        """Return a new event; if an earlier connection had it, with the same key."""
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
            drafts.read_meeting(self._deps, self._calendar, stored, draft)
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

        In these cases, the appointment is changed instead, or staff decide. But if the
        provider does not support this (``limits.two_way``), the event is corrected or
        created again.
        """
        is_followed = self._calendar.limits.two_way
        try:
            there = self._calendar.event(stored.event_id)
            if there.series_id:
                raise ProviderRefusedError(say(MADE_A_SERIES))
            known = {stored.period, stored.wanted, draft.period}
            if is_followed and there.period not in known:
                changes = self._count_changes(missing=[], moved=[stored])
                pull.apply_move(self._deps, stored, there, changes)
                return
            self._store(step, self._calendar.change(there, draft), draft)
        except EventGoneError:
            if is_followed:
                self._follow_deletion(stored)
            else:
                self._store(step, self._calendar.create(draft), draft)

    def _follow_deletion(self, stored: StoredEvent) -> None:
        missing = [stored] if stored.digest else []
        changes = self._count_changes(missing=missing)
        deletions.apply_deletion(self._deps, stored, changes)

    def _count_changes(
        self, *, missing: Sequence[StoredEvent], moved: Sequence[StoredEvent] = ()
    ) -> ChangeCount:
        """Read the calendar, follow what was changed, and count all recent changes.

        Without this reading, the count would miss other events that were changed at the
        same time.
        """
        if missing or moved:
            now = self._deps.now()
            pull.pull_changes(self._deps, self._calendar, self._connection, now)
        return counting.count_changes(
            self._deps, self._connection.id, missing=missing, moved=moved
        )

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
            digest=drafts.event_digest(draft),
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
                drafts.look_for_meeting_later(work, current, draft, now)
            else:  # two writers: unknown which of them wrote last
                work.host_events.save(replace(current, digest=""))
                history.add_calendar_write(work, current.appointment_id, now)

    def _store_gone(self, stored: StoredEvent) -> None:
        with self._deps.unit_of_work() as work:
            gone = replace(stored, state=EventState.GONE, seen_at=self._deps.now())
            work.host_events.save(gone)
