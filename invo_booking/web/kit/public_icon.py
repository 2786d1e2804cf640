"""Icons from one sprite, fetched once and colored by the text around them."""

import reflex as rx

from invo_booking.web.core import theme


def icon(name: str | rx.Var[str], extra: str = "") -> rx.Component:
    """One icon of ``assets/icons.svg``, hidden from screen readers."""
    return rx.el.svg(
        rx.el.svg.use(href=f"{theme.ICONS}#{name}"),
        class_name=f"icon {extra}".strip(),
        custom_attrs={"viewBox": "0 0 20 20", "aria-hidden": "true"},
    )


def hidden(*children: rx.Component | str | rx.Var[str]) -> rx.Component:
    """Text for screen readers only."""
    return rx.el.span(*children, class_name="hidden")
