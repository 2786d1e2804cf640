"""Define the settings of the page Time-related Configurations."""

from datetime import timedelta

from invo_booking.settings.parsers import (
    days_setting_field,
    grid_minutes_setting_field,
    minutes_setting_field,
    reminder_times_setting_field,
    switch_setting_field,
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
        field=days_setting_field(*bounds),
    )


MAX_DURATION = _minutes(
    "max_duration",
    "Max duration",
    "Staff cannot make longer appointments, unless the length is the Answer's own "
    "duration.",
    120,
    minutes_setting_field(5, DAY_IN_MINUTES),
    deprecated=True,
)
MIN_DURATION = _minutes(
    "min_duration",
    "Min duration",
    "Staff cannot make shorter appointments, unless the length is the Answer's own "
    "duration.",
    15,
    minutes_setting_field(5, DAY_IN_MINUTES),
    deprecated=True,
)
DEFAULT_DURATION = _minutes(
    "default_duration",
    "Default duration",
    "Length of appointments for Answers without their own duration.",
    30,
    minutes_setting_field(5, DAY_IN_MINUTES),
    deprecated=True,
)
INTERVAL = _minutes(
    "interval",
    "Duration interval",
    "Slots start at this interval, counted from midnight. With 15, they start at 9:00, "
    "9:15, 9:30 and so on. The value must divide an hour or be whole hours.",
    15,
    grid_minutes_setting_field(5, 240),
    deprecated=True,
)
JOIN_BEFORE = _minutes(
    "join_before",
    "Joining the call",
    "Customers can join a call this long before its start. With 10, from 8:50 for a "
    "call at 9:00.",
    10,
    minutes_setting_field(0, 120),
)
REMINDERS = Setting(
    key="time.reminders",
    page=Page.TIME,
    label="Time for reminder email before the call",
    help="A reminder is mailed this long before the start. Separate several values "
    "with commas: 60, 1440 sends one an hour and one a day before. 0 sends none.",
    default=(timedelta(minutes=60),),
    field=reminder_times_setting_field(),
)
MAX_WAIT = _minutes(
    "max_wait",
    "Max waiting time",
    "A customer who has not joined this long after the start counts as late, and staff "
    "can cancel the appointment as late.",
    15,
    minutes_setting_field(1, 240),
)
CONFIRM_TIMEOUT = _minutes(
    "confirm_timeout",
    "Schedule-request confirmation timeout",
    "A request that is not confirmed within this time expires and frees its slot, at "
    "the latest at its start.",
    30,
    minutes_setting_field(5, 7 * DAY_IN_MINUTES),
)
WEEKENDS_OFF = Setting(
    key="time.weekends_off",
    page=Page.TIME,
    label="Disable Weekends",
    help="Appointments on Saturday and Sunday cannot be booked. The institution's time "
    "zone decides when a day begins.",
    default=True,
    field=switch_setting_field(),
)
AGENT_EARLIEST_DAY = _days(
    "agent_earliest_day",
    "Agent - Earliest available day for scheduling",
    "The first day that staff can book: 0 is today, 1 is tomorrow, and so on.",
    0,
    (0, 365),
)
PUBLIC_EARLIEST_DAY = _days(
    "public_earliest_day",
    "Public - Earliest available day for scheduling",
    "The first day that the public can book: 0 is today, 1 is tomorrow, and so on.",
    0,
    (0, 365),
)
AGENT_WINDOW = _minutes(
    "agent_window",
    "Agent - Disabled Time Window",
    "Staff can book a slot only if it starts at least this long from now. With 0, they "
    "can book the next slot.",
    0,
    minutes_setting_field(0, 7 * DAY_IN_MINUTES),
)
PUBLIC_WINDOW = _minutes(
    "public_window",
    "Public - Disabled Time Window",
    "The public can book a slot only if it starts at least this long from now. With "
    "60, a slot at 10:00 can be booked until 9:00.",
    60,
    minutes_setting_field(0, 7 * DAY_IN_MINUTES),
)
HORIZON = _days(
    "horizon",
    "Booking horizon",
    "Appointments can be booked this number of days ahead. Later days are not offered.",
    60,
    (1, 365),
)
