"""Time-related Configurations: lengths, limits and the rhythm of an appointment."""

from datetime import timedelta

from invo_booking.settings.parsers import (
    days,
    grid_minutes,
    minutes,
    reminder_times,
    switch,
)
from invo_booking.settings.spec import Field, Page, Setting

DAY_IN_MINUTES = 24 * 60


def _minutes(
    key: str,
    label: str,
    help_: str,
    default: int,
    field: Field[timedelta],
    *,
    deprecated: bool = False,
) -> Setting[timedelta]:
    return Setting(
        key=f"time.{key}",
        page=Page.TIME,
        label=label,
        help=help_,
        default=timedelta(minutes=default),
        field=field,
        deprecated=deprecated,
    )


def _days(
    key: str, label: str, help_: str, default: int, bounds: tuple[int, int]
) -> Setting[int]:
    return Setting(
        key=f"time.{key}",
        page=Page.TIME,
        label=label,
        help=help_,
        default=default,
        field=days(*bounds),
    )


MAX_DURATION = _minutes(
    "max_duration",
    "Max duration",
    "Longest appointment staff may make; an Answer's own duration comes first.",
    120,
    minutes(5, DAY_IN_MINUTES),
    deprecated=True,
)
MIN_DURATION = _minutes(
    "min_duration",
    "Min duration",
    "Shortest appointment staff may make; an Answer's own duration comes first.",
    15,
    minutes(5, DAY_IN_MINUTES),
    deprecated=True,
)
DEFAULT_DURATION = _minutes(
    "default_duration",
    "Default duration",
    "Length of appointments whose Answer has no duration of its own.",
    30,
    minutes(5, DAY_IN_MINUTES),
    deprecated=True,
)
INTERVAL = _minutes(
    "interval",
    "Duration interval",
    "Distance between the starts of neighboring slots, counted from midnight; it "
    "divides an hour or is whole hours.",
    15,
    grid_minutes(5, 240),
    deprecated=True,
)
JOIN_BEFORE = _minutes(
    "join_before",
    "Joining the call",
    "How long before the start a customer can join.",
    10,
    minutes(0, 120),
)
REMINDERS = Setting(
    key="time.reminders",
    page=Page.TIME,
    label="Time for reminder email before the call",
    help="How long before the start a reminder is mailed; several with commas, 0 none.",
    default=(timedelta(minutes=60),),
    field=reminder_times(),
)
MAX_WAIT = _minutes(
    "max_wait",
    "Max waiting time",
    "How long after the start a missing customer counts as late.",
    15,
    minutes(1, 240),
)
CONFIRM_TIMEOUT = _minutes(
    "confirm_timeout",
    "Schedule-request confirmation timeout",
    "How long a request holds its slot unconfirmed; never beyond its start.",
    30,
    minutes(5, 7 * DAY_IN_MINUTES),
)
WEEKENDS_OFF = Setting(
    key="time.weekends_off",
    page=Page.TIME,
    label="Disable Weekends",
    help="No appointments on Saturday and Sunday, in the institution's zone.",
    default=True,
    field=switch(),
)
AGENT_EARLIEST_DAY = _days(
    "agent_earliest_day",
    "Agent - Earliest available day for scheduling",
    "The first day staff may book: 0 for today, 1 for the next day, and so on.",
    0,
    (0, 365),
)
PUBLIC_EARLIEST_DAY = _days(
    "public_earliest_day",
    "Public - Earliest available day for scheduling",
    "The first day the public may book: 0 for today, 1 for the next day, and so on.",
    0,
    (0, 365),
)
AGENT_WINDOW = _minutes(
    "agent_window",
    "Agent - Disabled Time Window",
    "Time between now and the earliest slot staff may book.",
    0,
    minutes(0, 7 * DAY_IN_MINUTES),
)
PUBLIC_WINDOW = _minutes(
    "public_window",
    "Public - Disabled Time Window",
    "Time between now and the earliest slot the public may book.",
    60,
    minutes(0, 7 * DAY_IN_MINUTES),
)
HORIZON = _days(
    "horizon",
    "Booking horizon",
    "How many days ahead appointments can be booked.",
    60,
    (1, 365),
)
