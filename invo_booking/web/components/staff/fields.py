"""Fields of the forms of staff: label above, sentence below when refused."""

from typing import Any

import reflex as rx

from invo_booking.web.components.staff.icons import icon
from invo_booking.web.components.staff.parts import Text
from invo_booking.web.presenters.drawer import OptionView

Errors = dict[str, str]
"""Sentences by field. Reflex hands out a var where the state says ``dict``."""


def line(
    name: str,
    label: str,
    errors: Errors,
    value: Text = "",
    kind: Any = "text",
    **more: Any,
) -> rx.Component:
    """A field of one line."""
    return _field(
        name,
        label,
        errors,
        rx.el.input(
            id=f"f-{name}",
            name=name,
            type=kind,
            default_value=value,
            auto_complete="off",
            custom_attrs=_marks(name, errors),
            **more,
        ),
    )


def note(name: str, label: str, errors: Errors, value: Text = "") -> rx.Component:
    """A field of several lines."""
    return _field(
        name,
        label,
        errors,
        rx.el.textarea(
            id=f"f-{name}",
            name=name,
            default_value=value,
            rows=3,
            custom_attrs=_marks(name, errors),
        ),
    )


def choice(
    name: str,
    label: str,
    errors: Errors,
    options: list[OptionView],
    *first: rx.Component,
    **more: Any,
) -> rx.Component:
    """A field one chooses from a list."""
    return _field(
        name,
        label,
        errors,
        rx.el.select(
            *first,
            rx.foreach(options, _option),
            id=f"f-{name}",
            name=name,
            custom_attrs=_marks(name, errors),
            **more,
        ),
    )


def _option(option: OptionView) -> rx.Component:
    return rx.el.option(option.label, value=option.value)


def _field(
    name: str, label: str, errors: Errors, control: rx.Component
) -> rx.Component:
    return rx.el.div(
        rx.el.label(label, html_for=f"f-{name}"),
        rx.el.div(control, class_name="box"),
        rx.cond(
            rx.Var.create(errors).contains(name),
            rx.el.p(icon("warn", 14), errors[name], id=f"e-{name}", class_name="err"),
        ),
        class_name="field",
    )


def _marks(name: str, errors: Errors) -> dict[str, rx.Var[str]]:
    refused = rx.Var.create(errors).contains(name)
    return {
        "aria-invalid": rx.cond(refused, "true", "false"),
        "aria-describedby": rx.cond(refused, f"e-{name}", ""),
    }
