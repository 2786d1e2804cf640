"""Fields of forms: label above, a sentence between, why not below.

Public pages make their controls themselves and wrap them in ``labeled_control``.
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
"""Sentences by field. Reflex hands out a var where the state says ``dict``."""


_LIBRARY = script(__name__, "counted.jsx")


class CharactersLeft(rx.Component):
    """A line that counts; too many are shown at once, and spoken once.

    Attributes:
        field_id: Id of the field that is counted.
        name: Id of the line itself, for ``aria-describedby``.
        tone: Class name of the line; it has ``over`` as well where there are too many.
        limit: Most characters allowed.
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
    """A field of one line, with a sentence about it if one is given."""
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


def time_zone_field(
    name: str, label: str, errors: Errors, value: Text, *, hint: str = ""
) -> rx.Component:
    """A field of one line for a time zone, with a list of them."""
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
    """A field of several lines, with a sentence about it if one is given.

    With a limit, and then without a sentence, it tells how many characters are left.
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
    return _text_control(
        name,
        label,
        errors,
        rx.el.select(
            *first,
            *listed,
            id=f"f-{name}",
            name=name,
            custom_attrs=_error_attributes(name, errors, hint),
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
    """One labeled control: label above, a sentence between, why not below.

    Args:
        control: With the attributes that ``control_attributes`` returns, or the like.
        name: The control's id.
        label: Words above it.
        error: Why it was refused; empty if it was not.
        hint: The sentence.
        is_optional: Whether the label says so.
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
    """Return what ties a control to its sentence and its error."""
    ids = f"{name}-hint {name}-error" if has_hint else f"{name}-error"
    return {
        "id": name,
        "name": name,
        "aria_invalid": error != "",
        "aria_describedby": ids,
    }


def field_error(name: str, error: Text) -> rx.Component:
    """The error below the control with this id."""
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
