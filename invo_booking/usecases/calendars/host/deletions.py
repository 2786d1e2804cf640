"""Follow events that were deleted in the host calendar.

Two kinds of missing events do not cancel their appointments, because nobody decided to
cancel these. Events that are missing after a time in which nobody followed the calendar
are written again. If many events are missing at once, for example because somebody
emptied the calendar, staff decide about each of them, and administrators are mailed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from invo_booking.domain.appointment import Appointment, CancelledBy, Status
from invo_booking.domain.calendars.host_events import EventState, StoredEvent
from invo_booking.domain.errors import ConflictError
from invo_booking.mail.facts import MailKind
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings.calendars import CANCEL_DELETED
from invo_booking.texts import say
from invo_booking.usecases.appointment import history
from invo_booking.usecases.appointment.history import HOST_CALENDAR, AppointmentEvent
from invo_booking.usecases.shared import notices
from invo_booking.usecases.shared.deps import Deps

FEW = 10
"""Number of deleted events up to which no number is considered unusual."""

MOST = 100
"""Number of deleted events above which every number is considered unusual."""

SHARE = 5
"""Between ``FEW`` and ``MOST``, more than one in this many events is unusual."""

LATELY = timedelta(hours=1)
"""Deletions that belong together are at most this far apart, as a calendar may be
emptied slowly."""

MOVED_BUT_DELETED = "connections.pull.deleted_and_moved"
DELETED = "connections.pull.deleted"
DELETED_WITH_MANY = "connections.pull.deleted_with_many"
INCIDENT = "many events deleted"


@dataclass(frozen=True, slots=True)
class Deletions:
    """How many events are missing in the host calendar at the same time.

    Attributes:
        number: Number of the events that count as deleted, if they do not exist.
        are_usual: Whether people may have decided about so many events one by one.
    """

    number: int
    are_usual: bool


def count_deletions(
    deps: Deps, connection_id: UUID, missing: Iterable[StoredEvent]
) -> Deletions:
    """Return whether the number of missing events is usual.

    Events that are over do not count, nor do those that would be written again. Events
    that were deleted within the last hour count too, and deleted events as long as
    staff have not decided about them.
    """
    now = deps.now()
    number = sum(bool(it.digest) and it.period.end > now for it in missing)
    with deps.unit_of_work() as work:
        return Deletions(number, _is_usual(work, connection_id, number, now))


def apply_deletion(deps: Deps, stored: StoredEvent, deletions: Deletions) -> None:
    """Cancel the appointment of a deleted event, write it again, or let staff decide.

    Args:
        deps: The product's parts.
        stored: The compared stored event; if changed since, nothing is done.
        deletions: The events that are missing at the same time.
    """
    try:
        with deps.unit_of_work() as work:
            _settle_deletion(deps, work, stored, deletions)
    except ConflictError:
        return  # changed here this instant; the next look finds it again
    deps.wake()


def make_pending(stored: StoredEvent, appointment: Appointment) -> StoredEvent:
    """Return a deleted event in the state in which it is created again."""
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
    deps: Deps, work: UnitOfWork, stored: StoredEvent, deletions: Deletions
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
    elif not deletions.are_usual:
        _show_deleted(work, stored, say(DELETED_WITH_MANY), now)
        _alarm_administrators(deps, work, deletions.number, now)
    elif not work.settings[CANCEL_DELETED]:
        _show_deleted(work, stored, say(DELETED), now)
    else:
        work.host_events.save(replace(stored, state=EventState.GONE, seen_at=now))
        _cancel(work, appointment, now)


def _is_usual(
    work: UnitOfWork, connection_id: UUID, number: int, now: datetime
) -> bool:
    undecided, cancelled = work.host_events.count_deleted(connection_id, now - LATELY)
    number += undecided + cancelled
    ahead = work.host_events.count_ahead(connection_id, now) + cancelled
    return number <= FEW or (number <= MOST and number * SHARE <= ahead)


def _alarm_administrators(
    deps: Deps, work: UnitOfWork, number: int, now: datetime
) -> None:
    if not work.incidents.record(INCIDENT, now, LATELY):
        return
    address = f"{deps.config.public_url.rstrip('/')}/dashboard"
    text = say("connections.pull.many_deleted_body", number=number, page=address)
    subject = say("connections.pull.many_deleted_subject")
    notices.notify_administrators(work, subject, text, now)


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
