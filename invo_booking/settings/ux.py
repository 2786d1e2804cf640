"""Define the settings of the page UX Preferences: the brand's and the slots' colors."""

from invo_booking.settings.parsers import color_setting_field
from invo_booking.settings.spec import Page, Setting

BRAND = Setting(
    key="ux.brand",
    page=Page.UX,
    label="Brand color",
    help="Color of buttons, links and chosen days on customers' pages. If the color "
    "would be hard to read, the pages use a darker or lighter tone.",
    default="#0b6e62",
    field=color_setting_field(),
)
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
