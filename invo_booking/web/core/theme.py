"""The few values of the look that Python itself must know; the rest is tokens.css.

Components name roles (class names of the style sheets), never colors or sizes.
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
"""Percent of white or black in the ground of an available slot."""

LOGO: Final = "/images/logo"
ICONS: Final = "/icons.svg"
JOIN_IMAGE: Final = "/images/join"


def slot_tint(text: str, available: str) -> str:
    """Return the pale ground of an available slot as a CSS value.

    It is mixed away from the text, so that the text is never harder to read on it than
    on the available color.
    """
    if {text.lower(), available.lower()} <= {SLOT_TEXT, SLOT_AVAILABLE}:
        return "inherit"
    is_darker = contrast_ratio(text, WHITE) > contrast_ratio(available, WHITE)
    return mixed_color(available.lower(), WHITE if is_darker else BLACK, PALE)


def slot_ink(text: str, available: str) -> str:
    """Return the color of the time on an available slot as a CSS value."""
    is_default = slot_tint(text, available) == "inherit"
    return "inherit" if is_default else text.lower()


def slot_color(chosen: str, default: str) -> str:
    """Return a slot color as a CSS value; a default leaves room for dark mode."""
    return "inherit" if chosen.lower() == default else chosen
