"""Line icons from one file, fetched once and colored by the text around them."""

import reflex as rx

from invo_booking.web.core import theme
from invo_booking.web.kit.typed import Text

DEFAULT = 16


def icon(name: Text, size: int = DEFAULT, look: str = "") -> rx.Component:
    """An icon by name, for decoration only: words beside it carry the meaning.

    Args:
        name: One of ``assets/icons.svg``.
        size: Edge in pixels: 12, 14, 16 or 20.
        look: Class name of its own.
    """
    edge = "" if size == DEFAULT else f"i-{size}"
    return rx.el.svg(
        rx.el.svg.use(href=f"{theme.ICONS}#{name}"),
        class_name=" ".join(filter(None, ["i", edge, look])),
        aria_hidden="true",
    )
