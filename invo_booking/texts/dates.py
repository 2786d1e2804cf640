"""Write dates and times for staff and operators, all in the same format.

Mails to staff, alerts, commands and reasons have one format: the date as in the United
States, and the 24-hour clock. The callers choose the zone.
"""

from datetime import date, datetime


def clock_text(local: datetime) -> str:
    """Return a time of day, as in ``9:05``."""
    return f"{local.hour}:{local:%M}"


def date_text(day: date) -> str:
    """Return a date with its year, as in ``November 24, 2026``."""
    return f"{month_day_text(day)}, {day.year}"


def day_text(day: date) -> str:
    """Return a date without its year, as in ``Tuesday, November 24``."""
    return f"{day:%A}, {month_day_text(day)}"


def month_day_text(day: date) -> str:
    """Return a date without weekday and year, as in ``November 24``."""
    return f"{day:%B} {day.day}"


def instant_text(local: datetime) -> str:
    """Return a date and a time of day, as in ``November 24, 2026, 9:05``."""
    return f"{date_text(local)}, {clock_text(local)}"
