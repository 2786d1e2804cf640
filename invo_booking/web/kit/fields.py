"""Fields of the forms of staff: label above, sentence below when refused."""

from typing import Any

import reflex as rx

from invo_booking.web.kit import zones
from invo_booking.web.kit.counted import characters_left
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.names import OptionView
from invo_booking.web.kit.parts import Text

Errors = dict[str, str]
"""Sentences by field. Reflex hands out a var where the state says ``dict``."""


def line(
    name: str,
    label: str,
    errors: Errors,
    value: Text = "",
    kind: Any = "text",
    *,
    hint: str = "",
    **more: Any,
) -> rx.Component:
    """A field of one line, with a sentence about it if one is given."""
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
            custom_attrs=_marks(name, errors, hint),
            **more,
        ),
        hint,
    )


def zone(
    name: str, label: str, errors: Errors, value: Text, *, hint: str = ""
) -> rx.Component:
    """A field of one line for a time zone, with a list of them."""
    options = [rx.el.option(value=each) for each in zones.offered()]
    return rx.fragment(
        line(name, label, errors, value, hint=hint, list="zones"),
        rx.el.datalist(*options, id="zones"),
    )


def note(
    name: str,
    label: str,
    errors: Errors,
    value: Text = "",
    *,
    hint: str = "",
    limit: int = 0,
) -> rx.Component:
    """A field of several lines, with a sentence about it if one is given.

    With a limit, and then without a sentence, it tells how many characters are left.
    """
    control = rx.el.textarea(
        id=f"f-{name}",
        name=name,
        default_value=value,
        rows=3,
        custom_attrs=_marks(name, errors, hint or str(limit or "")),
    )
    return _field(name, label, errors, control, hint, limit)


def choice(
    name: str,
    label: str,
    errors: Errors,
    options: list[OptionView],
    *first: rx.Component,
    hint: str = "",
    **more: Any,
) -> rx.Component:
    """A field one chooses from a list, with a sentence about it if one is given.

    Args:
        name: Of the field.
        label: Words above it.
        errors: Sentences by field.
        options: A var, or what is the same for everybody.
        *first: Options before those.
        hint: The sentence.
        **more: Of the element.
    """
    fixed = isinstance(options, list)
    listed = map(_option, options) if fixed else [rx.foreach(options, _option)]
    return _field(
        name,
        label,
        errors,
        rx.el.select(
            *first,
            *listed,
            id=f"f-{name}",
            name=name,
            custom_attrs=_marks(name, errors, hint),
            **more,
        ),
        hint,
    )


def _option(option: OptionView) -> rx.Component:
    return rx.el.option(option.label, value=option.value)


def _field(
    name: str,
    label: str,
    errors: Errors,
    control: rx.Component,
    hint: str = "",
    limit: int = 0,
) -> rx.Component:
    about = [rx.el.p(hint, id=f"h-{name}", class_name="hint")] if hint else []
    left = [_left(name, limit)] if limit else []
    return rx.el.div(
        rx.el.label(label, html_for=f"f-{name}"),
        *about,
        rx.el.div(control, class_name="box"),
        *left,
        rx.cond(
            rx.Var.create(errors).contains(name),
            rx.el.p(icon("warn", 14), errors[name], id=f"e-{name}", class_name="err"),
        ),
        class_name="field",
    )


def _left(name: str, limit: int) -> rx.Component:
    return characters_left(
        field_id=f"f-{name}", name=f"h-{name}", tone="hint", limit=limit
    )


def _marks(name: str, errors: Errors, hint: str = "") -> dict[str, rx.Var[str]]:
    refused = rx.Var.create(errors).contains(name)
    told = f"h-{name}" if hint else ""
    return {
        "aria-invalid": rx.cond(refused, "true", "false"),
        "aria-describedby": rx.cond(refused, f"{told} e-{name}".strip(), told),
    }
