"""Define requests to the slot engine, their rules, and the locks of days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from invo_booking.domain.access.policy import first_bookable_instant
from invo_booking.domain.appointment import Appointment
from invo_booking.domain.errors import OvertakenError, SlotTakenError
from invo_booking.domain.institution import Roster
from invo_booking.domain.interval import Interval
from invo_booking.domain.slots.reasons import ClosingRule
from invo_booking.domain.slots.search import Group, Rules
from invo_booking.domain.wall import days_of
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.settings import calendars as calendar_settings
from invo_booking.settings import time as time_settings
from invo_booking.settings.spec import Values
from invo_booking.texts import page_language, say

TAKEN = frozenset(
    {
        ClosingRule.AGENTS_BUSY,
        ClosingRule.BUFFERS,
        ClosingRule.CALENDAR_UNKNOWN,
        ClosingRule.PERCENT,
        ClosingRule.CAPACITY,
    }
)
"""Rules that close a start because of other appointments, or because too few agents are
free."""


LONGEST_BUFFER = timedelta(minutes=240)
"""Maximum buffer that an Answer can have before or after its appointments."""


@dataclass(frozen=True, slots=True)
class SlotRequest:
    """An appointment for which a start is sought: its group, length and buffers."""

    group: Group
    length: timedelta
    buffer_before: timedelta
    buffer_after: timedelta

    @classmethod
    def of(cls, appointment: Appointment) -> "SlotRequest":
        """Return the request that describes an existing appointment."""
        return cls(
            group_of(appointment),
            appointment.ends_at - appointment.starts_at,
            appointment.buffer_before,
            appointment.buffer_after,
        )


def group_of(appointment: Appointment) -> Group:
    """Return the queue, language and branch that an appointment's agent must serve."""
    return Group(appointment.queue_id, appointment.language, appointment.branch_id)


def rules_for(
    roster: Roster,
    settings: Values,
    wanted: SlotRequest,
    now: datetime,
    *,
    public: bool,
) -> Rules:
    """Return the current rules for customers or for staff.

    For a visit, dates are in the branch's time zone, otherwise in the institution's
    time zone.

    The required percentage of free agents does not apply to staff, because this
    percentage reserves the last free agents for bookings by staff.
    """
    group = wanted.group
    zone = roster.clock_at(group.branch_id)
    day, window = (
        (time_settings.PUBLIC_EARLIEST_DAY, time_settings.PUBLIC_WINDOW)
        if public
        else (time_settings.AGENT_EARLIEST_DAY, time_settings.AGENT_WINDOW)
    )
    return Rules(
        zone=zone,
        now=now,
        step=settings[time_settings.INTERVAL],
        length=wanted.length,
        buffer_before=wanted.buffer_before,
        buffer_after=wanted.buffer_after,
        earliest_day=first_bookable_instant(now, zone, settings[day]),
        disabled_window=settings[window],
        latest=horizon_end(now, zone, settings),
        weekends_off=settings[time_settings.WEEKENDS_OFF],
        holidays=roster.holidays_at(group.branch_id, page_language()),
        opening=roster.opening_at(group.queue_id, group.branch_id),
        percent=settings[calendar_settings.FREE_PERCENT] if public else 0,
    )


def last_horizon_end(roster: Roster, now: datetime, settings: Values) -> datetime:
    """Return the latest end of the booking horizon in any of the zones, in UTC."""
    zones = {roster.institution.zone, *(it.zone for it in roster.branches.values())}
    return max(horizon_end(now, zone, settings) for zone in zones)


def horizon_end(now: datetime, zone: ZoneInfo, settings: Values) -> datetime:
    """Return the end of the booking horizon, a midnight in this zone, in UTC."""
    last = now.astimezone(zone).date() + timedelta(days=settings[time_settings.HORIZON])
    return plain_midnight(last + timedelta(days=1), zone)


def plain_midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the instant at which a date begins in a zone, in UTC."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def lock_appointment(
    work: UnitOfWork, now: datetime, seen: Appointment, *elsewhere: Interval
) -> Appointment:
    """Lock the dates of an existing appointment, and return its state under the lock.

    Code that judges or moves an appointment must call this function and use the
    returned state. The appointment may have been changed before the lock was acquired.

    Args:
        seen: The appointment, as read without a lock.
        elsewhere: Further periods to lock, such as the time to which the appointment is
            to be moved.

    Raises:
        OvertakenError: If the appointment was moved before the lock was acquired, so
            that the wrong dates are locked.
        SlotTakenError: As in ``lock_days_of``.
    """
    lock_days_of(work, now, seen.period, *elsewhere)
    current = work.appointments.get(seen.id)
    if current.period != seen.period:
        raise OvertakenError
    return current


def lock_days_of(
    work: UnitOfWork, now: datetime, *periods: Interval, contacts: Iterable[str] = ()
) -> None:
    """Lock the institution dates of new appointments against other bookings.

    For an existing appointment call ``lock_appointment`` instead.

    Two further kinds of dates are locked. The first kind are dates into which buffers
    may reach, because buffers can reach across midnight. The second kind are the dates
    of all unassigned appointments that are linked to the periods. Without these locks,
    two bookings on different dates could together take the agents that such an
    appointment needs.

    Args:
        periods: Periods of the new appointments.
        contacts: Contacts of customers to lock after the dates.

    Raises:
        SlotTakenError: If further dates became linked while this call waited for the
            lock, and another booking has locked one of these dates. Waiting for that
            lock could cause a deadlock.
    """
    zone = work.roster.institution.zone
    reach = [period.widen(LONGEST_BUFFER, LONGEST_BUFFER) for period in periods]
    locked = _days_of_all(work.peek_linked_spans(reach), zone)
    work.lock_days(locked, contacts)
    while more := _days_of_all(work.linked_spans(reach, now), zone) - locked:
        if not work.try_lock_days(more):
            raise SlotTakenError(say("refusals.busy_day"))
        locked |= more


def _days_of_all(spans: Iterable[Interval], zone: ZoneInfo) -> set[date]:
    return {day for span in spans for day in days_of(span, zone)}
