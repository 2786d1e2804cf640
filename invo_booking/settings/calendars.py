"""Calendars: how much of a team must be free."""

from invo_booking.settings.parsers import whole_number
from invo_booking.settings.spec import Page, Setting

FREE_PERCENT = Setting(
    key="calendars.free_percent",
    page=Page.CALENDARS,
    label="Time Slot Availability",
    help="The share of agents on duty for a slot that must be free to offer it.",
    default=0,
    parse=whole_number(0, 100),
    unit="percent",
)

ENTRIES = (FREE_PERCENT,)
