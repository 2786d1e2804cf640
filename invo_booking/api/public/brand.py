"""Write the institution's color into the HTML of public pages."""

from typing import Final

from invo_booking.settings import ux
from invo_booking.settings.contrast import READABLE, contrast_ratio, mixed_color

LIGHT_PAPER, DARK_PAPER = "#ffffff", "#18191b"
LIGHT_CANVAS, DARK_CANVAS = "#f9f9fb", "#111113"
WHITE, BLACK = "#ffffff", "#000000"
STEP: Final = 4
"""Percent of white or black that is mixed into a color in each step."""

SOFT_LIGHT, SOFT_DARK = 88, 78
"""Percent of the page's color in the background of selected elements, by color mode."""

_HOVER: Final = 14


def brand_style(color: str) -> str:
    """Return a ``style`` element with CSS variables made from the institution's color.

    Empty for the default color, whose variables are in the style sheet.

    Args:
        color: ``#rrggbb`` as stored.
    """
    if not color or color.lower() == ux.BRAND.default:
        return ""
    light, dark = _roles_on_light(color.lower()), _roles_on_dark(color.lower())
    return (
        f"<style>:root{{{light}}}"
        f"@media (prefers-color-scheme:dark){{:root:not(.light){{{dark}}}}}"
        f":root.dark{{{dark}}}</style>"
    )


def readable_color(color: str, grounds: tuple[str, ...], toward: str) -> str:
    """Return the nearest tone of a color with enough contrast on all backgrounds.

    Args:
        color: The color as ``#rrggbb``.
        grounds: Colors of the backgrounds.
        toward: White or black; the color is mixed with more and more of it.
    """
    tones = (mixed_color(color, toward, share) for share in range(0, 100, STEP))
    return next(
        (
            tone
            for tone in tones
            if all(contrast_ratio(tone, ground) >= READABLE for ground in grounds)
        ),
        toward,
    )


def _roles_on_light(color: str) -> str:
    soft = mixed_color(color, LIGHT_PAPER, SOFT_LIGHT)
    ink = readable_color(color, (LIGHT_PAPER, LIGHT_CANVAS, soft), BLACK)
    hover = mixed_color(ink, BLACK, _HOVER)
    return _declarations(ink, soft, ink, hover, WHITE)


def _roles_on_dark(color: str) -> str:
    soft = mixed_color(color, DARK_PAPER, SOFT_DARK)
    ink = readable_color(color, (DARK_PAPER, DARK_CANVAS, soft), WHITE)
    hover = mixed_color(ink, WHITE, _HOVER)
    return _declarations(ink, soft, ink, hover, BLACK)


def _declarations(ink: str, soft: str, button: str, hover: str, on_button: str) -> str:
    roles = {
        "accent": ink,
        "accent-ink": ink,
        "accent-soft": soft,
        "on-accent": on_button,
        "focus": ink,
        "btn": button,
        "btn-hover": hover,
        "on-btn": on_button,
    }
    return ";".join(f"--{name}:{value}" for name, value in roles.items())
