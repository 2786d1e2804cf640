"""Check whether text is readable on a background."""

from invo_booking.settings import ux
from invo_booking.settings.spec import Setting, Values
from invo_booking.texts import say

READABLE = 4.5
"""Least contrast of text of ordinary size (WCAG 2.2, success criterion 1.4.3, AA)."""

BACKGROUNDS: tuple[Setting[str], ...] = (ux.SLOT_AVAILABLE, ux.SLOT_SELECTED)


def contrast_ratio(one: str, other: str) -> float:
    """Return the contrast ratio of two colors ``#rrggbb``, from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mixed_color(color: str, other: str, percent: int) -> str:
    """Return a mix of two colors ``#rrggbb``, of which ``percent`` is ``other``."""
    parts = zip(bytes.fromhex(color[1:]), bytes.fromhex(other[1:]), strict=True)
    mixed = (one + (two - one) * percent // 100 for one, two in parts)
    return f"#{bytes(mixed).hex()}"


def contrast_warnings(values: Values) -> dict[str, str]:
    """Return a warning, by setting key, for each background with too low contrast."""
    text = values[ux.SLOT_TEXT]
    ratios = {it.key: contrast_ratio(text, values[it]) for it in BACKGROUNDS}
    return {key: _sentence(it) for key, it in ratios.items() if it < READABLE}


def _sentence(ratio: float) -> str:
    shown = int(ratio * 10) / 10  # rounded down, so never shown as sufficient
    return say("settings.contrast.too_low", shown=shown, readable=READABLE)


def _luminance(color: str) -> float:
    """Return the relative luminance of a color as WCAG defines it, from 0 to 1."""
    red, green, blue = (_linear(int(color[n : n + 2], 16) / 255) for n in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    if channel <= 0.04045:  # noqa: PLR2004  # from the definition of sRGB
        return channel / 12.92
    return ((channel + 0.055) / 1.055) ** 2.4
