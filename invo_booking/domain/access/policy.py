"""Compute the first day that customers may book."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from invo_booking.domain.wall import local_midnight


def first_bookable_instant(
    now: datetime, zone: ZoneInfo, earliest_day: int
) -> datetime:
    """Return the instant at which the earliest bookable day begins, in UTC.

    Args:
        zone: The institution's zone; days begin at midnight in this zone.
        earliest_day: 0 for today, 1 for tomorrow, and so on.
    """
    today = now.astimezone(zone).date()
    return local_midnight(today + timedelta(days=earliest_day), zone)
