"""Calendars: how much of a team must be free, and what outside calendars say."""

from invo_booking.settings.parsers import percent, switch
from invo_booking.settings.spec import Page, Setting

FREE_PERCENT = Setting(
    key="calendars.free_percent",
    page=Page.CALENDARS,
    label="Time Slot Availability",
    help="The share of agents on duty for a slot that must be free to offer it.",
    default=0,
    field=percent(),
)
COMPUTE_AVAILABILITY = Setting(
    key="calendars.compute_availability",
    page=Page.CALENDARS,
    label="Compute agent availability",
    help="What agents' own calendars say counts when slots are offered and booked.",
    default=False,
    field=switch(),
)

ENTRIES = (FREE_PERCENT, COMPUTE_AVAILABILITY)
