"""Compute when a page must change because time has passed.

With the contents of a page, the server sends the time of the next change. The page
loads its contents again at this time, so pages need no polling and are never out of
date.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from invo_booking.domain.appointment import (
    OVER,
    Appointment,
    JoinRules,
    Phase,
    appointment_phase,
    is_waited_for,
    joinable_from,
    late_from,
    may_report_late,
    reportable_from,
)
from invo_booking.domain.wall import (
    DAY_MINUTES,
    MINUTE,
    ceil_minute,
    floor_minute,
    instant_at,
    local_midnight,
    offset_stretches,
    wall_grid,
)

_JUST_AFTER = timedelta(milliseconds=1)
_LONGEST_GAP = 2 * DAY_MINUTES
"""Upper bound of the time between two starts of a slot grid, in minutes."""

Shown = tuple[Phase, bool, bool, bool]


def clock_facts(appointment: Appointment, rules: JoinRules, now: datetime) -> Shown:
    """Return those values of an appointment that depend on the current time.

    They are: the phase; whether staff still wait for a missing customer; whether the
    appointment has begun and is not over; whether the customer can report running late.
    """
    now_is = appointment_phase(appointment, rules, now)
    has_begun = now_is not in OVER and appointment.starts_at <= now
    may_report = may_report_late(appointment, rules, now)
    return now_is, is_waited_for(appointment, rules, now), has_begun, may_report


def next_shown_change(
    appointment: Appointment, rules: JoinRules, now: datetime
) -> datetime | None:
    """Return the first instant after ``now`` at which ``clock_facts`` change.

    Returns:
        The instant in UTC; ``None`` if the values never change again.
    """
    present = clock_facts(appointment, rules, now)
    moments = [
        reportable_from(appointment, rules),
        joinable_from(appointment, rules),
        appointment.starts_at,
        appointment.starts_at + rules.wait,
        late_from(appointment, rules),
        appointment.ends_at,
    ]
    if appointment.confirm_by is not None:
        moments.append(appointment.confirm_by)
    later = sorted(moment for moment in moments if moment > now)
    return next(
        (it for it in later if clock_facts(appointment, rules, it) != present), None
    )


def next_midnight(now: datetime, zone: ZoneInfo) -> datetime:
    """Return when the next date begins in a zone, in UTC."""
    return local_midnight(now.astimezone(zone).date() + timedelta(days=1), zone)


def next_clock_change(now: datetime, zone: ZoneInfo) -> datetime | None:
    """Return when a zone's clocks are set forward or back before its next midnight.

    Returns:
        The first whole minute of the new offset, in UTC; ``None`` if the offset stays.
    """
    tomorrow = next_midnight(now, zone)
    parts = offset_stretches(zone, floor_minute(now), ceil_minute(tomorrow) + 1)
    return instant_at(parts[1].start) if len(parts) > 1 else None


def next_closing(
    now: datetime, ahead: timedelta, step: timedelta, zone: ZoneInfo
) -> datetime:
    """Return the next instant at which a start of the slot grid closes, in UTC.

    A start is still open exactly ``ahead`` before its time, and closes just after.

    Args:
        ahead: How long before its time a start closes; zero to close at its time.
        step: Distance between starts, in wall time from each midnight.
        zone: Zone of the wall time.
    """
    first = ceil_minute(now + ahead)
    starts = wall_grid(zone, step // MINUTE, first, first + _LONGEST_GAP)
    return instant_at(int(starts[0])) - ahead + _JUST_AFTER


def next_age_change(since: datetime, now: datetime) -> datetime:
    """Return when a text such as *5 minutes ago* changes next, in UTC.

    Ages below two hours are shown in minutes, ages below two days in hours.

    Args:
        since: Instant from which the age is counted, in UTC; not after ``now``.
    """
    passed = (now - since) // MINUTE
    unit = next((it for it in (DAY_MINUTES, 60) if passed >= 2 * it), 1)
    return since + (passed // unit + 1) * unit * MINUTE


def earliest_moment(moments: Iterable[datetime | None]) -> datetime | None:
    """Return the earliest moment, ignoring ``None``; ``None`` if there is no moment."""
    return min((moment for moment in moments if moment is not None), default=None)
