"""The few values of the design that Python needs; all others are in ``tokens.css``.

Components use roles (class names of the style sheets), never colors or sizes.
"""

from typing import Final

from invo_booking.settings.contrast import contrast_ratio, mixed_color

STYLESHEETS: Final = ("/tokens.css", "/public.css", "/failed.css")
"""Style sheets of every page, in the order they must be loaded."""

ACCENT: Final = "teal"
GRAY: Final = "slate"
RADIUS: Final = "large"

SLOT_TEXT: Final = "#000000"
SLOT_AVAILABLE: Final = "#a7e3b5"
SLOT_SELECTED: Final = "#8ab8ff"
WHITE, BLACK = "#ffffff", "#000000"
PALE: Final = 70
"""Percentage of white or black in the background of an available slot."""

LOGO: Final = "/images/logo"
ICONS: Final = "/icons.svg"
JOIN_IMAGE: Final = "/images/join"


def slot_tint(text: str, available: str) -> str:
    """Return the pale background of an available slot as a CSS value.

    The available color is mixed with white if the text is darker, otherwise with black.
    So text on the tint is at least as readable as on the color of available slots.
    """
    if {text.lower(), available.lower()} <= {SLOT_TEXT, SLOT_AVAILABLE}:
        return "inherit"
    is_darker = contrast_ratio(text, WHITE) > contrast_ratio(available, WHITE)
    return mixed_color(available.lower(), WHITE if is_darker else BLACK, PALE)


def slot_ink(text: str, available: str) -> str:
    """Return the text color of the time on an available slot as a CSS value."""
    is_default = slot_tint(text, available) == "inherit"
    return "inherit" if is_default else text.lower()


def theme_slot_color(chosen: str, default: str) -> str:
    """Return a slot color as a CSS value; the default color may change in dark mode."""
    return "inherit" if chosen.lower() == default else chosen
