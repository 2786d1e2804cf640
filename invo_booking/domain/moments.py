"""When the clock alone changes what is shown.

A page is told the next such moment with what it shows, looks again then and is told
the next one. So nobody has to ask all the time, and nothing old stays on a screen.
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
)
from invo_booking.domain.wall import (
    DAY_MINUTES,
    MINUTE,
    ceil_minute,
    instant_at,
    local_midnight,
    wall_grid,
)

_JUST_AFTER = timedelta(milliseconds=1)
_LONGEST_GAP = 2 * DAY_MINUTES
"""Minutes in which every grid has a start, in every zone."""

Shown = tuple[Phase, bool, bool]


def clock_facts(appointment: Appointment, rules: JoinRules, now: datetime) -> Shown:
    """Return all that the clock decides of what is shown of an appointment.

    These are its phase, whether a missing customer is still waited for, and, as long
    as it is not over, whether it has begun.
    """
    now_is = appointment_phase(appointment, rules, now)
    has_begun = now_is not in OVER and appointment.starts_at <= now
    return now_is, is_waited_for(appointment, rules, now), has_begun


def next_shown_change(
    appointment: Appointment, rules: JoinRules, now: datetime
) -> datetime | None:
    """Return the first instant after ``now`` at which something else is shown.

    Until then ``clock_facts`` stays the same.

    Returns:
        In UTC; ``None`` if time changes nothing any more.
    """
    present = clock_facts(appointment, rules, now)
    moments = [
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


def next_closing(
    now: datetime, ahead: timedelta, step: timedelta, zone: ZoneInfo
) -> datetime:
    """Return when the next start of the slot grid can no longer be booked, in UTC.

    A start can be booked until exactly ``ahead`` of it, and not after.

    Args:
        now: In UTC.
        ahead: How long before it a start closes; zero for when it is past.
        step: Distance between starts, counted on the wall from each midnight.
        zone: Whose wall.
    """
    first = ceil_minute(now + ahead)
    starts = wall_grid(zone, step // MINUTE, first, first + _LONGEST_GAP)
    return instant_at(int(starts[0])) - ahead + _JUST_AFTER


def next_age_change(since: datetime, now: datetime) -> datetime:
    """Return when a length of time is next told otherwise, in UTC.

    Minutes are told until there are two hours, and hours until there are two days.

    Args:
        since: When it began, in UTC; not after ``now``.
        now: In UTC.
    """
    passed = (now - since) // MINUTE
    unit = next((it for it in (DAY_MINUTES, 60) if passed >= 2 * it), 1)
    return since + (passed // unit + 1) * unit * MINUTE


def earliest_moment(moments: Iterable[datetime | None]) -> datetime | None:
    """Return the first of some moments; ``None`` if there is none."""
    return min((moment for moment in moments if moment is not None), default=None)
