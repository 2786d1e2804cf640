"""Draw one step of connecting a provider."""

import reflex as rx

from invo_booking.web.admin.connection.view import ConnectionStepView
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.typed import Text, text_by


def connection_step_light(kind: Text) -> rx.Component:
    """A colored light; the word beside the light has the same meaning."""
    return rx.el.span(
        icon(text_by(kind, ("ok", "tick"), ("bad", "bang"), default="dash"), 14),
        class_name=f"light {kind}",
        aria_hidden="true",
    )


def connection_step(
    name: Text, view: ConnectionStepView, *more: rx.Component
) -> rx.Component:
    """A step: its light, its name, its state, and the controls it needs."""
    return rx.el.li(
        connection_step_light(view.light),
        rx.el.div(
            rx.el.h3(name),
            rx.el.span(view.word, class_name=view.light),
            class_name="s-t",
        ),
        rx.el.p(view.sentence, class_name="s-d"),
        *more,
    )
