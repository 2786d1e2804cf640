"""Compute when the passing of time changes what a page shows.

The server sends a page the next such moment with its contents. The page asks again at
that moment, so it needs no polling and never shows old data.
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
"""Span in minutes within which every grid in every zone has a start."""

Shown = tuple[Phase, bool, bool, bool]


def clock_facts(appointment: Appointment, rules: JoinRules, now: datetime) -> Shown:
    """Return what the current time determines of an appointment's display.

    These are its phase, whether staff still wait for a missing customer, until it is
    over, whether it has begun, and whether the customer can tell of being late.
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
        The instant in UTC; ``None`` if they never change again.
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
    """Return when a zone's clock is set forward or back before its next date, in UTC.

    Returns:
        The first whole minute of the new offset; ``None`` if the offset stays.
    """
    tomorrow = next_midnight(now, zone)
    parts = offset_stretches(zone, floor_minute(now), ceil_minute(tomorrow) + 1)
    return instant_at(parts[1].start) if len(parts) > 1 else None


def next_closing(
    now: datetime, ahead: timedelta, step: timedelta, zone: ZoneInfo
) -> datetime:
    """Return when the next start of the slot grid can no longer be booked, in UTC.

    A start can be booked until exactly ``ahead`` before it.

    Args:
        ahead: Time before a start at which it closes; zero to close at the start.
        step: Distance between starts, in wall time from each midnight.
        zone: Zone of the wall time.
    """
    first = ceil_minute(now + ahead)
    starts = wall_grid(zone, step // MINUTE, first, first + _LONGEST_GAP)
    return instant_at(int(starts[0])) - ahead + _JUST_AFTER


def next_age_change(since: datetime, now: datetime) -> datetime:
    """Return when the text of an age changes next, in UTC.

    Ages are shown in minutes below two hours, and in hours below two days.

    Args:
        since: Beginning of the age, in UTC; not after ``now``.
    """
    passed = (now - since) // MINUTE
    unit = next((it for it in (DAY_MINUTES, 60) if passed >= 2 * it), 1)
    return since + (passed // unit + 1) * unit * MINUTE


def earliest_moment(moments: Iterable[datetime | None]) -> datetime | None:
    """Return the earliest moment; ``None`` if there is none."""
    return min((moment for moment in moments if moment is not None), default=None)
