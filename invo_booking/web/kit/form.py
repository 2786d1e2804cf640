"""The frame of every form of staff: what came of it, and the question on leaving."""

from typing import Any

import reflex as rx

from invo_booking.web.core.form_state import FormState
from invo_booking.web.kit.making import key_field, once
from invo_booking.web.kit.parts import alert, plain_form, told
from invo_booking.web.kit.typed import Text
from invo_booking.web.kit.unsaved import asks


def form(
    *content: rx.Component,
    submit: rx.event.EventType[dict[str, Any]],
    makes: bool = False,
    of_address: bool = True,
    **more: Any,
) -> rx.Component:
    """A form whose contents are not thrown away unasked.

    Args:
        *content: Its fields.
        submit: Saves it.
        makes: Whether it makes something, which a second press must not do again.
        of_address: Whether it is gone with every other address of the page.
        **more: Of the element.
    """
    return rx.el.form(
        *([key_field()] if makes else []),
        *content,
        on_submit=submit,
        no_validate=True,
        custom_attrs=_marks(makes=makes, of_address=of_address),
        **more,
    )


def posted_form(
    *content: rx.Component, action: Text, makes: bool = False, **more: Any
) -> rx.Component:
    """Such a form that the browser itself sends, past Reflex."""
    return plain_form(
        *([key_field()] if makes else []),
        *content,
        action=action,
        method="post",
        custom_attrs=_marks(makes=makes, of_address=True),
        **more,
    )


def outcome(state: type[FormState]) -> rx.Component:
    """What was done, or why it was not."""
    return rx.fragment(told(state.done), alert(state.problem, state.dismiss))


def _marks(*, makes: bool, of_address: bool) -> dict[str, Any]:
    return asks(of_address=of_address) | (once() if makes else {})
