"""The few values of the look that Python itself must know; the rest is tokens.css.

Components name roles (class names of the style sheets), never colors or sizes.
"""

from typing import Final

STYLESHEETS: Final = ("/tokens.css", "/public.css", "/failed.css")
"""Style sheets of every page, in the order they must be loaded."""

ACCENT: Final = "teal"
GRAY: Final = "slate"
RADIUS: Final = "large"

SLOT_TEXT: Final = "#000000"
SLOT_AVAILABLE: Final = "#a7e3b5"
SLOT_SELECTED: Final = "#8ab8ff"

LOGO: Final = "/images/logo"
ICONS: Final = "/icons.svg"
JOIN_IMAGE: Final = "/images/join"


def slot_color(chosen: str, default: str) -> str:
    """Return a slot color as a CSS value; a default leaves room for dark mode."""
    return "inherit" if chosen.lower() == default else chosen
