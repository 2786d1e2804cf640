"""Settings of the page UX Preferences: colors of time slots."""

from invo_booking.settings.parsers import color_setting_field
from invo_booking.settings.spec import Page, Setting

SLOT_TEXT = Setting(
    key="ux.slot_text",
    page=Page.UX,
    label="Time slot text color",
    help="Color of the time shown on a slot.",
    default="#000000",
    field=color_setting_field(),
)
SLOT_AVAILABLE = Setting(
    key="ux.slot_available",
    page=Page.UX,
    label="Available time slot background color",
    help="Background of a slot that can be selected.",
    default="#a7e3b5",
    field=color_setting_field(),
)
SLOT_SELECTED = Setting(
    key="ux.slot_selected",
    page=Page.UX,
    label="Selected time slot background color",
    help="Background of the selected slot.",
    default="#8ab8ff",
    field=color_setting_field(),
)
