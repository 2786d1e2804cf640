"""Line icons from one file, loaded once and drawn in the color of the nearby text."""

import reflex as rx

from invo_booking.web.core import theme
from invo_booking.web.kit.typed import Text

DEFAULT = 16


def icon(name: Text, size: int = DEFAULT, look: str = "") -> rx.Component:
    """A decorative icon; the text beside the icon must carry the meaning.

    Args:
        name: Name of an icon in ``assets/icons.svg``.
        size: Width and height in pixels: 12, 14, 16 or 20.
        look: Class name of the icon.
    """
    edge = "" if size == DEFAULT else f"i-{size}"
    return rx.el.svg(
        rx.el.svg.use(href=f"{theme.ICONS}#{name}"),
        class_name=" ".join(filter(None, ["i", edge, look])),
        aria_hidden="true",
    )
