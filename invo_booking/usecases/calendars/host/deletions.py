"""Follow events that were deleted in the host calendar.

In two cases, a missing event does not cancel its appointment, because perhaps nobody
deleted the event on purpose. If the connection had ended or writing was off, events
that are missing afterwards are written again. If many events were changed at once,
staff decide about each of these events: see ``counting``.
"""

from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from invo_booking.domain.appointment import Appointment, CancelledBy, Status
from invo_booking.domain.calendars.host_events import EventState, StoredEvent
from invo_booking.domain.errors import ConflictError
from invo_booking.mail.facts import MailKind
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings.calendars import CANCEL_DELETED
from invo_booking.texts import say
from invo_booking.usecases.appointment import history
from invo_booking.usecases.appointment.history import HOST_CALENDAR, AppointmentEvent
from invo_booking.usecases.calendars.host import counting
from invo_booking.usecases.calendars.host.counting import ChangeCount
from invo_booking.usecases.shared.deps import Deps

MOVED_BUT_DELETED = "connections.pull.deleted_and_moved"
DELETED = "connections.pull.deleted"
DELETED_WITH_MANY = "connections.pull.deleted_with_many"


def apply_deletion(deps: Deps, stored: StoredEvent, changes: ChangeCount) -> None:
    """Cancel the appointment of a deleted event, write it again, or let staff decide.

    Args:
        stored: The stored event that was compared with the calendar. If the stored
            event has changed since the comparison, nothing is done.
        changes: What ``count_changes`` returned for this reading of the calendar.
    """
    try:
        with deps.unit_of_work() as work:
            _settle_deletion(deps, work, stored, changes)
    except ConflictError:
        return  # just changed here; the next reading finds the deletion again
    deps.wake()


def make_pending(stored: StoredEvent, appointment: Appointment) -> StoredEvent:
    """Return a deleted event in the state that makes the next write create it again."""
    return replace(
        stored,
        state=EventState.PENDING,
        key=uuid4(),
        event_id="",
        version="",
        digest="",
        problem="",
        wanted=None,
        period=appointment.period,
    )


def _settle_deletion(
    deps: Deps, work: UnitOfWork, stored: StoredEvent, changes: ChangeCount
) -> None:
    now = deps.now()
    appointment = work.appointments.find(stored.appointment_id)
    if appointment is None or not work.host_events.lock_if_unchanged(stored):
        return
    if appointment.status is not Status.CONFIRMED or appointment.ends_at <= now:
        work.host_events.save(replace(stored, state=EventState.GONE, seen_at=now))
    elif not stored.digest:
        work.host_events.save(make_pending(stored, appointment))
        history.add_calendar_write(work, appointment.id, now)
    elif appointment.period != stored.period:
        _show_deleted(work, stored, say(MOVED_BUT_DELETED), now)
    elif not changes.is_usual:
        _show_deleted(work, stored, say(DELETED_WITH_MANY), now)
        counting.alarm_administrators(deps, work, changes.number, now)
    elif not work.settings[CANCEL_DELETED]:
        _show_deleted(work, stored, say(DELETED), now)
    else:
        work.host_events.save(replace(stored, state=EventState.GONE, seen_at=now))
        _cancel(work, appointment, now)


def _show_deleted(
    work: UnitOfWork, stored: StoredEvent, why: str, now: datetime
) -> None:
    """Let staff decide about an event that was deleted in the calendar."""
    work.host_events.save(
        replace(
            stored,
            state=EventState.DELETED,
            wanted=None,
            problem=why,
            join_url="",
            seen_at=now,
        )
    )
    work.notify(
        {"id": str(stored.appointment_id), "at": stored.period.start.isoformat()}
    )


def _cancel(work: UnitOfWork, appointment: Appointment, now: datetime) -> None:
    by = CancelledBy.PROVIDER
    cancelled = work.appointments.save(
        replace(
            appointment,
            status=Status.CANCELLED,
            sequence=appointment.sequence + 1,
            cancelled_by=by,
        )
    )
    event = AppointmentEvent(
        actor=HOST_CALENDAR,
        action="cancelled",
        detail={"by": by.value},
        mail=MailKind.CANCELLED,
    )
    history.record_event(work, cancelled, event, now)
