"""Form fields: label, hint, control and error, from top to bottom.

Public pages make their own controls and wrap them in ``labeled_control``.
"""

from typing import Any

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.text import zones
from invo_booking.web.kit.text.names import OptionView
from invo_booking.web.kit.typed import Flag, Text, has_item
from invo_booking.web.scripts import script

Errors = dict[str, str]
"""Error messages by field name; in pages, Reflex supplies a var instead of the dict."""


_LIBRARY = script(__name__, "counted.jsx")


class CharactersLeft(rx.Component):
    """A line that counts the remaining characters of a field.

    A text that becomes too long is announced once.

    Attributes:
        field_id: Id of the field whose characters are counted.
        name: Id of the line itself, for ``aria-describedby``.
        tone: Class name of the line; ``over`` is added if there are too many.
        limit: Maximum number of characters.
    """

    library = _LIBRARY
    tag = "CharactersLeft"

    field_id: rx.Var[str]
    name: rx.Var[str]
    tone: rx.Var[str]
    limit: rx.Var[int]


characters_left = CharactersLeft.create


def text_field(
    name: str,
    label: str,
    errors: Errors,
    value: Text = "",
    kind: Any = "text",
    *,
    hint: str = "",
    **more: Any,
) -> rx.Component:
    """A field of one line, with a hint if there is one."""
    return _text_control(
        name,
        label,
        errors,
        rx.el.input(
            id=f"f-{name}",
            name=name,
            type=kind,
            default_value=value,
            auto_complete="off",
            custom_attrs=_error_attributes(name, errors, hint),
            **more,
        ),
        hint,
    )


def search_field(
    field_id: str, label: str, find: rx.event.EventType[str], **more: Any
) -> rx.Component:
    """The label and the control of a field that filters a list while somebody types."""
    control = rx.el.input(
        id=field_id, type="search", auto_complete="off", on_change=find, **more
    )
    return rx.fragment(
        rx.el.label(label, html_for=field_id),
        rx.el.div(icon("search"), control, class_name="box"),
    )


def time_zone_field(
    name: str, label: str, errors: Errors, value: Text, *, hint: str = ""
) -> rx.Component:
    """A field of one line for a time zone, with suggestions."""
    options = [rx.el.option(value=each) for each in zones.zone_options()]
    return rx.fragment(
        text_field(name, label, errors, value, hint=hint, list="zones"),
        rx.el.datalist(*options, id="zones"),
    )


def text_area(
    name: str,
    label: str,
    errors: Errors,
    value: Text = "",
    *,
    hint: str = "",
    limit: int = 0,
) -> rx.Component:
    """A field of several lines, with a hint if there is one.

    With a limit, the number of remaining characters is shown; a field with a limit
    must have no hint.
    """
    control = rx.el.textarea(
        id=f"f-{name}",
        name=name,
        default_value=value,
        rows=3,
        custom_attrs=_error_attributes(name, errors, hint or str(limit or "")),
    )
    return _text_control(name, label, errors, control, hint, limit)


def select_field(
    name: str,
    label: str,
    errors: Errors,
    options: list[OptionView],
    *first: rx.Component,
    hint: str = "",
    attributes: dict[str, Any] | None = None,
    **more: Any,
) -> rx.Component:
    """A drop-down list, with a hint if there is one.

    Args:
        name: Name of the field.
        label: Label above the field.
        errors: Error messages by field name.
        options: A list if all users get the same options, otherwise a var.
        *first: Options before ``options``.
        hint: Hint between label and field.
        attributes: Attributes of the ``select`` element that Reflex has no names for.
        **more: Further attributes of the ``select`` element.
    """
    fixed = isinstance(options, list)
    listed = map(_option, options) if fixed else [rx.foreach(options, _option)]
    return _text_control(
        name,
        label,
        errors,
        rx.el.select(
            *first,
            *listed,
            id=f"f-{name}",
            name=name,
            custom_attrs=_error_attributes(name, errors, hint) | (attributes or {}),
            **more,
        ),
        hint,
    )


def labeled_control(
    control: rx.Component,
    *,
    name: str,
    label: Text,
    error: Text,
    hint: Text = "",
    is_optional: Flag = False,
) -> rx.Component:
    """A control with its label, hint and error, from top to bottom.

    Args:
        control: A control with the attributes of ``control_attributes`` or similar
            ones.
        name: Id of the control.
        label: Label above the control.
        error: Error message; empty if there is none.
        hint: Hint between label and control.
        is_optional: Whether the label says that the field is optional.
    """
    return rx.el.div(
        rx.el.label(
            label, rx.cond(is_optional, rx.el.i(say("kit.optional"))), html_for=name
        ),
        rx.cond(hint, rx.el.p(hint, class_name="hint", id=f"{name}-hint")),
        control,
        rx.cond(error, field_error(name, error)),
        class_name="field",
    )


def control_attributes(
    name: str, error: Text, *, has_hint: bool = False
) -> dict[str, Any]:
    """Return the attributes that connect a control with its hint and its error."""
    ids = f"{name}-hint {name}-error" if has_hint else f"{name}-error"
    return {
        "id": name,
        "name": name,
        "aria_invalid": error != "",
        "aria_describedby": ids,
    }


def field_error(name: str, error: Text) -> rx.Component:
    """The error message below the control with this id."""
    return rx.el.p(
        icon("warn", 14), rx.el.span(error), class_name="err", id=f"{name}-error"
    )


def _option(option: OptionView) -> rx.Component:
    return rx.el.option(option.label, value=option.value)


def _text_control(
    name: str,
    label: str,
    errors: Errors,
    control: rx.Component,
    hint: str = "",
    limit: int = 0,
) -> rx.Component:
    boxed = rx.el.div(control, class_name="box")
    return labeled_control(
        rx.fragment(boxed, _characters_left(name, limit)) if limit else boxed,
        name=f"f-{name}",
        label=label,
        error=rx.cond(has_item(errors, name), errors[name], ""),
        hint=hint,
    )


def _characters_left(name: str, limit: int) -> rx.Component:
    return characters_left(
        field_id=f"f-{name}", name=f"f-{name}-hint", tone="hint", limit=limit
    )


def _error_attributes(
    name: str, errors: Errors, hint: str = ""
) -> dict[str, rx.Var[str]]:
    is_refused = has_item(errors, name)
    hint_id = f"f-{name}-hint" if hint else ""
    return {
        "aria-invalid": rx.cond(is_refused, "true", "false"),
        "aria-describedby": rx.cond(
            is_refused, f"{hint_id} f-{name}-error".strip(), hint_id
        ),
    }
