"""Rules of time that an institution sets."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from invo_booking.domain.wall import midnight


def earliest(
    now: datetime, zone: ZoneInfo, earliest_day: int, disabled_window: timedelta
) -> datetime:
    """Return the first instant that may be booked, in UTC.

    Args:
        now: The present instant, in UTC.
        zone: The institution's zone; its midnight begins a day.
        earliest_day: 0 for today, 1 for tomorrow, and so on.
        disabled_window: Time from now in which nothing may start.

    Source:
        The product page, "Earliest available day" and "Disabled Time Window": both
        apply, the later instant wins.
    """
    today = now.astimezone(zone).date()
    first_day = midnight(today + timedelta(days=earliest_day), zone)
    return max(first_day, (now + disabled_window).astimezone(UTC))
