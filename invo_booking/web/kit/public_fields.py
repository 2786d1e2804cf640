"""Form fields: label above, help between, error below."""

import reflex as rx

from invo_booking.web.kit.icons import icon

Words = str | rx.Var[str]


def field(
    control: rx.Component,
    *,
    name: str,
    label: Words,
    error: rx.Var[str],
    is_optional: rx.Var[bool] | bool = False,
    help_: Words = "",
) -> rx.Component:
    """One labeled control; its id is the field's name."""
    return rx.el.div(
        rx.el.label(label, rx.cond(is_optional, rx.el.i(" (optional)")), html_for=name),
        rx.cond(help_, rx.el.p(help_, class_name="help", id=f"{name}-help")),
        control,
        rx.cond(error, _error(name, error)),
        class_name="field",
    )


def described(
    name: str, error: rx.Var[str], *, has_help: bool = False
) -> dict[str, object]:
    """Return what ties a control to its help and its error."""
    ids = f"{name}-help {name}-error" if has_help else f"{name}-error"
    return {
        "id": name,
        "name": name,
        "aria_invalid": error != "",
        "aria_describedby": ids,
    }


def _error(name: str, error: rx.Var[str]) -> rx.Component:
    return rx.el.p(
        icon("off"), rx.el.span(error), class_name="error", id=f"{name}-error"
    )
